/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "cg_baseline.h"
#include "cg_utf8.h"
#include "cg_version.h"
#include "cg_writer.h"

#define CONF "/etc/apache2/snippets/cors.conf"

static int write_text(const json_t *report, FILE *out)
{
    return cg_write_text(report, out, 0);
}

static int write_colours(const json_t *report, FILE *out)
{
    return cg_write_text(report, out, 1);
}

static void add_hosts(apr_pool_t *p, json_t *report)
{
    cg_place place = {"/etc/apache2/sites-enabled/a.conf", 1};
    json_t *host = cg_report_add_host(report, "www.example.com", "*", 443, &place);

    cg_report_add_policy(
        host, &(cg_report_policy){.section = "<Location \"/v1\">",
                                  .place = {"/etc/apache2/sites-enabled/a.conf", 7},
                                  .mode = "Enforce",
                                  .origins = report_words(
                                      p, "https://a.example https://b.example https://c.example "
                                         "https://d.example https://e.example https://f.example "
                                         "https://g.example"),
                                  .credentials = 1,
                                  .methods = report_words(p, "GET PUT"),
                                  .max_age = 600,
                                  .hosts = report_words(p, "b.example")});
    place.file = NULL;
    cg_report_add_host(report, "main.example", "*", 0, &place);
}

static void add_finding(apr_pool_t *p, json_t *report, cg_find_id id, const char *lines)
{
    cg_report_finding finding = {.id = id,
                                 .confidence = CG_CONFIDENCE_CERTAIN,
                                 .summary = "The value of Access-Control-Allow-Origin is the "
                                            "request's Origin, and credentials are allowed.",
                                 .host = "www.example.com",
                                 .section = "<Location \"/v1\">",
                                 .lines = report_lines(p, lines),
                                 .remedy = ""};

    if (id == CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS) {
        finding.witness = (cg_report_witness){"https://evil.example", "https://evil.example", 1};
        finding.remedy = "CorsAllowOrigin https://app.example.com\nCorsAllowCredentials On\n";
    }
    for (int i = 0; i < (id == CG_FIND_MISSING_VARY ? 7 : 1); i++) {
        if (i > 0)
            finding.host = apr_psprintf(p, "h%d.example", i);
        cg_report_add_finding(report, &finding);
    }
}

/* A report with some of everything; the caller's to json_decref. */
static json_t *sample(apr_pool_t *p)
{
    json_t *report = cg_report_make("2027-01-31T12:00:00Z");
    cg_place place = {CONF, 30};

    add_hosts(p, report);
    add_finding(p, report, CG_FIND_MISSING_VARY, CONF ":3");
    add_finding(p, report, CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS, CONF ":3 " CONF ":2");
    add_finding(p, report, CG_FIND_WILDCARD, CONF ":9");
    cg_report_cover(report, 2, 3, 1, 1, 1);
    cg_report_add_unread(report, "/var/www/secret", "permission denied");
    cg_report_add_unresolved(report, &place, "RewriteMap is asked at request time");
    cg_report_finish(report);
    return report;
}

static json_t *accept_wildcard(apr_pool_t *p, json_t *report)
{
    json_t *baseline = report_read("{'schema': 1, 'accepted': ["
                                   "{'rule': 'wildcard', 'reason': 'fonts', 'expires':"
                                   " '2027-06-30'},"
                                   "{'rule': 'null-origin', 'reason': 'old', 'expires':"
                                   " '2026-06-30'},"
                                   "{'rule': 'max-age-above-cap', 'reason': 'gone', 'place':"
                                   " '/x.conf', 'expires': '2027-06-30'}]}");

    assert_null(cg_baseline_apply(p, report, baseline, "2027-01-31"));
    json_decref(baseline);
    return report;
}

static void text_is_for_people(void **state)
{
    apr_pool_t *p = *state;
    json_t *report = accept_wildcard(p, sample(p));

    assert_string_equal(
        report_written(p, write_text, report),
        "CORS configuration (mod_cors_guard " CG_VERSION ", 2027-01-31T12:00:00Z):\n"
        "\n"
        "CRITICAL reflects-any-origin-with-credentials (certain)\n"
        "    The value of Access-Control-Allow-Origin is the request's Origin, and\n"
        "    credentials are allowed.\n"
        "    Witness: https://evil.example gets Access-Control-Allow-Origin:\n"
        "        https://evil.example with credentials\n"
        "    Written in " CONF ":3\n"
        "    and in " CONF ":2\n"
        "    In 1 place:\n"
        "        www.example.com <Location \"/v1\">\n"
        "    Instead:\n"
        "        CorsAllowOrigin https://app.example.com\n"
        "        CorsAllowCredentials On\n"
        "\n"
        "MEDIUM missing-vary (certain)\n"
        "    The value of Access-Control-Allow-Origin is the request's Origin, and\n"
        "    credentials are allowed.\n"
        "    Written in " CONF ":3\n"
        "    In 7 places:\n"
        "        www.example.com <Location \"/v1\">\n"
        "        h1.example <Location \"/v1\">\n"
        "        h2.example <Location \"/v1\">\n"
        "        h3.example <Location \"/v1\">\n"
        "        h4.example <Location \"/v1\">\n"
        "        and 2 more places\n"
        "\n"
        "INFO wildcard (certain), accepted\n"
        "    The value of Access-Control-Allow-Origin is the request's Origin, and\n"
        "    credentials are allowed.\n"
        "    Written in " CONF ":9\n"
        "    In 1 place:\n"
        "        www.example.com <Location \"/v1\">, accepted until 2027-06-30: fonts\n"
        "\n"
        "*:443 www.example.com (/etc/apache2/sites-enabled/a.conf:1)\n"
        "    <Location \"/v1\"> (/etc/apache2/sites-enabled/a.conf:7): Enforce, with\n"
        "        credentials\n"
        "        origins: https://a.example https://b.example https://c.example\n"
        "            https://d.example https://e.example and 2 more\n"
        "        methods: GET PUT\n"
        "        max-age: 600\n"
        "        the same in 1 further host\n"
        "        critical reflects-any-origin-with-credentials\n"
        "            (" CONF ":3)\n"
        "        medium missing-vary (" CONF ":3)\n"
        "        info wildcard (" CONF ":9)\n"
        "* main.example\n"
        "\n"
        "Looked at: 2 hosts, 3 sections, 1 .htaccess file in 1 directory.\n"
        "    Not followed: 1 symbolic link.\n"
        "    Not read: /var/www/secret: permission denied\n"
        "    Not resolved: " CONF ":30: RewriteMap is asked at\n"
        "        request time\n"
        "\n"
        "Baseline: 3 entries.\n"
        "    Has expired, and accepts nothing: null-origin, everywhere (old, until\n"
        "        2026-06-30)\n"
        "    Accepts what was not found: max-age-above-cap, /x.conf (gone, until\n"
        "        2027-06-30)\n"
        "\n"
        "1 critical, 0 high, 1 medium, 0 low, 0 info in 2 hosts, 1 accepted\n");
    json_decref(report);
}

static void nothing_found_is_told_with_what_was_looked_at(void **state)
{
    json_t *report = cg_report_make("2027-01-31T12:00:00Z");

    cg_report_cover(report, 1, 0, 0, 0, 0);
    cg_report_finish(report);
    assert_string_equal(report_written(*state, write_text, report),
                        "CORS configuration (mod_cors_guard " CG_VERSION
                        ", 2027-01-31T12:00:00Z):\n\n"
                        "Looked at: 1 host, 0 sections, 0 .htaccess files in 0 directories.\n"
                        "    Nothing was left out.\n\n"
                        "0 critical, 0 high, 0 medium, 0 low, 0 info in 0 hosts\n");
    json_decref(report);
}

/* Hosts of one name: a finding that tells the address is shown below that one only, one that does
 * not below each. */
static void findings_stand_below_their_host(void **state)
{
    apr_pool_t *p = *state;
    json_t *report = cg_report_make("");
    cg_place place = {"a.conf", 1};
    cg_report_finding finding = {.id = CG_FIND_WILDCARD,
                                 .summary = "x",
                                 .host = "a",
                                 .section = "",
                                 .lines = report_lines(p, "a.conf:5")};
    const char *text;

    cg_report_add_host(report, "a", "*", 80, &place);
    cg_report_add_host(report, "a", "*", 443, &place);
    cg_report_add_finding(report, &finding);
    finding.id = CG_FIND_NULL;
    finding.address = "*";
    finding.port = 443;
    cg_report_add_finding(report, &finding);
    cg_report_finish(report);
    text = strstr(report_written(p, write_text, report), "*:80");
    assert_non_null(text);
    assert_memory_equal(text,
                        "*:80 a (a.conf:1)\n"
                        "    outside all sections\n"
                        "        info wildcard (a.conf:5)\n"
                        "*:443 a (a.conf:1)\n"
                        "    outside all sections\n"
                        "        high null-origin (a.conf:5)\n"
                        "    outside all sections\n"
                        "        info wildcard (a.conf:5)\n"
                        "\n",
                        200);
    json_decref(report);
}

static void colours_are_for_severities_only(void **state)
{
    apr_pool_t *p = *state;
    json_t *report = sample(p);
    const char *text = report_written(p, write_colours, report);
    int escapes = 0;

    for (const char *byte = text; *byte; byte++)
        escapes += *byte == '\x1b';
    assert_int_equal(escapes, 6);
    assert_non_null(strstr(text, "\n\x1b[1;31mCRITICAL\x1b[0m reflects-any-origin-with"));
    assert_non_null(strstr(text, "\n\x1b[33mMEDIUM\x1b[0m missing-vary"));
    json_decref(report);
}

/* Replaces every string of a document, with the keys as they are. */
static void poison(json_t *value, const char *text)
{
    if (json_is_string(value))
        json_string_set(value, text);
    for (size_t i = 0; i < json_array_size(value); i++)
        poison(json_array_get(value, i), text);
    for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at))
        poison(json_object_iter_value(at), text);
}

static void expect_harmless(const char *text)
{
    apr_uint32_t code = 0;

    for (; *text; text += cg_utf8_next(text, &code)) {
        assert_true(cg_utf8_next(text, &code) > 0);
        assert_true(code == '\n' || cg_utf8_is_printable(code));
    }
}

static void no_byte_of_a_report_reaches_a_terminal(void **state)
{
    static const char *const texts[] = {"\x1b]0;owned\x07\x1b[2J",
                                        "a\nCRITICAL b\r\n\tc\x7f",
                                        "\xc2\x9b"
                                        "31m",
                                        "\xe2\x80\xae"
                                        "moc.live",
                                        "\xe2\x80\x8b\xef\xbb\xbf\xe2\x80\xa8",
                                        "\xf3\xa0\x80\xa1"
                                        "tag \xf4\x8f\xbf\xbf",
                                        "\\\"<>&",
                                        "caf\xc3\xa9 \xe2\x82\xac"};
    apr_pool_t *p = *state;

    for (size_t i = 0; i < COUNT(texts); i++) {
        json_t *report = accept_wildcard(p, sample(p));

        poison(report, texts[i]);
        expect_harmless(report_written(p, write_text, report));
        expect_harmless(report_written(p, cg_write_sarif, report));
        expect_harmless(report_written(p, cg_write_json, report));
        json_decref(report);
    }
}

static void what_is_printable_stays(void **state)
{
    static const struct {
        const char *summary;
        const char *line;
    } rows[] = {
        {"caf\xc3\xa9 \\d+\\.example", "    caf\xc3\xa9 \\d+\\.example\n"},
        {"\x1b[31m", "    \\x1b[31m\n"},
        {"a\nb", "    a\\x0ab\n"},
        {"\xc2\x9b"
         "31m",
         "    \\u009b31m\n"},
        {"\xe2\x80\xae"
         "x",
         "    \\u202ex\n"},
        {"\xf3\xa0\x80\xa1", "    \\u0e0021\n"},
        {"a  b ", "    a  b\n"},
    };
    apr_pool_t *p = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        json_t *report = json_pack("{s:[{s:s}]}", "findings", "summary", rows[i].summary);

        assert_non_null(strstr(report_written(p, write_text, report), rows[i].line));
        json_decref(report);
    }
}

static void lines_are_no_wider_than_a_terminal(void **state)
{
    apr_pool_t *p = *state;
    json_t *report = accept_wildcard(p, sample(p));
    json_t *finding = json_array_get(json_object_get(report, "findings"), 0);
    const char *text;
    int lines = 0;

    json_object_set_new(finding, "summary",
                        json_string("\xc3\xa9\xc3\xa9\xc3\xa9 12 1234567 1 123 12345 123456 12 1 "
                                    "12345 1 123456 1234567 123 12 1 12345 123456 1234567 12 123 "
                                    "1 123456789 123456 123 1 1234567 12 123456 1 12345 123 12"));
    for (text = report_written(p, write_text, report); *text; lines++) {
        apr_size_t len = strcspn(text, "\n"), columns = 0;

        for (apr_size_t i = 0; i < len; i++)
            columns += ((unsigned char)text[i] & 0xc0) != 0x80;
        assert_true(columns <= 80);
        text += len + 1;
    }
    assert_true(lines > 40);
    json_decref(report);
}

static void a_report_may_lack_anything(void **state)
{
    static const char *const reports[] = {
        "{}", "[]", "7",
        "{'tool': 1, 'hosts': 2, 'findings': 3, 'coverage': 4, 'summary': 5, 'baseline': 6}",
        "{'hosts': [1, {'policies': [1, {'origins': [1, {}], 'max_age': -7}]}],"
        " 'findings': [1, {'witness': {}, 'lines': [1, {}], 'places': [1, {'line': -1,"
        " 'accepted': 7}], 'accepted': true}], 'coverage': {'unread': [1, {}],"
        " 'unresolved': [1, {'line': 99999999999}]}, 'baseline': {'expired': [1]}}"};
    apr_pool_t *p = *state;

    for (size_t i = 0; i < COUNT(reports); i++) {
        json_t *report = report_read(reports[i]);

        assert_true(strlen(report_written(p, write_text, report)) > 10);
        assert_true(strlen(report_written(p, cg_write_sarif, report)) > 10);
        json_decref(report);
    }
}

static void json_is_the_document(void **state)
{
    apr_pool_t *p = *state;
    json_t *report = sample(p), *again;
    const char *text = report_written(p, cg_write_json, report);

    assert_string_equal(text + strlen(text) - 3, "\n}\n");
    assert_memory_equal(text, "{\n  \"tool\": {", 13);
    again = json_loads(text, 0, NULL);
    assert_true(json_equal(report, again));
    json_decref(report);
    json_decref(again);
}

static json_t *sarif_of(apr_pool_t *p, const json_t *report)
{
    json_t *document = json_loads(report_written(p, cg_write_sarif, report), 0, NULL), *run;

    assert_string_equal(cg_member_text(document, "version"), "2.1.0");
    run = json_incref(json_array_get(json_object_get(document, "runs"), 0));
    json_decref(document);
    assert_non_null(run);
    return run;
}

static void sarif_lists_all_rules(void **state)
{
    apr_pool_t *p = *state;
    json_t *report = sample(p), *run = sarif_of(p, report);
    const json_t *driver = json_object_get(json_object_get(run, "tool"), "driver");
    const json_t *rules = json_object_get(driver, "rules");

    assert_string_equal(cg_member_text(driver, "version"), CG_VERSION);
    assert_int_equal(json_array_size(rules), CG_FIND_COUNT);
    for (size_t i = 0; i < CG_FIND_COUNT; i++)
        assert_string_equal(cg_member_text(json_array_get(rules, i), "id"),
                            cg_find_of((cg_find_id)i)->slug);
    assert_string_equal(cg_member_text(json_array_get(rules, CG_FIND_NULL), "name"), "NullOrigin");
    report_expect(json_object_get(json_array_get(rules, CG_FIND_NULL), "properties"),
                  "{'security-severity': '8.0', 'severity': 'high',"
                  " 'tags': ['security', 'cors', 'external/cwe/cwe-942']}");
    report_expect(json_object_get(json_array_get(rules, CG_FIND_TWO_LINES), "defaultConfiguration"),
                  "{'level': 'note'}");
    json_decref(run);
    json_decref(report);
}

static void sarif_results_are_whole(void **state)
{
    apr_pool_t *p = *state;
    json_t *report = accept_wildcard(p, sample(p)), *run = sarif_of(p, report);
    const json_t *results = json_object_get(run, "results");
    json_t *first = json_array_get(results, 0);
    const json_t *prints = json_object_get(first, "partialFingerprints");

    assert_int_equal(json_array_size(results), 3);
    assert_int_equal(strspn(cg_member_text(prints, "corsGuard/v1"), "0123456789abcdef"), 16);
    json_object_del(first, "partialFingerprints");
    report_expect(
        first,
        "{'ruleId': 'reflects-any-origin-with-credentials', 'ruleIndex': 0, 'level': 'error',"
        " 'message': {'text': 'The value of Access-Control-Allow-Origin is the request\\u0027s"
        " Origin, and credentials are allowed.\\nWitness: https://evil.example gets"
        " Access-Control-Allow-Origin: https://evil.example with credentials\\nInstead:\\n"
        "CorsAllowOrigin https://app.example.com\\nCorsAllowCredentials On\\n'},"
        " 'locations': [{'physicalLocation': {'artifactLocation': {'uri': 'file://" CONF "'},"
        " 'region': {'startLine': 3}}, 'logicalLocations': [{'name': '<Location \\'/v1\\'>',"
        " 'fullyQualifiedName': 'www.example.com <Location \\'/v1\\'>', 'kind': 'resource'}]}],"
        " 'relatedLocations': [{'physicalLocation': {'artifactLocation': {'uri': 'file://" CONF
        "'}, 'region': {'startLine': 2}}, 'id': 1, 'message': {'text':"
        " 'This line takes part.'}}], 'suppressions': [], 'properties': {'severity': 'critical',"
        " 'confidence': 'certain'}}");
    report_expect(json_object_get(json_array_get(results, 2), "suppressions"),
                  "[{'kind': 'external', 'status': 'accepted', 'justification': 'fonts'}]");
    report_expect(
        json_object_get(run, "invocations"),
        "[{'executionSuccessful': true, 'endTimeUtc': '2027-01-31T12:00:00Z',"
        " 'toolExecutionNotifications': [{'level': 'warning', 'message': {'text':"
        " 'Not read: /var/www/secret: permission denied'}, 'locations': [{'physicalLocation':"
        " {'artifactLocation': {'uri': 'file:///var/www/secret'}}}]}, {'level': 'warning',"
        " 'message': {'text': 'Not resolved: RewriteMap is asked at request time'},"
        " 'locations': [{'physicalLocation': {'artifactLocation': {'uri': 'file://" CONF "'},"
        " 'region': {'startLine': 30}}}]}], 'properties': {'hosts': 2, 'sections': 3,"
        " 'htaccess': 1, 'directories': 1, 'linksNotFollowed': 1}}]");
    json_decref(run);
    json_decref(report);
}

/* The URI and line of the only result of a report with one finding, as "uri line". */
static const char *located(apr_pool_t *p, const char *file)
{
    json_t *report =
        json_pack("{s:[{s:[{s:s, s:i}]}]}", "findings", "lines", "file", file, "line", 4);
    json_t *run = sarif_of(p, report), *physical;
    const char *text;

    physical = json_object_get(
        json_array_get(
            json_object_get(json_array_get(json_object_get(run, "results"), 0), "locations"), 0),
        "physicalLocation");
    text = apr_psprintf(p, "%s %d",
                        cg_member_text(json_object_get(physical, "artifactLocation"), "uri"),
                        cg_member_number(json_object_get(physical, "region"), "startLine"));
    json_decref(run);
    json_decref(report);
    return text;
}

static void files_become_uris(void **state)
{
    static const struct {
        const char *file;
        const char *located;
    } rows[] = {
        {"/etc/a.conf", "file:///etc/a.conf 4"},
        {"conf/a.conf", "conf/a.conf 4"},
        {"/a b/#?%:\xc3\xa9\\", "file:///a%20b/%23%3F%25%3A%C3%A9%5C 4"},
        {"", " 0"},
        {"macro 'x' (defined on line 3 of \"/a.conf\") used on line 7 of \"/b.conf\"",
         "file:///b.conf 7"},
        {"macro 'y' (defined on line 1 of \"/a\") used on line 2 of \"macro 'x' (defined on line 3 "
         "of \"/a.conf\") used on line 7 of \"/b.conf\"\"",
         "file:///b.conf 7"},
        {"macro 'x' used on line 7 of", "macro%20%27x%27%20used%20on%20line%207%20of 4"},
    };
    apr_pool_t *p = *state;

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(located(p, rows[i].file), rows[i].located);
}

/* The fingerprints of a report with findings of one rule in these lines, one behind the other. */
static const char *fingerprints(apr_pool_t *p, const char *const *lines, cg_find_id id)
{
    json_t *report = cg_report_make(""), *run;
    const json_t *results;
    const char *text = "";

    for (; *lines; lines++)
        add_finding(p, report, id, *lines);
    cg_report_finish(report);
    run = sarif_of(p, report);
    results = json_object_get(run, "results");
    for (size_t i = 0; i < json_array_size(results); i++) {
        const json_t *prints = json_object_get(json_array_get(results, i), "partialFingerprints");

        text = apr_pstrcat(p, text, cg_member_text(prints, "corsGuard/v1"), " ", NULL);
    }
    json_decref(run);
    json_decref(report);
    return text;
}

static void fingerprints_outlast_shifted_lines(void **state)
{
    static const char *const once[] = {"/a.conf:3", NULL}, *const lower[] = {"/a.conf:30", NULL},
                             *const other[] = {"/b.conf:3", NULL},
                             *const two[] = {"/a.conf:3", "/a.conf:5", NULL};
    apr_pool_t *p = *state;
    const char *first = fingerprints(p, once, CG_FIND_NULL);

    assert_string_equal(first, fingerprints(p, lower, CG_FIND_NULL));
    assert_string_not_equal(first, fingerprints(p, other, CG_FIND_NULL));
    assert_string_not_equal(first, fingerprints(p, once, CG_FIND_WILDCARD));
    /* Two of one rule, file and section are told apart. */
    assert_string_equal(fingerprints(p, two, CG_FIND_NULL),
                        apr_psprintf(p, "%s%.16s:2 ", first, first));
}

static void a_full_disk_is_noticed(void **state)
{
    static int (*const writers[])(const json_t *, FILE *) = {write_text, cg_write_json,
                                                             cg_write_sarif};
    json_t *report = sample(*state);

    for (size_t i = 0; i < COUNT(writers); i++) {
        FILE *full = fopen("/dev/full", "w");

        assert_non_null(full);
        assert_int_equal(writers[i](report, full), 0);
        (void)fclose(full);
    }
    json_decref(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(text_is_for_people),
        UNIT_TEST(nothing_found_is_told_with_what_was_looked_at),
        UNIT_TEST(findings_stand_below_their_host),
        UNIT_TEST(colours_are_for_severities_only),
        UNIT_TEST(no_byte_of_a_report_reaches_a_terminal),
        UNIT_TEST(what_is_printable_stays),
        UNIT_TEST(lines_are_no_wider_than_a_terminal),
        UNIT_TEST(a_report_may_lack_anything),
        UNIT_TEST(json_is_the_document),
        UNIT_TEST(sarif_lists_all_rules),
        UNIT_TEST(sarif_results_are_whole),
        UNIT_TEST(files_become_uris),
        UNIT_TEST(fingerprints_outlast_shifted_lines),
        UNIT_TEST(a_full_disk_is_noticed),
    };

    return cmocka_run_group_tests_name("writers", tests, NULL, NULL);
}
