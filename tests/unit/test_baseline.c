/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "cg_baseline.h"

#define TODAY "2027-01-31"

/* One finding in three places, another in one. */
static json_t *sample(void)
{
    return report_read(
        "{'findings': ["
        "{'id': 'reflects-any-origin', 'severity': 'high', 'places': ["
        "{'host': 'a.example', 'section': '', 'file': '/cors.conf', 'line': 3},"
        "{'host': 'b.example:443', 'section': '<If \\'1\\'>', 'file': '/cors.conf', "
        "'line': 3},"
        "{'host': 'b.example:443', 'section': '', 'file': '/other.conf', 'line': 30}]},"
        "{'id': 'wildcard', 'severity': 'info', 'places': ["
        "{'host': 'a.example', 'section': '', 'file': '/cors.conf', 'line': 4}]}],"
        " 'hosts': [], 'summary': {}}");
}

/* Which places are accepted, as "yyn y", a finding a word; "!" behind a finding that is. */
static const char *accepted(apr_pool_t *p, const json_t *report)
{
    const json_t *findings = json_object_get(report, "findings");
    const char *text = "";

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        const json_t *places = json_object_get(finding, "places");

        for (size_t j = 0; j < json_array_size(places); j++)
            text = apr_pstrcat(
                p, text, json_object_get(json_array_get(places, j), "accepted") ? "y" : "n", NULL);
        text = apr_pstrcat(p, text, json_is_true(json_object_get(finding, "accepted")) ? "! " : " ",
                           NULL);
    }
    return text;
}

static void places_are_named_in_four_ways(void **state)
{
    static const struct {
        const char *place; /* NULL: none */
        const char *accepted;
    } rows[] = {
        {NULL, "yyy! n "},
        {"/cors.conf", "yyn n "},
        {"/cors.conf:3", "yyn n "},
        {"/cors.conf:4", "nnn n "},
        {"/cors.con", "nnn n "},
        {"/other.conf:30", "nny n "},
        {"a.example", "ynn n "},
        {"b.example:443", "nyy n "},
        {"b.example", "nnn n "},
        {"b.example:443 <If \\'1\\'>", "nyn n "},
        {"a.example <If \\'1\\'>", "nnn n "},
    };
    apr_pool_t *p = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *place =
            rows[i].place ? apr_pstrcat(p, ", 'place': '", rows[i].place, "'", NULL) : "";
        json_t *report = sample();
        json_t *baseline = report_read(
            apr_pstrcat(p, "{'schema': 1, 'accepted': [{'rule': 'reflects-any-origin'", place,
                        ", 'reason': 'public', 'expires': '" TODAY "'}]}", NULL));

        assert_null(cg_baseline_apply(p, report, baseline, TODAY));
        assert_string_equal(accepted(p, report), rows[i].accepted);
        json_decref(report);
        json_decref(baseline);
    }
}

static void what_is_accepted_stays_and_is_counted_apart(void **state)
{
    json_t *report = sample();
    json_t *baseline =
        report_read("{'schema': 1, 'accepted': ["
                    "{'rule': 'wildcard', 'reason': 'fonts', 'expires': '2027-06-30',"
                    " 'place': '/cors.conf:4'},"
                    "{'rule': 'wildcard', 'reason': 'all', 'expires': '2027-06-30'},"
                    "{'rule': 'reflects-any-origin', 'reason': 'soon gone',"
                    " 'place': 'a.example', 'expires': '2027-06-30'}]}");

    assert_null(cg_baseline_apply(*state, report, baseline, TODAY));
    report_expect(json_object_get(report, "summary"),
                  "{'critical': 0, 'high': 1, 'medium': 0, 'low': 0, 'info': 0, 'accepted': 1}");
    report_expect(json_object_get(report, "baseline"),
                  "{'entries': 3, 'expired': [], 'stale': []}");
    /* The narrowest entry gives the reason. */
    report_expect(json_array_get(json_object_get(report, "findings"), 1),
                  "{'id': 'wildcard', 'severity': 'info', 'accepted': true, 'places': ["
                  "{'host': 'a.example', 'section': '', 'file': '/cors.conf', 'line': 4,"
                  " 'accepted': {'reason': 'fonts', 'expires': '2027-06-30'}}]}");
    json_decref(report);
    json_decref(baseline);
}

static void expired_and_stale_entries_are_told(void **state)
{
    json_t *report = sample();
    json_t *baseline =
        report_read("{'schema': 1, 'accepted': ["
                    "{'rule': 'wildcard', 'reason': 'x', 'expires': '2027-01-30'},"
                    "{'rule': 'null-origin', 'reason': 'y', 'expires': '2027-02-01'},"
                    "{'rule': 'wildcard', 'reason': 'z', 'place': '/gone.conf',"
                    " 'expires': '2030-12-31'}]}");

    assert_null(cg_baseline_apply(*state, report, baseline, TODAY));
    assert_string_equal(accepted(*state, report), "nnn n ");
    report_expect(
        json_object_get(report, "baseline"),
        "{'entries': 3, 'expired': [{'rule': 'wildcard', 'place': '', 'reason': 'x',"
        " 'expires': '2027-01-30'}], 'stale': [{'rule': 'null-origin', 'place': '',"
        " 'reason': 'y', 'expires': '2027-02-01'}, {'rule': 'wildcard', 'place': '/gone.conf',"
        " 'reason': 'z', 'expires': '2030-12-31'}]}");
    /* Again with a later day: nothing of the first time is left. */
    json_array_remove(json_object_get(baseline, "accepted"), 0);
    assert_null(cg_baseline_apply(*state, report, baseline, "2031-01-01"));
    assert_string_equal(accepted(*state, report), "nnn n ");
    json_decref(report);
    json_decref(baseline);
}

static void expiry_ends_with_its_day(void **state)
{
    static const struct {
        const char *today;
        const char *accepted;
    } rows[] = {{"2026-12-31", "nnn y! "},
                {"2027-02-27", "nnn y! "},
                {"2027-02-28", "nnn y! "},
                {"2027-03-01", "nnn n "},
                {"2028-01-01", "nnn n "}};
    json_t *baseline = report_read("{'schema': 1, 'accepted': [{'rule': 'wildcard',"
                                   " 'reason': 'x', 'expires': '2027-02-28'}]}");

    for (size_t i = 0; i < COUNT(rows); i++) {
        json_t *report = sample();

        assert_null(cg_baseline_apply(*state, report, baseline, rows[i].today));
        assert_string_equal(accepted(*state, report), rows[i].accepted);
        json_decref(report);
    }
    json_decref(baseline);
}

#define WITH(members) "{'schema': 1, 'accepted': [" members "]}"
#define RULE "'rule': 'wildcard'"
#define REASON "'reason': 'public'"
#define EXPIRES "'expires': '2027-06-30'"
#define DAY(text) WITH("{" RULE ", " REASON ", 'expires': '" text "'}")

static void mistakes_are_explained(void **state)
{
    static const struct {
        const char *baseline;
        const char *message;
    } rows[] = {
        {"[]", "the baseline is no JSON object"},
        {"{}", "the baseline has no \"schema\": 1"},
        {"{'schema': '1', 'accepted': []}", "the baseline has no \"schema\": 1"},
        {"{'schema': 2, 'accepted': []}", "the baseline has no \"schema\": 1"},
        {"{'schema': 1}", "the baseline has no list \"accepted\""},
        {"{'schema': 1, 'accepted': {}}", "the baseline has no list \"accepted\""},
        {WITH("7"), "entry 1: it is no object"},
        {WITH("{" REASON ", " EXPIRES "}"), "entry 1: rule is missing: write the id of a finding"},
        {WITH("{" RULE ", " EXPIRES "}"), "entry 1: reason is missing: write why this is accepted"},
        {WITH("{" RULE ", " REASON "}"),
         "entry 1: expires is missing: write a day, as in \"2027-01-31\""},
        {WITH("{" RULE ", 'reason': ' ', " EXPIRES "}"),
         "entry 1: reason is no text, or empty: write why this is accepted"},
        {WITH("{" RULE ", 'reason': 7, " EXPIRES "}"),
         "entry 1: reason is no text, or empty: write why this is accepted"},
        {WITH("{'rule': 'wild\\ncard', " REASON ", " EXPIRES "}"),
         "entry 1: \"wild\\x0acard\" is the id of no finding"},
        {WITH("{" RULE ", " REASON ", " EXPIRES ", 'place': ''}"),
         "entry 1: place is no text, or empty: write \"FILE:LINE\", \"FILE\", \"HOST\" or "
         "\"HOST SECTION\", or leave it out to accept the rule everywhere"},
        {WITH("{" RULE ", " REASON ", " EXPIRES ", 'expire': '2020-01-01'}"),
         "entry 1: \"expire\" is not known: the members are rule, place, reason and expires"},
        {WITH("{" RULE ", " REASON ", " EXPIRES "}, {" RULE ", " REASON ", " EXPIRES "}"),
         "entry 2: wildcard was accepted by an entry before: keep one of them"},
        {WITH("{" RULE ", " REASON ", " EXPIRES ", 'place': 'a'}, {" RULE ", " REASON ", " EXPIRES
              ", 'place': 'a'}"),
         "entry 2: wildcard at \"a\" was accepted by an entry before: keep one of them"},
        {DAY("2027-02-29"), "entry 1: \"2027-02-29\" is no day: write it as in \"2027-01-31\""},
        {DAY("2027-2-28"), "entry 1: \"2027-2-28\" is no day: write it as in \"2027-01-31\""},
        {DAY("2027-13-01"), "entry 1: \"2027-13-01\" is no day: write it as in \"2027-01-31\""},
        {DAY("2027-00-10"), "entry 1: \"2027-00-10\" is no day: write it as in \"2027-01-31\""},
        {DAY("2027-04-31"), "entry 1: \"2027-04-31\" is no day: write it as in \"2027-01-31\""},
        {DAY("2027-04-00"), "entry 1: \"2027-04-00\" is no day: write it as in \"2027-01-31\""},
        {DAY("2100-02-29"), "entry 1: \"2100-02-29\" is no day: write it as in \"2027-01-31\""},
        {DAY("2027-01-31T00"),
         "entry 1: \"2027-01-31T00\" is no day: write it as in \"2027-01-31\""},
        {DAY("never"), "entry 1: \"never\" is no day: write it as in \"2027-01-31\""},
        {DAY("2028-02-29"), NULL},
        {DAY("2000-02-29"), NULL},
        {"{'schema': 1, 'accepted': []}", NULL},
        {"{'schema': 1, 'accepted': [], 'note': 'ours'}", NULL},
        {WITH("{" RULE "}, 1"), "entry 1: reason is missing: write why this is accepted\n"
                                "entry 1: expires is missing: write a day, as in \"2027-01-31\"\n"
                                "entry 2: it is no object"},
    };
    json_t *untouched = sample();

    for (size_t i = 0; i < COUNT(rows); i++) {
        json_t *baseline = report_read(rows[i].baseline), *report = sample();
        const char *message = cg_baseline_apply(*state, report, baseline, TODAY);

        if (rows[i].message) {
            assert_non_null(message);
            assert_string_equal(message, rows[i].message);
            assert_true(json_equal(report, untouched));
        } else {
            assert_null(message);
        }
        json_decref(report);
        json_decref(baseline);
    }
    json_decref(untouched);
}

static void not_every_mistake_of_many_is_told(void **state)
{
    json_t *accepted = json_array(), *report = sample(), *baseline;
    const char *message;
    int lines = 1;

    for (int i = 0; i < 1000; i++)
        json_array_append_new(accepted, json_integer(i));
    baseline = json_pack("{s:i, s:o}", "schema", 1, "accepted", accepted);
    message = cg_baseline_apply(*state, report, baseline, TODAY);
    assert_non_null(message);
    for (const char *byte = message; *byte; byte++)
        lines += *byte == '\n';
    assert_int_equal(lines, CG_BASELINE_MISTAKES_MAX);
    json_decref(report);
    json_decref(baseline);
}

static void a_made_baseline_accepts_all(void **state)
{
    json_t *report = sample();
    json_t *baseline = cg_baseline_make(report, "seen in January", "2027-02-28");

    report_expect(baseline, "{'schema': 1, 'accepted': ["
                            "{'rule': 'reflects-any-origin', 'place': '/cors.conf:3',"
                            " 'reason': 'seen in January', 'expires': '2027-02-28'},"
                            "{'rule': 'reflects-any-origin', 'place': '/other.conf:30',"
                            " 'reason': 'seen in January', 'expires': '2027-02-28'},"
                            "{'rule': 'wildcard', 'place': '/cors.conf:4',"
                            " 'reason': 'seen in January', 'expires': '2027-02-28'}]}");
    assert_null(cg_baseline_apply(*state, report, baseline, TODAY));
    assert_string_equal(accepted(*state, report), "yyy! y! ");
    report_expect(json_object_get(report, "summary"),
                  "{'critical': 0, 'high': 0, 'medium': 0, 'low': 0, 'info': 0, 'accepted': 2}");
    json_decref(report);
    json_decref(baseline);
}

/* A report that somebody cut or wrote by hand. */
static void a_report_may_lack_anything(void **state)
{
    static const char *const reports[] = {
        "{}", "[]", "{'findings': 7}", "{'findings': [7, {}, {'places': 7}, {'places': [7, {}]}]}"};
    json_t *baseline = report_read(DAY("2027-06-30"));

    for (size_t i = 0; i < COUNT(reports); i++) {
        json_t *report = report_read(reports[i]);

        assert_null(cg_baseline_apply(*state, report, baseline, TODAY));
        json_decref(cg_baseline_make(report, "x", "2027-06-30"));
        json_decref(report);
    }
    json_decref(baseline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(places_are_named_in_four_ways),
        UNIT_TEST(what_is_accepted_stays_and_is_counted_apart),
        UNIT_TEST(expired_and_stale_entries_are_told),
        UNIT_TEST(expiry_ends_with_its_day),
        UNIT_TEST(mistakes_are_explained),
        UNIT_TEST(not_every_mistake_of_many_is_told),
        UNIT_TEST(a_made_baseline_accepts_all),
        UNIT_TEST(a_report_may_lack_anything),
    };

    return cmocka_run_group_tests_name("baseline", tests, NULL, NULL);
}
