/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_writer.h"

#include "cg_catalogue.h"
#include "cg_member.h"
#include "cg_sarif.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

/* What is kept while the results of a run are written. */
typedef struct run {
    apr_pool_t *p;       /* for the whole run */
    apr_pool_t *scratch; /* for one result */
    apr_hash_t *seen;    /* fingerprints: how many results had each, as apr_size_t * */
} run;

/* FNV-1a. SARIF wants the same fingerprint in every run; nothing is looked up by it. */
static apr_uint64_t hash(apr_uint64_t sum, const char *text)
{
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * APR_UINT64_C(0x100000001b3);
    return (sum ^ '\n') * APR_UINT64_C(0x100000001b3);
}

/* The same though lines above it come or go: of the rule, the file and the section. Several of the
 * same are numbered in their order. */
static json_t *fingerprint(run *r, const json_t *finding)
{
    const json_t *place = json_array_get(json_object_get(finding, "places"), 0);
    apr_uint64_t sum = hash(APR_UINT64_C(0xcbf29ce484222325), cg_member_text(finding, "id"));
    const char *print;
    apr_size_t *count;
    int line;

    sum = hash(sum, cg_sarif_file(r->scratch, place, &line));
    sum = hash(sum, cg_member_text(place, "section"));
    print = apr_psprintf(r->p, "%016" APR_UINT64_T_HEX_FMT, sum);
    count = apr_hash_get(r->seen, print, APR_HASH_KEY_STRING);
    if (!count) {
        count = apr_pcalloc(r->p, sizeof *count);
        apr_hash_set(r->seen, print, APR_HASH_KEY_STRING, count);
    }
    return json_pack("{s:o}", "corsGuard/v1", json_sprintf("%s:%u", print, (unsigned)++*count));
}

static const char *text_of(apr_pool_t *p, const json_t *finding)
{
    const json_t *witness = json_object_get(finding, "witness");
    const char *remedy = cg_member_text(finding, "remedy"), *text;
    size_t places = json_array_size(json_object_get(finding, "places"));

    text = cg_member_text(finding, "summary");
    if (json_is_object(witness))
        text = apr_psprintf(
            p, "%s\nWitness: %s gets Access-Control-Allow-Origin: %s%s", text,
            cg_member_text(witness, "origin"), cg_member_text(witness, "acao"),
            json_is_true(json_object_get(witness, "credentials")) ? " with credentials" : "");
    if (places > 1)
        text = apr_psprintf(p, "%s\nIn %u places.", text, (unsigned)places);
    return *remedy ? apr_pstrcat(p, text, "\nInstead:\n", remedy, NULL) : text;
}

/* In SARIF an empty list says: known not to be suppressed. */
static json_t *suppressions(const json_t *finding)
{
    const json_t *place = json_array_get(json_object_get(finding, "places"), 0);
    const json_t *accepted = json_object_get(place, "accepted");

    if (!json_is_true(json_object_get(finding, "accepted")))
        return json_array();
    return json_pack("[{s:s, s:s, s:s}]", "kind", "external", "status", "accepted", "justification",
                     cg_member_text(accepted, "reason"));
}

static json_t *locations(apr_pool_t *p, const json_t *finding)
{
    const json_t *lines = json_object_get(finding, "lines"),
                 *places = json_object_get(finding, "places");
    json_t *location =
        cg_sarif_location(p, json_array_get(json_array_size(lines) ? lines : places, 0));

    json_object_set_new(location, "logicalLocations", cg_sarif_logical_locations(p, places));
    return json_pack("[o]", location);
}

static int index_of(const char *slug)
{
    const cg_find *find = cg_find_named(slug);

    return find ? (int)(find - cg_find_of(0)) : -1;
}

static json_t *result_of(run *r, const json_t *finding)
{
    const char *slug = cg_member_text(finding, "id"),
               *severity = cg_member_text(finding, "severity");
    json_t *result = json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:{s:s, s:s}}", "ruleId", slug, "level",
        cg_sarif_level(severity), "message", cg_sarif_message(text_of(r->scratch, finding)),
        "locations", locations(r->scratch, finding), "relatedLocations",
        cg_sarif_related(r->scratch, json_object_get(finding, "lines")), "partialFingerprints",
        fingerprint(r, finding), "suppressions", suppressions(finding), "properties", "severity",
        severity, "confidence", cg_member_text(finding, "confidence"));

    if (index_of(slug) >= 0)
        json_object_set_new(result, "ruleIndex", json_integer(index_of(slug)));
    apr_pool_clear(r->scratch);
    return result;
}

static json_t *results_of(run *r, const json_t *report)
{
    const json_t *findings = json_object_get(report, "findings");
    json_t *results = json_array();

    for (size_t i = 0; i < json_array_size(findings); i++)
        json_array_append_new(results, result_of(r, json_array_get(findings, i)));
    return results;
}

/* What was left out, as warnings: whoever reads only SARIF must not take silence for soundness. */
static json_t *notifications(apr_pool_t *p, const json_t *coverage)
{
    const json_t *unread = json_object_get(coverage, "unread"),
                 *unresolved = json_object_get(coverage, "unresolved");
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(unread); i++) {
        const json_t *gap = json_array_get(unread, i);
        json_t *place = json_pack("{s:s}", "file", cg_member_text(gap, "path"));

        json_array_append_new(
            list, json_pack("{s:s, s:{s:o}, s:[o]}", "level", "warning", "message", "text",
                            json_sprintf("Not read: %s: %s", cg_member_text(gap, "path"),
                                         cg_member_text(gap, "reason")),
                            "locations", cg_sarif_location(p, place)));
        json_decref(place);
    }
    for (size_t i = 0; i < json_array_size(unresolved); i++) {
        const json_t *gap = json_array_get(unresolved, i);

        json_array_append_new(
            list, json_pack("{s:s, s:{s:o}, s:[o]}", "level", "warning", "message", "text",
                            json_sprintf("Not resolved: %s", cg_member_text(gap, "reason")),
                            "locations", cg_sarif_location(p, gap)));
    }
    return list;
}

static json_t *invocation_of(run *r, const json_t *report)
{
    const json_t *coverage = json_object_get(report, "coverage");
    const char *generated = cg_member_text(report, "generated");
    json_t *invocation = json_pack("{s:b, s:o}", "executionSuccessful", 1,
                                   "toolExecutionNotifications", notifications(r->p, coverage));

    if (*generated)
        json_object_set_new(invocation, "endTimeUtc", json_string(generated));
    if (json_is_object(coverage))
        json_object_set_new(invocation, "properties",
                            json_pack("{s:i, s:i, s:i, s:i, s:i}", "hosts",
                                      cg_member_number(coverage, "hosts"), "sections",
                                      cg_member_number(coverage, "sections"), "htaccess",
                                      cg_member_number(coverage, "htaccess"), "directories",
                                      cg_member_number(coverage, "directories"), "linksNotFollowed",
                                      cg_member_number(coverage, "links")));
    return invocation;
}

static json_t *document_of(run *r, const json_t *report)
{
    const json_t *tool = json_object_get(report, "tool");

    return json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:[o], s:o}]}", "$schema",
                     "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                     "sarif-schema-2.1.0.json",
                     "version", "2.1.0", "runs", "tool", "driver", "name",
                     cg_member_text(tool, "name"), "version", cg_member_text(tool, "version"),
                     "rules", cg_sarif_rules(), "invocations", invocation_of(r, report), "results",
                     results_of(r, report));
}

int cg_write_sarif(const json_t *report, FILE *out)
{
    json_t *document;
    run r;
    int whole;

    apr_pool_create(&r.p, NULL);
    apr_pool_create(&r.scratch, r.p);
    r.seen = apr_hash_make(r.p);
    document = document_of(&r, report);
    whole = document && cg_write_json(document, out);
    json_decref(document);
    apr_pool_destroy(r.p);
    return whole;
}
