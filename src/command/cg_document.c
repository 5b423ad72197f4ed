/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_document.h"

#include "cg_member.h"
#include "cg_message.h"
#include "cg_report.h"
#include "cg_version.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

static void say_no_json(const char *from, const json_error_t *error)
{
    if (json_error_code(error) == json_error_premature_end_of_input)
        cg_say("%s is cut short: it ends in line %d; have it written anew", from, error->line);
    else
        cg_say("%s is not JSON: line %d, column %d: %s", from, error->line, error->column,
               error->text);
}

json_t *cg_document_parse(const char *from, const char *text, apr_size_t len)
{
    json_error_t error;
    json_t *document = json_loadb(text ? text : "", len, 0, &error);

    if (!document)
        say_no_json(from, &error);
    return document;
}

/* A file that is being read. */
typedef struct source {
    apr_file_t *file;
    apr_size_t len;
    apr_status_t status;
    int is_large;
} source;

/* For json_load_callback; -1 ends the reading. */
static size_t read_some(void *buffer, size_t len, void *ctx)
{
    source *from = ctx;

    from->status = apr_file_read(from->file, buffer, &len);
    if (APR_STATUS_IS_EOF(from->status)) {
        from->status = APR_SUCCESS;
        return 0;
    }
    from->len += len;
    from->is_large = from->len > CG_DOCUMENT_MAX;
    return from->status != APR_SUCCESS || from->is_large ? (size_t)-1 : len;
}

/* Pipes are read too, as in cors-audit diff <(...) new.json. */
json_t *cg_document_read(apr_pool_t *p, const char *file)
{
    source from = {.file = NULL};
    json_t *document = NULL;
    json_error_t error;
    char problem[128];

    from.status = apr_file_open(&from.file, file, APR_FOPEN_READ, APR_OS_DEFAULT, p);
    if (from.status == APR_SUCCESS)
        document = json_load_callback(read_some, &from, 0, &error);
    if (document)
        return document;
    if (from.is_large)
        cg_say("%s is not read: it has more than %lu MiB", file, CG_DOCUMENT_MAX / 1024 / 1024);
    else if (from.status != APR_SUCCESS)
        cg_say("%s cannot be read: %s", file, apr_strerror(from.status, problem, sizeof problem));
    else
        say_no_json(file, &error);
    return NULL;
}

int cg_document_check(const char *from, const json_t *document)
{
    const char *name = cg_member_text(json_object_get(document, "tool"), "name");
    int schema = cg_member_number(document, "schema");

    if (strcmp(name, CG_TOOL) != 0) {
        cg_say("%s is not of %s: its \"tool\" is %s", from, CG_TOOL, *name ? name : "missing");
        return 0;
    }
    if (schema == CG_REPORT_SCHEMA)
        return 1;
    cg_say("%s is of schema %d, and this cors-audit knows schema %d: install the cors-audit that "
           "came with the module (%s)",
           from, schema, CG_REPORT_SCHEMA,
           cg_member_text(json_object_get(document, "tool"), "version"));
    return 0;
}

int cg_document_check_report(const char *from, const json_t *document)
{
    if (json_is_array(json_object_get(document, "hosts")) &&
        json_is_array(json_object_get(document, "findings")) &&
        json_is_array(json_object_get(json_object_get(document, "coverage"), "unread")))
        return 1;
    cg_say("%s is no report: it lacks \"hosts\", \"findings\" or \"coverage\"; write one with "
           "cors-audit --format json",
           from);
    return 0;
}

json_t *cg_document_report(apr_pool_t *p, const char *file)
{
    json_t *document = cg_document_read(p, file);

    if (document && cg_document_check(file, document) && cg_document_check_report(file, document))
        return document;
    json_decref(document);
    return NULL;
}

const char *cg_document_day(apr_pool_t *p, apr_time_t when)
{
    return apr_pstrmemdup(p, cg_document_moment(p, when), sizeof "2027-01-31" - 1);
}

const char *cg_document_moment(apr_pool_t *p, apr_time_t when)
{
    apr_time_exp_t utc;

    apr_time_exp_gmt(&utc, when);
    return apr_psprintf(p, "%04d-%02d-%02dT%02d:%02d:%02dZ", utc.tm_year + 1900, utc.tm_mon + 1,
                        utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}
