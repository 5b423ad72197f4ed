/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_member.h"
#include "cg_text.h"
#include "cg_writer.h"

#include <apr_strings.h>
#include <string.h>

const char *cg_text_where(apr_pool_t *p, const json_t *place)
{
    const char *file = cg_member_text(place, "file");

    return *file ? apr_psprintf(p, " (%s:%d)", file, cg_member_number(place, "line")) : "";
}

const char *cg_text_count(apr_pool_t *p, json_int_t count, const char *nouns)
{
    apr_size_t one = strcspn(nouns, "|");

    if (count == 1)
        return apr_pstrcat(p, "1 ", apr_pstrmemdup(p, nouns, one), NULL);
    return apr_psprintf(p, "%" APR_INT64_T_FMT " %s", (apr_int64_t)count, nouns + one + 1);
}

static void write_title(cg_page *page, const json_t *report)
{
    const json_t *tool = json_object_get(report, "tool");

    cg_page_put(page, 0, "CORS configuration (%s %s, %s):", cg_member_text(tool, "name"),
                cg_member_text(tool, "version"), cg_member_text(report, "generated"));
}

static void write_gaps(cg_page *page, const json_t *coverage)
{
    const json_t *unread = json_object_get(coverage, "unread"),
                 *unresolved = json_object_get(coverage, "unresolved");
    int links = cg_member_number(coverage, "links");

    if (links > 0)
        cg_page_put(page, 1, "Not followed: %s.",
                    cg_text_count(page->p, links, "symbolic link|symbolic links"));
    for (size_t i = 0; i < json_array_size(unread); i++) {
        const json_t *gap = json_array_get(unread, i);

        cg_page_put(page, 1, "Not read: %s: %s", cg_member_text(gap, "path"),
                    cg_member_text(gap, "reason"));
    }
    for (size_t i = 0; i < json_array_size(unresolved); i++) {
        const json_t *gap = json_array_get(unresolved, i);

        cg_page_put(page, 1, "Not resolved: %s:%d: %s", cg_member_text(gap, "file"),
                    cg_member_number(gap, "line"), cg_member_text(gap, "reason"));
    }
    if (!links && !json_array_size(unread) && !json_array_size(unresolved))
        cg_page_put(page, 1, "Nothing was left out.");
}

static void write_coverage(cg_page *page, const json_t *report)
{
    const json_t *coverage = json_object_get(report, "coverage");
    apr_pool_t *p = page->p;

    cg_page_empty_line(page);
    if (!json_is_object(coverage)) {
        cg_page_put(page, 0, "Looked at: the report does not say.");
        return;
    }
    cg_page_put(
        page, 0, "Looked at: %s, %s, %s in %s.",
        cg_text_count(p, cg_member_number(coverage, "hosts"), "host|hosts"),
        cg_text_count(p, cg_member_number(coverage, "sections"), "section|sections"),
        cg_text_count(p, cg_member_number(coverage, "htaccess"), ".htaccess file|.htaccess files"),
        cg_text_count(p, cg_member_number(coverage, "directories"), "directory|directories"));
    write_gaps(page, coverage);
}

static void write_entries(cg_page *page, const json_t *entries, const char *format)
{
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *entry = json_array_get(entries, i);
        const char *place = cg_member_text(entry, "place");

        cg_page_put(page, 1, "%s: %s, %s (%s, until %s)", format, cg_member_text(entry, "rule"),
                    *place ? place : "everywhere", cg_member_text(entry, "reason"),
                    cg_member_text(entry, "expires"));
    }
}

static void write_baseline(cg_page *page, const json_t *report)
{
    const json_t *baseline = json_object_get(report, "baseline");

    if (!baseline)
        return;
    cg_page_empty_line(page);
    cg_page_put(page, 0, "Baseline: %s.",
                cg_text_count(page->p, cg_member_number(baseline, "entries"), "entry|entries"));
    write_entries(page, json_object_get(baseline, "expired"), "Has expired, and accepts nothing");
    write_entries(page, json_object_get(baseline, "stale"), "Accepts what was not found");
}

void cg_text_summary(cg_page *page, const json_t *report, const char *where)
{
    const json_t *summary = json_object_get(report, "summary");
    const char *accepted = "";

    if (json_object_get(summary, "accepted"))
        accepted = apr_psprintf(page->p, ", %d accepted", cg_member_number(summary, "accepted"));
    cg_page_empty_line(page);
    cg_page_put(page, 0, "%d critical, %d high, %d medium, %d low, %d info in %s%s",
                cg_member_number(summary, "critical"), cg_member_number(summary, "high"),
                cg_member_number(summary, "medium"), cg_member_number(summary, "low"),
                cg_member_number(summary, "info"), where, accepted);
}

int cg_write_text(const json_t *report, FILE *out, int colour)
{
    json_int_t hosts = (json_int_t)json_array_size(json_object_get(report, "hosts"));
    cg_page page;

    cg_page_begin(&page, out, colour);
    write_title(&page, report);
    cg_text_findings(&page, report);
    cg_text_hosts(&page, report);
    write_coverage(&page, report);
    write_baseline(&page, report);
    cg_text_summary(&page, report, cg_text_count(page.p, hosts, "host|hosts"));
    return cg_page_end(&page);
}
