/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_DUMP_H
#define CG_DUMP_H

#include <httpd.h>

#include <http_config.h>

/** Answers, on stdout, the questions on stdin where -D DUMP_CORS_EXPLAIN was given; else does
 *  nothing. For the test_config hook: httpd -t -D DUMP_CORS_EXPLAIN. */
void cg_dump(apr_pool_t *p, server_rec *s, const module *self);

#endif
