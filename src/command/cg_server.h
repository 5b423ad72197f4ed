/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SERVER_H
#define CG_SERVER_H

#include "cg_subcommand.h"

#include <jansson.h>

/** Asks the module in httpd: runs "PROGRAM [-f CONF] [-D NAME]... -t -D DEFINE", which starts no
 *  server.
 *  @param define DUMP_CORS_JSON or DUMP_CORS_EXPLAIN.
 *  @param input for its standard input; NULL: none.
 *  @return a document of this module and of schema 1, the caller's to json_decref; NULL where there
 *      was none, and it was said why. */
json_t *cg_server_ask(apr_pool_t *p, const cg_options *options, const char *define,
                      const char *input);

/** The report of the server's configuration, with the baseline applied that the options name;
 *  otherwise as cg_server_ask. */
json_t *cg_server_audit(apr_pool_t *p, const cg_options *options);

/** Says what the coverage of a report leaves out.
 *  @return CG_EXIT_FAILED where there is something, else CG_EXIT_CLEAN. */
int cg_server_unread(apr_pool_t *p, const json_t *report);

#endif
