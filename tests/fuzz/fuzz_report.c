/* SPDX-License-Identifier: Apache-2.0 */
/* Reports and baselines that somebody else wrote, as cors-audit reads them: two JSON documents with
 * an empty line between them. Whatever they hold, each output is whole and shows on a terminal as
 * it is, a report does not differ from itself, and what a baseline of all accepts is all. */
#include "fuzz.h"
#include "written.h"

#include "cg_baseline.h"
#include "cg_catalogue.h"
#include "cg_diff.h"
#include "cg_member.h"
#include "cg_page.h"
#include "cg_report.h"
#include "cg_writer.h"

#include <apr_strings.h>
#include <string.h>

#define TODAY "2027-01-31"

static void check_writers(const json_t *report)
{
    written in;
    json_t *read;

    written_begin(&in);
    FUZZ_MUST(cg_write_text(report, in.out, 0));
    written_end_with_lines(&in);
    written_begin(&in);
    FUZZ_MUST(cg_write_json(report, in.out));
    read = written_end_with_json(&in);
    FUZZ_MUST(json_equal(read, report));
    json_decref(read);
    written_begin(&in);
    FUZZ_MUST(cg_write_sarif(report, in.out));
    read = written_end_with_json(&in);
    FUZZ_MUST(json_is_array(json_object_get(read, "runs")));
    json_decref(read);
}

static size_t count_changes(const json_t *diff)
{
    return json_array_size(json_object_get(diff, "widened")) +
           json_array_size(json_object_get(diff, "narrowed")) +
           json_array_size(json_object_get(diff, "changed"));
}

static void check_diff(apr_pool_t *p, const json_t *old, const json_t *new)
{
    json_t *diff = cg_diff_make(p, old, new), *same = cg_diff_make(p, new, new);
    written in;

    FUZZ_MUST(count_changes(same) == 0 && !cg_diff_widened(same));
    FUZZ_MUST((cg_diff_widened(diff) != 0) ==
              (json_array_size(json_object_get(diff, "widened")) > 0));
    written_begin(&in);
    FUZZ_MUST(cg_diff_write_text(diff, in.out, 0));
    written_end_with_lines(&in);
    json_decref(diff);
    json_decref(same);
}

/* Non-zero where a baseline can name all that was found. */
static int is_known(const json_t *report)
{
    const json_t *findings = json_object_get(report, "findings");

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        const json_t *places = json_object_get(finding, "places");

        if (!cg_find_named(cg_member_text(finding, "id")) || !json_array_size(places))
            return 0;
        for (size_t j = 0; j < json_array_size(places); j++) {
            const json_t *place = json_array_get(places, j);

            if (!*cg_member_text(place, "file") && !*cg_member_text(place, "host"))
                return 0;
        }
    }
    return 1;
}

static void check_baseline_of_all(apr_pool_t *p, const json_t *report)
{
    json_t *copy = json_deep_copy(report);
    json_t *baseline = cg_baseline_make(report, "looked at", TODAY);
    const json_t *findings = json_object_get(copy, "findings");
    const char *error = cg_baseline_apply(p, copy, baseline, TODAY);

    if (is_known(report)) {
        FUZZ_MUST(!error);
        for (size_t i = 0; i < json_array_size(findings); i++)
            FUZZ_MUST(json_is_true(json_object_get(json_array_get(findings, i), "accepted")));
        check_writers(copy);
    }
    json_decref(baseline);
    json_decref(copy);
}

/* Any document as the baseline. */
static void check_baseline(apr_pool_t *p, const json_t *report, const json_t *baseline)
{
    json_t *copy = json_deep_copy(report);
    const char *error = cg_baseline_apply(p, copy, baseline, TODAY);

    FUZZ_MUST(!error || json_equal(copy, report));
    if (error)
        cg_page_printable(p, error);
    else
        check_writers(copy);
    json_decref(copy);
}

/* As cg_document_check_report asks before anything else looks at a report. */
static int is_report(const json_t *document)
{
    return json_is_array(json_object_get(document, "hosts")) &&
           json_is_array(json_object_get(document, "findings")) &&
           json_is_array(json_object_get(json_object_get(document, "coverage"), "unread"));
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *copy = apr_pstrmemdup(p, text, len), *gap = strstr(copy, "\n\n");
    apr_size_t first = gap ? (apr_size_t)(gap - copy) : len;
    json_t *report = json_loadb(text, first, 0, NULL);
    json_t *other = json_loadb(text + first, len - first, 0, NULL);

    if (is_report(report)) {
        check_writers(report);
        check_baseline_of_all(p, report);
    }
    if (is_report(report) && is_report(other))
        check_diff(p, other, report);
    if (is_report(report) && other)
        check_baseline(p, report, other);
    json_decref(report);
    json_decref(other);
}
