/* SPDX-License-Identifier: Apache-2.0 */
/* A policy, a request, the decision and the answer to it, against the tables of the contract
 * (docs/directives.md) and against what a browser makes of the answer. The input: policy.h. */
#include "fuzz.h"
#include "policy.h"
#include "reference.h"

#include "cg_acrh.h"
#include "cg_answer.h"
#include "cg_browser.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>
#include <strings.h>

/* A request while it is checked. */
typedef struct check {
    apr_pool_t *p;
    const cg_policy *policy;
    const policy_request *request;
    int valid;         /* the policy is not refused */
    const char *asked; /* by a preflight; NULL: this is none */
    cg_decision decision;
} check;

static const char *asked_of(const policy_request *request)
{
    int asks = request->asked && *request->asked && strcmp(request->facts.method, "OPTIONS") == 0;

    return request->facts.origin && asks ? request->asked : NULL;
}

static int is_listed(const check *in, reference_kind kind, const cg_origin *origin)
{
    const cg_origins *origins = in->policy->origins;

    if (kind == REFERENCE_NULL)
        return cg_origins_any(origins) || cg_origins_allow_null(origins);
    return kind == REFERENCE_TUPLE && cg_origins_allow(origins, origin);
}

/* Same-origin, allowed or denied. */
static cg_state state_of_origin(const check *in)
{
    const policy_request *request = in->request;
    const char *text = request->facts.origin;
    const cg_self *self = in->policy->self;
    reference_origin pieces;
    reference_kind kind = reference_parse(text, strlen(text), &pieces);
    cg_origin origin;

    (void)cg_origin_parse(text, strlen(text), &origin);
    if (kind == REFERENCE_TUPLE && request->own && strcmp(text, request->own) == 0)
        return CG_STATE_SAME_ORIGIN;
    if (is_listed(in, kind, &origin))
        return CG_STATE_ALLOWED;
    if (kind == REFERENCE_TUPLE && self && cg_set_matches(self->set, &origin))
        return CG_STATE_SAME_ORIGIN;
    if (kind != REFERENCE_MALFORMED && request->site && strcmp(request->site, "same-origin") == 0)
        return CG_STATE_SAME_ORIGIN;
    return CG_STATE_DENIED;
}

static int is_method_allowed(const cg_names *methods, const char *method)
{
    static const char *const always[] = {"GET", "HEAD", "POST"};

    for (int i = 0; i < 3; i++) {
        if (strcmp(method, always[i]) == 0)
            return 1;
    }
    if (!methods)
        return 0;
    return cg_names_has(methods, method, strlen(method)) ||
           (methods->any && cg_token_valid(method, strlen(method)) &&
            strcasecmp(method, "CONNECT") != 0 && strcasecmp(method, "TRACE") != 0 &&
            strcasecmp(method, "TRACK") != 0);
}

static cg_reason reason_of_use(const check *in)
{
    if (in->asked && !is_method_allowed(in->policy->methods, in->asked))
        return CG_REASON_METHOD_NOT_ALLOWED;
    if (in->asked && !cg_acrh_allowed(in->policy->headers, in->request->names))
        return CG_REASON_HEADER_NOT_ALLOWED;
    if (!in->asked && cg_policy_mode(in->policy) == CG_MODE_ENFORCE &&
        !is_method_allowed(in->policy->methods, in->request->facts.method))
        return CG_REASON_METHOD_NOT_ALLOWED;
    return CG_REASON_NONE;
}

static void check_decision(const check *in)
{
    const cg_decision *got = &in->decision;
    cg_state state = in->request->facts.origin ? state_of_origin(in) : CG_STATE_NONE;
    cg_reason reason = CG_REASON_NONE;

    if (state == CG_STATE_NONE || state == CG_STATE_SAME_ORIGIN) {
        FUZZ_MUST(got->state == state && got->reason == CG_REASON_NONE);
        return;
    }
    if (!in->valid)
        reason = CG_REASON_POLICY_INVALID;
    else if (state == CG_STATE_ALLOWED)
        reason = reason_of_use(in);
    FUZZ_MUST(state == CG_STATE_DENIED || got->reason == reason);
    FUZZ_MUST(state == CG_STATE_ALLOWED || got->reason != CG_REASON_NONE);
    FUZZ_MUST(in->valid == (got->reason != CG_REASON_POLICY_INVALID));
    FUZZ_MUST(cg_state_denied(got->state) == (got->reason != CG_REASON_NONE));
    FUZZ_MUST(cg_state_preflight(got->state) == (in->asked != NULL));
}

/* Access-Control-Allow-Origin, by the table of the contract. */
static void check_allow_origin(const check *in)
{
    const cg_decision *got = &in->decision;
    const char *origin = in->request->facts.origin;
    int public = in->valid && cg_origins_any(in->policy->origins);

    FUZZ_MUST(!public || !cg_policy_credentials(in->policy));
    if (public && (!in->asked || got->state == CG_STATE_PREFLIGHT_ALLOWED))
        FUZZ_MUST(got->allow_origin && strcmp(got->allow_origin, "*") == 0);
    else if (got->state == CG_STATE_ALLOWED || got->state == CG_STATE_PREFLIGHT_ALLOWED)
        FUZZ_MUST(got->allow_origin && strcmp(got->allow_origin, origin) == 0);
    else
        FUZZ_MUST(!got->allow_origin);
}

/* The only line of that name; NULL where there is none. */
static const char *line_of(const check *in, const char *name)
{
    int lines;
    const char *value = cg_browser_value(in->p, in->request->out, name, &lines);

    FUZZ_MUST(lines <= 1 && !apr_table_get(in->request->err, name));
    return value;
}

static void check_values(const check *in)
{
    static const char prefix[] = "Access-Control-";
    const apr_array_header_t *all = apr_table_elts(in->request->out);
    int credentials = cg_policy_credentials(in->policy);

    for (int i = 0; i < all->nelts; i++) {
        const apr_table_entry_t *entry = &APR_ARRAY_IDX(all, i, apr_table_entry_t);

        if (strncasecmp(entry->key, prefix, sizeof prefix - 1) != 0)
            continue;
        FUZZ_MUST(fuzz_is_plain(entry->val) && *entry->val);
        /* Browsers take "*" for a name then. */
        FUZZ_MUST(!credentials || strcmp(entry->val, "*") != 0);
    }
}

static void check_lines(const check *in)
{
    const char *origin = line_of(in, "Access-Control-Allow-Origin");
    int preflight = in->asked && origin, actual = !in->asked && origin;
    const cg_policy *policy = in->policy;
    int count = 0;
    static const char *const known[] = {
        "Access-Control-Allow-Origin",  "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
        "Access-Control-Max-Age",       "Access-Control-Expose-Headers"};

    FUZZ_MUST(origin == in->decision.allow_origin ||
              strcmp(origin, in->decision.allow_origin) == 0);
    FUZZ_MUST(!line_of(in, known[1]) == !(origin && cg_policy_credentials(policy)));
    FUZZ_MUST(preflight || (!line_of(in, known[2]) && !line_of(in, known[3])));
    FUZZ_MUST(!line_of(in, known[4]) == !(preflight && policy->max_age));
    FUZZ_MUST(!line_of(in, known[5]) == !(actual && policy->expose));
    for (int i = 0; i < 6; i++)
        count += line_of(in, known[i]) != NULL;
    for (int i = 0; i < 2; i++) {
        const apr_array_header_t *all = apr_table_elts(i ? in->request->err : in->request->out);

        for (int j = 0; j < all->nelts; j++)
            count -= strncasecmp(APR_ARRAY_IDX(all, j, apr_table_entry_t).key, known[0], 15) == 0;
    }
    FUZZ_MUST(count == 0);
}

static void check_vary(const check *in, int was_there)
{
    apr_table_t *out = in->request->out;
    int all = cg_browser_lists(in->p, out, "Vary", "*", 0);
    int dynamic =
        in->asked || !in->decision.allow_origin || strcmp(in->decision.allow_origin, "*") != 0;

    if (dynamic)
        FUZZ_MUST(all || cg_browser_lists(in->p, out, "Vary", "Origin", 1));
    else
        FUZZ_MUST(was_there || !apr_table_get(out, "Vary"));
    if (in->asked)
        FUZZ_MUST(all ||
                  (cg_browser_lists(in->p, out, "Vary", "Access-Control-Request-Method", 1) &&
                   cg_browser_lists(in->p, out, "Vary", "Access-Control-Request-Headers", 1)));
}

/* What the guard decides is what a browser concludes. */
static void check_browser(const check *in)
{
    const apr_table_t *out = in->request->out;
    int credentials = cg_policy_credentials(in->policy);
    int status = cg_answer_status(in->policy, in->decision.state);
    cg_browser_request asks = {in->request->facts.origin, credentials, in->asked,
                               in->request->names};

    FUZZ_MUST(!in->asked || (status == 403) == cg_state_denied(in->decision.state));
    for (int with = 0; with <= credentials; with++) {
        asks.credentials = with;
        if (in->decision.state == CG_STATE_ALLOWED)
            FUZZ_MUST(!cg_browser_check(in->p, out, asks.origin, with));
        if (in->decision.state == CG_STATE_PREFLIGHT_ALLOWED)
            FUZZ_MUST(!cg_browser_preflight(in->p, status, out, &asks));
    }
    if (!in->decision.allow_origin && asks.origin)
        FUZZ_MUST(cg_browser_check(in->p, out, asks.origin, 0));
    if (!credentials && asks.origin)
        FUZZ_MUST(cg_browser_check(in->p, out, asks.origin, 1));
}

static void check_answer(const check *in)
{
    const policy_request *request = in->request;
    cg_course course = cg_answer_course(in->policy, in->decision.state);
    cg_answer_asked asked = {request->facts.header, request};
    int was_there = apr_table_get(request->out, "Vary") || apr_table_get(request->err, "Vary");

    FUZZ_MUST(!course.report || (!course.answer && !course.refuse));
    FUZZ_MUST(!course.answer || in->asked);
    FUZZ_MUST(!course.refuse || cg_state_denied(in->decision.state));
    if (course.report)
        return;
    cg_answer_write(in->policy, &in->decision, &asked, request->out, request->err);
    check_values(in);
    check_lines(in);
    check_vary(in, was_there);
    check_browser(in);
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *rest = apr_pstrmemdup(p, text, len), *end = rest + len;
    policy_request request;
    cg_problem problem;
    check in = {.p = p, .policy = policy_read(p, &rest, end), .request = &request};

    if (!in.policy || !cg_policy_in_effect(in.policy))
        return;
    policy_read_request(p, rest, end, &request);
    in.valid = !cg_policy_problem(in.policy, &problem);
    if (!in.valid)
        FUZZ_MUST(fuzz_is_plain(cg_problem_text(p, &problem)));
    FUZZ_MUST(in.valid == !cg_policy_problems(p, in.policy, 4)->nelts);
    FUZZ_MUST(!in.valid || !cg_policy_conflict(in.policy, &problem));
    in.asked = asked_of(&request);
    in.decision = cg_decide(in.policy, &request.facts);
    check_decision(&in);
    check_allow_origin(&in);
    check_answer(&in);
}
