/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "cg_diff.h"

/* A report of one host with one policy, the members of which are given. */
static json_t *report_with(apr_pool_t *p, const char *members)
{
    return report_read(apr_pstrcat(p,
                                   "{'hosts': [{'name': 'a.example', 'policies': ["
                                   "{'section': '<Location /x>', ",
                                   members, "}]}], 'findings': []}", NULL));
}

/* The entries of a list, as "what old new;" each, with ' for ". */
static const char *entries(apr_pool_t *p, const json_t *diff, const char *list)
{
    const json_t *array = json_object_get(diff, list);
    const char *text = "";
    char *quoted;

    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *entry = json_array_get(array, i);
        char *old = json_dumps(json_object_get(entry, "old"), JSON_ENCODE_ANY),
             *new = json_dumps(json_object_get(entry, "new"), JSON_ENCODE_ANY);

        text = apr_pstrcat(p, text, cg_member_text(entry, "what"), " ", old, " ", new, ";", NULL);
        free(old);
        free(new);
    }
    quoted = apr_pstrdup(p, text);
    for (char *byte = quoted; *byte; byte++)
        *byte = *byte == '"' ? '\'' : *byte;
    return quoted;
}

static void expect(apr_pool_t *p, const json_t *old, const json_t *new, const char *const lists[3])
{
    static const char *const names[] = {"widened", "narrowed", "changed"};
    json_t *diff = cg_diff_make(p, old, new);

    for (int i = 0; i < 3; i++)
        assert_string_equal(entries(p, diff, names[i]), lists[i] ? lists[i] : "");
    assert_int_equal(cg_diff_widened(diff), lists[0] != NULL);
    json_decref(diff);
}

#define ON "'mode': 'On', "
#define ORIGINS(list) ON "'origins': [" list "]"
#define CUT(list, more) ORIGINS(list) ", 'origins_left_out': " more

static void policies_are_compared(void **state)
{
    static const struct {
        const char *old;
        const char *new;
        const char *lists[3]; /* widened, narrowed, changed; NULL: empty */
    } rows[] = {
        {ORIGINS("'https://a.com'"), ORIGINS("'https://a.com'"), {NULL}},
        /* Lists that were cut. */
        {CUT("'https://a.com'", "5"), CUT("'https://a.com'", "5"), {NULL}},
        {CUT("'https://a.com'", "1"), ORIGINS("'https://a.com', 'https://b.com'"), {NULL}},
        {ORIGINS("'https://a.com', 'https://b.com'"), CUT("'https://a.com'", "1"), {NULL}},
        {CUT("'https://a.com'", "5"),
         CUT("'https://a.com'", "6"),
         {"origin '6 origins' '7 origins';"}},
        {CUT("'https://a.com'", "5"),
         ORIGINS("'https://a.com'"),
         {NULL, "origin '6 origins' '1 origins';"}},
        {CUT("'https://a.com'", "5"),
         CUT("'https://b.com'", "5"),
         {"origin null 'https://b.com';", "origin 'https://a.com' null;"}},
        {ORIGINS("'https://a.com', 'https://b.com'"),
         ORIGINS("'https://b.com', 'https://a.com'"),
         {NULL}},
        {ORIGINS("'https://a.com'"),
         ORIGINS("'https://a.com', 'https://b.com'"),
         {"origin null 'https://b.com';"}},
        {ORIGINS("'https://a.com'"),
         ORIGINS("'https://b.com'"),
         {"origin null 'https://b.com';", "origin 'https://a.com' null;"}},
        /* Patterns and the star stand for others. */
        {ORIGINS("'https://x.a.com'"),
         ORIGINS("'https://*.a.com'"),
         {"origin null 'https://*.a.com';"}},
        {ORIGINS("'https://*.a.com'"),
         ORIGINS("'https://x.a.com'"),
         {NULL, "origin 'https://*.a.com' null;"}},
        {ORIGINS("'https://*.a.com'"), ORIGINS("'https://*.a.com', 'https://x.a.com'"), {NULL}},
        {ORIGINS("'https://*.a.com'"),
         ORIGINS("'https://*.x.a.com'"),
         {NULL, "origin 'https://*.a.com' null;"}},
        {ORIGINS("'https://*.a.com'"),
         ORIGINS("'https://*.a.com', 'https://a.com'"),
         {"origin null 'https://a.com';"}},
        {ORIGINS("'http://localhost:*'"),
         ORIGINS("'http://localhost:3000'"),
         {NULL, "origin 'http://localhost:*' null;"}},
        {ORIGINS("'*'"), ORIGINS("'https://a.com'"), {NULL, "origin '*' null;"}},
        {ORIGINS("'https://a.com'"), ORIGINS("'*'"), {"origin null '*';"}},
        {ORIGINS("'*'"), ORIGINS("'*', 'null', '~ https://.*'"), {NULL}},
        {ORIGINS("'https://*.a.com'"),
         ORIGINS("'https://*.a.com', 'null'"),
         {"origin null 'null';"}},
        {ORIGINS("'~ https://a'"),
         ORIGINS("'~ https://b'"),
         {"origin null '~ https://b';", "origin '~ https://a' null;"}},
        /* What is taken away. */
        {ORIGINS("'https://*.a.com'"),
         ORIGINS("'https://*.a.com', '-https://x.a.com'"),
         {NULL, "origin null '-https://x.a.com';"}},
        {ORIGINS("'https://*.a.com', '-https://x.a.com'"),
         ORIGINS("'https://*.a.com'"),
         {"origin '-https://x.a.com' null;"}},
        /* Powers. */
        {ON "'credentials': false", ON "'credentials': true", {"credentials false true;"}},
        {ON "'credentials': true", ON "'credentials': false", {NULL, "credentials true false;"}},
        {ON "'methods': ['PUT']", ON "'methods': ['PUT', 'DELETE']", {"method null 'DELETE';"}},
        {ON "'methods': ['patch']",
         ON "'methods': ['PATCH']",
         {"method null 'PATCH';", "method 'patch' null;"}},
        {ON "'methods': ['PUT']", ON "'methods': ['*']", {"method null '*';"}},
        {ON "'methods': ['*']", ON "'methods': ['PUT']", {NULL, "method '*' null;"}},
        {ON "'headers': ['X-A']", ON "'headers': ['x-a']", {NULL}},
        {ON "'headers': ['*']", ON "'headers': ['*', 'X-A']", {NULL}},
        {ON "'headers': ['*']",
         ON "'headers': ['*', 'Authorization']",
         {"request header null 'Authorization';"}},
        {ON "'expose': []", ON "'expose': ['X-Id']", {"exposed header null 'X-Id';"}},
        {ON "'expose': ['*']",
         ON "'expose': ['Authorization']",
         {NULL, "exposed header '*' null;"}},
        {ON "'max_age': null", ON "'max_age': 600", {NULL, NULL, "max-age null 600;"}},
        {ON "'max_age': 600", ON "'max_age': 5", {NULL, NULL, "max-age 600 5;"}},
        /* Modes. */
        {"'mode': 'Enforce'", "'mode': 'On'", {"mode 'Enforce' 'On';"}},
        {"'mode': 'On'", "'mode': 'Enforce'", {NULL, "mode 'On' 'Enforce';"}},
        {"'mode': 'On'", "'mode': 'Report'", {"mode 'On' 'Report';"}},
        {"'mode': 'Off'", "'mode': 'Report'", {NULL, NULL, "mode 'Off' 'Report';"}},
        {"'mode': 'Report', 'origins': ['https://a.com'], 'credentials': true",
         "'mode': 'On', 'origins': ['https://a.com'], 'credentials': true",
         {"origin null 'https://a.com';credentials false true;", "mode 'Report' 'On';"}},
        {"'mode': 'Off', 'origins': ['https://a.com']", "'mode': 'Off', 'origins': ['*']", {NULL}},
    };
    apr_pool_t *p = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        json_t *old = report_with(p, rows[i].old), *new = report_with(p, rows[i].new);

        expect(p, old, new, rows[i].lists);
        json_decref(old);
        json_decref(new);
    }
}

#define A "{'name': 'a', 'policies': ["
#define B "{'name': 'b', 'policies': ["
#define P(section, more)                                                                           \
    "{'section': '" section "', 'mode': 'On', 'origins': ['https://o'] " more "}"
#define HOSTS(list) "{'hosts': [" list "]}"
#define FOUND(id, host)                                                                            \
    "{'findings': [{'id': '" id "', 'places': [{'host': '" host "', 'section': 's'}]}],"           \
    " 'hosts': [{'name': 'a'}]}"

static void what_came_and_went_is_told(void **state)
{
    static const struct {
        const char *old;
        const char *new;
        const char *lists[3];
    } rows[] = {
        {HOSTS(A P("x", "") "]}"),
         HOSTS(B "]}, " A P("x", "") "]}"),
         {NULL, NULL, "host null 'b';"}},
        {HOSTS(A P("x", "") "]}"),
         HOSTS(A P("x", "") "]}, " B P("x", ", 'credentials': true") "]}"),
         {"origin null 'https://o';credentials false true;", NULL,
          "host null 'b';policy null 'On';"}},
        {HOSTS(A P("x", "") "]}"), HOSTS(""), {NULL, "host 'a' null;"}},
        {HOSTS(A "]}"),
         HOSTS(A P("x", "") "]}"),
         {"origin null 'https://o';", NULL, "policy null 'On';"}},
        {HOSTS(A P("x", "") "]}"),
         HOSTS(A "]}"),
         {"policy 'On' null;", "origin 'https://o' null;"}},
        /* The same section twice, and a host of the same name twice. */
        {HOSTS(A P("x", "") ", " P("x", ", 'max_age': 1") "]}, " A P("x", ", 'max_age': 2") "]}"),
         HOSTS(A P("x", "") ", " P("x", ", 'max_age': 1") "]}, " A P("x", ", 'max_age': 3") "]}"),
         {NULL, NULL, "max-age 2 3;"}},
        /* A section of the main server is that of each host. */
        {HOSTS(A P("x", ", 'hosts': ['b']") "]}, " B "]}"),
         HOSTS(A P("x", "") "]}, " B P("x", "") "]}"),
         {NULL}},
        {HOSTS(A P("x", ", 'hosts': ['b']") "]}, " B "]}"),
         HOSTS(A P("x", "") "]}, " B "]}"),
         {"policy 'On' null;", "origin 'https://o' null;"}},
        /* Findings. */
        {HOSTS("{'name': 'a'}"),
         FOUND("reflects-any-origin", "a"),
         {"finding null 'reflects-any-origin';"}},
        {FOUND("reflects-any-origin", "a"),
         HOSTS("{'name': 'a'}"),
         {NULL, "finding 'reflects-any-origin' null;"}},
        {FOUND("reflects-any-origin", "a"), FOUND("reflects-any-origin", "a"), {NULL}},
        {HOSTS("{'name': 'a'}"),
         FOUND("missing-vary", "a"),
         {NULL, NULL, "finding null 'missing-vary';"}},
        {HOSTS("{'name': 'a'}"),
         FOUND("of-a-later-version", "a"),
         {"finding null 'of-a-later-version';"}},
        /* A host that went takes its findings along. */
        {FOUND("reflects-any-origin", "a"), HOSTS(""), {NULL, "host 'a' null;"}},
        /* Reports that lack things. */
        {"{}", "{}", {NULL}},
        {"[]", "7", {NULL}},
        {"{'hosts': [7, {'policies': [7]}], 'findings': [7, {'places': [7]}]}",
         "{'hosts': [7, {'policies': [7]}], 'findings': [7, {'places': [7]}]}",
         {NULL}},
    };
    apr_pool_t *p = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        json_t *old = report_read(rows[i].old), *new = report_read(rows[i].new);

        expect(p, old, new, rows[i].lists);
        json_decref(old);
        json_decref(new);
    }
}

static int write_plain(const json_t *diff, FILE *out)
{
    return cg_diff_write_text(diff, out, 0);
}

static int write_colours(const json_t *diff, FILE *out)
{
    return cg_diff_write_text(diff, out, 1);
}

static void a_change_in_many_hosts_is_one(void **state)
{
    apr_pool_t *p = *state;
    json_t *diff = report_read("{'widened': [], 'narrowed': [{'host': 'b', 'section': '', 'what':"
                               " 'credentials', 'old': true, 'new': false}], 'changed': ["
                               "{'host': 'c', 'section': '', 'what': 'host', 'old': null,"
                               " 'new': 'c'}, {'host': 'a', 'section': '<If \\'1\\'>', 'what':"
                               " 'max-age', 'old': null, 'new': 600}]}");

    for (int i = 1; i <= 9; i++)
        json_array_append_new(json_object_get(diff, "widened"),
                              json_pack("{s:o, s:s, s:s, s:n, s:s}", "host",
                                        json_sprintf("h%d\x1b[31m", i), "section",
                                        "<Location /api>", "what", "origin", "old", "new",
                                        i < 9 ? "https://evil.example" : "https://other.example"));
    assert_string_equal(report_written(p, write_plain, diff),
                        "Widened:\n"
                        "    origin https://evil.example: new\n"
                        "        h1\\x1b[31m <Location /api>\n"
                        "        h2\\x1b[31m <Location /api>\n"
                        "        h3\\x1b[31m <Location /api>\n"
                        "        h4\\x1b[31m <Location /api>\n"
                        "        h5\\x1b[31m <Location /api>\n"
                        "        and 3 more places\n"
                        "    origin https://other.example: new\n"
                        "        h9\\x1b[31m <Location /api>\n"
                        "\n"
                        "Narrowed:\n"
                        "    credentials: was on, is off\n"
                        "        b outside all sections\n"
                        "\n"
                        "Changed:\n"
                        "    host c: new\n"
                        "    max-age: was not set, is 600\n"
                        "        a <If \"1\">\n"
                        "\n"
                        "9 widened, 1 narrowed, 2 changed\n");
    assert_memory_equal(report_written(p, write_colours, diff), "\x1b[31mWidened:\x1b[0m\n", 18);
    json_decref(diff);
    diff = report_read("{}");
    assert_string_equal(report_written(p, write_plain, diff), "0 widened, 0 narrowed, 0 changed\n");
    json_decref(diff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(policies_are_compared),
        UNIT_TEST(what_came_and_went_is_told),
        UNIT_TEST(a_change_in_many_hosts_is_one),
    };

    return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
