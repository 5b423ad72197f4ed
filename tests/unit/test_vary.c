/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cg_vary.h"

#include <apr_strings.h>

/* Lines of each table are separated by "|". */
static const struct {
    const char *out;
    const char *err;
    const char *members;
    const char *vary;
} rows[] = {
    {"Accept", "", "Origin", "accept,origin"},
    {"", "Accept", "Origin", "accept,origin"},
    {"Accept|Cookie", "Range|Accept", "Origin", "accept,cookie,range,origin"},
    {"ORIGIN", "", "Origin", "origin"},
    {"origin, Accept , origin\t,", "", "Origin", "origin,accept"},
    {"Accept", "", "Origin, Accept, X", "accept,origin,x"},
    {" , ,\t,", "", "Origin", "origin"},
    {"", "", "Origin", "origin"},
    {"*", "", "Origin", "*"},
    {"Accept", "*", "Origin", "*"},
    {"Accept, *", "", "Origin", "*"},
    {"Accept**", "", "Origin", "accept**,origin"},
};

static void add_lines(apr_pool_t *p, apr_table_t *table, const char *lines)
{
    char *last, *copy = apr_pstrdup(p, lines);

    for (char *line = apr_strtok(copy, "|", &last); line; line = apr_strtok(NULL, "|", &last))
        apr_table_addn(table, "vary", line);
}

static void members_are_merged_none_twice_a_star_alone(void **state)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        apr_table_t *out = apr_table_make(*state, 4), *err = apr_table_make(*state, 4);

        apr_table_setn(out, "Varying", "stays");
        add_lines(*state, out, rows[i].out);
        add_lines(*state, err, rows[i].err);
        cg_vary_add(out, err, rows[i].members);
        assert_string_equal(apr_table_get(out, "Vary"), rows[i].vary);
        assert_int_equal(apr_table_elts(out)->nelts, 2);
        assert_true(apr_is_empty_table(err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(members_are_merged_none_twice_a_star_alone),
    };

    return cmocka_run_group_tests_name("vary", tests, NULL, NULL);
}
