/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cg_quote.h"

static void text_is_quoted_and_escaped(void **state)
{
    assert_string_equal(cg_quote(*state, NULL, 0), "\"\"");
    assert_string_equal(cg_quote(*state, "", 0), "\"\"");
    assert_string_equal(cg_quote(*state, "https://a.example", 17), "\"https://a.example\"");
    assert_string_equal(cg_quote(*state, "a\nb\r\"\\\x7f\x80\0c", 10),
                        "\"a\\x0ab\\x0d\\x22\\x5c\\x7f\\x80\\x00c\"");
}

static void long_text_is_cut(void **state)
{
    char text[CG_QUOTE_MAX + 2];
    const char *quoted;

    memset(text, 'x', sizeof text);
    quoted = cg_quote(*state, text, sizeof text);
    assert_int_equal(strlen(quoted), CG_QUOTE_MAX + strlen("\"\"..."));
    assert_string_equal(quoted + CG_QUOTE_MAX, "x\"...");
    memset(text, '\n', sizeof text);
    assert_int_equal(strlen(cg_quote(*state, text, CG_QUOTE_MAX)), 4 * CG_QUOTE_MAX + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(text_is_quoted_and_escaped),
        UNIT_TEST(long_text_is_cut),
    };

    return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
