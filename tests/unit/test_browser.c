/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_browser.h"
#include "unit.h"

#include <apr_strings.h>

#define ORIGIN "https://app.example.com"
#define ACAO "Access-Control-Allow-Origin: "
#define ACAC "\nAccess-Control-Allow-Credentials: "

/* Header lines, each "Name: value", separated by line ends. */
static apr_table_t *headers_of(apr_pool_t *p, const char *lines)
{
    apr_table_t *headers = apr_table_make(p, 4);
    char *rest = apr_pstrdup(p, lines), *line;

    while (rest && *rest) {
        char *end = strchr(rest, '\n'), *colon;

        line = rest;
        rest = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        colon = strstr(line, ": ");
        *colon = '\0';
        apr_table_add(headers, line, colon + 2);
    }
    return headers;
}

static const struct {
    const char *lines;
    const char *origin;
    int credentials;
    const char *why; /**< a part of it; NULL: it may be read */
} checks[] = {
    {"", ORIGIN, 0, "no Access-Control-Allow-Origin"},
    {ACAO "*", ORIGIN, 0, NULL},
    {ACAO "*", "null", 0, NULL},
    {ACAO "*" ACAC "true", ORIGIN, 0, NULL},
    {ACAO "*" ACAC "true", ORIGIN, 1, "does not hold with credentials"},
    {ACAO ORIGIN, ORIGIN, 0, NULL},
    {"access-control-allow-origin: " ORIGIN, ORIGIN, 0, NULL},
    {ACAO " " ORIGIN "\t", ORIGIN, 0, NULL},
    {ACAO ORIGIN, ORIGIN, 1, "no Access-Control-Allow-Credentials"},
    {ACAO ORIGIN ACAC "true", ORIGIN, 1, NULL},
    {ACAO ORIGIN ACAC "True", ORIGIN, 1, "is \"True\", not true"},
    {ACAO ORIGIN ACAC "true" ACAC "true", ORIGIN, 1, "\"true, true\""},
    {ACAO ORIGIN "/", ORIGIN, 0, "not \"https://app.example.com\""},
    {ACAO "https://App.example.com", ORIGIN, 0, "is \"https://App.example.com\""},
    {ACAO ORIGIN "\n" ACAO ORIGIN, ORIGIN, 0, "2 times"},
    {ACAO "*\n" ACAO "*", ORIGIN, 0, "2 times"},
    {ACAO ORIGIN " https://b.example.com", ORIGIN, 0, "not"},
    {ACAO ORIGIN, "https://b.example.com", 0, "not \"https://b.example.com\""},
    {ACAO "null", "null", 0, NULL},
    {ACAO "null" ACAC "true", "null", 1, NULL},
    {ACAO "(null)", "null", 0, "not"},
    {ACAO, ORIGIN, 0, "is \"\""},
    {ACAO "\x1b[1m\"", ORIGIN, 0, "\\x1b"},
};

static void expect(const char *got, const char *part, const char *what)
{
    if ((got == NULL) != (part == NULL) || (part && !strstr(got, part)))
        fail_msg("%s: %s, not %s", what, got ? got : "(allowed)", part ? part : "(allowed)");
}

static void test_checks(void **state)
{
    for (size_t i = 0; i < COUNT(checks); i++)
        expect(cg_browser_check(*state, headers_of(*state, checks[i].lines), checks[i].origin,
                                checks[i].credentials),
               checks[i].why, checks[i].lines);
}

#define METHODS "\nAccess-Control-Allow-Methods: "
#define HEADERS "\nAccess-Control-Allow-Headers: "

static const struct {
    int status;
    const char *lines;
    int credentials;
    const char *method;
    const char *names;
    const char *why;
} preflights[] = {
    {204, ACAO "*", 0, "GET", NULL, NULL},
    {204, ACAO "*", 0, "POST", "", NULL},
    {301, ACAO "*", 0, "GET", NULL, "status is 301"},
    {199, ACAO "*", 0, "GET", NULL, "status is 199"},
    {299, ACAO "*", 0, "GET", NULL, NULL},
    {401, "", 0, "GET", NULL, "no Access-Control-Allow-Origin"},
    {200, ACAO "*", 0, "PUT", NULL, "method \"PUT\""},
    {200, ACAO "*" METHODS "GET, PUT", 0, "PUT", NULL, NULL},
    {200, ACAO "*" METHODS "GET" METHODS "PUT", 0, "PUT", NULL, NULL},
    {200, ACAO "*" METHODS "put", 0, "PUT", NULL, "method \"PUT\""},
    {200, ACAO "*" METHODS "*", 0, "PUT", NULL, NULL},
    {200, ACAO ORIGIN ACAC "true" METHODS "*", 1, "PUT", NULL, "method \"PUT\""},
    {200, ACAO ORIGIN ACAC "true" METHODS "*", 1, "*", NULL, NULL},
    {200, ACAO "*" METHODS ",, PUT ,", 0, "PUT", NULL, NULL},
    {200, ACAO "*" METHODS "PUT;DELETE", 0, "GET", NULL, "no method"},
    {200, ACAO "*" METHODS "PUT DELETE", 0, "PUT", NULL, "\"PUT DELETE\""},
    {200, ACAO "*" METHODS "PUT X, Y Z", 0, "PUT", NULL, "\"PUT X\""},
    {200, ACAO "*", 0, "GET", "x-a", "header \"x-a\""},
    {200, ACAO "*" HEADERS "X-A", 0, "GET", "x-a", NULL},
    {200, ACAO "*" HEADERS "X-A", 0, "GET", "x-a,x-b", "header \"x-b\""},
    {200, ACAO "*" HEADERS "*", 0, "GET", "x-a,x-b", NULL},
    {200, ACAO "*" HEADERS "*", 0, "GET", "authorization", "header \"authorization\""},
    {200, ACAO "*" HEADERS "*, Authorization", 0, "GET", "authorization", NULL},
    {200, ACAO ORIGIN ACAC "true" HEADERS "*", 1, "GET", "x-a", "header \"x-a\""},
    {200, ACAO "*" HEADERS "X-A: 1", 0, "GET", NULL, "no header's name"},
};

static void test_preflights(void **state)
{
    for (size_t i = 0; i < COUNT(preflights); i++)
        expect(cg_browser_preflight(
                   *state, preflights[i].status, headers_of(*state, preflights[i].lines),
                   &(cg_browser_request){ORIGIN, preflights[i].credentials, preflights[i].method,
                                         preflights[i].names}),
               preflights[i].why, preflights[i].lines);
}

static void test_value_is_of_all_lines(void **state)
{
    apr_table_t *headers = headers_of(*state, "Vary: \tAccept \nvary: Origin,, Cookie\nX: y");
    int lines;

    assert_string_equal(cg_browser_value(*state, headers, "Vary", &lines),
                        "Accept, Origin,, Cookie");
    assert_int_equal(lines, 2);
    assert_null(cg_browser_value(*state, headers, "Y", &lines));
    assert_int_equal(lines, 0);
    assert_true(cg_browser_lists(*state, headers, "VARY", "origin", 1));
    assert_false(cg_browser_lists(*state, headers, "Vary", "origin", 0));
    assert_true(cg_browser_lists(*state, headers, "Vary", "Cookie", 0));
    assert_false(cg_browser_lists(*state, headers, "Vary", "", 1));
    assert_false(cg_browser_lists(*state, headers, "Vary", "Origi", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_checks),
        UNIT_TEST(test_preflights),
        UNIT_TEST(test_value_is_of_all_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
