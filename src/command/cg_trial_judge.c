/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_trial.h"

#include "cg_browser.h"
#include "cg_host.h"
#include "cg_origin.h"
#include "cg_report.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* Chromium keeps no preflight longer, in seconds. */
#define MAX_AGE_CAP 7200
/* Statuses that say that something does not work, or that too much was asked: their headers are
 * not those of the resource. */
#define STATUS_TOO_MANY 429
#define STATUS_BROKEN 500

/* A trial that is judged. Each id is reported once for a URL: for the first reply that shows it. */
typedef struct judging {
    apr_pool_t *p;
    const cg_trial *trial;
    json_t *report;
    unsigned char is_found[CG_FIND_COUNT];
    int has_credentials; /* some reply allows them */
} judging;

static int is_secure(const char *text)
{
    cg_origin origin;

    return cg_origin_parse(text, strlen(text), &origin) == CG_ORIGIN_TUPLE &&
           (cg_scheme_of(origin.text, origin.scheme_len) != CG_SCHEME_HTTP ||
            cg_host_loopback(origin.host, origin.host_len, origin.host_kind));
}

/* The origins that are meant, as far as they are known: a policy of them passes configtest. */
static const char *origins_to_list(const judging *j)
{
    const apr_array_header_t *trusted = j->trial->trusted;
    const char *list = "";

    for (int i = 1; i < trusted->nelts; i++) {
        const char *origin = APR_ARRAY_IDX(trusted, i, const char *);

        if (is_secure(origin))
            list = apr_pstrcat(j->p, list, " ", origin, NULL);
    }
    return *list ? list : NULL;
}

static const char *remedy_of(const judging *j, cg_find_id id)
{
    const char *list = origins_to_list(j), *policy;

    if (id == CG_FIND_WILDCARD)
        return "CorsAllowOrigin *\n";
    policy = list ? apr_pstrcat(j->p, "CorsAllowOrigin", list, "\n",
                                j->has_credentials ? "CorsAllowCredentials On\n" : "", NULL)
                  : "# In place of none: the origins whose pages may read this.\n"
                    "CorsAllowOrigin none\n";
    if (id == CG_FIND_ALL_METHODS)
        return apr_pstrcat(j->p, policy, "CorsAllowMethods PUT DELETE\n", NULL);
    if (id == CG_FIND_LOWER_CASE_PATCH)
        return apr_pstrcat(j->p, policy, "CorsAllowMethods PATCH\n", NULL);
    if (id == CG_FIND_ALL_HEADERS)
        return apr_pstrcat(j->p, policy, "CorsAllowHeaders Content-Type\n", NULL);
    if (id == CG_FIND_MAX_AGE)
        return apr_pstrcat(j->p, policy, "CorsMaxAge 2h\n", NULL);
    return policy;
}

static void note(judging *j, cg_find_id id, const cg_reply *reply, const char *summary)
{
    cg_report_finding finding = {.id = id, .summary = summary};
    apr_array_header_t *lines;
    const char *acao = cg_reply_acao(j->p, reply, NULL);

    if (j->is_found[id])
        return;
    j->is_found[id] = 1;
    lines = apr_array_make(j->p, 1, sizeof(cg_place));
    APR_ARRAY_PUSH(lines, cg_place) = (cg_place){NULL, 0};
    finding.confidence = CG_CONFIDENCE_CERTAIN;
    finding.witness.origin = reply->origin;
    finding.witness.acao = acao ? acao : "";
    finding.witness.credentials = cg_reply_permits(j->p, reply) == CG_PERMISSION_READ_CREDENTIALS;
    finding.host = j->trial->site.name;
    finding.section = j->trial->site.path;
    finding.lines = lines;
    finding.remedy = remedy_of(j, id);
    cg_report_add_finding(j->report, &finding);
}

/* What it means that a foreign origin may read. */
static void judge_variant(judging *j, const cg_reply *reply, int credentials)
{
    static const char pattern[] =
        "The list of origins is a pattern that takes in foreign ones, such as the witness.";
    static const char dot[] = "A dot of the pattern stands for any byte.";
    static const char subdomains[] = "Other hosts of the same domain may read with credentials.";

    switch (reply->variant->kind) {
    case CG_VARIANT_ARBITRARY:
        note(j, credentials ? CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS : CG_FIND_ANY_ORIGIN, reply,
             reply->asked_method ? "The answer to a preflight names whatever origin asks."
                                 : "The answer names whatever origin asks.");
        break;
    case CG_VARIANT_NULL:
        if (!j->is_found[CG_FIND_ANY_ORIGIN] && !j->is_found[CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS])
            note(j, credentials ? CG_FIND_NULL_WITH_CREDENTIALS : CG_FIND_NULL, reply,
                 "The origin null may read.");
        break;
    case CG_VARIANT_DOT:
        note(j, reply->variant->registrable ? CG_FIND_REGISTRABLE_DOT : CG_FIND_UNREGISTRABLE_DOT,
             reply, dot);
        break;
    case CG_VARIANT_SIBLING:
        note(j, credentials ? CG_FIND_PUBLIC_SUFFIX_WITH_CREDENTIALS : CG_FIND_PUBLIC_SUFFIX, reply,
             "Any name under a public suffix may read.");
        break;
    case CG_VARIANT_HTTP: /* judge_scheme does */
    case CG_VARIANT_PORT:
        break;
    default:
        if (reply->variant->registrable)
            note(j, credentials ? CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS : CG_FIND_OPEN_PATTERN,
                 reply, pattern);
        else if (credentials)
            note(j, CG_FIND_SUBDOMAINS_WITH_CREDENTIALS, reply, subdomains);
    }
}

static int is_open(const judging *j)
{
    return j->is_found[CG_FIND_ANY_ORIGIN] || j->is_found[CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS];
}

static void judge_scheme(judging *j, const cg_reply *reply)
{
    if (strcmp(j->trial->site.scheme, "https") == 0 && !is_open(j) &&
        strncmp(reply->origin, "http://", 7) == 0 && !is_secure(reply->origin))
        note(j, CG_FIND_INSECURE_ORIGIN, reply, "An http origin may read what TLS protects.");
}

static void judge_permission(judging *j, const cg_reply *reply)
{
    cg_permission permission = cg_reply_permits(j->p, reply);

    if (permission == CG_PERMISSION_NONE)
        return;
    if (reply->variant)
        judge_variant(j, reply, permission == CG_PERMISSION_READ_CREDENTIALS);
    judge_scheme(j, reply);
}

/* Values of Access-Control-Allow-Origin that browsers refuse, and "*". */
static void judge_value(judging *j, const cg_reply *reply)
{
    const char *credentials = apr_table_get(reply->headers, "Access-Control-Allow-Credentials");
    cg_origin origin;
    int lines;
    const char *acao = cg_reply_acao(j->p, reply, &lines);

    if (!acao)
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

static int lists(const judging *j, const cg_reply *reply, const char *header, const char *member)
{
    return cg_browser_lists(j->p, reply->headers, header, member, 0);
}

static void judge_preflight(judging *j, const cg_reply *reply)
{
    static const char methods[] = "Access-Control-Allow-Methods",
                      headers[] = "Access-Control-Allow-Headers";
    const char *age = apr_table_get(reply->headers, "Access-Control-Max-Age");

    if (!cg_reply_acao(j->p, reply, NULL))
        return;
    if (lists(j, reply, methods, CG_TRIAL_METHOD) || lists(j, reply, methods, "*"))
        note(j, CG_FIND_ALL_METHODS, reply, "The answer to a preflight allows every method.");
    if (cg_browser_lists(j->p, reply->headers, headers, CG_TRIAL_HEADER, 1) ||
        lists(j, reply, headers, "*"))
        note(j, CG_FIND_ALL_HEADERS, reply, "The answer to a preflight allows every header.");
    if (lists(j, reply, methods, "patch"))
        note(j, CG_FIND_LOWER_CASE_PATCH, reply, "The method patch is allowed in lower case.");
    if (age && apr_atoi64(age) > MAX_AGE_CAP)
        note(j, CG_FIND_MAX_AGE, reply, "Access-Control-Max-Age is above what Chromium keeps.");
}

static int is_ordinary(const cg_reply *reply)
{
    return !reply->asked_method && reply->status != STATUS_TOO_MANY &&
           reply->status < STATUS_BROKEN;
}

/* Two GETs that differ only in Origin must not differ in what they say of it, unless Vary tells
 * caches. */
static void judge_vary(judging *j)
{
    const apr_array_header_t *replies = j->trial->replies;
    const cg_reply *first = NULL, *untold = NULL;
    const char *said = NULL;
    int is_dynamic = 0;

    for (int i = 0; i < replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(replies, i, const cg_reply *);
        const char *acao = is_ordinary(reply) ? cg_reply_acao(j->p, reply, NULL) : NULL;

        if (!is_ordinary(reply))
            continue;
        if (!first) {
            first = reply;
            said = acao;
        }
        is_dynamic |= !said != !acao || (said && strcmp(said, acao) != 0);
        /* The best witness is an answer that names its origin. */
        if (!cg_browser_lists(j->p, reply->headers, "Vary", "Origin", 1) &&
            !lists(j, reply, "Vary", "*") &&
            (!untold || !untold->origin || (acao && !cg_reply_acao(j->p, untold, NULL))))
            untold = reply;
    }
    if (is_dynamic && untold)
        note(j, CG_FIND_MISSING_VARY, untold,
             "Access-Control-Allow-Origin depends on the origin, and an answer lacks Vary: "
             "Origin.");
}

static void look_for_credentials(judging *j)
{
    for (int i = 0; i < j->trial->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(j->trial->replies, i, const cg_reply *);

        j->has_credentials |= cg_reply_permits(j->p, reply) == CG_PERMISSION_READ_CREDENTIALS;
    }
}

/* What a probe finds is in no file that is known. */
static void take_places_out(json_t *findings)
{
    for (size_t i = 0; i < json_array_size(findings); i++) {
        json_t *finding = json_array_get(findings, i);
        json_t *places = json_object_get(finding, "places");

        json_object_set_new(finding, "lines", json_array());
        for (size_t place = 0; place < json_array_size(places); place++) {
            json_object_del(json_array_get(places, place), "file");
            json_object_del(json_array_get(places, place), "line");
        }
    }
}

void cg_trial_judge(apr_pool_t *p, const cg_trial *trial, json_t *report)
{
    /* A report of its own: what has no lines would otherwise be one finding for all URLs. */
    judging j = {.p = p, .trial = trial, .report = cg_report_make("")};
    const apr_array_header_t *replies = trial->replies;
    json_t *findings = json_object_get(j.report, "findings");

    look_for_credentials(&j);
    /* The first has no origin, and so no witness: it counts last. */
    for (int i = 1; i <= replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(replies, i % replies->nelts, const cg_reply *);

        judge_permission(&j, reply);
        judge_value(&j, reply);
        if (reply->asked_method)
            judge_preflight(&j, reply);
    }
    judge_vary(&j);
    take_places_out(findings);
    json_array_extend(json_object_get(report, "findings"), findings);
    json_decref(j.report);
}
