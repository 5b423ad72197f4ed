/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cg_catalogue.h"

static void every_finding_is_explained(void **state)
{
    (void)state;
    for (int i = 0; i < CG_FIND_COUNT; i++) {
        const cg_find *find = cg_find_of((cg_find_id)i);

        assert_non_null(find->slug);
        assert_int_equal(strspn(find->slug, "abcdefghijklmnopqrstuvwxyz-"), strlen(find->slug));
        assert_true(strlen(find->slug) > 3 && strlen(find->slug) < 60);
        assert_true(strlen(find->title) > 10 && strlen(find->title) < 70);
        assert_true(strlen(find->explanation) > 40);
        assert_true(strlen(find->advice) > 20);
        assert_int_equal(find->explanation[strlen(find->explanation) - 1], '.');
        assert_int_equal(find->advice[strlen(find->advice) - 1], '.');
        assert_ptr_equal(cg_find_named(find->slug), find);
    }
    assert_null(cg_find_named(""));
    assert_null(cg_find_named("null"));
}

static void the_worst_stand_first(void **state)
{
    (void)state;
    for (int i = 1; i < CG_FIND_COUNT; i++)
        assert_true(cg_find_of((cg_find_id)i)->severity <=
                    cg_find_of((cg_find_id)(i - 1))->severity);
    assert_int_equal(cg_find_of(0)->severity, CG_SEVERITY_CRITICAL);
    assert_int_equal(cg_find_of(CG_FIND_COUNT - 1)->severity, CG_SEVERITY_INFO);
}

static void names_lead_back(void **state)
{
    (void)state;
    for (int i = CG_SEVERITY_INFO; i <= CG_SEVERITY_CRITICAL; i++)
        assert_int_equal(cg_severity_named(cg_severity_name((cg_severity)i)), i);
    for (int i = CG_CONFIDENCE_POSSIBLE; i <= CG_CONFIDENCE_CERTAIN; i++)
        assert_int_equal(cg_confidence_named(cg_confidence_name((cg_confidence)i)), i);
    assert_string_equal(cg_severity_name(CG_SEVERITY_MEDIUM), "medium");
    assert_string_equal(cg_confidence_name(CG_CONFIDENCE_LIKELY), "likely");
    assert_int_equal(cg_severity_named("Critical"), -1);
    assert_int_equal(cg_confidence_named(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_finding_is_explained),
        UNIT_TEST(the_worst_stand_first),
        UNIT_TEST(names_lead_back),
    };

    return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
