/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_DUMP_H
#define CG_DUMP_H

#include <httpd.h>

#include <http_config.h>

/** Writes to stdout what -D DUMP_CORS, DUMP_CORS_JSON, DUMP_CORS_SARIF or DUMP_CORS_EXPLAIN asks
 *  for; nothing where none was given. For the test_config hook: httpd -t -D DUMP_CORS. */
void cg_dump(apr_pool_t *p, server_rec *s, const module *self);

#endif
