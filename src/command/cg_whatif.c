/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_whatif.h"

#include "cg_browser.h"
#include "cg_member.h"
#include "cg_message.h"
#include "cg_safelist.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>

/* What httpd answers to OPTIONS where nothing else does (default_handler). */
#define HANDLER_STATUS 200

static int read_method(const char *method, cg_whatif *whatif)
{
    const char *normalised = cg_method_normalised(method);

    if (!cg_token_valid(method, strlen(method)) || cg_method_forbidden(method)) {
        cg_say("--method %s: no page can send that; write GET, PUT or another method", method);
        return 0;
    }
    whatif->method = normalised ? normalised : method;
    return 1;
}

static int read_header(apr_pool_t *p, const char *header, cg_whatif *whatif)
{
    const char *colon = strchr(header, ':');
    const char *name, *value;

    if (!colon || !cg_token_valid(header, (apr_size_t)(colon - header))) {
        cg_say("--header %s: write 'Name: value'", header);
        return 0;
    }
    name = apr_pstrmemdup(p, header, (apr_size_t)(colon - header));
    if (cg_header_forbidden(name)) {
        cg_say("--header %s: no page can set it, browsers keep it to themselves; leave it out",
               header);
        return 0;
    }
    value = cg_browser_trimmed(p, colon + 1, strlen(colon + 1));
    for (const char *byte = value; *byte; byte++) {
        if (((unsigned char)*byte < ' ' && *byte != '\t') || *byte == 0x7f) {
            cg_say("--header %s: a value has no control bytes", header);
            return 0;
        }
    }
    apr_table_mergen(whatif->headers, name, value);
    return 1;
}

int cg_whatif_read(apr_pool_t *p, const cg_options *options, cg_whatif *whatif)
{
    const char *url = APR_ARRAY_IDX(options->arguments, 0, const char *), *problem;

    memset(whatif, 0, sizeof *whatif);
    if (options->origins->nelts != 1) {
        cg_say("explain needs one --origin: that of the page that asks");
        return 0;
    }
    problem = cg_site_read(p, url, &whatif->site);
    if (problem) {
        cg_say("%s: %s", url, problem);
        return 0;
    }
    whatif->origin = APR_ARRAY_IDX(options->origins, 0, const char *);
    whatif->credentials = options->credentials;
    whatif->headers = apr_table_make(p, 8);
    if (!read_method(options->method ? options->method : "GET", whatif))
        return 0;
    for (int i = 0; i < options->headers->nelts; i++) {
        if (!read_header(p, APR_ARRAY_IDX(options->headers, i, const char *), whatif))
            return 0;
    }
    whatif->asked = cg_safelist_unsafe(p, whatif->headers);
    whatif->is_same_origin = strcmp(whatif->origin, whatif->site.origin) == 0;
    whatif->has_preflight =
        !whatif->is_same_origin && cg_safelist_needs_preflight(whatif->method, whatif->asked);
    return 1;
}

static json_t *question_of(const cg_whatif *whatif, const char *method, json_t *headers)
{
    return json_pack("{s:s, s:s, s:s, s:o}", "url", whatif->site.url, "method", method, "origin",
                     whatif->origin, "headers", headers);
}

json_t *cg_whatif_questions(const cg_whatif *whatif)
{
    const apr_array_header_t *all = apr_table_elts(whatif->headers);
    const apr_table_entry_t *entries = (const apr_table_entry_t *)all->elts;
    json_t *questions = json_array(), *headers = json_object();

    if (whatif->has_preflight) {
        json_t *asked = json_pack("{s:s}", "Access-Control-Request-Method", whatif->method);

        if (whatif->asked)
            json_object_set_new(asked, "Access-Control-Request-Headers",
                                json_string(whatif->asked));
        json_array_append_new(questions, question_of(whatif, "OPTIONS", asked));
    }
    for (int i = 0; i < all->nelts; i++)
        json_object_set_new(headers, entries[i].key, json_string(entries[i].val));
    json_array_append_new(questions, question_of(whatif, whatif->method, headers));
    return questions;
}

static apr_table_t *headers_of(apr_pool_t *p, const json_t *answer)
{
    const json_t *lines = json_object_get(answer, "headers");
    apr_table_t *headers = apr_table_make(p, 8);

    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);

        apr_table_add(headers, cg_element_text(line, 0), cg_element_text(line, 1));
    }
    return headers;
}

/* An answer that is one; it is said where it is not. */
static const json_t *answer_at(const json_t *answers, size_t at)
{
    const json_t *answer = json_array_get(answers, at);
    const char *error = cg_member_text(answer, "error");

    if (json_is_object(answer) && !*error)
        return answer;
    cg_say("httpd has no answer for this URL: %s", *error ? error : "it left it out");
    return NULL;
}

static int is_unsure(const json_t *answer)
{
    return json_array_size(json_object_get(answer, "unsure")) > 0 ||
           json_array_size(json_object_get(answer, "unresolved")) > 0;
}

static void judge_preflight(apr_pool_t *p, cg_whatif *whatif)
{
    int status = cg_member_number(whatif->preflight, "status");

    whatif->preflight_refused = cg_browser_preflight(
        p, status ? status : HANDLER_STATUS, headers_of(p, whatif->preflight),
        &(cg_browser_request){whatif->origin, whatif->credentials, whatif->method, whatif->asked});
}

int cg_whatif_judge(apr_pool_t *p, const json_t *document, cg_whatif *whatif)
{
    const json_t *answers = json_object_get(document, "answers");
    size_t at = 0;

    if (whatif->has_preflight) {
        whatif->preflight = answer_at(answers, at++);
        if (!whatif->preflight)
            return 0;
        judge_preflight(p, whatif);
    }
    whatif->request = answer_at(answers, at);
    if (!whatif->request)
        return 0;
    if (!whatif->is_same_origin)
        whatif->refused = cg_browser_check(p, headers_of(p, whatif->request), whatif->origin,
                                           whatif->credentials);
    whatif->is_unsure = is_unsure(whatif->preflight) || is_unsure(whatif->request);
    return 1;
}
