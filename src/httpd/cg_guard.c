/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_guard.h"

#include "cg_answer.h"
#include "cg_log.h"
#include "cg_module.h"

#include <apr_strings.h>
#include <apr_uri.h>
#include <httpd.h>
#include <http_protocol.h>
#include <http_request.h>

/* Where no policy is in effect, while one is being looked up, and where it was found: nothing is
 * allocated for these. */
static const cg_guard unguarded, looking_up, found;

const cg_guard *cg_guard_recorded(const request_rec *r)
{
    return ap_get_module_config(r->request_config, &cors_guard_module);
}

static const cg_guard *record(request_rec *r, const cg_guard *guard)
{
    /* httpd's records are not const; this one is only ever read. */
    ap_set_module_config(r->request_config, &cors_guard_module, (void *)(apr_uintptr_t)guard);
    return guard;
}

/* The decision is in the environment from now on: for Require too, which comes before fixups. */
static const cg_guard *record_decision(request_rec *r, const cg_guard *guard)
{
    if (guard->policy) {
        apr_table_setn(r->subprocess_env, "CORS_GUARD", cg_state_name(guard->decision.state));
        if (guard->decision.reason != CG_REASON_NONE)
            apr_table_setn(r->subprocess_env, "CORS_GUARD_REASON",
                           cg_reason_name(guard->decision.reason));
    }
    return record(r, guard);
}

static const char *request_header(const void *request, const char *name)
{
    const request_rec *r = request;

    return apr_table_get(r->headers_in, name);
}

static const char *request_scheme(const void *request)
{
    return ap_http_scheme(request);
}

static cg_facts facts_of(const request_rec *r, const char *origin)
{
    return (cg_facts){.method = r->method ? r->method : "",
                      .origin = origin,
                      .host = r->hostname,
                      .port = r->parsed_uri.port_str ? r->parsed_uri.port : 0,
                      .header = request_header,
                      .scheme = request_scheme,
                      .request = r};
}

/* An ErrorDocument is httpd's answer to a request that failed already: refusing it would only
 * hide the error. */
static int is_error_document(const request_rec *r)
{
    return r->prev && r->prev->status != HTTP_OK;
}

/* The policy of the sections that were merged so far, where it is in effect, else NULL. */
static inline const cg_policy *own_policy(const request_rec *r)
{
    const cg_policy *policy = ap_get_module_config(r->per_dir_config, &cors_guard_module);

    return policy && cg_policy_in_effect(policy) ? policy : NULL;
}

/* What follows from a decision. */
static void conclude(const request_rec *r, cg_guard *guard)
{
    cg_course course = cg_answer_course(guard->policy, guard->decision.state);

    guard->report = course.report;
    guard->answer = course.answer;
    guard->refuse = course.refuse && !is_error_document(r);
    guard->refuse_late = guard->refuse && cg_guard_recorded(r) == &looking_up;
}

static const cg_guard *decide_cors(request_rec *r, const cg_policy *policy, const char *origin)
{
    cg_guard *guard = apr_palloc(r->pool, sizeof *guard);
    cg_facts facts = facts_of(r, origin);

    *guard = (cg_guard){.policy = policy, .decision = cg_decide(policy, &facts)};
    conclude(r, guard);
    if (cg_state_denied(guard->decision.state))
        cg_log_denied(r, guard);
    return guard;
}

/* Most requests have no Origin, and where origins are listed all of those get the same: no CORS
 * header, and a Vary. */
static const cg_guard *decide_without_origin(request_rec *r, const cg_policy *policy)
{
    static const cg_policy listed;
    static const cg_guard varies = {.policy = &listed};
    cg_guard *guard;

    if (!cg_origins_any(policy->origins) && cg_policy_mode(policy) != CG_MODE_REPORT)
        return &varies;
    guard = apr_palloc(r->pool, sizeof *guard);
    *guard = (cg_guard){.policy = policy, .decision = cg_decide_without_origin(policy)};
    conclude(r, guard);
    return guard;
}

static const cg_guard *decide(request_rec *r, const cg_policy *policy)
{
    const char *origin;

    if (!policy)
        return &unguarded;
    origin = apr_table_get(r->headers_in, "Origin");
    return origin ? decide_cors(r, policy, origin) : decide_without_origin(r, policy);
}

const cg_guard *cg_guard_of(request_rec *r)
{
    const cg_guard *guard = cg_guard_recorded(r);
    const cg_policy *policy;

    if (guard && guard->policy)
        return guard;
    if (!guard && r->prev && cg_guard_of(r->prev)->policy)
        return record_decision(r, cg_guard_of(r->prev));
    policy = own_policy(r);
    return guard && !policy ? guard : record_decision(r, decide(r, policy));
}

/* Denies everybody: for an answer whose policy cannot be known. */
static const cg_policy *denying_policy(apr_pool_t *p)
{
    static const cg_place nowhere = {"(policy not found)", 0};
    cg_policy *policy = apr_pcalloc(p, sizeof *policy);

    policy->origins = cg_origins_make(p, &nowhere);
    return policy;
}

const cg_guard *cg_guard_look_up(request_rec *r)
{
    const char *uri = apr_uri_unparse(r->pool, &r->parsed_uri, APR_URI_UNP_OMITSITEPART);
    request_rec *lookup;
    const cg_policy *policy;

    if (r->prev && cg_guard_of(r->prev)->policy)
        return cg_guard_of(r);
    record(r, &looking_up);
    lookup = ap_sub_req_method_uri(r->method, uri, r, NULL);
    lookup->main = r;
    policy = own_policy(lookup);
    if (cg_guard_recorded(lookup) != &found) {
        cg_log_unresolved(r, lookup->status);
        policy = denying_policy(r->pool);
    }
    /* The subrequest is not destroyed: an .htaccess' policy lives in its pool, and that in r's. */
    return record_decision(r, decide(r, policy));
}

int cg_guard_begin_lookup(request_rec *r)
{
    if (r->main && cg_guard_recorded(r->main) == &looking_up) {
        record(r, &looking_up);
        r->main = NULL;
    }
    return DECLINED;
}

int cg_guard_end_lookup(request_rec *r)
{
    if (cg_guard_recorded(r) != &looking_up)
        return DECLINED;
    record(r, &found);
    return HTTP_FORBIDDEN; /* any error ends the subrequest; nobody sees it */
}
