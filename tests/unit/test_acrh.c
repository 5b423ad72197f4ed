/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cg_acrh.h"

#include <apr_strings.h>

static const cg_place here = {"site.conf", 7};

static cg_names *headers(apr_pool_t *p, const char *names)
{
    cg_names *made = cg_names_make(p, CG_NAMES_HEADERS, &here);
    char *last, *copy = apr_pstrdup(p, names);

    for (char *name = apr_strtok(copy, " ", &last); name; name = apr_strtok(NULL, " ", &last))
        assert_null(cg_names_add(p, made, name));
    return made;
}

static char *repeat(apr_pool_t *p, const char *text, size_t times)
{
    size_t len = strlen(text);
    char *all = apr_palloc(p, len * times + 1);

    for (size_t i = 0; i < times; i++)
        memcpy(all + i * len, text, len);
    all[len * times] = '\0';
    return all;
}

static const struct {
    const char *configured; /* NULL: no CorsAllowHeaders */
    const char *asked;
    int allowed;
} rows[] = {
    {NULL, NULL, 1},
    {NULL, "", 1},
    {NULL, ",", 1},
    {NULL, "content-type", 0},
    {"Content-Type X-Token", "content-type", 1},
    {"Content-Type X-Token", "content-type,x-token", 1},
    {"Content-Type X-Token", "x-token,content-type", 1},
    {"Content-Type X-Token", "CONTENT-TYPE , X-Token", 1},
    {"Content-Type X-Token", "\tcontent-type\t,\t x-token \t", 1},
    {"Content-Type X-Token", ",content-type,,x-token,", 1},
    {"Content-Type X-Token", "content-type,x-other", 0},
    {"Content-Type X-Token", "x-other,content-type", 0},
    {"Content-Type X-Token", "content-typ", 0},
    {"Content-Type X-Token", "content-typex", 0},
    {"Content-Type X-Token", "content-type x-token", 0},
    {"Content-Type X-Token", "content-type;x-token", 0},
    {"Content-Type X-Token", "content-type\x0b", 0},
    {"Content-Type X-Token", "authorization", 0},
    {"Content-Type X-Token", "*", 0},
    {"*", "anything,x-token", 1},
    {"*", "authorization", 0},
    {"*", "x-token, Authorization", 0},
    {"* Authorization", "x-token, Authorization", 1},
    {"*", "x token", 0},
    {"*", "x\"token", 0},
    {"*", "x(token)", 0},
    {"*", "x\x80token", 0},
    {"*", "x\x01token", 0},
};

static void every_requested_name_must_be_allowed(void **state)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        cg_names *allowed = rows[i].configured ? headers(*state, rows[i].configured) : NULL;

        if (cg_acrh_allowed(allowed, rows[i].asked) != rows[i].allowed)
            fail_msg("row %zu: \"%s\"", i, rows[i].asked);
    }
}

static void sixteen_empty_elements_pass_and_one_more_does_not(void **state)
{
    cg_names *allowed = headers(*state, "X-Token");

    assert_true(
        cg_acrh_allowed(allowed, apr_pstrcat(*state, repeat(*state, ",", 16), "x-token", NULL)));
    assert_false(
        cg_acrh_allowed(allowed, apr_pstrcat(*state, repeat(*state, ",", 17), "x-token", NULL)));
    assert_false(cg_acrh_allowed(allowed, repeat(*state, " ,", 17)));
}

static void what_is_too_long_is_denied_even_where_every_name_is_allowed(void **state)
{
    cg_names *any = headers(*state, "*");
    char *longest = repeat(*state, "x", CG_ACRH_MAX);

    assert_true(cg_acrh_allowed(any, longest));
    assert_false(cg_acrh_allowed(any, apr_pstrcat(*state, longest, "x", NULL)));
    assert_false(cg_acrh_allowed(any, repeat(*state, "x-token,", 100000)));
}

static void a_list_is_written_anew(void **state)
{
    assert_null(cg_acrh_list(*state, NULL));
    assert_null(cg_acrh_list(*state, ""));
    assert_null(cg_acrh_list(*state, " , ,"));
    assert_string_equal(cg_acrh_list(*state, "a"), "a");
    assert_string_equal(cg_acrh_list(*state, "a,b"), "a, b");
    assert_string_equal(cg_acrh_list(*state, " a ,\tb,,c,"), "a, b, c");
    assert_string_equal(cg_acrh_list(*state, "a,b,c,d,e,f,g,h"), "a, b, c, d, e, f, g, h");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_requested_name_must_be_allowed),
        UNIT_TEST(sixteen_empty_elements_pass_and_one_more_does_not),
        UNIT_TEST(what_is_too_long_is_denied_even_where_every_name_is_allowed),
        UNIT_TEST(a_list_is_written_anew),
    };

    return cmocka_run_group_tests_name("Access-Control-Request-Headers", tests, NULL, NULL);
}
