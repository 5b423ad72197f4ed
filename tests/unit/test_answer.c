/* SPDX-License-Identifier: Apache-2.0 */
#include "sections.h"

#include "cg_answer.h"

#define APP "https://app.example"
#define PREFLIGHT_VARY "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

static const char *header(const void *ctx, const char *name)
{
    (void)ctx;
    return strcmp(name, "Access-Control-Request-Method") == 0 ? "DELETE" : "X-One, content-type";
}

static const cg_answer_asked asked = {header, NULL};

/* The policies of the table below. */
enum { BARE, FULL, ANY, ANY_WITH_CREDENTIALS, POLICY_COUNT };

static void make_policies(apr_pool_t *p, cg_policy policies[POLICY_COUNT])
{
    static const cg_max_age ten = {600, "600", {FILE_NAME, 50}};

    memset(policies, 0, POLICY_COUNT * sizeof *policies);
    policies[FULL].credentials = setting(p, 1, 1);
    policies[FULL].methods = names(p, CG_NAMES_METHODS, "PUT patch", 2);
    policies[FULL].headers = names(p, CG_NAMES_HEADERS, "Content-Type", 3);
    policies[FULL].expose = names(p, CG_NAMES_EXPOSE, "X-Total", 4);
    policies[FULL].max_age = &ten;
    policies[ANY].credentials = setting(p, 0, 5);
    policies[ANY].methods = names(p, CG_NAMES_METHODS, "*", 6);
    policies[ANY].headers = names(p, CG_NAMES_HEADERS, "*", 7);
    policies[ANY_WITH_CREDENTIALS] = policies[ANY];
    policies[ANY_WITH_CREDENTIALS].credentials = policies[FULL].credentials;
}

/* "|" stands before each header, in any order; the rest of a name is behind "Access-Control-". */
static const struct {
    int policy;
    cg_state state;
    const char *origin;
    const char *headers;
} rows[] = {
    {FULL, CG_STATE_ALLOWED, APP,
     "|Allow-Origin: " APP "|Allow-Credentials: true|Expose-Headers: X-Total|Vary: Origin"},
    {BARE, CG_STATE_ALLOWED, APP, "|Allow-Origin: " APP "|Vary: Origin"},
    {BARE, CG_STATE_ALLOWED, "*", "|Allow-Origin: *"},
    {BARE, CG_STATE_NONE, "*", "|Allow-Origin: *"},
    {FULL, CG_STATE_NONE, NULL, "|Vary: Origin"},
    {FULL, CG_STATE_SAME_ORIGIN, NULL, "|Vary: Origin"},
    {FULL, CG_STATE_DENIED, NULL, "|Vary: Origin"},
    {FULL, CG_STATE_PREFLIGHT_DENIED, NULL, "|Vary: " PREFLIGHT_VARY},
    {BARE, CG_STATE_PREFLIGHT_ALLOWED, APP, "|Allow-Origin: " APP "|Vary: " PREFLIGHT_VARY},
    {FULL, CG_STATE_PREFLIGHT_ALLOWED, APP,
     "|Allow-Origin: " APP "|Allow-Credentials: true|Allow-Methods: PUT, patch"
     "|Allow-Headers: Content-Type|Max-Age: 600|Vary: " PREFLIGHT_VARY},
    {ANY, CG_STATE_PREFLIGHT_ALLOWED, "*",
     "|Allow-Origin: *|Allow-Methods: *|Allow-Headers: *|Vary: " PREFLIGHT_VARY},
    {ANY_WITH_CREDENTIALS, CG_STATE_PREFLIGHT_ALLOWED, APP,
     "|Allow-Origin: " APP "|Allow-Credentials: true|Allow-Methods: DELETE"
     "|Allow-Headers: X-One, content-type|Vary: " PREFLIGHT_VARY},
};

/* Every header of a table, in the form of the rows above. */
static const char *listed(apr_pool_t *p, const apr_table_t *headers)
{
    const apr_array_header_t *entries = apr_table_elts(headers);
    const char *list = "";

    for (int i = 0; i < entries->nelts; i++) {
        const apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i, apr_table_entry_t);
        int cors = strncmp(entry->key, "Access-Control-", 15) == 0;

        list = apr_psprintf(p, "%s|%s: %s", list, entry->key + (cors ? 15 : 0), entry->val);
    }
    return list;
}

static void a_decision_becomes_its_headers(void **state)
{
    cg_policy policies[POLICY_COUNT];

    make_policies(*state, policies);
    for (size_t i = 0; i < COUNT(rows); i++) {
        apr_table_t *out = apr_table_make(*state, 4), *err = apr_table_make(*state, 4);
        cg_decision decision = {rows[i].state, CG_REASON_NONE, rows[i].origin};

        cg_answer_write(&policies[rows[i].policy], &decision, &asked, out, err);
        assert_string_equal(listed(*state, out), rows[i].headers);
        assert_true(apr_is_empty_table(err));
    }
}

static void what_others_wrote_is_replaced_and_nothing_else(void **state)
{
    static const cg_policy policy = {NULL};
    static const cg_decision allowed = {CG_STATE_ALLOWED, CG_REASON_NONE, APP};
    static const char *const foreign[] = {
        "Access-Control-Allow-Origin", "ACCESS-CONTROL-ALLOW-ORIGIN",
        "Access-Control-Not-Invented-Yet", "access-control-", "Access-Control-Allow-Credentials"};
    static const char *const others[] = {"Accept-Ranges", "A",           "Ac",    "Acc",
                                         "Acce",          "Access-Cont", "Allow", "Via"};
    apr_table_t *out = apr_table_make(*state, 4), *err = apr_table_make(*state, 4);

    for (size_t i = 0; i < COUNT(foreign); i++) {
        apr_table_addn(out, foreign[i], "*");
        apr_table_addn(out, foreign[i], "null");
        apr_table_addn(err, foreign[i], "*");
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        apr_table_addn(out, others[i], "mine");
        apr_table_addn(err, others[i], "mine");
    }
    apr_table_addn(err, "vary", "Accept");
    cg_answer_write(&policy, &allowed, &asked, out, err);
    assert_string_equal(listed(*state, err),
                        "|Accept-Ranges: mine|A: mine|Ac: mine|Acc: mine|Acce: mine"
                        "|Access-Cont: mine|Allow: mine|Via: mine");
    assert_string_equal(apr_table_get(out, "Access-Control-Allow-Origin"), APP);
    assert_string_equal(apr_table_get(out, "Vary"), "accept,origin");
    assert_int_equal(apr_table_elts(out)->nelts, COUNT(others) + 2);
}

static void a_wildcard_leaves_vary_as_it_is(void **state)
{
    static const cg_policy policy = {NULL};
    static const cg_decision allowed = {CG_STATE_ALLOWED, CG_REASON_NONE, "*"};
    apr_table_t *out = apr_table_make(*state, 4), *err = apr_table_make(*state, 4);

    apr_table_addn(out, "Vary", "Accept");
    cg_answer_write(&policy, &allowed, &asked, out, err);
    assert_string_equal(listed(*state, out), "|Vary: Accept|Allow-Origin: *");
}

static void the_status_of_a_preflight_is_the_policys(void **state)
{
    cg_policy policy = {NULL};

    assert_int_equal(cg_answer_status(&policy, CG_STATE_PREFLIGHT_ALLOWED), 204);
    assert_int_equal(cg_answer_status(&policy, CG_STATE_PREFLIGHT_DENIED), 403);
    policy.preflight_status = setting(*state, 200, 1);
    assert_int_equal(cg_answer_status(&policy, CG_STATE_PREFLIGHT_ALLOWED), 200);
    assert_int_equal(cg_answer_status(&policy, CG_STATE_PREFLIGHT_DENIED), 403);
}

static const struct {
    cg_mode mode;
    int forward;
    cg_state state;
    cg_course course;
} courses[] = {
    {CG_MODE_ON, 0, CG_STATE_ALLOWED, {0, 0, 0}},
    {CG_MODE_ON, 0, CG_STATE_DENIED, {0, 0, 0}},
    {CG_MODE_ON, 0, CG_STATE_SAME_ORIGIN, {0, 0, 0}},
    {CG_MODE_ON, 0, CG_STATE_PREFLIGHT_ALLOWED, {0, 1, 0}},
    {CG_MODE_ON, 0, CG_STATE_PREFLIGHT_DENIED, {0, 1, 0}},
    {CG_MODE_ON, 1, CG_STATE_PREFLIGHT_DENIED, {0, 0, 0}},
    {CG_MODE_ENFORCE, 0, CG_STATE_ALLOWED, {0, 0, 0}},
    {CG_MODE_ENFORCE, 0, CG_STATE_DENIED, {0, 0, 1}},
    {CG_MODE_ENFORCE, 0, CG_STATE_PREFLIGHT_DENIED, {0, 1, 1}},
    {CG_MODE_ENFORCE, 1, CG_STATE_PREFLIGHT_ALLOWED, {0, 0, 0}},
    {CG_MODE_ENFORCE, 1, CG_STATE_PREFLIGHT_DENIED, {0, 0, 1}},
    {CG_MODE_REPORT, 0, CG_STATE_DENIED, {1, 0, 0}},
    {CG_MODE_REPORT, 0, CG_STATE_PREFLIGHT_ALLOWED, {1, 0, 0}},
    {CG_MODE_REPORT, 0, CG_STATE_PREFLIGHT_DENIED, {1, 0, 0}},
};

static void the_mode_decides_what_follows(void **state)
{
    for (size_t i = 0; i < COUNT(courses); i++) {
        cg_policy policy = {.mode = setting(*state, (int)courses[i].mode, 1)};
        cg_course course;

        if (courses[i].forward || i % 2)
            policy.forward = setting(*state, courses[i].forward, 2);
        course = cg_answer_course(&policy, courses[i].state);
        if (memcmp(&course, &courses[i].course, sizeof course) != 0)
            fail_msg("row %zu: report %d, answer %d, refuse %d", i, course.report, course.answer,
                     course.refuse);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_decision_becomes_its_headers),
        UNIT_TEST(what_others_wrote_is_replaced_and_nothing_else),
        UNIT_TEST(a_wildcard_leaves_vary_as_it_is),
        UNIT_TEST(the_status_of_a_preflight_is_the_policys),
        UNIT_TEST(the_mode_decides_what_follows),
    };

    return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
