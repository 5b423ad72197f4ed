/* SPDX-License-Identifier: Apache-2.0 */
#include "sections.h"

#include "cg_decide.h"

#define APP "https://app.example"
#define OWN "https://www.own.example"
#define SELF "https://self.example"
#define EVIL "https://evil.example"

/* A request as a test writes it: the headers that a decision may ask for. */
typedef struct request {
    const char *origin;
    const char *method;
    const char *asked_method;
    const char *asked_headers;
    const char *fetch_site;
    const char *host; /* NULL: some; "": the request has none */
} request;

static const char *header(const void *ctx, const char *name)
{
    const request *sent = ctx;

    if (strcmp(name, "Access-Control-Request-Method") == 0)
        return sent->asked_method;
    if (strcmp(name, "Access-Control-Request-Headers") == 0)
        return sent->asked_headers;
    if (strcmp(name, "Sec-Fetch-Site") == 0)
        return sent->fetch_site;
    if (strcmp(name, "Host") == 0)
        return !sent->host ? "www.own.example:8443" : *sent->host ? sent->host : NULL;
    fail_msg("the decision asks for %s", name);
    return NULL;
}

static const char *own_scheme;

static const char *scheme(const void *ctx)
{
    (void)ctx;
    return own_scheme;
}

static cg_decision decide(const cg_policy *policy, const request *sent)
{
    cg_facts facts = {.method = sent->method ? sent->method : "GET",
                      .origin = sent->origin,
                      .scheme = scheme,
                      .host = "www.own.example",
                      .header = header,
                      .request = sent};

    own_scheme = "https";
    return cg_decide(policy, &facts);
}

/* The policies of the table below. */
enum {
    LISTED,
    ANY,
    ANY_BUT,
    NULL_LISTED,
    NOBODY,
    INVALID,
    ENFORCED,
    ANY_ENFORCED,
    BARE,
    POLICY_COUNT
};

static void make_policies(apr_pool_t *p, cg_policy policies[POLICY_COUNT])
{
    cg_place place = {FILE_NAME, 1};
    cg_policy base = {.methods = names(p, CG_NAMES_METHODS, "PUT patch", 2),
                      .headers = names(p, CG_NAMES_HEADERS, "Content-Type", 3)};
    cg_pattern self;

    base.self = apr_palloc(p, sizeof *base.self);
    *base.self = (cg_self){cg_set_make(p, 0, 0), place};
    assert_null(cg_pattern_parse(p, SELF, strlen(SELF), &self));
    cg_set_add(base.self->set, &self);
    for (int i = 0; i < POLICY_COUNT; i++)
        policies[i] = base;
    policies[LISTED].origins = origins(p, APP " https://*.apps.example", 1);
    policies[ANY].origins = origins(p, "*", 1);
    policies[ANY].methods = names(p, CG_NAMES_METHODS, "*", 2);
    policies[ANY].headers = names(p, CG_NAMES_HEADERS, "*", 3);
    policies[ANY_BUT].origins = cg_origins_over(p, policies[ANY].origins, origins(p, "-" EVIL, 4));
    policies[NULL_LISTED].origins = origins(p, "null", 1);
    policies[NULL_LISTED].lifted = setting(p, CG_LIFT_NULL_ORIGIN, 5);
    policies[NOBODY].mode = setting(p, CG_MODE_ON, 1);
    policies[INVALID].origins = policies[ANY].origins;
    policies[INVALID].credentials = setting(p, 1, 6);
    policies[ENFORCED] = policies[LISTED];
    policies[ENFORCED].mode = setting(p, CG_MODE_ENFORCE, 7);
    policies[ANY_ENFORCED] = policies[ANY];
    policies[ANY_ENFORCED].mode = policies[ENFORCED].mode;
    policies[BARE] = (cg_policy){.origins = policies[LISTED].origins};
}

typedef struct row {
    int policy;
    request sent;
    const char *state;
    const char *reason;
    const char *allow_origin;
} row;

static const row rows[] = {
    /* actual requests */
    {LISTED, {NULL}, "none", NULL, NULL},
    {LISTED, {APP}, "allowed", NULL, APP},
    {LISTED, {"https://a.apps.example"}, "allowed", NULL, "https://a.apps.example"},
    {LISTED, {EVIL}, "denied", "origin-not-allowed", NULL},
    {LISTED, {"null"}, "denied", "origin-not-allowed", NULL},
    {LISTED, {"NULL"}, "denied", "origin-malformed", NULL},
    {LISTED, {""}, "denied", "origin-malformed", NULL},
    {LISTED, {APP ", " APP}, "denied", "origin-malformed", NULL},
    {LISTED, {APP, "DELETE"}, "allowed", NULL, APP},
    {ANY, {NULL}, "none", NULL, "*"},
    {ANY, {EVIL}, "allowed", NULL, "*"},
    {ANY, {"null"}, "allowed", NULL, "*"},
    {ANY, {APP "/"}, "denied", "origin-malformed", "*"},
    {ANY_BUT, {NULL}, "none", NULL, NULL},
    {ANY_BUT, {APP}, "allowed", NULL, APP},
    {ANY_BUT, {EVIL}, "denied", "origin-not-allowed", NULL},
    {ANY_BUT, {"null"}, "denied", "origin-not-allowed", NULL},
    {NULL_LISTED, {"null"}, "allowed", NULL, "null"},
    {NULL_LISTED, {APP}, "denied", "origin-not-allowed", NULL},
    {NOBODY, {NULL}, "none", NULL, NULL},
    {NOBODY, {APP}, "denied", "origin-not-allowed", NULL},
    {INVALID, {NULL}, "none", NULL, NULL},
    {INVALID, {APP}, "denied", "policy-invalid", NULL},
    {INVALID, {OWN}, "same-origin", NULL, NULL},
    /* methods of actual requests matter only where the guard enforces */
    {ENFORCED, {APP, "GET"}, "allowed", NULL, APP},
    {ENFORCED, {APP, "HEAD"}, "allowed", NULL, APP},
    {ENFORCED, {APP, "POST"}, "allowed", NULL, APP},
    {ENFORCED, {APP, "PUT"}, "allowed", NULL, APP},
    {ENFORCED, {APP, "DELETE"}, "denied", "method-not-allowed", NULL},
    {ENFORCED, {APP, "OPTIONS"}, "denied", "method-not-allowed", NULL},
    {ENFORCED, {OWN, "DELETE"}, "same-origin", NULL, NULL},
    {ENFORCED, {NULL, "DELETE"}, "none", NULL, NULL},
    {ANY_ENFORCED, {APP, "DELETE"}, "allowed", NULL, "*"},
    {ANY_ENFORCED, {APP, "CONNECT"}, "denied", "method-not-allowed", "*"},
    /* same origin */
    {LISTED, {OWN}, "same-origin", NULL, NULL},
    {LISTED, {"http://www.own.example"}, "denied", "origin-not-allowed", NULL},
    {LISTED, {OWN ":8443"}, "denied", "origin-not-allowed", NULL},
    {LISTED, {"https://own.example"}, "denied", "origin-not-allowed", NULL},
    {LISTED, {SELF}, "same-origin", NULL, NULL},
    {LISTED, {EVIL, .fetch_site = "same-origin"}, "same-origin", NULL, NULL},
    {LISTED, {"null", .fetch_site = "same-origin"}, "same-origin", NULL, NULL},
    {LISTED, {EVIL, .fetch_site = "same-site"}, "denied", "origin-not-allowed", NULL},
    {LISTED, {EVIL, .fetch_site = "same-origin, x"}, "denied", "origin-not-allowed", NULL},
    {LISTED, {APP "/", .fetch_site = "same-origin"}, "denied", "origin-malformed", NULL},
    {ANY, {OWN}, "same-origin", NULL, "*"},
    {LISTED, {"https://www.own"}, "denied", "origin-not-allowed", NULL},
    {LISTED, {OWN, .host = ""}, "same-origin", NULL, NULL},
    {LISTED, {OWN, .host = ":8443"}, "same-origin", NULL, NULL},
    {LISTED, {OWN, .host = "www.own.example."}, "denied", "origin-not-allowed", NULL},
    {LISTED, {OWN ".", .host = "www.own.example."}, "same-origin", NULL, NULL},
    {LISTED, {OWN ".", .host = "www.own.example.:8443"}, "same-origin", NULL, NULL},
    /* preflights */
    {LISTED, {APP, "OPTIONS", "GET"}, "preflight-allowed", NULL, APP},
    {LISTED, {APP, "OPTIONS", "HEAD"}, "preflight-allowed", NULL, APP},
    {LISTED, {APP, "OPTIONS", "POST", "content-type"}, "preflight-allowed", NULL, APP},
    {LISTED, {APP, "OPTIONS", "PUT"}, "preflight-allowed", NULL, APP},
    {LISTED, {APP, "OPTIONS", "patch"}, "preflight-allowed", NULL, APP},
    {LISTED, {APP, "OPTIONS", "PATCH"}, "preflight-denied", "method-not-allowed", NULL},
    {LISTED, {APP, "OPTIONS", "put"}, "preflight-denied", "method-not-allowed", NULL},
    {LISTED, {APP, "OPTIONS", "get"}, "preflight-denied", "method-not-allowed", NULL},
    {LISTED, {APP, "OPTIONS", "PUT\n"}, "preflight-denied", "method-not-allowed", NULL},
    {LISTED,
     {APP, "OPTIONS", "PUT", "content-type,x"},
     "preflight-denied",
     "header-not-allowed",
     NULL},
    {LISTED, {EVIL, "OPTIONS", "GET"}, "preflight-denied", "origin-not-allowed", NULL},
    {LISTED, {"x", "OPTIONS", "GET"}, "preflight-denied", "origin-malformed", NULL},
    {LISTED, {OWN, "OPTIONS", "DELETE"}, "same-origin", NULL, NULL},
    {ANY, {EVIL, "OPTIONS", "DELETE", "x-any"}, "preflight-allowed", NULL, "*"},
    {ANY, {EVIL, "OPTIONS", "TRACE"}, "preflight-denied", "method-not-allowed", NULL},
    {ANY, {EVIL, "OPTIONS", "DEL ETE"}, "preflight-denied", "method-not-allowed", NULL},
    {ANY,
     {EVIL, "OPTIONS", "GET", "authorization"},
     "preflight-denied",
     "header-not-allowed",
     NULL},
    {ANY, {"x", "OPTIONS", "GET"}, "preflight-denied", "origin-malformed", NULL},
    {INVALID, {APP, "OPTIONS", "GET"}, "preflight-denied", "policy-invalid", NULL},
    {NOBODY, {APP, "OPTIONS", "GET"}, "preflight-denied", "origin-not-allowed", NULL},
    /* what looks like a preflight and is none */
    {LISTED, {APP, "OPTIONS", ""}, "allowed", NULL, APP},
    {LISTED, {APP, "OPTIONS"}, "allowed", NULL, APP},
    {LISTED, {NULL, "OPTIONS", "GET"}, "none", NULL, NULL},
    {LISTED, {APP, "options", "GET"}, "allowed", NULL, APP},
    {LISTED, {APP, "ORDERPATCH", "GET"}, "allowed", NULL, APP},
    /* a policy that lists no methods and no headers */
    {BARE, {APP, "OPTIONS", "GET"}, "preflight-allowed", NULL, APP},
    {BARE, {APP, "OPTIONS", "PUT"}, "preflight-denied", "method-not-allowed", NULL},
    {BARE, {APP, "OPTIONS", "GET", "x"}, "preflight-denied", "header-not-allowed", NULL},
    {LISTED, {APP, "GET", "GET"}, "allowed", NULL, APP},
};

static void requests_are_decided(void **state)
{
    cg_policy policies[POLICY_COUNT];

    make_policies(*state, policies);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cg_decision decision = decide(&policies[rows[i].policy], &rows[i].sent);
        const char *reason = cg_reason_name(decision.reason);

        if (strcmp(cg_state_name(decision.state), rows[i].state) != 0)
            fail_msg("row %zu (%s): %s", i, rows[i].sent.origin, cg_state_name(decision.state));
        if (reason || rows[i].reason)
            assert_string_equal(reason ? reason : "(none)",
                                rows[i].reason ? rows[i].reason : "(none)");
        if (!rows[i].allow_origin && decision.allow_origin)
            fail_msg("row %zu allows %s", i, decision.allow_origin);
        if (rows[i].allow_origin)
            assert_string_equal(decision.allow_origin ? decision.allow_origin : "(none)",
                                rows[i].allow_origin);
    }
}

static const struct {
    const char *scheme;
    const char *host;
    unsigned port;
    const char *origin;
    int own;
} sites[] = {
    {"https", "a.example", 0, "https://a.example", 1},
    {"https", "a.example", 443, "https://a.example", 1},
    {"http", "a.example", 80, "http://a.example", 1},
    {"http", "a.example", 443, "http://a.example:443", 1},
    {"http", "a.example", 8080, "http://a.example:8080", 1},
    {"http", "::1", 8080, "http://[::1]:8080", 1},
    {"http", "127.0.0.1", 0, "http://127.0.0.1", 1},
    {"https", "a.example", 80, "https://a.example", 0},
    {"https", "a.example", 0, "https://a.example:444", 0},
    {"https", "a.example", 0, "http://a.example", 0},
    {"http", "a.example", 0, "https://a.example", 0},
    {"https", "a.example", 0, "https://xa.example", 0},
    {"https", "a.example", 0, "https://a.example.x", 0},
    {"https", "a.example", 0, "https://a.example.", 0},
    {"https", NULL, 0, "https://a.example", 0},
    {"ldap", "a.example", 0, "http://a.example", 0},
};

static void this_sites_own_origin_is_scheme_host_and_port(void **state)
{
    cg_policy policy = {.mode = setting(*state, CG_MODE_ENFORCE, 1)};

    for (size_t i = 0; i < COUNT(sites); i++) {
        request sent = {sites[i].origin};
        cg_facts facts = {.method = "POST",
                          .origin = sent.origin,
                          .scheme = scheme,
                          .host = sites[i].host,
                          .port = sites[i].port,
                          .header = header,
                          .request = &sent};
        cg_state expected = sites[i].own ? CG_STATE_SAME_ORIGIN : CG_STATE_DENIED;

        own_scheme = sites[i].scheme;
        if (cg_decide(&policy, &facts).state != expected)
            fail_msg("row %zu: %s", i, sites[i].origin);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(requests_are_decided),
        UNIT_TEST(this_sites_own_origin_is_scheme_host_and_port),
    };

    return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
