/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "cg_utf8.h"
#include "cg_version.h"

#define CONF "/etc/apache2/snippets/cors.conf"

/* A finding that the rows of a test vary. */
static cg_report_finding finding_of(apr_pool_t *p, cg_find_id id, const char *host,
                                    const char *lines)
{
    return (cg_report_finding){.id = id,
                               .confidence = CG_CONFIDENCE_CERTAIN,
                               .summary = "The origin is sent back.",
                               .witness = {"https://evil.example", "https://evil.example", 1},
                               .host = host,
                               .section = "<Location \"/api\">",
                               .lines = report_lines(p, lines),
                               .remedy = "CorsAllowOrigin https://app.example.com\n"};
}

static json_t *findings_of(const json_t *report)
{
    return json_object_get(report, "findings");
}

static void an_empty_report_has_every_key(void **state)
{
    json_t *report = cg_report_make("2027-01-31T12:00:00Z");

    (void)state;
    cg_report_finish(report);
    report_expect(report,
                  "{'tool': {'name': 'mod_cors_guard', 'version': '" CG_VERSION "'}, 'schema': 1,"
                  " 'generated': '2027-01-31T12:00:00Z', 'hosts': [], 'findings': [],"
                  " 'coverage': {'hosts': 0, 'sections': 0, 'htaccess': 0, 'directories': 0,"
                  " 'links': 0, 'unread': [], 'unresolved': []}, 'summary': {'critical': 0,"
                  " 'high': 0, 'medium': 0, 'low': 0, 'info': 0}}");
    json_decref(report);
}

static void a_policy_is_written_as_it_is(void **state)
{
    apr_pool_t *p = *state;
    json_t *report = cg_report_make("");
    cg_place place = {CONF, 3};
    json_t *host = cg_report_add_host(report, "www.example.com:443", "*", 443, &place);
    apr_array_header_t *fields = apr_array_make(p, 1, sizeof(cg_report_field));
    cg_report_policy policy = {.section = "",
                               .place = place,
                               .mode = "On",
                               .origins = report_words(p, "https://a.example *"),
                               .credentials = 1,
                               .headers = report_words(p, "X-A"),
                               .max_age = 600,
                               .fields = fields,
                               .hosts = report_words(p, "b.example c.example")};

    APR_ARRAY_PUSH(fields, cg_report_field) = (cg_report_field){"CorsMaxAge", {CONF, 9}};
    cg_report_add_policy(host, &policy);
    cg_report_add_policy(
        host, &(cg_report_policy){
                  .section = "<If \"1\">", .place = {NULL, 0}, .mode = "Off", .max_age = -1});
    report_expect(
        json_object_get(report, "hosts"),
        "[{'name': 'www.example.com:443', 'address': '*', 'port': 443, 'file': '" CONF "',"
        " 'line': 3, 'policies': [{'section': '', 'file': '" CONF "', 'line': 3, 'mode': 'On',"
        " 'origins': ['https://a.example', '*'], 'credentials': true, 'methods': [],"
        " 'headers': ['X-A'], 'expose': [], 'max_age': 600,"
        " 'fields': {'CorsMaxAge': {'file': '" CONF "', 'line': 9}},"
        " 'hosts': ['b.example', 'c.example']},"
        " {'section': '<If \\'1\\'>', 'file': '', 'line': 0, 'mode': 'Off', 'origins': [],"
        " 'credentials': false, 'methods': [], 'headers': [], 'expose': [], 'max_age': null,"
        " 'fields': {}, 'hosts': []}]}]");
    json_decref(report);
}

static void one_snippet_is_one_finding(void **state)
{
    apr_pool_t *p = *state;
    json_t *report = cg_report_make(""), *made;
    cg_report_finding finding = finding_of(p, CG_FIND_ANY_ORIGIN, "a.example", CONF ":3 x:1");

    finding.confidence = CG_CONFIDENCE_LIKELY;
    finding.witness.origin = NULL;
    cg_report_add_finding(report, &finding);
    cg_report_add_finding(report, &finding);
    finding = finding_of(p, CG_FIND_ANY_ORIGIN, "b.example", CONF ":3 x:1");
    cg_report_add_finding(report, &finding);
    finding.address = "*";
    finding.port = 443;
    finding.confidence = CG_CONFIDENCE_POSSIBLE;
    finding.witness.origin = "https://later.example";
    cg_report_add_finding(report, &finding);
    assert_int_equal(json_array_size(findings_of(report)), 1);
    cg_report_finish(report);
    made = json_array_get(findings_of(report), 0);
    report_expect(
        made,
        "{'id': 'reflects-any-origin', 'severity': 'high', 'confidence': 'certain',"
        " 'summary': 'The origin is sent back.', 'witness': {'origin':"
        " 'https://evil.example', 'acao': 'https://evil.example', 'credentials': true},"
        " 'lines': [{'file': '" CONF "', 'line': 3}, {'file': 'x', 'line': 1}],"
        " 'places': ["
        "{'host': 'a.example', 'section': '<Location \\'/api\\'>', 'file': '" CONF "', 'line': 3},"
        "{'host': 'b.example', 'section': '<Location \\'/api\\'>', 'file': '" CONF "', 'line': 3},"
        "{'host': 'b.example', 'section': '<Location \\'/api\\'>', 'file': '" CONF
        "', 'line': 3, 'address': '*', 'port': 443}],"
        " 'remedy': 'CorsAllowOrigin https://app.example.com\\n'}");
    json_decref(report);
}

static void other_lines_are_another_finding(void **state)
{
    static const char *const lines[] = {"x:1", "x:2", "y:1", "x:1 x:2", "x:2 x:1"};
    apr_pool_t *p = *state;
    json_t *report = cg_report_make("");

    for (size_t i = 0; i < COUNT(lines); i++) {
        cg_report_finding finding = finding_of(p, CG_FIND_ANY_ORIGIN, "a.example", lines[i]);

        cg_report_add_finding(report, &finding);
        finding.id = CG_FIND_MISSING_VARY;
        cg_report_add_finding(report, &finding);
    }
    assert_int_equal(json_array_size(findings_of(report)), 2 * COUNT(lines));
    json_decref(report);
}

/* Thousands of findings of two places, each added twice. */
static void many_findings_are_kept_apart(void **state)
{
    enum { FINDINGS = 5000, PLACES = 2 };
    apr_pool_t *p, *parent = *state;
    json_t *report = cg_report_make("");

    apr_pool_create(&p, parent);
    for (int i = 0; i < 2 * FINDINGS * PLACES; i++) {
        cg_report_finding finding =
            finding_of(p, CG_FIND_NULL, apr_psprintf(p, "h%d.example", i / FINDINGS % PLACES),
                       apr_psprintf(p, "x:%d", i % FINDINGS));

        cg_report_add_finding(report, &finding);
        apr_pool_clear(p);
    }
    cg_report_finish(report);
    assert_int_equal(json_array_size(findings_of(report)), FINDINGS);
    for (size_t i = 0; i < FINDINGS; i++) {
        const json_t *places = json_object_get(json_array_get(findings_of(report), i), "places");

        assert_int_equal(json_array_size(places), PLACES);
        assert_int_equal(cg_member_number(json_array_get(places, 0), "line"), i);
    }
    json_decref(report);
}

static void the_worst_and_surest_come_first(void **state)
{
    static const struct {
        cg_find_id id;
        cg_confidence confidence;
        const char *host;
        const char *line;
    } rows[] = {
        /* in the order that is expected */
        {CG_FIND_NULL_WITH_CREDENTIALS, CG_CONFIDENCE_CERTAIN, "a", "x:9"},
        {CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS, CG_CONFIDENCE_CERTAIN, "a", "x:10"},
        {CG_FIND_NULL_WITH_CREDENTIALS, CG_CONFIDENCE_POSSIBLE, "a", "a:1"},
        {CG_FIND_NULL, CG_CONFIDENCE_LIKELY, "a", "x:2"},
        {CG_FIND_NULL, CG_CONFIDENCE_LIKELY, "a", "x:10"},
        {CG_FIND_NULL, CG_CONFIDENCE_LIKELY, "a", "x:10 y:1"}, /* added later than the one above */
        {CG_FIND_NULL, CG_CONFIDENCE_LIKELY, "b", "x:10 y:2"},
        {CG_FIND_NULL, CG_CONFIDENCE_LIKELY, "a", "y:1"},
        {CG_FIND_MISSING_VARY, CG_CONFIDENCE_CERTAIN, "a", "x:1"},
        {CG_FIND_WILDCARD, CG_CONFIDENCE_CERTAIN, "a", "x:1"},
    };
    apr_pool_t *p = *state;
    json_t *report = cg_report_make("");

    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t at = i * 7 % COUNT(rows);
        cg_report_finding finding = finding_of(p, rows[at].id, rows[at].host, rows[at].line);

        finding.confidence = rows[at].confidence;
        cg_report_add_finding(report, &finding);
    }
    cg_report_finish(report);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const json_t *finding = json_array_get(findings_of(report), i);
        const json_t *place = json_array_get(json_object_get(finding, "places"), 0);

        assert_string_equal(cg_member_text(finding, "id"), cg_find_of(rows[i].id)->slug);
        assert_string_equal(cg_member_text(finding, "confidence"),
                            cg_confidence_name(rows[i].confidence));
        assert_string_equal(
            apr_psprintf(p, "%s %s:%d", cg_member_text(place, "host"),
                         cg_member_text(place, "file"), cg_member_number(place, "line")),
            apr_pstrcat(p, rows[i].host, " ",
                        apr_strtok(apr_pstrdup(p, rows[i].line), " ", &(char *){0}), NULL));
    }
    report_expect(json_object_get(report, "summary"),
                  "{'critical': 3, 'high': 5, 'medium': 1, 'low': 0, 'info': 1}");
    json_decref(report);
}

static void a_gap_is_told_once(void **state)
{
    json_t *report = cg_report_make("");
    cg_place place = {CONF, 7};

    (void)state;
    for (int i = 0; i < 3; i++) {
        cg_report_add_unread(report, "/var/www/a", "permission denied");
        cg_report_add_unread(report, "/var/www/b", "permission denied");
        cg_report_add_unresolved(report, &place, "RewriteMap");
    }
    place.line = 8;
    cg_report_add_unresolved(report, &place, "RewriteMap");
    cg_report_cover(report, 3, 30, 4, 1000, 2);
    cg_report_finish(report);
    report_expect(json_object_get(report, "coverage"),
                  "{'hosts': 3, 'sections': 30, 'htaccess': 4, 'directories': 1000, 'links': 2,"
                  " 'unread': [{'path': '/var/www/a', 'reason': 'permission denied'},"
                  " {'path': '/var/www/b', 'reason': 'permission denied'}],"
                  " 'unresolved': [{'file': '" CONF "', 'line': 7, 'reason': 'RewriteMap'},"
                  " {'file': '" CONF "', 'line': 8, 'reason': 'RewriteMap'}]}");
    json_decref(report);
}

static void any_bytes_become_a_string(void **state)
{
    static const struct {
        const char *bytes;
        const char *text;
    } rows[] = {
        {NULL, ""},
        {"", ""},
        {"plain \\ \"quoted\"", "plain \\ \"quoted\""},
        {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"caf\xe9", "caf\\xe9"},
        {"\x1b[31m\n", "\x1b[31m\n"},
        {"\xc3", "\\xc3"},
        {"\xc3(", "\\xc3("},
        {"\xe2\x82", "\\xe2\\x82"},
        {"\xc0\xaf", "\\xc0\\xaf"},                   /* overlong "/" */
        {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},          /* likewise */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* a surrogate */
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* above U+10FFFF */
        {"\xff\xfe\x80", "\\xff\\xfe\\x80"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        json_t *text = cg_report_text(rows[i].bytes);

        assert_string_equal(json_string_value(text), rows[i].text);
        json_decref(text);
    }
}

/* Whatever the bytes: nothing is read behind their end, and the outcome is UTF-8 to jansson too. */
static void random_bytes_become_a_string(void **state)
{
    uint64_t seed = 20270131;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char bytes[12];
        size_t len = unit_random(&seed, sizeof bytes - 1);
        const char *fenced;
        json_t *text;
        apr_uint32_t code;

        for (size_t j = 0; j < len; j++)
            bytes[j] = (char)(unit_random(&seed, 3) ? 128 + unit_random(&seed, 128)
                                                    : 1 + unit_random(&seed, 127));
        bytes[len] = '\0';
        fenced = unit_fenced(bytes, len + 1);
        text = cg_report_text(fenced);
        assert_non_null(text);
        for (const char *at = json_string_value(text); *at; at += cg_utf8_next(at, &code))
            assert_true(cg_utf8_next(at, &code) > 0);
        json_decref(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(an_empty_report_has_every_key),
        UNIT_TEST(a_policy_is_written_as_it_is),
        UNIT_TEST(one_snippet_is_one_finding),
        UNIT_TEST(other_lines_are_another_finding),
        UNIT_TEST(many_findings_are_kept_apart),
        UNIT_TEST(the_worst_and_surest_come_first),
        UNIT_TEST(a_gap_is_told_once),
        UNIT_TEST(any_bytes_become_a_string),
        UNIT_TEST(random_bytes_become_a_string),
    };

    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
