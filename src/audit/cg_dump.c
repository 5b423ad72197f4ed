/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_dump.h"

#include "cg_explain.h"

#include <http_core.h>
#include <stdio.h>
#include <stdlib.h>

/* httpd ends with 0 behind this hook, and a document that was cut must not look whole. Under -t no
 * log, lock or child of a server was made yet, so whatever pools hold may go with the process. */
static void end_document(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    (void)fputs("mod_cors_guard: the answers could not be written to stdout\n", stderr);
    exit(EXIT_FAILURE);
}

void cg_dump(apr_pool_t *p, server_rec *s, const module *self)
{
    apr_array_header_t *hosts;
    cg_htaccess_store *store;

    if (!ap_exists_config_define("DUMP_CORS_EXPLAIN"))
        return;
    hosts = cg_inventory_read(p, s, ap_conftree, self);
    store = cg_htaccess_store_make(p, self);
    cg_explain_all(p, hosts, store);
    end_document();
}
