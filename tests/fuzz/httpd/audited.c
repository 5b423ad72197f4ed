/* SPDX-License-Identifier: Apache-2.0 */
#include "audited.h"

#include "../fuzz.h"
#include "../written.h"

#include "cg_audit.h"
#include "cg_explain.h"
#include "cg_module.h"
#include "cg_target.h"
#include "cg_token.h"
#include "cg_writer.h"

#include <apr_strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOST "localhost"

void audited_write(const char *path, const char *text, apr_size_t len)
{
    FILE *file = fopen(path, "wb");

    FUZZ_MUST(file && fwrite(text, 1, len, file) == len && fclose(file) == 0);
}

/* The report, of a store of its own. */
static json_t *audit(apr_pool_t *p, const apr_array_header_t *hosts)
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
    written in;

    written_begin(&in);
    FUZZ_MUST(cg_write_text(report, in.out, 0));
    written_end_with_lines(&in);
}

static void check_json(const json_t *report)
{
    char *text = json_dumps(report, JSON_COMPACT);
    json_t *read = text ? json_loads(text, 0, NULL) : NULL;

    FUZZ_MUST(read && json_equal(read, report));
    json_decref(read);
    free(text);
}

json_t *audited_report(apr_pool_t *p, const apr_array_header_t *hosts)
{
    json_t *report = audit(p, hosts), *again = audit(p, hosts);

    FUZZ_MUST(json_equal(report, again));
    json_decref(again);
    check_json(report);
    check_lines(report);
    return report;
}

static int is_value(const char *text)
{
    return text && *text && !text[strcspn(text, "\r\n\t ")];
}

int audited_question(apr_pool_t *p, const char **rest, const char *end, cg_question *question)
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

void audited_explain(apr_pool_t *p, const apr_array_header_t *hosts, const cg_question *question)
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
