/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MOD_FUZZ_H
#define MOD_FUZZ_H

#include <httpd.h>

/** The main server of the configuration that httpd has read. */
extern server_rec *fuzz_server;

#endif
