/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_trial.h"

#include "cg_output.h"
#include "cg_page.h"
#include "cg_report.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

/* So many origins that got the same answer are shown. */
#define ORIGINS_SHOWN_MAX 4
#define THE_ORIGIN "(the origin of the request)"
/* And so many bytes of a value; JSON has all of it. */
#define VALUE_SHOWN_MAX 400

static json_t *headers_json(const cg_reply *reply)
{
    const apr_array_header_t *all = apr_table_elts(reply->headers);
    const apr_table_entry_t *entries = (const apr_table_entry_t *)all->elts;
    json_t *headers = json_array();

    for (int i = 0; i < all->nelts; i++)
        json_array_append_new(headers, json_pack("[o, o]", cg_report_text(entries[i].key),
                                                 cg_report_text(entries[i].val)));
    return headers;
}

json_t *cg_trial_json(const cg_trial *trial)
{
    json_t *answers = json_array();

    for (int i = 0; i < trial->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(trial->replies, i, const cg_reply *);

        json_array_append_new(answers,
                              json_pack("{s:s, s:o, s:o, s:o, s:i, s:o}", "method",
                                        reply->asked_method ? "OPTIONS" : "GET", "origin",
                                        cg_output_text(reply->origin), "request_method",
                                        cg_output_text(reply->asked_method), "request_headers",
                                        cg_output_text(reply->asked_header), "status",
                                        reply->status, "headers", headers_json(reply)));
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "url", cg_report_text(trial->site.url), "origin",
                     cg_report_text(trial->site.origin), "answers", answers, "problem",
                     cg_output_text(trial->problem));
}

static const char *shown(apr_pool_t *p, const char *value)
{
    apr_size_t len = strlen(value);

    return len <= VALUE_SHOWN_MAX ? value
                                  : apr_psprintf(p, "%.*s... (%" APR_SIZE_T_FMT " bytes)",
                                                 VALUE_SHOWN_MAX, value, len);
}

/* What makes an answer different from another: all but the echo of the origin. */
static const char *form_of(apr_pool_t *p, const cg_reply *reply)
{
    const apr_array_header_t *all = apr_table_elts(reply->headers);
    const apr_table_entry_t *entries = (const apr_table_entry_t *)all->elts;
    const char *form =
        apr_psprintf(p, "%s%s%s\n%d\n", reply->asked_method ? "OPTIONS for " : "GET",
                     reply->asked_method ? reply->asked_method : "",
                     reply->asked_header ? " and " CG_REPLY_HEADER : "", reply->status);

    for (int i = 0; i < all->nelts; i++) {
        int is_echo = reply->origin && strcmp(entries[i].val, reply->origin) == 0;

        form = apr_pstrcat(p, form, entries[i].key, ": ",
                           is_echo ? THE_ORIGIN : shown(p, entries[i].val), "\n", NULL);
    }
    return form;
}

/* Those who got one answer. */
typedef struct group {
    const char *form;
    const char *origins; /* for people */
    int count;
} group;

static apr_array_header_t *groups_of(apr_pool_t *p, const cg_trial *trial)
{
    apr_array_header_t *groups = apr_array_make(p, 8, sizeof(group *));
    apr_hash_t *by_form = apr_hash_make(p);

    for (int i = 0; i < trial->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(trial->replies, i, const cg_reply *);
        const char *form = form_of(p, reply), *origin = reply->origin;
        group *found = apr_hash_get(by_form, form, APR_HASH_KEY_STRING);

        if (!found) {
            found = apr_pcalloc(p, sizeof *found);
            found->form = form;
            apr_hash_set(by_form, form, APR_HASH_KEY_STRING, found);
            APR_ARRAY_PUSH(groups, group *) = found;
        }
        if (found->count++ < ORIGINS_SHOWN_MAX)
            found->origins =
                apr_pstrcat(p, found->origins ? found->origins : "", found->origins ? ", " : "",
                            origin ? origin : "no Origin", NULL);
    }
    return groups;
}

static void write_group(apr_pool_t *p, cg_page *page, const group *g)
{
    char *last, *lines = apr_pstrdup(p, g->form);
    const char *method = apr_strtok(lines, "\n", &last), *status = apr_strtok(NULL, "\n", &last);
    const char *line = apr_strtok(NULL, "\n", &last);

    if (g->count > ORIGINS_SHOWN_MAX)
        cg_page_put(page, 1, "%s gets %s for %s and %d more", method, status, g->origins,
                    g->count - ORIGINS_SHOWN_MAX);
    else
        cg_page_put(page, 1, "%s gets %s for %s", method, status, g->origins);
    if (!line)
        cg_page_put(page, 2, "(no CORS header)");
    for (; line; line = apr_strtok(NULL, "\n", &last))
        cg_page_put(page, 2, "%s", line);
}

void cg_trial_write_text(apr_pool_t *p, const cg_trial *trial, cg_page *page)
{
    apr_array_header_t *groups = groups_of(p, trial);

    cg_page_put(page, 0, "%s: %d requests, %d different answers", trial->site.url,
                trial->replies->nelts, groups->nelts);
    for (int i = 0; i < groups->nelts; i++)
        write_group(p, page, APR_ARRAY_IDX(groups, i, const group *));
    if (trial->problem)
        cg_page_put(page, 1, "Not finished: %s", trial->problem);
}
