/* SPDX-License-Identifier: Apache-2.0 */
/* An .htaccess of any bytes and a request below it, through all of the audit: directives of this
 * module and recipes of mod_setenvif, mod_headers and mod_rewrite, sections and expressions. The
 * report is sound (audited.h), and says what could not be read. The input: a request, then the
 * file. */
#include "mod_fuzz.h"

#include "../fuzz.h"
#include "audited.h"

#include "cg_audit.h"
#include "cg_module.h"

#include <apr_strings.h>
#include <http_core.h>

/* What every input is asked about, read once. */
static const apr_array_header_t *hosts;
static const char *root;

static void begin(apr_pool_t *p)
{
    const core_server_config *core = ap_get_core_module_config(fuzz_server->module_config);

    hosts = cg_inventory_read(p, fuzz_server, ap_conftree, &cors_guard_module);
    root = apr_pstrcat(p, core->ap_document_root, "/", NULL);
}

/* What could not be read is told. */
static void check_coverage(apr_pool_t *p, const json_t *report)
{
    cg_htaccess_store *store = cg_htaccess_store_make(p, &cors_guard_module);
    const cg_htaccess *file = cg_htaccess_at(store, &APR_ARRAY_IDX(hosts, 0, cg_host), root);
    const json_t *coverage = json_object_get(report, "coverage");
    size_t unread = json_array_size(json_object_get(coverage, "unread"));

    FUZZ_MUST(file && (file->problem == NULL) == (file->section != NULL));
    FUZZ_MUST((unread > 0) == (file->problem != NULL));
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *rest = apr_pstrmemdup(p, text, len), *end = rest + len;
    cg_question question;
    json_t *report;
    int asks;

    if (!hosts)
        begin(apr_pool_parent_get(p));
    asks = audited_question(p, &rest, end, &question);
    audited_write(apr_pstrcat(p, root, ".htaccess", NULL), rest, (apr_size_t)(end - rest));
    report = audited_report(p, hosts);
    check_coverage(p, report);
    json_decref(report);
    if (asks)
        audited_explain(p, hosts, &question);
}
