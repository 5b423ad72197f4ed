/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_whatif.h"

#include "cg_member.h"
#include "cg_output.h"
#include "cg_text.h"

#include <apr_file_info.h>
#include <apr_strings.h>
#include <string.h>

/* Where httpd has no file, it answers 404, and that only with what is set "always". A path that was
 * escaped for JSON cannot be looked for. */
static int is_missing(apr_pool_t *p, const char *path)
{
    apr_finfo_t info;

    return !strchr(path, '\\') && APR_STATUS_IS_ENOENT(apr_stat(&info, path, APR_FINFO_TYPE, p));
}

static void write_sections(cg_page *page, const json_t *answer)
{
    const json_t *sections = json_object_get(answer, "sections"),
                 *unsure = json_object_get(answer, "unsure");
    const char *path = cg_member_text(answer, "path");
    const json_t *host = json_object_get(answer, "host");

    cg_page_put(page, 1, "Host: %s%s", cg_member_text(host, "name"), cg_text_where(page->p, host));
    if (*path)
        cg_page_put(page, 1, "File: %s%s", path,
                    is_missing(page->p, path) ? " (there is none)" : "");
    if (json_array_size(sections) > 0)
        cg_page_put(page, 1, "Sections, in the order in which they count:");
    for (size_t i = 0; i < json_array_size(sections); i++) {
        const json_t *section = json_array_get(sections, i);

        cg_page_put(page, 2, "%s%s", cg_member_text(section, "section"),
                    cg_text_where(page->p, section));
    }
    for (size_t i = 0; i < json_array_size(unsure); i++)
        cg_page_put(page, 1, "Not sure: %s", cg_element_text(unsure, i));
}

static void write_policy(cg_page *page, const json_t *answer)
{
    const json_t *policy = json_object_get(answer, "policy");
    const char *reason = cg_member_text(policy, "reason");

    if (!json_is_object(policy))
        return;
    cg_page_put(page, 1, "%s%s, CorsGuard %s: %s%s%s",
                json_is_true(json_object_get(answer, "guarded")) ? "Answered by the policy"
                                                                 : "Only reported by the policy",
                cg_text_where(page->p, policy), cg_member_text(policy, "mode"),
                cg_member_text(policy, "state"), *reason ? ", " : "", reason);
}

/* Who writes the headers, where it is not the guard. */
static void write_lines(cg_page *page, const json_t *answer)
{
    const json_t *lines = json_object_get(answer, "lines"),
                 *unresolved = json_object_get(answer, "unresolved");

    if (json_is_true(json_object_get(answer, "guarded")))
        return;
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);

        cg_page_put(page, 1, "Answered by: %s%s", cg_member_text(line, "directive"),
                    cg_text_where(page->p, line));
    }
    if (json_array_size(lines) == 0)
        cg_page_put(page, 1,
                    "No directive answers. What an application sends itself is not known here; "
                    "cors-audit probe asks it.");
    for (size_t i = 0; i < json_array_size(unresolved); i++) {
        const json_t *gap = json_array_get(unresolved, i);

        cg_page_put(page, 1, "Not resolved: %s%s", cg_member_text(gap, "reason"),
                    cg_text_where(page->p, gap));
    }
}

static void write_answer(cg_page *page, const json_t *answer)
{
    const json_t *headers = json_object_get(answer, "headers");
    int status = cg_member_number(answer, "status");

    write_sections(page, answer);
    write_policy(page, answer);
    write_lines(page, answer);
    if (status)
        cg_page_put(page, 1, "Status: %d", status);
    else
        cg_page_put(page, 1, "Status: the handler's");
    for (size_t i = 0; i < json_array_size(headers); i++) {
        const json_t *line = json_array_get(headers, i);

        cg_page_put(page, 2, "%s: %s", cg_element_text(line, 0), cg_element_text(line, 1));
    }
    if (json_array_size(headers) == 0)
        cg_page_put(page, 2, "(no CORS header)");
    cg_page_empty_line(page);
}

/* The last line: what a browser does. */
static void write_verdict(cg_page *page, const cg_whatif *whatif)
{
    const char *origin = whatif->origin;

    if (whatif->is_same_origin)
        cg_page_put(page, 0, "A browser lets a page of %s read this answer: it is its own site.",
                    origin);
    else if (whatif->preflight_refused)
        cg_page_put(page, 0,
                    "A browser does not send this request for a page of %s, because of the answer "
                    "to its preflight: %s.",
                    origin, whatif->preflight_refused);
    else if (whatif->refused)
        cg_page_put(page, 0, "A browser keeps this answer from a page of %s, because %s.", origin,
                    whatif->refused);
    else
        cg_page_put(page, 0, "A browser lets a page of %s read this answer.", origin);
    if (whatif->is_unsure)
        cg_page_put(page, 0, "This is not certain: see \"Not sure\" and \"Not resolved\" above.");
}

void cg_whatif_write_text(const cg_whatif *whatif, FILE *out, int colour)
{
    cg_page page;

    cg_page_begin(&page, out, colour);
    cg_page_put(&page, 0, "%s %s", whatif->method, whatif->site.url);
    cg_page_put(&page, 0, "by a page of %s%s", whatif->origin,
                whatif->credentials ? ", with the user's credentials" : "");
    cg_page_empty_line(&page);
    if (whatif->has_preflight) {
        cg_page_put(&page, 0, "Preflight: OPTIONS, Access-Control-Request-Method: %s%s%s",
                    whatif->method, whatif->asked ? ", Access-Control-Request-Headers: " : "",
                    whatif->asked ? whatif->asked : "");
        write_answer(&page, whatif->preflight);
    }
    cg_page_put(&page, 0, "Request:");
    write_answer(&page, whatif->request);
    write_verdict(&page, whatif);
    cg_page_end(&page);
}

json_t *cg_whatif_json(const json_t *document, const cg_whatif *whatif)
{
    json_t *browser =
        json_pack("{s:b, s:b, s:b, s:o, s:o}", "sends", !whatif->preflight_refused, "reads",
                  !whatif->preflight_refused && !whatif->refused, "certain", !whatif->is_unsure,
                  "preflight_refused", cg_output_text(whatif->preflight_refused), "refused",
                  cg_output_text(whatif->refused));

    return json_pack(
        "{s:O, s:O, s:s, s:s, s:s, s:b, s:O?, s:O, s:o}", "tool", json_object_get(document, "tool"),
        "schema", json_object_get(document, "schema"), "url", whatif->site.url, "method",
        whatif->method, "origin", whatif->origin, "credentials", whatif->credentials, "preflight",
        whatif->preflight, "request", whatif->request, "browser", browser);
}
