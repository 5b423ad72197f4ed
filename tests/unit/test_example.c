/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_example.h"
#include "regex.h"
#include "unit.h"

/* The string of a plan, "-" where there is none. */
static const char *built(apr_pool_t *p, const cg_regex_tree *tree, const cg_example_plan *plan)
{
    cg_example example;

    if (!cg_example_build(tree, plan, &example))
        return "-";
    assert_int_equal(strlen(example.text), example.len);
    return apr_pstrdup(p, example.text);
}

static const struct {
    const char *pattern;
    const char *once, *least, *last; /**< "-": none */
} strings[] = {
    {"https://a", "https://a", "https://a", "https://a"},
    {"^(?:a|b)$", "a", "a", "b"},
    {"a?b", "ab", "b", "ab"},
    {"a*", "a", "", "a"},
    {"a{2,4}b{3}c{0}", "aabbb", "aabbb", "aabbb"},
    {"(?:a|bc|)x", "ax", "ax", "x"},
    {"([a-z]+\\.)?b", "a.b", "b", "a.b"},
    /* a set by a member: a letter, else a digit but 0, else a sign */
    {"[a-z]\\d\\w[-_]", "a1a-", "a1a-", "a1a_"},
    {"[0-9]{3}", "111", "111", "111"},
    {"[^a-z]{2}", "11", "11", "11"},
    {"[2468]", "2", "2", "8"},
    {"[\\x{62}-d]+", "b", "b", "b"},
    {"[]a]", "a", "a", "]"},
    {"[^]a-z0-9]", ".", ".", "."},
    {"[[:digit:]x]{2}", "xx", "xx", "xx"},
    {"[\\Qa-c\\E]{2}", "aa", "aa", "aa"},
    {"[a-\\Qc\\E]{2}", "aa", "aa", "aa"},
    {"[\\Q\\Ea]", "a", "a", "a"},
    {"[\\Q\\-\\E]{2}", "--", "--", "--"},
    {"[\\W\\Q\\Ex]", "x", "x", "x"},
    {"[\\101\\x41]", "-", "-", "-"},
    {"\\p{Lu}", "a", "a", "a"},
    /* a dot stands for a dot where there can be one */
    {"www.example.com", "www.example.com", "www.example.com", "www.example.com"},
    {"//.a", "//aa", "//aa", "//aa"},
    {"a..b", "a.ab", "a.ab", "a.ab"},
    {"a.?b", "a.b", "ab", "a.b"},
    {"a\\.?b", "a.b", "a.b", "a.b"},
    {"a[.-]?b", "a.b", "a.b", "a.b"},
    {"(a\\.?)?b", "a.b", "b", "a.b"},
    {"a[.-]b", "a.b", "a.b", "a-b"},
    {"a.+", "aa", "aa", "aa"},
    {"-.b", "-ab", "-ab", "-ab"},
    {"a\\.{0}b", "ab", "ab", "ab"},
    /* what matches no byte is left out */
    {"\\Aa\\b(?=x)b(?!y)(?<=z)c(?<!w)(?#no)\\z", "abc", "abc", "abc"},
    {"a\\K(?i)\\Gb", "ab", "ab", "ab"},
    /* quoting, comments, flags */
    {"\\Qa.b\\E.", "a.b.", "a.b.", "a.b."},
    {"\\Qab\\E+", "ab", "ab", "ab"},
    {"\\Qa", "a", "a", "a"},
    {"\\Qa\\-\\E", "-", "-", "-"},
    {"(?x) a b # c\n d", "abd", "abd", "abd"},
    {"(?x) a + (?# c) b [ ]", "-", "-", "-"},
    {"(?x: a )b c", "-", "-", "-"},
    {"(?xx)[a b]{2}", "aa", "aa", "aa"},
    {"(?xx)[ \t^ a\tb]{2}", "cc", "cc", "cc"},
    {"(?i)ABC[D]", "abcd", "abcd", "abcd"},
    {"(?i:A)b(?-i)c", "abc", "abc", "abc"},
    {"((?i)A)B", "-", "-", "-"},
    {"(?i)[^A-Y]{2}", "zz", "zz", "zz"},
    {"a(?:(?i)b|C)", "ab", "ab", "ac"},
    /* groups of all kinds */
    {"(?<n>a)(?'m'b)(?P<o>c)(?>d)(?|e|f)(?:g)", "abcdeg", "abcdeg", "abcdfg"},
    {"(a|b){2}", "aa", "aa", "bb"},
    {"(a{2}b?){2}", "aabaab", "aaaa", "aabaab"},
    /* escapes */
    {"\\x61\\x{62}\\o{143}\\:\\/\\-", "abc:/-", "abc:/-", "abc:/-"},
    {"a\\s", "-", "-", "-"},
    {"a\\R", "-", "-", "-"},
    {"A", "-", "-", "-"},
    {"\xc3\xa9", "-", "-", "-"},
    {"", "", "", ""},
    {"|a", "", "", "a"},
};

static void test_strings_are_built(void **state)
{
    for (size_t i = 0; i < COUNT(strings); i++) {
        static const cg_example_plan plans[] = {{.least = 0}, {.least = 1}, {.last = 1}};
        const char *const wanted[] = {strings[i].once, strings[i].least, strings[i].last};
        const cg_regex_tree *tree = cg_regex_parse(*state, strings[i].pattern);

        assert_null(tree->unclear);
        for (size_t k = 0; k < COUNT(plans); k++) {
            const char *text = built(*state, tree, &plans[k]);

            if (strcmp(text, wanted[k]) != 0)
                fail_msg("%s, plan %zu: %s, not %s", strings[i].pattern, k, text, wanted[k]);
        }
    }
}

/* Each is one byte, or many steps, too many. */
static void test_what_is_too_much_is_not_built(void **state)
{
    static const char *const patterns[] = {"a{327}", "a{326}\\.?", "a{326}[bc]?", "a{326}[b-z]+",
                                           "(((a?){99}){99}){99}"};
    cg_example example;

    for (size_t i = 0; i < COUNT(patterns); i++)
        assert_string_equal(
            built(*state, cg_regex_parse(*state, patterns[i]), &(cg_example_plan){.least = 0}),
            "-");
    assert_int_equal(
        strlen(built(*state, cg_regex_parse(*state, "a{326}"), &(cg_example_plan){.least = 0})),
        CG_ORIGIN_MAX);
    for (apr_size_t len = CG_ORIGIN_MAX - 1; len <= CG_ORIGIN_MAX; len++) {
        const cg_regex_tree *tree = cg_regex_parse(*state, "a[b-z]+");
        cg_example_plan plan = {
            .part = APR_ARRAY_IDX(cg_example_parts(*state, tree), 0, cg_example_part)};
        char text[CG_ORIGIN_MAX];

        memset(text, 'b', sizeof text);
        plan.fill = text;
        plan.fill_len = len;
        assert_int_equal(cg_example_build(tree, &plan, &example), len < CG_ORIGIN_MAX);
    }
}

static void test_only_so_many_lookarounds_are_remembered(void **state)
{
    const char *pattern = "a";
    cg_example example;

    for (int i = 0; i < CG_EXAMPLE_LOOKED_MAX + 4; i++)
        pattern = apr_pstrcat(*state, pattern, "(?:b(?=c))?", (char *)NULL);
    assert_true(cg_example_build(cg_regex_parse(*state, pattern), &(cg_example_plan){.least = 0},
                                 &example));
    assert_int_equal(example.looked_count, CG_EXAMPLE_LOOKED_MAX);
}

static const struct {
    const char *pattern;
    const char *strings; /**< of every turn, in order */
} turned[] = {
    {"abc", ""},         {"a|b|c", "a b c"},        {"a?b", "b ab"},
    {"a+b", "ab aab"},   {"a{2,3}", "aa aaa"},      {"a*", " a aa"},
    {"[a-z]{3}", "aaa"}, {"x(a|b)?", "x xa xa xb"}, {"(?:a|(?:b|c)d)e", "ae bde bde cde"},
    {"[12]x", "1x 2x"},  {"[12]?x", "x 1x 1x 2x"},  {"[1-6]x", ""},
    {"a\\.?b", ""},
};

static void test_each_turn_is_taken(void **state)
{
    for (size_t i = 0; i < COUNT(turned); i++) {
        const cg_regex_tree *tree = cg_regex_parse(*state, turned[i].pattern);
        const apr_array_header_t *turns = cg_example_turns(*state, tree);
        const char *all = "";

        for (int k = 0; k < turns->nelts; k++) {
            cg_example_plan plan = {.turn = APR_ARRAY_IDX(turns, k, cg_example_turn)};

            all = apr_pstrcat(*state, all, k ? " " : "", built(*state, tree, &plan), (char *)NULL);
        }
        if (strcmp(all, turned[i].strings) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", turned[i].pattern, all, turned[i].strings);
    }
}

static const struct {
    const char *pattern;
    const char *strings; /**< with each part in turn filled by "!", which stands for anything */
} filled[] = {
    {"abc", ""},
    {"a.c", "a!c"},
    {"[a-z]+\\.com", "!.com"},
    {"[ab]\\.com", ""},
    {"[ab]+\\.com", "!.com"},
    {"a\\.?b", "a!b"},
    {"([a-z]+\\.)?b\\d*", "!.b1 a.b!"},
    {"(?:a|[^.]+)x", "!x"},
    {"(?:a|(?:b\\d|[c-z]))", "b! !"},
    {"(?:[a-z]\\.){2}b", "!.!.b"},
    {"([a-z]+)*b", "!b"},
    {"([a-z])+", "!"},
    {"[a-z][a-z0-9-]*[.-]?", "!a. ! a! aa!"},
    {".*", "!"},
};

static void test_each_part_is_filled(void **state)
{
    for (size_t i = 0; i < COUNT(filled); i++) {
        const cg_regex_tree *tree = cg_regex_parse(*state, filled[i].pattern);
        const apr_array_header_t *parts = cg_example_parts(*state, tree);
        const char *all = "";
        apr_array_header_t *order = apr_array_copy(*state, parts);

        for (int k = 0; k < order->nelts; k++) {
            cg_example_plan plan = {.part = APR_ARRAY_IDX(order, k, cg_example_part)};
            cg_example example;

            plan.fill = "!";
            plan.fill_len = 1;
            assert_true(cg_example_build(tree, &plan, &example));
            assert_int_equal(example.text[example.from], '!');
            assert_int_equal(example.to, example.from + 1);
            all = apr_pstrcat(*state, all, k ? " " : "", example.text, (char *)NULL);
        }
        if (strcmp(all, filled[i].strings) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", filled[i].pattern, all, filled[i].strings);
    }
}

static void test_a_part_and_a_turn_elsewhere_exclude_each_other(void **state)
{
    const cg_regex_tree *tree = cg_regex_parse(*state, "(?:a\\d|b(?:c|d)|e)(f?)");
    const apr_array_header_t *parts = cg_example_parts(*state, tree);
    const apr_array_header_t *turns = cg_example_turns(*state, tree), *beside;
    unsigned kept = 0;

    assert_int_equal(parts->nelts, 1);
    assert_int_equal(turns->nelts, 7); /* a b(c d) e, f 0 and 1 */
    beside =
        cg_example_turns_beside(*state, tree, turns, &APR_ARRAY_IDX(parts, 0, cg_example_part));
    for (int i = 0; i < turns->nelts; i++) {
        cg_example_plan plan = {.part = APR_ARRAY_IDX(parts, 0, cg_example_part)};
        cg_example example;

        plan.turn = APR_ARRAY_IDX(turns, i, cg_example_turn);
        kept += cg_example_build(tree, &plan, &example) != 0;
    }
    assert_int_equal(kept, 3); /* a, and both of f */
    assert_int_equal(beside->nelts, kept);
}

static void test_a_lead_finishes_the_scheme(void **state)
{
    static const struct {
        const char *pattern, *once, *least;
    } rows[] = {
        {".*example\\.com", "https://aexample.com", "https://example.com"},
        {"http.*b", "https://ab", "https://b"},
        {"https?.*b", "https://ab",
         "http"
         "s://b"},
        {"https://.*b", "https://ab", "https://b"},
        {"[a-z]+://b", "a://b", "a://b"},
        {".{3}b", "aaab", "aaab"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const cg_regex_tree *tree = cg_regex_parse(*state, rows[i].pattern);

        assert_string_equal(built(*state, tree, &(cg_example_plan){.lead = 1}), rows[i].once);
        assert_string_equal(built(*state, tree, &(cg_example_plan){.lead = 1, .least = 1}),
                            rows[i].least);
    }
}

/* Regexes of which every byte is in the tree: whatever is built must be accepted. */
static void safe_pattern(uint64_t *seed, unsigned depth, char *out)
{
    static const char *const items[] = {
        "a",   "b",    "\\.",   "x-y",   "[a-f]", "[0-9_]",      "[^a]",     ".",   "\\w",
        "\\d", "[ab]", "\\x2d", "(?i)C", "[.]",   "[[:alpha:]]", "\\Q.b\\E", "\\D", "[^\\w]"};
    static const char *const counts[] = {"", "", "?", "{2}", "*", "+", "{1,3}", "+?", "{0,2}?"};
    unsigned items_left = 1 + unit_random(seed, 3);

    while (items_left--) {
        if (depth && unit_random(seed, 3) == 0) {
            static const char *const groups[] = {"(", "(?:", "(?|"};

            strcat(out, groups[unit_random(seed, COUNT(groups))]);
            safe_pattern(seed, depth - 1, out);
            if (unit_random(seed, 2)) {
                strcat(out, "|");
                safe_pattern(seed, depth - 1, out);
            }
            strcat(out, ")");
            /* None that makes PCRE try for ever. */
            strcat(out, counts[unit_random(seed, 4)]);
        } else {
            strcat(out, items[unit_random(seed, COUNT(items))]);
            strcat(out, counts[unit_random(seed, COUNT(counts))]);
        }
    }
}

static void check_all_accepted(apr_pool_t *p, const char *pattern, regex *compiled)
{
    const cg_regex_tree *tree = cg_regex_parse(p, pattern);
    const apr_array_header_t *turns = cg_example_turns(p, tree);

    assert_null(tree->unclear);
    for (int i = -1; i < turns->nelts; i++) {
        for (unsigned base = 0; base < 3; base++) {
            cg_example_plan plan = {.least = base == 1, .last = base == 2};
            cg_example example;

            if (i >= 0)
                plan.turn = APR_ARRAY_IDX(turns, i, cg_example_turn);
            if (cg_example_build(tree, &plan, &example) &&
                !regex_matches(compiled, example.text, example.len))
                fail_msg("%s does not accept %s", pattern, example.text);
        }
    }
}

static void test_what_is_built_is_accepted(void **state)
{
    uint64_t seed = 11;
    unsigned checked = 0;

    for (unsigned i = 0; i < 1500; i++) {
        char pattern[4096] = "";
        apr_pool_t *p;
        regex compiled;

        apr_pool_create(&p, *state);
        safe_pattern(&seed, 2, pattern);
        if (regex_compile(p, &compiled, "", pattern)) {
            check_all_accepted(p, pattern, &compiled);
            regex_free(&compiled);
            checked++;
        }
        apr_pool_destroy(p);
    }
    assert_true(checked > 1000);
}

/* A class of random members, valid or not. */
static void random_class(uint64_t *seed, char *out)
{
    static const char *const members[] = {
        "a",         "z",          "a-f",   "0-9",   "-",         "^",   "\\d",      "\\W",
        "[:alpha:]", "[:^alnum:]", "\\x2e", "\\056", "_",         "\\]", "\\Q-]\\E", "A-Z",
        ".",         ":",          "\\s",   "\\-",   "[:punct:]", "[",   "\\b",      "/-9",
        "\\E",       "[:xdigit:]", "\\N",   "+-:",   "\\S"};
    unsigned count = 1 + unit_random(seed, 5);

    strcpy(out, unit_random(seed, 4) ? "" : "(?i)");
    strcat(out, unit_random(seed, 3) ? "[" : "[^");
    strcat(out, unit_random(seed, 4) ? "" : "]");
    while (count--)
        strcat(out, members[unit_random(seed, COUNT(members))]);
    strcat(out, "]");
}

/* The members of a tree that is one class. */
static int class_has(const cg_regex_node *node, unsigned char byte)
{
    if (node->kind == CG_REGEX_SET)
        return cg_bytes_has(&node->set, byte);
    if (node->kind == CG_REGEX_BYTE)
        return node->byte == byte;
    for (node = node->child; node; node = node->next) {
        if (node->byte == byte)
            return 1;
    }
    return 0;
}

static void test_classes_are_read_as_pcre_reads_them(void **state)
{
    static const char origin_bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789-._:/+[]";
    uint64_t seed = 5;
    unsigned checked = 0;

    for (unsigned i = 0; i < 1000; i++) {
        char pattern[128];
        const cg_regex_tree *tree;
        regex compiled;

        random_class(&seed, pattern);
        tree = cg_regex_parse(*state, pattern);
        if (tree->unclear || !regex_compile(*state, &compiled, "", pattern))
            continue;
        for (const char *byte = origin_bytes; *byte; byte++) {
            if (!class_has(tree->root, (unsigned char)*byte) != !regex_matches(&compiled, byte, 1))
                fail_msg("%s and %c", pattern, *byte);
        }
        assert_false(class_has(tree->root, 'A'));
        regex_free(&compiled);
        checked++;
    }
    assert_true(checked > 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_strings_are_built),
        UNIT_TEST(test_what_is_too_much_is_not_built),
        UNIT_TEST(test_only_so_many_lookarounds_are_remembered),
        UNIT_TEST(test_each_turn_is_taken),
        UNIT_TEST(test_each_part_is_filled),
        UNIT_TEST(test_a_part_and_a_turn_elsewhere_exclude_each_other),
        UNIT_TEST(test_a_lead_finishes_the_scheme),
        UNIT_TEST(test_what_is_built_is_accepted),
        UNIT_TEST(test_classes_are_read_as_pcre_reads_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
