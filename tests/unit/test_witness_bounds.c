/* SPDX-License-Identifier: Apache-2.0 */
#include "fenced.h"
#include "witness.h"

/* What every answer must hold to, whatever the regex. */
static void check_claims(const char *pattern, regex *compiled, const cg_witness *found)
{
    cg_origin origin;

    if (found->hole == CG_HOLE_NONE || found->hole == CG_HOLE_UNJUDGED) {
        assert_null(found->origin);
        assert_int_equal(!found->why, found->hole == CG_HOLE_NONE);
        return;
    }
    assert_null(found->why);
    if (!regex_matches(compiled, found->origin, strlen(found->origin)))
        fail_msg("%s does not accept %s", pattern, found->origin);
    if (cg_origin_parse(found->origin, strlen(found->origin), &origin) !=
        (found->hole == CG_HOLE_NULL ? CG_ORIGIN_NULL : CG_ORIGIN_TUPLE))
        fail_msg("%s: no browser sends %s", pattern, found->origin);
    if (found->example && !regex_matches(compiled, found->example, strlen(found->example)))
        fail_msg("%s does not accept its example %s", pattern, found->example);
}

/* A regex of pieces that are likely to follow each other. */
static void random_pattern(uint64_t *seed, char *out, size_t room)
{
    static const char *const pieces[] = {
        "https://",  "https?://", "http://", ".*",    ".+",    ".",    "\\.",      "example",
        "com",       "a",         "[a-z]+",  "[^.]+", "[^/]*", "\\w",  "\\d{1,3}", "(",
        "(?:",       "(?=",       "(?!",     "(?<=",  ")",     "|",    "?",        "*",
        "+",         "{2}",       "{0,3}",   "[",     "]",     "^",    "$",        "\\b",
        "\\Q",       "\\E",       "(?i)",    "(?x)",  "#",     "\\1",  "(?1)",     "[[:alpha:]-]",
        "-",         "github",    "io",      ":",     "\\x2e", "null", "\\",       "(?#",
        "(*ACCEPT)", "\\p{L}",    ":\\d+",   "\\K",   "++",    "*?",   "{",        "(?(1)"};
    unsigned count = 1 + unit_random(seed, 12);

    *out = '\0';
    while (count--) {
        const char *piece = pieces[unit_random(seed, COUNT(pieces))];

        if (strlen(out) + strlen(piece) < room)
            strcat(out, piece);
    }
}

static void test_every_claim_about_random_regexes_holds(void **state)
{
    uint64_t seed = 42;
    unsigned compiled_count = 0;

    for (unsigned i = 0; i < 2000; i++) {
        char pattern[256];
        apr_pool_t *p;
        regex compiled;
        cg_witness found, again;

        apr_pool_create(&p, *state);
        random_pattern(&seed, pattern, sizeof pattern);
        if (regex_compile(p, &compiled, REGEX_LIMIT, pattern)) {
            compiled_count++;
            cg_witness_find(p, pattern, regex_matches, &compiled, &found);
            assert_true(compiled.matches <= CG_WITNESS_TRIES_MAX);
            check_claims(pattern, &compiled, &found);
            cg_witness_find(p, pattern, regex_matches, &compiled, &again);
            assert_int_equal(found.hole, again.hole);
            if (found.origin)
                assert_string_equal(found.origin, again.origin);
            regex_free(&compiled);
        }
        apr_pool_destroy(p);
    }
    assert_true(compiled_count > 100);
}

static int match_all(const void *calls, const char *text, apr_size_t len)
{
    union {
        const void *in;
        unsigned *out;
    } cast = {calls};

    assert_int_equal(strlen(text), len);
    ++*cast.out;
    return 1;
}

static int match_none(const void *calls, const char *text, apr_size_t len)
{
    return !match_all(calls, text, len);
}

/* Probes what need not be a regex. */
static void probe_anything(apr_pool_t *parent, const char *pattern)
{
    static const cg_match_fn fns[] = {match_all, match_none};

    for (size_t i = 0; i < COUNT(fns); i++) {
        apr_pool_t *p;
        cg_witness found;
        unsigned calls = 0;

        apr_pool_create(&p, parent);
        cg_witness_find(p, pattern, fns[i], &calls, &found);
        assert_true(calls <= CG_WITNESS_TRIES_MAX);
        assert_int_equal(found.hole, fns[i] == match_none ? CG_HOLE_UNJUDGED : CG_HOLE_ANY_ORIGIN);
        apr_pool_destroy(p);
    }
}

static const char *const malformed[] = {
    "(",
    ")",
    "((",
    "))",
    "(()",
    "a)b|c",
    "[",
    "[^",
    "[]",
    "[^]",
    "[a",
    "[a-",
    "[a-]",
    "[z-a]",
    "[[:",
    "[[:alpha",
    "[[:alpha:",
    "[[:alpha:]",
    "[[:nonsense:]]",
    "[[:^:]]",
    "[:alpha:]",
    "[\\",
    "[\\Q",
    "[\\Qa-z",
    "[\\Q]\\E",
    "[\\d-z]",
    "[a-\\d]",
    "[\\x{",
    "[\\8\\9]",
    "[\\c",
    "\\",
    "a\\",
    "\\Q",
    "\\Q\\",
    "\\Q\\E",
    "\\E\\E",
    "\\x",
    "\\x{",
    "\\x{}",
    "\\x{zz}",
    "\\x{99999999999999999999}",
    "\\o{",
    "\\o{777777777777}",
    "\\0",
    "\\01",
    "\\012",
    "\\0123",
    "\\c",
    "\\cA",
    "\\p",
    "\\p{",
    "\\p{^L",
    "\\pL",
    "\\N{U+",
    "\\g",
    "\\g{",
    "\\g{-1}",
    "\\g-1",
    "\\g+1",
    "\\1a",
    "\\g<",
    "\\k",
    "\\k'",
    "\\k{n",
    "\\1",
    "\\99999999999",
    "\\y",
    "\\Y",
    "\\i",
    "*",
    "+",
    "?",
    "{",
    "{1",
    "{1,",
    "{1,2",
    "{1,2}",
    "{,2}",
    "{,}",
    "a{",
    "a{1",
    "a{1,",
    "a{2,1}",
    "a{99999999999999999999}",
    "a{0}",
    "a{0,0}",
    "a{1}{2}{3}{4}",
    "a**",
    "a+++",
    "a???",
    "a{2}+?",
    "^*",
    "$+",
    "\\b*",
    "(?=a)*",
    "()*",
    "()+",
    "()*+",
    "(|)",
    "(|)*",
    "|",
    "||",
    "|a|",
    "(?:|)*",
    "(?",
    "(?<",
    "(?<n",
    "(?<n>",
    "(?P",
    "(?P<",
    "(?P=",
    "(?P=n",
    "(?P>",
    "(?P>n)",
    "(?'",
    "(?'n",
    "(?#",
    "(?#)",
    "(?#a",
    "a(?#b)+",
    "(?i",
    "(?i:",
    "(?i-",
    "(?-i)a",
    "(?^)",
    "(?^i:a",
    "(?zz)",
    "(?xx)[a b]",
    "(?x) a # b",
    "(?x) #",
    "(?x)a b\nc",
    "(?x)(?#c) +",
    "(?C",
    "(?C1)",
    "(?C\")\")",
    "(?R",
    "(?R)",
    "(?0)",
    "(?-",
    "(?-1",
    "(?-1)",
    "(?+1)",
    "(?&n)",
    "(?&n",
    "(?1",
    "(?=",
    "(?=a",
    "(?!",
    "(?<=",
    "(?<!a",
    "(?*a)",
    "(?<*a)",
    "(*",
    "(*)",
    "(*F)",
    "(*ACCEPT)",
    "(*pla:",
    "(*pla:a)",
    "(*negative_lookahead:a)",
    "(*a{",
    "(*atomic:a)",
    "(*MARK:x)",
    "(*:x)",
    "(*LIMIT_MATCH=1)a",
    "(?(",
    "(?()",
    "(?(1)",
    "(?(1)a",
    "(?(1)a|b",
    "(?(1)a|b)",
    "(?(1)a|b|c)",
    "(?(<n>)a)",
    "(?(R)a)",
    "(?(DEFINE)a)",
    "(?(?=a)b|c)",
    "(?(?(?(?(?(",
    "(?(*pla:a)b)",
    "(?(VERSION>=10)a)",
    "\x80\xff\xfe",
    "[\x80-\xff]",
    "https://\xc3\xa9\\.example\\.com",
    "\x01\x7f",
    "[^\x01-\xff]",
    "https://"
    "a{65535}"
    "\\.example\\.com",
    "https://(a{1000}){1000}\\.example\\.com",
};

static void test_any_bytes_are_survived(void **state)
{
    uint64_t seed = 7;

    for (size_t i = 0; i < COUNT(malformed); i++)
        probe_anything(*state, unit_fenced(malformed[i], strlen(malformed[i]) + 1));
    for (unsigned i = 0; i < 1000; i++) {
        static const char likely[] = "()[]{}|?*+.^$\\-,:=!<>#QEPxR1&a";
        char pattern[48];
        unsigned len = unit_random(&seed, sizeof pattern);

        for (unsigned at = 0; at < len; at++)
            pattern[at] = unit_random(&seed, 8) ? likely[unit_random(&seed, sizeof likely - 1)]
                                                : (char)(1 + unit_random(&seed, 255));
        pattern[len] = '\0';
        probe_anything(*state, unit_fenced(pattern, strlen(pattern) + 1));
    }
}

/* head, then count times body, then tail. */
static const char *repeated(apr_pool_t *p, const char *head, const char *body, unsigned count,
                            const char *tail)
{
    apr_size_t len = strlen(body);
    char *text = apr_palloc(p, len * count + 1);

    for (unsigned i = 0; i < count; i++)
        memcpy(text + i * len, body, len);
    text[len * count] = '\0';
    return apr_pstrcat(p, head, text, tail, (char *)NULL);
}

static void test_large_regexes_cost_a_bounded_amount(void **state)
{
    const char *const patterns[] = {
        repeated(*state, "", "(", 100000, ""),
        repeated(*state, repeated(*state, "", "(", 4000, ""), ")", 4000, ""),
        repeated(*state, "", "(?(", 2000, ""),
        repeated(*state, "https://", "[a-z]*", 300, "\\.example\\.com"),
        repeated(*state, "https://", "(a|b)", 200, "\\.example\\.com"),
        repeated(*state, "https://", "([a-z]*|b|c)", 60, "\\.example\\.com"),
        repeated(*state, "https://(?:", "a|", 2000, "b)\\.example\\.com"),
        repeated(*state, repeated(*state, "", "(?:", 30, "a?"), "){99}", 30, ""),
        repeated(*state, "", "(?=", 1000, ""),
        repeated(*state, "a", "{1}", 2000, ""),
        repeated(*state, "a", "?", 8000, ""),
        repeated(*state, "", "|", 8000, ""),
        repeated(*state, "", "\\Q", 4000, ""),
        repeated(*state, "(?x)", "#", 8000, ""),
    };

    for (size_t i = 0; i < COUNT(patterns); i++)
        probe_anything(*state, patterns[i]);
}

/* No string that is tried is longer than an origin. */
static void test_examples_of_the_greatest_length_are_judged(void **state)
{
    const char *scheme = repeated(*state, "", "s", CG_SCHEME_MAX, "://");
    const char *label = repeated(*state, "", "a", CG_LABEL_MAX, "\\.");
    const char *host = apr_pstrcat(*state, label, label, label,
                                   repeated(*state, "", "b", CG_LABEL_MAX - 6, "\\.com"), NULL);
    cg_witness found;

    probe(*state, apr_pstrcat(*state, scheme, host, ":65535", NULL), &found);
    assert_int_equal(found.hole, CG_HOLE_NONE);
    probe(*state, apr_pstrcat(*state, "https://[a-z]+", host + 2, NULL), &found);
    assert_int_equal(found.hole, CG_HOLE_NONE);
    /* a lookaround that demands as much as an origin can hold */
    for (unsigned len = CG_ORIGIN_MAX - 20; len <= CG_ORIGIN_MAX; len++)
        probe_anything(*state, apr_psprintf(*state, "https?://(?=a{%u}).*", len));
}

static void test_long_lists_are_judged(void **state)
{
    char *names = apr_pstrdup(*state, ""), *hosts = apr_pstrdup(*state, "");
    cg_witness found;

    for (int i = 0; i < 100; i++) {
        names = apr_psprintf(*state, "%st%d|", names, i);
        hosts = apr_psprintf(*state, "%shttps://[a-z0-9-]+\\.tenant%d\\.com|", hosts, i);
    }
    probe(*state, apr_psprintf(*state, "https://(?:%sz)\\.example\\.com", names), &found);
    assert_int_equal(found.hole, CG_HOLE_NONE);
    probe(*state, apr_psprintf(*state, "%shttps://z\\.com", hosts), &found);
    assert_int_equal(found.hole, CG_HOLE_NONE);
    /* the one hole is in the last */
    probe(*state, apr_psprintf(*state, "%shttps://z.example\\.com", hosts), &found);
    assert_int_equal(found.hole, CG_HOLE_DOT);
    assert_string_equal(found.origin, "https://zxexample.com");
}

static void test_what_is_too_much_is_said_to_be(void **state)
{
    cg_witness found;

    probe(*state, repeated(*state, "https://", "([a-z]*|b|c)", 60, "\\.example\\.com"), &found);
    assert_int_equal(found.hole, CG_HOLE_UNJUDGED);
    assert_non_null(strstr(found.why, "too many"));
    probe(*state, repeated(*state, "https://a\\.com", "|", 9000, ""), &found);
    assert_int_equal(found.hole, CG_HOLE_UNJUDGED);
    assert_non_null(strstr(found.why, "too long"));
    probe(*state,
          repeated(*state, repeated(*state, "https://", "(", 40, "a"), ")", 40, "\\.b\\.com"),
          &found);
    assert_int_equal(found.hole, CG_HOLE_UNJUDGED);
    assert_non_null(strstr(found.why, "too deeply"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_every_claim_about_random_regexes_holds),
        UNIT_TEST(test_any_bytes_are_survived),
        UNIT_TEST(test_large_regexes_cost_a_bounded_amount),
        UNIT_TEST(test_examples_of_the_greatest_length_are_judged),
        UNIT_TEST(test_long_lists_are_judged),
        UNIT_TEST(test_what_is_too_much_is_said_to_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
