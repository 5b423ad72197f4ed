/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_judge.h"

#include "cg_browser.h"
#include "cg_host.h"
#include "cg_origin.h"

#include <apr_strings.h>
#include <string.h>

/* Chromium keeps no preflight longer, in seconds. */
#define MAX_AGE_CAP 7200

/* Replies while they are judged. */
typedef struct judging {
    apr_pool_t *p;
    const apr_array_header_t *replies;
    int is_https;
    cg_fault found[CG_FIND_COUNT]; /* reply is NULL where it was not found */
} judging;

static void note(judging *j, cg_find_id id, const cg_reply *reply, const char *summary)
{
    if (!j->found[id].reply)
        j->found[id] = (cg_fault){id, reply, summary};
}

static int has(const judging *j, cg_find_id id)
{
    return j->found[id].reply != NULL;
}

/* What it means that a foreign origin may read. */
static void judge_variant(judging *j, const cg_reply *reply, int credentials)
{
    switch (reply->variant->kind) {
    case CG_VARIANT_ARBITRARY:
        note(j, credentials ? CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS : CG_FIND_ANY_ORIGIN, reply,
             "The answer names whatever origin asks.");
        break;
    case CG_VARIANT_NULL:
        note(j, credentials ? CG_FIND_NULL_WITH_CREDENTIALS : CG_FIND_NULL, reply,
             "The origin null may read.");
        break;
    case CG_VARIANT_DOT:
        note(j, reply->variant->registrable ? CG_FIND_REGISTRABLE_DOT : CG_FIND_UNREGISTRABLE_DOT,
             reply, "A dot of the pattern stands for any byte.");
        break;
    case CG_VARIANT_SIBLING:
        note(j, credentials ? CG_FIND_PUBLIC_SUFFIX_WITH_CREDENTIALS : CG_FIND_PUBLIC_SUFFIX, reply,
             "Any name under a public suffix may read.");
        break;
    case CG_VARIANT_HTTP: /* judge_scheme does */
    case CG_VARIANT_PORT: /* another port of a trusted host is that host's */
        break;
    default:
        if (reply->variant->registrable)
            note(j, credentials ? CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS : CG_FIND_OPEN_PATTERN,
                 reply,
                 "The list of origins is a pattern that takes in foreign ones, such as the "
                 "witness.");
        else if (credentials)
            note(j, CG_FIND_SUBDOMAINS_WITH_CREDENTIALS, reply,
                 "Other hosts of the same domain may read with credentials.");
    }
}

/* http, and not this machine's own. */
static int is_insecure(const char *text)
{
    cg_origin origin;

    return cg_origin_parse(text, strlen(text), &origin) == CG_ORIGIN_TUPLE &&
           cg_scheme_of(origin.text, origin.scheme_len) == CG_SCHEME_HTTP &&
           !cg_host_loopback(origin.host, origin.host_len, origin.host_kind);
}

static void judge_permission(judging *j, const cg_reply *reply)
{
    cg_permission permission = cg_reply_permits(j->p, reply);

    if (permission == CG_PERMISSION_NONE)
        return;
    if (reply->variant)
        judge_variant(j, reply, permission == CG_PERMISSION_READ_CREDENTIALS);
    if (j->is_https && is_insecure(reply->origin))
        note(j, CG_FIND_INSECURE_ORIGIN, reply, "An http origin may read what TLS protects.");
}

/* Values of Access-Control-Allow-Origin that browsers refuse, and "*". */
static void judge_value(judging *j, const cg_reply *reply)
{
    const char *credentials = apr_table_get(reply->headers, "Access-Control-Allow-Credentials");
    cg_origin origin;
    int lines;
    const char *acao = cg_reply_acao(j->p, reply, &lines);

    /* An empty line in the answer to a request without Origin is what echoing it makes. */
    if (!acao || (!*acao && !reply->origin))
        return;
    if (lines > 1)
        note(j, CG_FIND_TWO_LINES, reply, "Access-Control-Allow-Origin is sent more than once.");
    else if (strcmp(acao, "*") == 0 && credentials && strcmp(credentials, "true") == 0)
        note(j, CG_FIND_WILDCARD_WITH_CREDENTIALS, reply,
             "Every origin may read, and credentials are allowed, which browsers refuse together.");
    else if (strcmp(acao, "*") == 0)
        note(j, CG_FIND_WILDCARD, reply, "Every origin may read, without credentials.");
    else if (strcmp(acao, "(null)") == 0)
        note(j, CG_FIND_NULL_TEXT, reply, "The text (null) is sent, of a variable without value.");
    else if (strchr(acao, '$') || strstr(acao, "%{"))
        note(j, CG_FIND_VARIABLE_TEXT, reply, "The name of a variable is sent, not its value.");
    else if (strpbrk(acao, ", "))
        note(j, CG_FIND_ORIGIN_LIST, reply, "Access-Control-Allow-Origin holds a list.");
    else if (cg_origin_parse(acao, strlen(acao), &origin) == CG_ORIGIN_MALFORMED)
        note(j, CG_FIND_NOT_AN_ORIGIN, reply,
             "Access-Control-Allow-Origin holds what no browser sends as an origin.");
}

static void judge_preflight(judging *j, const cg_reply *reply)
{
    static const char methods[] = "Access-Control-Allow-Methods",
                      headers[] = "Access-Control-Allow-Headers";
    const char *age = apr_table_get(reply->headers, "Access-Control-Max-Age");

    if (!cg_reply_acao(j->p, reply, NULL))
        return;
    if (cg_reply_has(j->p, reply, methods, CG_REPLY_METHOD, 0) ||
        cg_reply_has(j->p, reply, methods, "*", 0))
        note(j, CG_FIND_ALL_METHODS, reply, "The answer to a preflight allows every method.");
    if (cg_reply_has(j->p, reply, headers, CG_REPLY_HEADER, 1) ||
        cg_reply_has(j->p, reply, headers, "*", 0))
        note(j, CG_FIND_ALL_HEADERS, reply, "The answer to a preflight allows every header.");
    if (cg_reply_has(j->p, reply, methods, "patch", 0))
        note(j, CG_FIND_LOWER_CASE_PATCH, reply, "The method patch is allowed in lower case.");
    if (age && apr_atoi64(age) > MAX_AGE_CAP)
        note(j, CG_FIND_MAX_AGE, reply, "Access-Control-Max-Age is above what Chromium keeps.");
}

/* Two answers to GETs that differ only in Origin must not differ in what they say of it, unless
 * Vary tells caches: where it is missing from one that names an origin, a cache gives that one to
 * others. One that names none is right for whoever is not allowed. */
static void judge_vary(judging *j)
{
    const cg_reply *first = NULL, *untold = NULL;
    int is_dynamic = 0;

    for (int i = 0; i < j->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(j->replies, i, const cg_reply *);
        const char *acao = cg_reply_acao(j->p, reply, NULL), *said;

        if (reply->asked_method)
            continue;
        if (!first)
            first = reply;
        said = cg_reply_acao(j->p, first, NULL);
        is_dynamic |= !said != !acao || (said && strcmp(said, acao) != 0);
        if (acao && !cg_reply_has(j->p, reply, "Vary", "Origin", 1) &&
            !cg_reply_has(j->p, reply, "Vary", "*", 0) && (!untold || !untold->origin))
            untold = reply;
    }
    if (is_dynamic && untold)
        note(j, CG_FIND_MISSING_VARY, untold,
             "Access-Control-Allow-Origin depends on the origin, and an answer that has it lacks "
             "Vary: Origin.");
}

static void forget(judging *j, const cg_find_id *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        j->found[ids[i]].reply = NULL;
}

/* Whether all that a pattern lets in is what stands below a public suffix. */
static int is_of_suffix(const judging *j, cg_find_id id)
{
    const cg_reply *reply = j->found[id].reply;

    if (!reply ||
        !(has(j, CG_FIND_PUBLIC_SUFFIX) || has(j, CG_FIND_PUBLIC_SUFFIX_WITH_CREDENTIALS)))
        return 0;
    return reply->variant->kind == CG_VARIANT_BEFORE ||
           reply->variant->kind == CG_VARIANT_BEFORE_APEX ||
           reply->variant->kind == CG_VARIANT_BEFORE_DASH;
}

/* A hole explains the smaller ones in it. */
static void leave_the_worst(judging *j)
{
    static const cg_find_id in_any[] = {CG_FIND_NULL_WITH_CREDENTIALS, CG_FIND_NULL,
                                        CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS, CG_FIND_OPEN_PATTERN,
                                        CG_FIND_INSECURE_ORIGIN};
    static const cg_find_id in_pattern[] = {
        CG_FIND_REGISTRABLE_DOT, CG_FIND_UNREGISTRABLE_DOT, CG_FIND_PUBLIC_SUFFIX_WITH_CREDENTIALS,
        CG_FIND_PUBLIC_SUFFIX, CG_FIND_SUBDOMAINS_WITH_CREDENTIALS};
    int is_any = has(j, CG_FIND_ANY_ORIGIN) || has(j, CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS);

    if (is_of_suffix(j, CG_FIND_OPEN_PATTERN))
        j->found[CG_FIND_OPEN_PATTERN].reply = NULL;
    if (is_of_suffix(j, CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS))
        j->found[CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS].reply = NULL;
    if (has(j, CG_FIND_REGISTRABLE_DOT))
        j->found[CG_FIND_UNREGISTRABLE_DOT].reply = NULL;
    if (is_any || has(j, CG_FIND_OPEN_PATTERN) || has(j, CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS))
        forget(j, in_pattern, sizeof in_pattern / sizeof *in_pattern);
    if (is_any)
        forget(j, in_any, sizeof in_any / sizeof *in_any);
}

apr_array_header_t *cg_judge(apr_pool_t *p, const apr_array_header_t *replies, int is_https)
{
    judging j = {.p = p, .replies = replies, .is_https = is_https};
    apr_array_header_t *faults = apr_array_make(p, 4, sizeof(cg_fault));

    /* The first mostly has no origin, and so is no witness: it counts last. */
    for (int i = 1; i <= replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(replies, i % replies->nelts, const cg_reply *);

        judge_permission(&j, reply);
        judge_value(&j, reply);
        if (reply->asked_method)
            judge_preflight(&j, reply);
    }
    judge_vary(&j);
    leave_the_worst(&j);
    for (int id = 0; id < CG_FIND_COUNT; id++) {
        if (j.found[id].reply)
            APR_ARRAY_PUSH(faults, cg_fault) = j.found[id];
    }
    return faults;
}
