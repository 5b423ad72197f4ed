/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_report.h"

#include "cg_member.h"
#include "cg_report_index.h"

#include <apr_pools.h>
#include <stdlib.h>
#include <string.h>

static json_t *lines_of(const cg_report_finding *finding)
{
    json_t *lines = json_array();

    for (int i = 0; i < finding->lines->nelts; i++) {
        const cg_place *place = &APR_ARRAY_IDX(finding->lines, i, cg_place);

        json_array_append_new(lines, cg_report_line(place));
    }
    return lines;
}

static json_t *witness_of(const cg_report_finding *finding)
{
    const cg_report_witness *witness = &finding->witness;

    if (!witness->origin)
        return json_null();
    return json_pack("{s:o, s:o, s:b}", "origin", cg_report_text(witness->origin), "acao",
                     cg_report_text(witness->acao), "credentials", witness->credentials);
}

static json_t *make(const cg_report_finding *finding, json_t *lines)
{
    const cg_find *find = cg_find_of(finding->id);

    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:O, s:[], s:o}", "id", find->slug, "severity",
                     cg_severity_name(find->severity), "confidence",
                     cg_confidence_name(finding->confidence), "summary",
                     cg_report_text(finding->summary), "witness", witness_of(finding), "lines",
                     lines, "places", "remedy", cg_report_text(finding->remedy));
}

static json_t *place_of(const cg_report_finding *finding)
{
    const cg_place *first = &APR_ARRAY_IDX(finding->lines, 0, cg_place);
    json_t *place = json_pack("{s:o, s:o, s:o, s:i}", "host", cg_report_text(finding->host),
                              "section", cg_report_text(finding->section), "file",
                              cg_report_text(first->file), "line", first->line);

    if (finding->address) {
        json_object_set_new(place, "address", cg_report_text(finding->address));
        json_object_set_new(place, "port", json_integer(finding->port));
    }
    return place;
}

/* What a further place adds to a finding besides itself. */
static void strengthen(json_t *made, const cg_report_finding *finding)
{
    int known = cg_confidence_named(cg_member_text(made, "confidence"));

    if ((int)finding->confidence > known)
        json_object_set_new(made, "confidence",
                            json_string(cg_confidence_name(finding->confidence)));
    if (finding->witness.origin && json_is_null(json_object_get(made, "witness")))
        json_object_set_new(made, "witness", witness_of(finding));
}

void cg_report_add_finding(json_t *report, const cg_report_finding *finding)
{
    json_t *findings = json_object_get(report, "findings"), *lines = lines_of(finding), *place,
           *key = json_pack("[s, O]", cg_find_of(finding->id)->slug, lines), *noted, *made;
    int is_new;

    noted = cg_report_index_of(json_object_get(report, CG_REPORT_INDEX), key, &is_new);
    if (is_new) {
        made = make(finding, lines);
        json_array_append_new(findings, made);
        json_object_set_new(noted, "finding", json_integer((json_int_t)json_array_size(findings)));
        json_object_set_new(noted, "places", json_object());
    } else {
        made = json_array_get(findings, (size_t)cg_member_number(noted, "finding") - 1);
        strengthen(made, finding);
    }
    place = place_of(finding);
    if (cg_report_index_add(json_object_get(noted, "places"), place))
        json_array_append(json_object_get(made, "places"), place);
    json_decref(place);
    json_decref(lines);
    json_decref(key);
}

static int compare_places(const json_t *a, const json_t *b)
{
    static const char *const names[] = {"file", "host", "section"};
    int line = cg_member_number(a, "line"), other = cg_member_number(b, "line");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int order = strcmp(cg_member_text(a, names[i]), cg_member_text(b, names[i]));

        if (order || (i == 0 && (order = (line > other) - (line < other))))
            return order;
    }
    return 0;
}

static int compare(const void *one, const void *other)
{
    const json_t *a = *(json_t *const *)one, *b = *(json_t *const *)other;
    int order = cg_severity_named(cg_member_text(b, "severity")) -
                cg_severity_named(cg_member_text(a, "severity"));

    if (!order)
        order = cg_confidence_named(cg_member_text(b, "confidence")) -
                cg_confidence_named(cg_member_text(a, "confidence"));
    if (!order)
        order = strcmp(cg_member_text(a, "id"), cg_member_text(b, "id"));
    return order ? order
                 : compare_places(json_array_get(json_object_get(a, "places"), 0),
                                  json_array_get(json_object_get(b, "places"), 0));
}

static void sort(json_t *report)
{
    json_t *findings = json_object_get(report, "findings"), *sorted = json_array();
    size_t count = json_array_size(findings);
    apr_pool_t *scratch;
    json_t **list;

    apr_pool_create(&scratch, NULL);
    list = apr_palloc(scratch, (count + 1) * sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[i] = json_array_get(findings, i);
    qsort(list, count, sizeof *list, compare);
    for (size_t i = 0; i < count; i++)
        json_array_append(sorted, list[i]);
    json_object_set_new(report, "findings", sorted);
    apr_pool_destroy(scratch);
}

void cg_report_count(json_t *report)
{
    json_t *findings = json_object_get(report, "findings"), *summary = json_object();
    json_int_t counts[CG_SEVERITY_CRITICAL + 1] = {0}, accepted = 0;

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        int severity = cg_severity_named(cg_member_text(finding, "severity"));

        if (json_is_true(json_object_get(finding, "accepted")))
            accepted++;
        else if (severity >= 0)
            counts[severity]++;
    }
    for (int i = CG_SEVERITY_CRITICAL; i >= 0; i--)
        json_object_set_new(summary, cg_severity_name((cg_severity)i), json_integer(counts[i]));
    if (accepted || json_object_get(report, "baseline"))
        json_object_set_new(summary, "accepted", json_integer(accepted));
    json_object_set_new(report, "summary", summary);
}

void cg_report_finish(json_t *report)
{
    sort(report);
    cg_report_count(report);
    json_object_del(report, CG_REPORT_INDEX);
}
