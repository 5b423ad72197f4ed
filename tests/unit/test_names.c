/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cg_names.h"

#include <apr_strings.h>

static const cg_place here = {"site.conf", 7};

typedef struct row {
    cg_names_kind kind;
    const char *args[6];
    const char *value; /* NULL: the last argument is refused, with error in the message */
    const char *error;
} row;

static const row rows[] = {
    {CG_NAMES_METHODS, {"PUT"}, "PUT", NULL},
    {CG_NAMES_METHODS, {"put", "Delete", "options"}, "PUT, DELETE, OPTIONS", NULL},
    {CG_NAMES_METHODS, {"get", "GET", "Get"}, "GET", NULL},
    {CG_NAMES_METHODS, {"patch", "PATCH"}, "patch, PATCH", NULL},
    {CG_NAMES_METHODS, {"PROPFIND", "M-SEARCH"}, "PROPFIND, M-SEARCH", NULL},
    {CG_NAMES_METHODS, {"*"}, "*", NULL},
    {CG_NAMES_METHODS, {"*", "*"}, "*", NULL},
    {CG_NAMES_METHODS, {"*", "PUT"}, NULL, "write CorsAllowMethods * alone"},
    {CG_NAMES_METHODS, {"PUT", "*"}, NULL, "write CorsAllowMethods * alone"},
    {CG_NAMES_METHODS, {"CONNECT"}, NULL, "remove it"},
    {CG_NAMES_METHODS, {"trace"}, NULL, "remove it"},
    {CG_NAMES_METHODS, {"Track"}, NULL, "remove it"},
    {CG_NAMES_METHODS, {"GET,PUT"}, NULL, "with spaces, not commas"},
    {CG_NAMES_METHODS, {"PUT "}, NULL, "one name an argument"},
    {CG_NAMES_METHODS, {""}, NULL, "one name an argument"},
    {CG_NAMES_METHODS, {"P\x01T"}, NULL, "\"P\\x01T\""},
    {CG_NAMES_HEADERS, {"Content-Type", "X-Token"}, "Content-Type, X-Token", NULL},
    {CG_NAMES_HEADERS, {"content-type", "Content-Type"}, "content-type", NULL},
    {CG_NAMES_HEADERS, {"*", "Authorization"}, "*, Authorization", NULL},
    {CG_NAMES_HEADERS, {"Authorization", "*"}, "Authorization, *", NULL},
    {CG_NAMES_HEADERS, {"Host"}, NULL, "remove it"},
    {CG_NAMES_HEADERS, {"cookie"}, NULL, "remove it"},
    {CG_NAMES_HEADERS, {"Sec-Fetch-Site"}, NULL, "remove it"},
    {CG_NAMES_HEADERS, {"Proxy-Authorization"}, NULL, "remove it"},
    {CG_NAMES_HEADERS, {"Access-Control-Allow-Origin"}, NULL, "remove it"},
    {CG_NAMES_HEADERS, {"Content-Type: text/plain"}, NULL, "without a colon"},
    {CG_NAMES_HEADERS, {"\xc3\xbc"}, NULL, "\"\\xc3\\xbc\""},
    {CG_NAMES_EXPOSE, {"ETag", "X-Count"}, "ETag, X-Count", NULL},
    {CG_NAMES_EXPOSE, {"*"}, "*", NULL},
    {CG_NAMES_EXPOSE, {"*", "ETag"}, NULL, "write CorsExposeHeaders * alone"},
    {CG_NAMES_EXPOSE,
     {"Set-Cookie"},
     NULL,
     "no script can find this header in an answer: remove it"},
    {CG_NAMES_EXPOSE,
     {"set-cookie2"},
     NULL,
     "no script can find this header in an answer: remove it"},
    {CG_NAMES_EXPOSE, {"Origin"}, NULL, "no script can find this header in an answer: remove it"},
    {CG_NAMES_EXPOSE,
     {"access-control-request-method"},
     NULL,
     "no script can find this header in an answer: remove it"},
};

static void arguments_make_the_value_or_are_refused(void **state)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        cg_names *names = cg_names_make(*state, rows[i].kind, &here);
        const char *error = NULL;

        for (int arg = 0; rows[i].args[arg]; arg++) {
            assert_null(error);
            error = cg_names_add(*state, names, rows[i].args[arg]);
        }
        if (rows[i].value) {
            assert_null(error);
            assert_string_equal(names->value, rows[i].value);
        } else {
            assert_non_null(error);
            if (!strstr(error, rows[i].error))
                fail_msg("row %zu: \"%s\" is not in: %s", i, rows[i].error, error);
        }
    }
}

static void methods_are_found_by_bytes_and_headers_without_case(void **state)
{
    cg_names *methods = cg_names_make(*state, CG_NAMES_METHODS, &here);
    cg_names *headers = cg_names_make(*state, CG_NAMES_HEADERS, &here);

    assert_false(cg_names_has(methods, "PUT", 3));
    assert_false(cg_names_has(methods, "", 0));
    assert_null(cg_names_add(*state, methods, "PUT"));
    assert_null(cg_names_add(*state, headers, "X-Token"));
    assert_true(cg_names_has(methods, "PUT", 3));
    assert_false(cg_names_has(methods, "put", 3));
    assert_false(cg_names_has(methods, "PUTS", 4));
    assert_false(cg_names_has(methods, "PU", 2));
    assert_true(cg_names_has(headers, "x-tOKEN", 7));
    assert_false(cg_names_has(headers, "x-toke", 6));
    assert_false(cg_names_has(headers, "", 0));
}

static void many_names_are_all_found(void **state)
{
    cg_names *headers = cg_names_make(*state, CG_NAMES_HEADERS, &here);

    for (int i = 0; i < 500; i++)
        assert_null(cg_names_add(*state, headers, apr_psprintf(*state, "X-%d", i)));
    assert_int_equal(headers->count, 500);
    for (int i = 0; i < 1000; i++) {
        const char *name = apr_psprintf(*state, "x-%d", i);

        assert_int_equal(cg_names_has(headers, name, strlen(name)), i < 500);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(arguments_make_the_value_or_are_refused),
        UNIT_TEST(methods_are_found_by_bytes_and_headers_without_case),
        UNIT_TEST(many_names_are_all_found),
    };

    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
