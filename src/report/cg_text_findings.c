/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_text.h"

#include "cg_member.h"

#include <apr_strings.h>

static void write_witness(cg_page *page, const json_t *finding)
{
    const json_t *witness = json_object_get(finding, "witness");

    if (json_is_object(witness))
        cg_page_put(page, 1, "Witness: %s gets Access-Control-Allow-Origin: %s%s",
                    cg_member_text(witness, "origin"), cg_member_text(witness, "acao"),
                    json_is_true(json_object_get(witness, "credentials")) ? " with credentials"
                                                                          : "");
}

static void write_rest(cg_page *page, size_t count, const char *nouns)
{
    if (count > CG_TEXT_SHOWN_MAX)
        cg_page_put(page, 2, "and %s",
                    cg_text_count(page->p, (json_int_t)(count - CG_TEXT_SHOWN_MAX), nouns));
}

static void write_lines(cg_page *page, const json_t *finding)
{
    const json_t *lines = json_object_get(finding, "lines");
    size_t count = json_array_size(lines);

    for (size_t i = 0; i < count && i < CG_TEXT_SHOWN_MAX; i++) {
        const json_t *line = json_array_get(lines, i);

        cg_page_put(page, 1, "%s%s:%d", i == 0 ? "Written in " : "and in ",
                    cg_member_text(line, "file"), cg_member_number(line, "line"));
    }
    write_rest(page, count, "more line|more lines");
}

static const char *acceptance(apr_pool_t *p, const json_t *place)
{
    const json_t *accepted = json_object_get(place, "accepted");

    return accepted
               ? apr_psprintf(p, ", accepted until %s: %s", cg_member_text(accepted, "expires"),
                              cg_member_text(accepted, "reason"))
               : "";
}

static void write_places(cg_page *page, const json_t *finding)
{
    const json_t *places = json_object_get(finding, "places");
    size_t count = json_array_size(places);

    cg_page_put(page, 1, "In %s:", cg_text_count(page->p, (json_int_t)count, "place|places"));
    for (size_t i = 0; i < count && i < CG_TEXT_SHOWN_MAX; i++) {
        const json_t *place = json_array_get(places, i);
        const char *section = cg_member_text(place, "section");

        cg_page_put(page, 2, "%s %s%s", cg_member_text(place, "host"),
                    *section ? section : "outside all sections", acceptance(page->p, place));
    }
    write_rest(page, count, "more place|more places");
}

static void write_finding(cg_page *page, const json_t *finding, int is_accepted)
{
    const char *remedy = cg_member_text(finding, "remedy");

    cg_page_empty_line(page);
    cg_page_severity(page, cg_member_text(finding, "severity"),
                     apr_psprintf(page->p, "%s (%s)%s", cg_member_text(finding, "id"),
                                  cg_member_text(finding, "confidence"),
                                  is_accepted ? ", accepted" : ""));
    cg_page_block(page, 1, cg_member_text(finding, "summary"));
    write_witness(page, finding);
    write_lines(page, finding);
    write_places(page, finding);
    if (*remedy) {
        cg_page_put(page, 1, "Instead:");
        cg_page_paste(page, 2, remedy);
    }
}

void cg_text_findings(cg_page *page, const json_t *report)
{
    const json_t *findings = json_object_get(report, "findings");

    for (int accepted = 0; accepted <= 1; accepted++) {
        for (size_t i = 0; i < json_array_size(findings); i++) {
            const json_t *finding = json_array_get(findings, i);

            if (!json_is_true(json_object_get(finding, "accepted")) == !accepted)
                write_finding(page, finding, accepted);
        }
    }
}
