/* SPDX-License-Identifier: Apache-2.0 */
#include "sections.h"

static int allows(const cg_origins *list, const char *text)
{
    cg_origin origin;

    if (strcmp(text, "null") == 0)
        return cg_origins_allow_null(list);
    assert_int_equal(cg_origin_parse(text, strlen(text), &origin), CG_ORIGIN_TUPLE);
    return cg_origins_allow(list, &origin);
}

/* Nested sections, the outermost first. */
static cg_origins *nest(apr_pool_t *p, const char *const *sections)
{
    cg_origins *merged = NULL;

    for (int line = 1; *sections; sections++, line++)
        merged = cg_origins_over(p, merged, origins(p, *sections, line));
    return merged;
}

static const struct {
    const char *sections[5];
    const char *allowed[5];
    const char *denied[5];
} nested[] = {
    {{"https://a.example"},
     {"https://a.example"},
     {"https://b.example", "http://a.example", "null"}},
    {{"none"}, {NULL}, {"https://a.example", "null"}},
    {{"*"}, {"https://a.example", "http://b.example:8080"}, {"null"}},
    {{"https://a.example null"}, {"null", "https://a.example"}, {"https://b.example"}},
    /* plain replaces */
    {{"https://a.example", "https://b.example"}, {"https://b.example"}, {"https://a.example"}},
    {{"*", "https://b.example"}, {"https://b.example"}, {"https://a.example"}},
    {{"https://a.example", "none"}, {NULL}, {"https://a.example"}},
    /* + adds */
    {{"https://a.example", "+https://b.example"},
     {"https://a.example", "https://b.example"},
     {"https://c.example"}},
    {{"+https://b.example"}, {"https://b.example"}, {"https://a.example"}},
    {{"none", "+https://b.example"}, {"https://b.example"}, {"https://a.example"}},
    {{"https://a.example", "+null"}, {"null", "https://a.example"}, {NULL}},
    {{"https://a.example", "+https://b.example", "+https://c.example"},
     {"https://a.example", "https://b.example", "https://c.example"},
     {NULL}},
    {{"https://a.example", "+https://b.example", "https://c.example"},
     {"https://c.example"},
     {"https://a.example", "https://b.example"}},
    /* - takes away, from patterns too */
    {{"https://a.example https://b.example", "-https://a.example"},
     {"https://b.example"},
     {"https://a.example"}},
    {{"https://*.a.example", "-https://x.a.example"},
     {"https://y.a.example"},
     {"https://x.a.example"}},
    {{"https://*.a.example", "-https://*.x.a.example"},
     {"https://x.a.example"},
     {"https://y.x.a.example"}},
    {{"https://a.example null", "-null"}, {"https://a.example"}, {"null"}},
    {{"*", "-https://x.example"}, {"https://a.example"}, {"https://x.example", "null"}},
    /* the nearest section decides, and - before + in one */
    {{"https://a.example", "-https://a.example", "+https://a.example"},
     {"https://a.example"},
     {NULL}},
    {{"https://a.example", "+https://b.example -https://b.example"},
     {"https://a.example"},
     {"https://b.example"}},
    {{"https://a.example", "-https://a.example", "+https://b.example"},
     {"https://b.example"},
     {"https://a.example"}},
};

static void nested_sections_add_take_away_and_replace(void **state)
{
    for (size_t i = 0; i < COUNT(nested); i++) {
        const cg_origins *list = nest(*state, nested[i].sections);

        for (int n = 0; n < 5 && nested[i].allowed[n]; n++) {
            if (!allows(list, nested[i].allowed[n]))
                fail_msg("row %zu denies %s", i, nested[i].allowed[n]);
        }
        for (int n = 0; n < 5 && nested[i].denied[n]; n++) {
            if (allows(list, nested[i].denied[n]))
                fail_msg("row %zu allows %s", i, nested[i].denied[n]);
        }
    }
}

/* The same sections, the innermost merged first. */
static cg_origins *nest_inner_first(apr_pool_t *p, const char *const *sections, int line)
{
    cg_origins *own = origins(p, sections[0], line);
    cg_origins *inner = sections[1] ? nest_inner_first(p, sections + 1, line + 1) : NULL;

    return inner ? cg_origins_over(p, own, inner) : own;
}

static void the_order_of_merging_does_not_matter(void **state)
{
    static const char *const origins_tried[] = {"https://a.example",
                                                "https://b.example",
                                                "https://c.example",
                                                "https://x.example",
                                                "https://x.a.example",
                                                "https://y.x.a.example",
                                                "null"};
    static const char *const three[] = {"https://c.example", "https://a.example",
                                        "+https://b.example", NULL};

    for (size_t i = 0; i < COUNT(nested); i++) {
        const cg_origins *outer_first = nest(*state, nested[i].sections);
        const cg_origins *inner_first = nest_inner_first(*state, nested[i].sections, 1);

        for (size_t n = 0; n < COUNT(origins_tried); n++)
            assert_int_equal(allows(outer_first, origins_tried[n]),
                             allows(inner_first, origins_tried[n]));
        assert_int_equal(cg_origins_any(outer_first), cg_origins_any(inner_first));
    }
    assert_false(allows(nest_inner_first(*state, three, 1), "https://c.example"));
    assert_true(allows(nest_inner_first(*state, three, 1), "https://a.example"));
}

static void only_an_unrestricted_wildcard_is_any(void **state)
{
    const char *const any[] = {"*", NULL}, *const added[] = {"*", "+https://a.example", NULL};
    const char *const excepted[] = {"*", "-https://a.example", NULL}, *const without_null[] = {
                                                                          "*", "-null", NULL};
    const char *const replaced[] = {"*", "https://a.example", NULL};

    assert_true(cg_origins_any(nest(*state, any)));
    assert_true(cg_origins_any(nest(*state, added)));
    assert_false(cg_origins_any(nest(*state, excepted)));
    assert_false(cg_origins_any(nest(*state, without_null)));
    assert_false(cg_origins_any(nest(*state, replaced)));
    assert_false(cg_origins_any(NULL));
}

/* A message holds words, and the place of what is in the way. */
static const struct {
    const char *before;
    const char *arg;
    const char *words;
} mixtures[] = {
    {"https://a.example", "+https://b.example", "(site.conf:3)"},
    {"https://a.example", "-https://b.example", "(site.conf:3)"},
    {"+https://a.example", "https://b.example", "(site.conf:3)"},
    {"-null", "https://b.example", "(site.conf:3)"},
    {"-https://a.example", "https://b.example", "(site.conf:3)"},
    {"+null", "*", "(site.conf:3)"},
    {"*", "https://b.example", "\"*\" (site.conf:3) allows every origin"},
    {"*", "none", "\"*\" (site.conf:3) allows every origin"},
    {"none", "*", "\"none\" (site.conf:3) allows no origin"},
    {"none", "https://b.example", "\"none\" (site.conf:3) allows no origin"},
    {"https://a.example", "*", "stand alone"},
    {"https://a.example", "none", "stand alone"},
    {"null", "*", "stand alone"},
    {"", "+*", "write CorsAllowOrigin * alone"},
    {"", "-*", "write CorsAllowOrigin none alone"},
    {"", "+none", "write CorsAllowOrigin none alone"},
    {"", "+", "\"+\": a sign stands directly before its origin"},
    {"", "+https://a.example/", "write https://a.example"},
    {"", "https://a.example/", "write https://a.example"},
};

static void mixtures_in_one_section_are_refused(void **state)
{
    cg_place place = {FILE_NAME, 4};

    for (size_t i = 0; i < COUNT(mixtures); i++) {
        cg_origins *list = origins(*state, mixtures[i].before, 3);
        const char *error = cg_origins_add(*state, list, mixtures[i].arg, &place);

        if (!error || !strstr(error, mixtures[i].words))
            fail_msg("row %zu: \"%s\" is not in: %s", i, mixtures[i].words,
                     error ? error : "(accepted)");
    }
}

static void the_same_word_twice_is_no_mixture(void **state)
{
    cg_place place = {FILE_NAME, 4};

    assert_null(cg_origins_add(*state, origins(*state, "*", 3), "*", &place));
    assert_null(cg_origins_add(*state, origins(*state, "none", 3), "none", &place));
    assert_null(cg_origins_add(*state, origins(*state, "null", 3), "null", &place));
}

static const char *add_lines(apr_pool_t *p, cg_origins *list, const char *content)
{
    return cg_origins_add_lines(p, list, "origins.txt", content, strlen(content));
}

static void a_file_has_lines_comments_and_any_line_end(void **state)
{
    cg_origins *list = origins(*state, "", 1);

    assert_null(add_lines(*state, list,
                          "\xef\xbb\xbf# tenants\r\n\r\n  https://a.example\t# the first\r\n"
                          "https://*.b.example:*\n\n#https://c.example\nhttps://d.example"));
    assert_true(list->plain);
    assert_true(allows(list, "https://a.example"));
    assert_true(allows(list, "https://x.b.example:8443"));
    assert_true(allows(list, "https://d.example"));
    assert_false(allows(list, "https://c.example"));
}

static void an_empty_file_allows_nothing(void **state)
{
    cg_origins *list = origins(*state, "", 1);

    assert_null(add_lines(*state, list, "# nobody yet\n"));
    assert_true(list->plain);
    assert_false(allows(list, "https://a.example"));
}

static void members_of_files_are_counted(void **state)
{
    static const struct {
        const char *content;
        apr_size_t members;
    } rows[] = {
        {"", 0},
        {"\xef\xbb\xbf# nobody yet\n\r\n \t \n#https://a.example", 0},
        {"https://a.example", 1},
        {"https://a.example\nhttps://a.example # again\n\nnull\n", 3},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cg_origins *list = origins(*state, "https://b.example", 1);

        assert_null(add_lines(*state, list, rows[i].content));
        assert_int_equal(list->listed, rows[i].members);
    }
}

static void a_files_errors_name_file_and_line(void **state)
{
    const char *error = add_lines(
        *state, origins(*state, "", 1),
        "https://a.example\nhttps://b.example/\n*\n+https://c.example\nhttps://d.example e\n"
        "-https://c.example\n*x\nx");

    assert_non_null(error);
    assert_null(strstr(error, "origins.txt:1:"));
    assert_non_null(strstr(error, "origins.txt:2: "));
    assert_non_null(strstr(error, "write https://b.example"));
    assert_non_null(strstr(error, "origins.txt:3: \"*\" is no member"));
    assert_non_null(strstr(error, "origins.txt:4: a file's members take no sign"));
    assert_non_null(strstr(error, "origins.txt:5: "));
    assert_non_null(strstr(error, "origins.txt:6: a file's members take no sign"));
    assert_non_null(strstr(error, "origins.txt:7: "));
}

static void a_long_file_is_read_to_its_end(void **state)
{
    const int lines = 3000;
    char *content = apr_palloc(*state, (size_t)lines * 32), *at = content;
    cg_origins *list = origins(*state, "", 1);

    for (int i = 0; i < lines; i++)
        at += sprintf(at, "https://m\xc3\xbc%d.example\n", i);
    assert_null(add_lines(*state, list, content));
    assert_int_equal(cg_set_count(list->allowed), lines);
    assert_true(allows(list, "https://xn--m0-xka.example"));
    assert_true(allows(list, "https://xn--m2999-kva.example"));
    assert_null(add_lines(*state, list, "#"));
    assert_null(add_lines(*state, list, "\xef\xbb#") ? NULL : "accepted");
}

static void many_errors_of_a_file_are_counted(void **state)
{
    const char *content = "";
    const char *error;

    for (int i = 0; i < CG_FILE_ERRORS_MAX + 5; i++)
        content = apr_pstrcat(*state, content, "nonsense/\n", NULL);
    error = add_lines(*state, origins(*state, "", 1), content);
    assert_non_null(strstr(error, "origins.txt:10: "));
    assert_null(strstr(error, "origins.txt:11: "));
    assert_non_null(strstr(error, "origins.txt: 5 more lines are refused"));
}

static void lines_too_long_or_with_nul_are_refused(void **state)
{
    char line[5000];
    cg_origins *list = origins(*state, "", 1);

    memset(line, 'a', sizeof line);
    assert_non_null(strstr(cg_origins_add_lines(*state, list, "f", line, sizeof line), "too long"));
    assert_non_null(cg_origins_add_lines(*state, list, "f", "https://a.example\0.b.example", 28));
    assert_non_null(cg_origins_add_lines(*state, list, "f", "https://a.example\0", 18));
    assert_non_null(cg_origins_add_lines(*state, list, "f", "\0https://a.example", 18));
}

static void a_file_and_signed_members_exclude_each_other(void **state)
{
    cg_origins *list = origins(*state, "+https://a.example", 3);
    cg_place place = {FILE_NAME, 4};

    assert_non_null(strstr(add_lines(*state, list, "https://b.example"), "(site.conf:3)"));
    list = origins(*state, "", 3);
    assert_null(add_lines(*state, list, "# empty"));
    assert_non_null(cg_origins_add(*state, list, "+https://b.example", &place));
}

static int is_regex(const void *regex, const char *text, apr_size_t len)
{
    return strlen(regex) == len && memcmp(regex, text, len) == 0;
}

static void regexes_are_members_like_others(void **state)
{
    static const cg_witness sound = {.hole = CG_HOLE_NONE};
    cg_matcher b = {.text = "b", .match = is_regex, .regex = "https://b.example"}, c = b;
    cg_origins *list = origins(*state, "https://a.example", 3);
    cg_place place = {FILE_NAME, 4};

    c.regex = "https://c.example";
    assert_null(cg_origins_add_matcher(*state, list, &b, &sound));
    assert_null(cg_origins_add_matcher(*state, list, &c, &sound));
    assert_true(allows(list, "https://a.example"));
    assert_true(allows(list, "https://b.example"));
    assert_true(allows(list, "https://c.example"));
    assert_false(allows(list, "https://d.example"));
    assert_false(allows(cg_origins_over(*state, list, origins(*state, "-https://b.example", 5)),
                        "https://b.example"));
    list = origins(*state, "", 3);
    assert_null(cg_origins_add_matcher(*state, list, &b, &sound));
    assert_non_null(strstr(cg_origins_add(*state, list, "*", &place), "stand alone"));
    list = origins(*state, "+https://a.example", 3);
    assert_non_null(strstr(cg_origins_add_matcher(*state, list, &b, &sound), "(site.conf:3)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(nested_sections_add_take_away_and_replace),
        UNIT_TEST(the_order_of_merging_does_not_matter),
        UNIT_TEST(only_an_unrestricted_wildcard_is_any),
        UNIT_TEST(mixtures_in_one_section_are_refused),
        UNIT_TEST(the_same_word_twice_is_no_mixture),
        UNIT_TEST(a_file_has_lines_comments_and_any_line_end),
        UNIT_TEST(an_empty_file_allows_nothing),
        UNIT_TEST(members_of_files_are_counted),
        UNIT_TEST(a_files_errors_name_file_and_line),
        UNIT_TEST(a_long_file_is_read_to_its_end),
        UNIT_TEST(many_errors_of_a_file_are_counted),
        UNIT_TEST(lines_too_long_or_with_nul_are_refused),
        UNIT_TEST(a_file_and_signed_members_exclude_each_other),
        UNIT_TEST(regexes_are_members_like_others),
    };

    return cmocka_run_group_tests_name("origins", tests, NULL, NULL);
}
