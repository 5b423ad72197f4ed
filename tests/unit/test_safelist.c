/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cg_safelist.h"

#include <apr_strings.h>
#include <string.h>

static const struct {
    const char *name;
    const char *value;
    int safe;
} rows[] = {
    {"Accept", "text/html, */*;q=0.8", 1},
    {"ACCEPT", "", 1},
    {"accept", "a\tb", 1},
    {"accept", "text/html;v=\"1\"", 0},
    {"accept", "a:b", 0},
    {"accept", "a\x01", 0},
    {"accept", "a\x7f", 0},
    {"accept", "caf\xc3\xa9", 1},
    {"Accept-Language", "de, en;q=0.5, *", 1},
    {"accept-language", "de_DE", 0},
    {"accept-language", "d\xc3\xa4", 0},
    {"Content-Language", "en-GB", 1},
    {"content-language", "en/GB", 0},
    {"Content-Type", "text/plain", 1},
    {"content-type", "TEXT/Plain;charset=utf-8", 1},
    {"content-type", " multipart/form-data ; boundary=x", 1},
    {"content-type", "application/x-www-form-urlencoded", 1},
    {"content-type", "application/json", 0},
    {"content-type", "text/plainx", 0},
    {"content-type", "text/plain, application/json", 0},
    {"content-type", "application/json; x=text/plain", 0},
    {"content-type", "text/plain; boundary=\"x\"", 0},
    {"content-type", "", 0},
    {"content-type", "text/", 0},
    {"Range", "bytes=0-", 1},
    {"range", "bytes=5-9", 1},
    {"range", "bytes=9-9", 1},
    {"range", "bytes=007-8", 1},
    {"range", "bytes=9-5", 0},
    {"range", "bytes=0-5", 1},
    {"range", "bytes=5-007", 1},
    {"range", "bytes=5-004", 0},
    {"range", "bytes=5", 0},
    {"range", "bytes=", 0},
    {"range", "bytes=10-9", 0},
    {"range", "bytes=-5", 0},
    {"range", "bytes=-", 0},
    {"range", "bytes=0-1,3-4", 0},
    {"range", "bytes= 0-1", 0},
    {"range", "Bytes=0-1", 0},
    {"range", "items=0-1", 0},
    {"range", "bytes=99999999999999999999998-99999999999999999999999", 1},
    {"range", "bytes=99999999999999999999999-99999999999999999999998", 0},
    {"Authorization", "x", 0},
    {"X-Token", "", 0},
    {"Accept-Encoding", "gzip", 0},
};

static char *filled(apr_pool_t *p, size_t len)
{
    char *text = apr_palloc(p, len + 1);

    memset(text, 'a', len);
    text[len] = '\0';
    return text;
}

static void name_and_value_decide(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (cg_safelist_has(rows[i].name, rows[i].value) != rows[i].safe)
            fail_msg("row %zu: %s: %s", i, rows[i].name, rows[i].value);
    }
}

static void a_long_value_needs_permission(void **state)
{
    assert_true(cg_safelist_has("accept", filled(*state, CG_SAFELIST_VALUE_MAX)));
    assert_false(cg_safelist_has("accept", filled(*state, CG_SAFELIST_VALUE_MAX + 1)));
}

static void names_are_sent_sorted_in_lower_case_and_once(void **state)
{
    apr_table_t *headers = apr_table_make(*state, 8);

    assert_null(cg_safelist_unsafe(*state, headers));
    apr_table_add(headers, "Accept", "*/*");
    assert_null(cg_safelist_unsafe(*state, headers));
    apr_table_add(headers, "X-Token", "1");
    apr_table_add(headers, "Content-Type", "application/json");
    apr_table_add(headers, "x-token", "2");
    apr_table_add(headers, "Authorization", "Bearer x");
    assert_string_equal(cg_safelist_unsafe(*state, headers), "authorization,content-type,x-token");
}

static void many_safe_values_together_need_permission(void **state)
{
    apr_table_t *headers = apr_table_make(*state, 16);

    for (int i = 0; i < CG_SAFELIST_VALUES_MAX / CG_SAFELIST_VALUE_MAX; i++)
        apr_table_add(headers, "Accept", filled(*state, CG_SAFELIST_VALUE_MAX));
    assert_null(cg_safelist_unsafe(*state, headers));
    apr_table_add(headers, "Accept-Language", "x");
    assert_string_equal(cg_safelist_unsafe(*state, headers), "accept,accept-language");
}

static void a_preflight_is_sent_for_method_or_header(void **state)
{
    (void)state;
    assert_false(cg_safelist_needs_preflight("GET", NULL));
    assert_false(cg_safelist_needs_preflight("HEAD", NULL));
    assert_false(cg_safelist_needs_preflight("POST", NULL));
    assert_true(cg_safelist_needs_preflight("PUT", NULL));
    assert_true(cg_safelist_needs_preflight("get", NULL));
    assert_true(cg_safelist_needs_preflight("GET", "x-token"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(name_and_value_decide),
        UNIT_TEST(a_long_value_needs_permission),
        UNIT_TEST(names_are_sent_sorted_in_lower_case_and_once),
        UNIT_TEST(many_safe_values_together_need_permission),
        UNIT_TEST(a_preflight_is_sent_for_method_or_header),
    };

    return cmocka_run_group_tests_name("safelisted request headers", tests, NULL, NULL);
}
