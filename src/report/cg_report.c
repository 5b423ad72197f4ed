/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_report.h"

#include "cg_report_index.h"
#include "cg_utf8.h"
#include "cg_version.h"

#include <stdlib.h>
#include <string.h>

json_t *cg_report_make(const char *generated)
{
    return json_pack("{s:{s:s,s:s}, s:i, s:o, s:[], s:[],"
                     " s:{s:i,s:i,s:i,s:i,s:i,s:[],s:[]},"
                     " s:{s:i,s:i,s:i,s:i,s:i}, s:{}}",
                     "tool", "name", CG_TOOL, "version", CG_VERSION, "schema", CG_REPORT_SCHEMA,
                     "generated", cg_report_text(generated), "hosts", "findings", "coverage",
                     "hosts", 0, "sections", 0, "htaccess", 0, "directories", 0, "links", 0,
                     "unread", "unresolved", "summary", "critical", 0, "high", 0, "medium", 0,
                     "low", 0, "info", 0, CG_REPORT_INDEX);
}

/* Each byte that is part of no character as \xNN. */
static char *escape(const char *text)
{
    static const char hex[] = "0123456789abcdef";
    char *escaped = malloc(4 * strlen(text) + 1), *end = escaped;

    if (!escaped)
        return NULL;
    while (*text) {
        apr_uint32_t code;
        apr_size_t len = cg_utf8_next(text, &code);

        if (len == 0) {
            unsigned char byte = (unsigned char)*text++;

            *end++ = '\\';
            *end++ = 'x';
            *end++ = hex[byte >> 4];
            *end++ = hex[byte & 15];
        }
        for (; len > 0; len--)
            *end++ = *text++;
    }
    *end = '\0';
    return escaped;
}

json_t *cg_report_text(const char *text)
{
    json_t *string = json_string(text ? text : "");
    char *escaped;

    if (string)
        return string;
    escaped = escape(text);
    string = json_string(escaped);
    free(escaped);
    return string;
}

json_t *cg_report_add_host(json_t *report, const char *name, const char *address, unsigned port,
                           const cg_place *place)
{
    json_t *host = json_pack("{s:o, s:o, s:I, s:o, s:i, s:[]}", "name", cg_report_text(name),
                             "address", cg_report_text(address), "port", (json_int_t)port, "file",
                             cg_report_text(place->file), "line", place->line, "policies");

    json_array_append_new(json_object_get(report, "hosts"), host);
    return host;
}

static json_t *texts(const apr_array_header_t *list)
{
    json_t *array = json_array();

    for (int i = 0; list && i < list->nelts; i++)
        json_array_append_new(array, cg_report_text(APR_ARRAY_IDX(list, i, const char *)));
    return array;
}

json_t *cg_report_line(const cg_place *place)
{
    return json_pack("{s:o, s:i}", "file", cg_report_text(place->file), "line", place->line);
}

static json_t *fields_of(const cg_report_policy *policy)
{
    json_t *fields = json_object();

    for (int i = 0; policy->fields && i < policy->fields->nelts; i++) {
        const cg_report_field *field = &APR_ARRAY_IDX(policy->fields, i, cg_report_field);

        json_object_set_new(fields, field->directive, cg_report_line(&field->place));
    }
    return fields;
}

void cg_report_add_policy(json_t *host, const cg_report_policy *policy)
{
    json_t *made = json_pack("{s:o, s:o, s:i, s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o}",
                             "section", cg_report_text(policy->section), "file",
                             cg_report_text(policy->place.file), "line", policy->place.line, "mode",
                             policy->mode, "origins", texts(policy->origins), "credentials",
                             policy->credentials, "methods", texts(policy->methods), "headers",
                             texts(policy->headers), "expose", texts(policy->expose), "max_age",
                             policy->max_age < 0 ? json_null() : json_integer(policy->max_age),
                             "fields", fields_of(policy), "hosts", texts(policy->hosts));

    if (policy->origins_left_out)
        json_object_set_new(made, "origins_left_out",
                            json_integer((json_int_t)policy->origins_left_out));
    json_array_append_new(json_object_get(host, "policies"), made);
}

void cg_report_cover(json_t *report, unsigned hosts, unsigned sections, unsigned htaccess,
                     unsigned directories, unsigned links)
{
    json_t *coverage = json_object_get(report, "coverage");

    json_object_set_new(coverage, "hosts", json_integer(hosts));
    json_object_set_new(coverage, "sections", json_integer(sections));
    json_object_set_new(coverage, "htaccess", json_integer(htaccess));
    json_object_set_new(coverage, "directories", json_integer(directories));
    json_object_set_new(coverage, "links", json_integer(links));
}

static void add_to_coverage(json_t *report, const char *list, json_t *gap)
{
    if (cg_report_index_add(json_object_get(report, CG_REPORT_INDEX), gap))
        json_array_append(json_object_get(json_object_get(report, "coverage"), list), gap);
    json_decref(gap);
}

void cg_report_add_unread(json_t *report, const char *path, const char *reason)
{
    add_to_coverage(
        report, "unread",
        json_pack("{s:o, s:o}", "path", cg_report_text(path), "reason", cg_report_text(reason)));
}

void cg_report_add_unresolved(json_t *report, const cg_place *place, const char *reason)
{
    json_t *gap = cg_report_line(place);

    json_object_set_new(gap, "reason", cg_report_text(reason));
    add_to_coverage(report, "unresolved", gap);
}
