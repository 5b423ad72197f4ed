/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_decide.h"

#include "cg_acrh.h"
#include "cg_token.h"

#include <string.h>

/* httpd's host is without the dot that a Host header may end in. Browsers keep it there and in
 * the origin, which is another one with it. */
static int host_has_dot(const cg_facts *facts)
{
    const char *host = facts->header(facts->request, "Host");
    apr_size_t len = host ? strcspn(host, ":") : 0;

    return len > 0 && host[len - 1] == '.';
}

static int is_own_host(const cg_facts *facts, const cg_origin *origin)
{
    int brackets = origin->host_kind == CG_HOST_IPV6;
    const char *host = origin->host + brackets;
    apr_size_t len = origin->host_len - 2 * (apr_size_t)brackets;
    int dot = host[len - 1] == '.';

    if (!facts->host || *facts->host != *host)
        return 0;
    len -= (apr_size_t)dot;
    return strncmp(facts->host, host, len) == 0 && facts->host[len] == '\0' &&
           host_has_dot(facts) == dot;
}

/* scheme://Host is the origin of every page of this site (RFC 6454, 4). */
static int is_own(const cg_facts *facts, const cg_origin *origin)
{
    const char *scheme;
    unsigned port;

    if (!is_own_host(facts, origin))
        return 0;
    scheme = facts->scheme(facts->request);
    port = cg_scheme_port(cg_scheme_of(scheme, strlen(scheme)));
    return origin->port == (facts->port == port ? 0 : facts->port) &&
           strlen(scheme) == origin->scheme_len &&
           memcmp(scheme, origin->text, origin->scheme_len) == 0;
}

/* Browsers let no script set Sec-Fetch-Site (Fetch Metadata, 2.2). */
static int browser_says_own(const cg_facts *facts)
{
    const char *site = facts->header(facts->request, "Sec-Fetch-Site");

    return site && strcmp(site, "same-origin") == 0;
}

static int is_listed(const cg_policy *policy, cg_origin_kind kind, const cg_origin *origin)
{
    if (cg_origins_any(policy->origins))
        return 1;
    if (kind == CG_ORIGIN_NULL)
        return cg_origins_allow_null(policy->origins);
    return cg_origins_allow(policy->origins, origin);
}

/* What the origin alone makes of the request: same-origin, allowed, or denied for the reason. */
static cg_state judge_origin(const cg_policy *policy, const cg_facts *facts, cg_reason *reason)
{
    cg_origin origin;
    cg_origin_kind kind =
        cg_origin_parse(facts->origin, strnlen(facts->origin, CG_ORIGIN_MAX + 1), &origin);

    *reason = CG_REASON_NONE;
    if (kind == CG_ORIGIN_TUPLE && is_own(facts, &origin))
        return CG_STATE_SAME_ORIGIN;
    if (kind != CG_ORIGIN_MALFORMED && is_listed(policy, kind, &origin))
        return CG_STATE_ALLOWED;
    if (kind == CG_ORIGIN_TUPLE && policy->self && cg_set_matches(policy->self->set, &origin))
        return CG_STATE_SAME_ORIGIN;
    if (kind != CG_ORIGIN_MALFORMED && browser_says_own(facts))
        return CG_STATE_SAME_ORIGIN;
    *reason =
        kind == CG_ORIGIN_MALFORMED ? CG_REASON_ORIGIN_MALFORMED : CG_REASON_ORIGIN_NOT_ALLOWED;
    return CG_STATE_DENIED;
}

static int method_allowed(const cg_names *methods, const char *method)
{
    apr_size_t len = strlen(method);

    if (cg_method_safelisted(method, len))
        return 1;
    return methods &&
           (cg_names_has(methods, method, len) ||
            (methods->any && cg_token_valid(method, len) && !cg_method_forbidden(method)));
}

/* What an allowed origin still may not do. asked: the preflight's method, NULL for an actual
 * request. */
static cg_reason judge_use(const cg_policy *policy, const cg_facts *facts, const char *asked)
{
    const char *names;

    if (!asked) {
        int enforced = cg_policy_mode(policy) == CG_MODE_ENFORCE;

        return enforced && !method_allowed(policy->methods, facts->method)
                   ? CG_REASON_METHOD_NOT_ALLOWED
                   : CG_REASON_NONE;
    }
    if (!method_allowed(policy->methods, asked))
        return CG_REASON_METHOD_NOT_ALLOWED;
    names = facts->header(facts->request, "Access-Control-Request-Headers");
    return cg_acrh_allowed(policy->headers, names) ? CG_REASON_NONE : CG_REASON_HEADER_NOT_ALLOWED;
}

/* The requested method where this is a preflight, else NULL. */
static const char *asked_method(const cg_facts *facts)
{
    const char *asked;

    if (facts->method[0] != 'O' || strcmp(facts->method, "OPTIONS") != 0)
        return NULL;
    asked = facts->header(facts->request, "Access-Control-Request-Method");
    return asked && *asked ? asked : NULL;
}

/* Decides a request with an Origin; valid: the policy is not refused. */
static void judge(const cg_policy *policy, const cg_facts *facts, const char *asked, int valid,
                  cg_decision *decision)
{
    cg_state state = judge_origin(policy, facts, &decision->reason);

    decision->state = state;
    if (state == CG_STATE_SAME_ORIGIN)
        return;
    if (!valid)
        decision->reason = CG_REASON_POLICY_INVALID;
    else if (state == CG_STATE_ALLOWED)
        decision->reason = judge_use(policy, facts, asked);
    if (decision->reason == CG_REASON_NONE)
        decision->state = asked ? CG_STATE_PREFLIGHT_ALLOWED : CG_STATE_ALLOWED;
    else
        decision->state = asked ? CG_STATE_PREFLIGHT_DENIED : CG_STATE_DENIED;
}

/* "*" goes to everybody, to these requests too, so that caches need not tell them apart. */
cg_decision cg_decide_without_origin(const cg_policy *policy)
{
    cg_problem problem;
    int public = cg_origins_any(policy->origins) && !cg_policy_problem(policy, &problem);

    return (cg_decision){.allow_origin = public ? "*" : NULL};
}

cg_decision cg_decide(const cg_policy *policy, const cg_facts *facts)
{
    cg_decision decision = {CG_STATE_NONE, CG_REASON_NONE, NULL};
    cg_problem problem;
    const char *asked;
    int valid, allowed;

    if (!facts->origin)
        return cg_decide_without_origin(policy);
    asked = asked_method(facts);
    valid = !cg_policy_problem(policy, &problem);
    judge(policy, facts, asked, valid, &decision);
    allowed = decision.state == CG_STATE_ALLOWED || decision.state == CG_STATE_PREFLIGHT_ALLOWED;
    if ((allowed || !asked) && valid && cg_origins_any(policy->origins))
        decision.allow_origin = "*";
    else if (allowed)
        decision.allow_origin = facts->origin;
    return decision;
}

const char *cg_state_name(cg_state state)
{
    static const char *const names[] = {
        [CG_STATE_NONE] = "none",
        [CG_STATE_SAME_ORIGIN] = "same-origin",
        [CG_STATE_ALLOWED] = "allowed",
        [CG_STATE_DENIED] = "denied",
        [CG_STATE_PREFLIGHT_ALLOWED] = "preflight-allowed",
        [CG_STATE_PREFLIGHT_DENIED] = "preflight-denied",
    };

    return names[state];
}

const char *cg_reason_name(cg_reason reason)
{
    static const char *const names[] = {
        [CG_REASON_NONE] = NULL,
        [CG_REASON_ORIGIN_NOT_ALLOWED] = "origin-not-allowed",
        [CG_REASON_ORIGIN_MALFORMED] = "origin-malformed",
        [CG_REASON_METHOD_NOT_ALLOWED] = "method-not-allowed",
        [CG_REASON_HEADER_NOT_ALLOWED] = "header-not-allowed",
        [CG_REASON_POLICY_INVALID] = "policy-invalid",
    };

    return names[reason];
}
