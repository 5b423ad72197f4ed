/* SPDX-License-Identifier: Apache-2.0 */
/* An .htaccess of any bytes and a request below it, through all of the audit: directives of this
 * module and recipes of mod_setenvif, mod_headers and mod_rewrite, sections and expressions. The
 * report is whole, shows on a terminal, says what could not be read, and is the same when it is made
 * again. The input: method, target and origin on the first line, header lines up to an empty one,
 * then the file. */
#include "mod_fuzz.h"

#include "../fuzz.h"

#include "cg_audit.h"
#include "cg_explain.h"
#include "cg_module.h"
#include "cg_target.h"
#include "cg_token.h"
#include "cg_utf8.h"
#include "cg_writer.h"

#include <apr_strings.h>
#include <http_core.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOST "localhost"

/* What every input is asked about, read once. */
static const apr_array_header_t *hosts;
static const char *root;

static void begin(apr_pool_t *p)
{
    const core_server_config *core = ap_get_core_module_config(fuzz_server->module_config);

    hosts = cg_inventory_read(p, fuzz_server, ap_conftree, &cors_guard_module);
    root = apr_pstrcat(p, core->ap_document_root, "/", NULL);
}

static void write_file(apr_pool_t *p, const char *text, apr_size_t len)
{
    FILE *file = fopen(apr_pstrcat(p, root, ".htaccess", NULL), "wb");

    FUZZ_MUST(file && fwrite(text, 1, len, file) == len && fclose(file) == 0);
}

/* The report, of a store of its own. */
static json_t *audit(apr_pool_t *p)
{
    cg_htaccess_store *store = cg_htaccess_store_make(p, &cors_guard_module);
    json_t *report;

    cg_htaccess_discover(store, hosts);
    report = cg_audit_report(p, hosts, store);
    /* The time may pass to the next second. */
    json_object_del(report, "generated");
    return report;
}

/* Text that a terminal shows as it is. */
static void check_lines(const json_t *report)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    FUZZ_MUST(out && cg_write_text(report, out, 0) && fclose(out) == 0);
    for (const char *at = text; *at;) {
        apr_uint32_t code;
        apr_size_t step = cg_utf8_next(at, &code);

        FUZZ_MUST(step > 0 && (code == '\n' || cg_utf8_is_printable(code)));
        at += step;
    }
    free(text);
}

static void check_json(const json_t *report)
{
    char *text = json_dumps(report, JSON_COMPACT);
    json_t *read = text ? json_loads(text, 0, NULL) : NULL;

    FUZZ_MUST(read && json_equal(read, report));
    json_decref(read);
    free(text);
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

static int is_value(const char *text)
{
    return text && *text && !text[strcspn(text, "\r\n\t ")];
}

/* A request as httpd lets one in. */
static int read_question(apr_pool_t *p, const char **rest, const char *end, cg_question *question)
{
    char *line = fuzz_line(p, rest, end), *colon;
    apr_array_header_t *words = fuzz_words(p, line ? line : "");
    apr_table_t *headers = apr_table_make(p, 4);

    while ((line = fuzz_line(p, rest, end)) && *line) {
        colon = strchr(line, ':');
        if (!colon || !cg_token_valid(line, (apr_size_t)(colon - line)))
            continue;
        *colon = '\0';
        apr_table_addn(headers, line, colon + 1 + strspn(colon + 1, " "));
    }
    *question = (cg_question){.method = "GET", .target = "/", .host = HOST, .headers = headers};
    if (words->nelts > 0)
        question->method = APR_ARRAY_IDX(words, 0, const char *);
    if (words->nelts > 1)
        question->target = APR_ARRAY_IDX(words, 1, const char *);
    if (words->nelts > 2)
        question->origin = APR_ARRAY_IDX(words, 2, const char *);
    return cg_token_valid(question->method, strlen(question->method)) && *question->target == '/' &&
           is_value(question->target);
}

/* What the guard answers is one line of each header. */
static void check_guarded(const cg_explanation *made)
{
    const apr_array_header_t *all = apr_table_elts(made->headers);

    for (int i = 0; made->is_guarded && i < all->nelts; i++) {
        const char *name = APR_ARRAY_IDX(all, i, apr_table_entry_t).key;

        for (int j = 0; j < i; j++)
            FUZZ_MUST(strcasecmp(APR_ARRAY_IDX(all, j, apr_table_entry_t).key, name) != 0);
    }
}

static void explain(apr_pool_t *p, const cg_question *question)
{
    cg_htaccess_store *store = cg_htaccess_store_make(p, &cors_guard_module);
    const cg_host *host = cg_walk_host_at(p, hosts, HOST, HOST, 80);
    char *target = apr_pstrdup(p, question->target);
    const char *path;
    cg_walk *walk;
    int status;

    target[strcspn(target, "?")] = '\0';
    path = cg_target_path(p, host, target, &status);
    if (!path)
        return;
    walk = cg_walk_served(p, cg_walk_make(p, host, path, NULL, store), store);
    check_guarded(cg_explain(p, walk, question));
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *rest = apr_pstrmemdup(p, text, len), *end = rest + len;
    cg_question question;
    json_t *report, *again;
    int asks;

    if (!hosts)
        begin(apr_pool_parent_get(p));
    asks = read_question(p, &rest, end, &question);
    write_file(p, rest, (apr_size_t)(end - rest));
    report = audit(p);
    again = audit(p);
    FUZZ_MUST(json_equal(report, again));
    json_decref(again);
    check_json(report);
    check_lines(report);
    check_coverage(p, report);
    json_decref(report);
    if (asks)
        explain(p, &question);
}
