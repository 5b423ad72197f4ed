/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_dump.h"

#include "cg_audit.h"
#include "cg_explain.h"
#include "cg_writer.h"

#include <http_core.h>
#include <stdio.h>
#include <stdlib.h>

static void write_report(apr_pool_t *p, const apr_array_header_t *hosts, cg_htaccess_store *store)
{
    json_t *report;

    cg_htaccess_discover(store, hosts);
    report = cg_audit_report(p, hosts, store);
    if (ap_exists_config_define("DUMP_CORS_JSON"))
        cg_write_json(report, stdout);
    else if (ap_exists_config_define("DUMP_CORS_SARIF"))
        cg_write_sarif(report, stdout);
    else
        cg_write_text(report, stdout, 0);
    json_decref(report);
}

static int is_asked(void)
{
    return ap_exists_config_define("DUMP_CORS") || ap_exists_config_define("DUMP_CORS_JSON") ||
           ap_exists_config_define("DUMP_CORS_SARIF") ||
           ap_exists_config_define("DUMP_CORS_EXPLAIN");
}

/* httpd ends with 0 behind this hook, and a document that was cut must not look whole. Under -t no
 * log, lock or child of a server was made yet, so whatever pools hold may go with the process. */
static void end_document(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    (void)fputs("mod_cors_guard: the audit could not be written to stdout\n", stderr);
    exit(EXIT_FAILURE);
}

void cg_dump(apr_pool_t *p, server_rec *s, const module *self)
{
    apr_array_header_t *hosts;
    cg_htaccess_store *store;

    if (!is_asked())
        return;
    hosts = cg_inventory_read(p, s, ap_conftree, self);
    store = cg_htaccess_store_make(p, self);
    if (ap_exists_config_define("DUMP_CORS_EXPLAIN"))
        cg_explain_all(p, hosts, store);
    else
        write_report(p, hosts, store);
    end_document();
}
