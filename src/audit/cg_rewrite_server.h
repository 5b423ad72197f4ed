/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REWRITE_SERVER_H
#define CG_REWRITE_SERVER_H

#include "cg_run.h"

/* What a server calls itself to the client of a request: as httpd would find it on a real
 * connection. */

/** "http" or "https". */
const char *cg_rewrite_scheme(const cg_run *run);

/** As ap_get_server_name. */
const char *cg_rewrite_server_name(const cg_run *run);

/** As ap_get_server_port. */
unsigned cg_rewrite_server_port(const cg_run *run);

/** 443 or 80, by the scheme. */
unsigned cg_rewrite_default_port(const cg_run *run);

/** DocumentRoot; "" where there is none. */
const char *cg_rewrite_document_root(const cg_run *run);

#endif
