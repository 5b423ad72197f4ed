/* SPDX-License-Identifier: Apache-2.0 */
#include "sections.h"

#define CREDENTIALS 1
#define EXPOSE_ALL 2

enum { ORIGINS_LINE = 10, CREDENTIALS_LINE = 20, EXPOSE_LINE = 30, LIFTED_LINE = 40 };

static const char *const slugs[] = {
    "wildcard-with-credentials",
    "null-with-credentials",
    "expose-all-with-credentials",
    "null-origin",
    "insecure-origin-with-credentials",
    "public-suffix-wildcard",
    "open-pattern",
};

static cg_policy policy_of(apr_pool_t *p, const char *args, int with, int lifted)
{
    cg_policy policy = {NULL};

    policy.origins = origins(p, args, ORIGINS_LINE);
    if (with & CREDENTIALS)
        policy.credentials = setting(p, 1, CREDENTIALS_LINE);
    if (with & EXPOSE_ALL)
        policy.expose = names(p, CG_NAMES_EXPOSE, "*", EXPOSE_LINE);
    if (lifted)
        policy.lifted = setting(p, lifted, LIFTED_LINE);
    return policy;
}

static const struct {
    const char *origins;
    int with;
    int lifted;
    const char *problem; /* a slug, or NULL: sound */
} rows[] = {
    {"https://a.example", 0, 0, NULL},
    {"https://a.example", CREDENTIALS, 0, NULL},
    {"https://a.example", EXPOSE_ALL, 0, NULL},
    {"*", 0, 0, NULL},
    {"*", EXPOSE_ALL, 0, NULL},
    {"*", CREDENTIALS, 0, "wildcard-with-credentials"},
    {"*", CREDENTIALS, 15, "wildcard-with-credentials"},
    {"null", CREDENTIALS, 0, "null-with-credentials"},
    {"null", CREDENTIALS, 15, "null-with-credentials"},
    {"null", 0, 0, "null-origin"},
    {"null", 0, CG_LIFT_NULL_ORIGIN, NULL},
    {"null", 0, CG_LIFT_INSECURE_ORIGINS | CG_LIFT_PUBLIC_SUFFIXES | CG_LIFT_OPEN_PATTERNS,
     "null-origin"},
    {"https://a.example", CREDENTIALS | EXPOSE_ALL, 15, "expose-all-with-credentials"},
    {"http://a.example", 0, 0, NULL},
    {"http://a.example", CREDENTIALS, 0, "insecure-origin-with-credentials"},
    {"http://*.a.example:*", CREDENTIALS, 0, "insecure-origin-with-credentials"},
    {"http://a.example", CREDENTIALS, CG_LIFT_INSECURE_ORIGINS, NULL},
    {"http://a.example", CREDENTIALS, CG_LIFT_NULL_ORIGIN, "insecure-origin-with-credentials"},
    {"http://localhost", CREDENTIALS, 0, NULL},
    {"http://localhost:*", CREDENTIALS, 0, NULL},
    {"http://127.0.0.1:8080", CREDENTIALS, 0, NULL},
    {"http://[::1]:8080", CREDENTIALS, 0, NULL},
    {"http://127.0.0.1.a.example", CREDENTIALS, 0, "insecure-origin-with-credentials"},
    {"https://*.com", 0, 0, NULL},
    {"https://*.com", CREDENTIALS, 0, "public-suffix-wildcard"},
    {"https://*.co.uk", CREDENTIALS, 0, "public-suffix-wildcard"},
    {"https://*.github.io:*", CREDENTIALS, 0, "public-suffix-wildcard"},
    {"https://*.github.io", CREDENTIALS, CG_LIFT_PUBLIC_SUFFIXES, NULL},
    {"https://*.me.github.io", CREDENTIALS, 0, NULL},
    {"https://*.internal", CREDENTIALS, 0, NULL},
};

static void each_rule_refuses_exactly_its_policies(void **state)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        cg_policy policy = policy_of(*state, rows[i].origins, rows[i].with, rows[i].lifted);
        cg_problem problem;
        int refused = cg_policy_problem(&policy, &problem);

        if (refused != (rows[i].problem != NULL))
            fail_msg("row %zu: %s", i, refused ? cg_problem_text(*state, &problem) : "not refused");
        if (refused)
            assert_string_equal(cg_rule_of(problem.rule)->slug, rows[i].problem);
        assert_int_equal(cg_policy_problems(*state, &policy, 100)->nelts, refused);
    }
}

static void every_rule_has_its_slug_and_texts(void **state)
{
    (void)state;
    for (int rule = 0; rule < CG_RULE_COUNT; rule++) {
        const cg_rule *entry = cg_rule_of((cg_rule_id)rule);

        assert_string_equal(entry->slug, slugs[rule]);
        assert_true(entry->danger && *entry->danger && entry->remedy && *entry->remedy);
    }
    assert_int_equal(cg_lift_of("Insecure-Origins"), CG_LIFT_INSECURE_ORIGINS);
    assert_int_equal(cg_lift_of("open-patterns"), CG_LIFT_OPEN_PATTERNS);
    assert_int_equal(cg_lift_of("wildcard-with-credentials"), CG_LIFT_NONE);
}

static void all_problems_are_found_in_one_pass(void **state)
{
    cg_policy policy = policy_of(*state, "http://a.example https://*.com http://*.co.uk null",
                                 CREDENTIALS | EXPOSE_ALL, 0);
    apr_array_header_t *problems = cg_policy_problems(*state, &policy, 100);

    /* expose *, http://a.example, *.com, *.co.uk as suffix and as http, null */
    assert_int_equal(problems->nelts, 6);
}

static void a_conflict_is_only_what_nothing_lifts(void **state)
{
    cg_policy wildcard = policy_of(*state, "*", CREDENTIALS, 0);
    cg_policy insecure = policy_of(*state, "http://a.example null", 0, 0);
    cg_problem problem;

    assert_true(cg_policy_conflict(&wildcard, &problem));
    assert_false(cg_policy_conflict(&insecure, &problem));
    insecure.credentials = setting(*state, 1, CREDENTIALS_LINE);
    assert_true(cg_policy_conflict(&insecure, &problem));
    assert_int_equal(problem.rule, CG_RULE_NULL_WITH_CREDENTIALS);
}

static void a_problem_names_rule_places_and_remedy(void **state)
{
    cg_policy policy = policy_of(*state, "*", CREDENTIALS, 0);
    cg_problem problem;
    const char *text;

    assert_true(cg_policy_problem(&policy, &problem));
    text = cg_problem_text(*state, &problem);
    assert_non_null(strstr(text,
                           "wildcard-with-credentials: CorsAllowOrigin * (site.conf:10) meets "
                           "CorsAllowCredentials On (site.conf:20): "));
    assert_non_null(strstr(text, "CorsAllowCredentials Off"));
    assert_null(strchr(text, '\n'));
}

static void what_an_inner_section_takes_away_is_no_problem(void **state)
{
    cg_policy outer = policy_of(*state, "https://b.example http://a.example https://*.com", 0, 0);
    cg_policy inner = policy_of(*state, "-http://a.example -https://*.com", CREDENTIALS, 0);
    cg_policy rest = policy_of(*state, "-http://a.example", CREDENTIALS, 0);
    cg_policy merged;
    cg_problem problem;

    cg_policy_merge(*state, &outer, &inner, &merged);
    assert_false(cg_policy_problem(&merged, &problem));
    cg_policy_merge(*state, &outer, &rest, &merged);
    assert_true(cg_policy_problem(&merged, &problem));
    assert_int_equal(problem.rule, CG_RULE_PUBLIC_SUFFIX_WILDCARD);
}

static void only_so_many_risks_are_looked_for(void **state)
{
    cg_policy inner = policy_of(*state, "-http://*.a.example", CREDENTIALS, 0);
    cg_policy outer = {NULL}, merged;
    const char *names = "";
    cg_problem problem;

    for (int i = 0; i < CG_RISKS_REMOVED_MAX; i++)
        names = apr_psprintf(*state, "%s http://n%d.a.example", names, i);
    outer.origins = origins(*state, names, ORIGINS_LINE);
    cg_policy_merge(*state, &outer, &inner, &merged);
    assert_false(cg_policy_problem(&merged, &problem));
    outer.origins =
        origins(*state, apr_pstrcat(*state, names, " http://more.a.example", NULL), ORIGINS_LINE);
    cg_policy_merge(*state, &outer, &inner, &merged);
    assert_true(cg_policy_problem(&merged, &problem));
    assert_string_equal(problem.subject, "http://more.a.example");
}

static void no_more_problems_are_listed_than_asked_for(void **state)
{
    cg_policy policy =
        policy_of(*state, "http://a.example http://b.example http://c.example", CREDENTIALS, 0);

    assert_int_equal(cg_policy_problems(*state, &policy, 2)->nelts, 2);
    assert_int_equal(cg_policy_problems(*state, &policy, 3)->nelts, 3);
    assert_int_equal(cg_policy_problems(*state, &policy, 4)->nelts, 3);
}

static void exceptions_do_not_make_a_wildcard_safe(void **state)
{
    cg_policy outer = policy_of(*state, "*", 0, 0);
    cg_policy inner = policy_of(*state, "-https://evil.example", CREDENTIALS, 0);
    cg_policy merged;
    cg_problem problem;

    cg_policy_merge(*state, &outer, &inner, &merged);
    assert_true(cg_policy_problem(&merged, &problem));
    assert_int_equal(problem.rule, CG_RULE_WILDCARD_WITH_CREDENTIALS);
    assert_int_equal(problem.first->line, ORIGINS_LINE);
}

static void fields_are_inherited_one_by_one(void **state)
{
    static const cg_max_age ten = {600, "600", {FILE_NAME, 50}};
    cg_policy outer =
        policy_of(*state, "https://a.example", CREDENTIALS | EXPOSE_ALL, CG_LIFT_NULL_ORIGIN);
    cg_policy inner = {NULL}, merged;

    outer.mode = setting(*state, CG_MODE_ENFORCE, 1);
    outer.max_age = &ten;
    outer.methods = names(*state, CG_NAMES_METHODS, "PUT", 2);
    inner.methods = names(*state, CG_NAMES_METHODS, "DELETE", 3);
    inner.credentials = setting(*state, 0, 4);
    cg_policy_merge(*state, &outer, &inner, &merged);
    assert_ptr_equal(merged.mode, outer.mode);
    assert_ptr_equal(merged.origins, outer.origins);
    assert_ptr_equal(merged.max_age, &ten);
    assert_ptr_equal(merged.expose, outer.expose);
    assert_ptr_equal(merged.lifted, outer.lifted);
    assert_ptr_equal(merged.methods, inner.methods);
    assert_ptr_equal(merged.credentials, inner.credentials);
    assert_false(cg_policy_credentials(&merged));
}

static void what_a_section_sets_replaces_what_is_around_it(void **state)
{
    static const cg_max_age ten = {600, "600", {FILE_NAME, 50}}, twenty = {1200, "1200"};
    cg_policy outer = {NULL}, inner = {NULL}, merged;

    outer.mode = outer.credentials = outer.preflight_status = outer.forward = setting(*state, 1, 1);
    outer.methods = outer.headers = outer.expose = names(*state, CG_NAMES_METHODS, "PUT", 2);
    outer.max_age = &ten;
    outer.self = apr_pcalloc(*state, sizeof *outer.self);
    outer.lifted = setting(*state, 1, 3);
    outer.origins = origins(*state, "https://a.example", 4);
    inner.mode = inner.credentials = inner.preflight_status = inner.forward = setting(*state, 0, 5);
    inner.methods = inner.headers = inner.expose = names(*state, CG_NAMES_METHODS, "PUT", 6);
    inner.max_age = &twenty;
    inner.self = apr_pcalloc(*state, sizeof *inner.self);
    inner.lifted = setting(*state, 1, 7);
    inner.origins = origins(*state, "https://b.example", 8);
    cg_policy_merge(*state, &outer, &inner, &merged);
    assert_memory_equal(&merged, &inner, sizeof merged);
    cg_policy_merge(*state, &outer, &(cg_policy){NULL}, &merged);
    assert_memory_equal(&merged, &outer, sizeof merged);
}

static void a_policy_is_in_effect_where_origins_or_a_mode_is_set(void **state)
{
    cg_policy policy = {NULL};

    assert_false(cg_policy_in_effect(&policy));
    policy.credentials = setting(*state, 1, 1);
    assert_false(cg_policy_in_effect(&policy));
    policy.origins = origins(*state, "none", 2);
    assert_true(cg_policy_in_effect(&policy));
    policy.mode = setting(*state, CG_MODE_OFF, 3);
    assert_false(cg_policy_in_effect(&policy));
    policy.origins = NULL;
    policy.mode = setting(*state, CG_MODE_REPORT, 3);
    assert_true(cg_policy_in_effect(&policy));
    assert_int_equal(cg_policy_place(&policy)->line, 3);
    policy.origins = origins(*state, "none", 2);
    assert_int_equal(cg_policy_place(&policy)->line, 2);
    assert_null(cg_policy_place(&(cg_policy){NULL}));
}

static int matches_everything(const void *regex, const char *text, apr_size_t len)
{
    (void)regex;
    (void)text;
    return len > 0;
}

static void an_open_regex_is_refused_until_lifted(void **state)
{
    cg_matcher matcher = {
        .text = "https://.*", .match = matches_everything, .place = {FILE_NAME, ORIGINS_LINE}};
    cg_witness witness = {.hole = CG_HOLE_ANY_ORIGIN, .origin = "https://evil.example"};
    cg_policy policy = policy_of(*state, "", 0, 0);
    cg_problem problem;

    assert_null(cg_origins_add_matcher(*state, policy.origins, &matcher, &witness));
    assert_true(cg_policy_problem(&policy, &problem));
    assert_int_equal(problem.rule, CG_RULE_OPEN_PATTERN);
    assert_non_null(strstr(cg_problem_text(*state, &problem),
                           "CorsAllowOriginMatch https://.* (site.conf:10): "));
    assert_non_null(strstr(cg_problem_text(*state, &problem), "https://evil.example"));
    policy.lifted = setting(*state, CG_LIFT_OPEN_PATTERNS, LIFTED_LINE);
    assert_false(cg_policy_problem(&policy, &problem));
}

static void a_regex_that_cannot_be_judged_is_refused_in_its_own_words(void **state)
{
    cg_matcher matcher = {
        .text = "a", .match = matches_everything, .place = {FILE_NAME, ORIGINS_LINE}};
    cg_witness witness = {.hole = CG_HOLE_UNJUDGED, .why = "no reason", .useless = 1};
    cg_policy policy = policy_of(*state, "", 0, 0);
    cg_problem problem;
    const char *text;

    assert_null(cg_origins_add_matcher(*state, policy.origins, &matcher, &witness));
    assert_true(cg_policy_problem(&policy, &problem));
    text = cg_problem_text(*state, &problem);
    assert_non_null(strstr(text, "it cannot be told which origins this pattern accepts"));
    assert_non_null(strstr(text, "write whole origins as browsers send them"));
}

static void a_regex_that_accepts_http_is_refused_with_credentials(void **state)
{
    cg_matcher matcher = {.text = "http://a\\.example",
                          .match = matches_everything,
                          .place = {FILE_NAME, ORIGINS_LINE}};
    cg_witness witness = {.hole = CG_HOLE_NONE, .insecure = 1};
    cg_policy policy = policy_of(*state, "", 0, 0);
    cg_problem problem;

    assert_null(cg_origins_add_matcher(*state, policy.origins, &matcher, &witness));
    assert_false(cg_policy_problem(&policy, &problem));
    policy.credentials = setting(*state, 1, CREDENTIALS_LINE);
    assert_true(cg_policy_problem(&policy, &problem));
    assert_int_equal(problem.rule, CG_RULE_INSECURE_ORIGIN_WITH_CREDENTIALS);
    assert_string_equal(problem.subject, matcher.text);
}

static void a_problem_is_told_of_the_directive_that_holds_it(void **state)
{
    cg_policy policy = policy_of(*state, "https://a.example", CREDENTIALS | EXPOSE_ALL, 0);
    cg_problem problem;

    assert_true(cg_policy_problem(&policy, &problem));
    assert_non_null(
        strstr(cg_problem_text(*state, &problem), "CorsExposeHeaders * (site.conf:30)"));
    policy.expose = names(*state, CG_NAMES_EXPOSE, "X-Total", EXPOSE_LINE);
    assert_false(cg_policy_problem(&policy, &problem));
    assert_false(cg_policy_conflict(&policy, &problem));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(each_rule_refuses_exactly_its_policies),
        UNIT_TEST(every_rule_has_its_slug_and_texts),
        UNIT_TEST(all_problems_are_found_in_one_pass),
        UNIT_TEST(a_conflict_is_only_what_nothing_lifts),
        UNIT_TEST(a_problem_names_rule_places_and_remedy),
        UNIT_TEST(what_an_inner_section_takes_away_is_no_problem),
        UNIT_TEST(only_so_many_risks_are_looked_for),
        UNIT_TEST(no_more_problems_are_listed_than_asked_for),
        UNIT_TEST(exceptions_do_not_make_a_wildcard_safe),
        UNIT_TEST(fields_are_inherited_one_by_one),
        UNIT_TEST(a_policy_is_in_effect_where_origins_or_a_mode_is_set),
        UNIT_TEST(what_a_section_sets_replaces_what_is_around_it),
        UNIT_TEST(an_open_regex_is_refused_until_lifted),
        UNIT_TEST(a_regex_that_cannot_be_judged_is_refused_in_its_own_words),
        UNIT_TEST(a_regex_that_accepts_http_is_refused_with_credentials),
        UNIT_TEST(a_problem_is_told_of_the_directive_that_holds_it),
    };

    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
