/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_MODULE_H
#define CG_MODULE_H

#include <httpd.h>
#include <http_config.h>

/** The module, defined in mod_cors_guard.c; declared here with the visibility that httpd's
 *  loader needs, for the records that httpd keeps under it. */
extern __attribute__((visibility("default"))) module AP_MODULE_DECLARE_DATA cors_guard_module;

#endif
