/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_document.h"

#include "cg_member.h"
#include "cg_message.h"
#include "cg_report.h"
#include "cg_version.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

json_t *cg_document_parse(const char *from, const char *text, apr_size_t len)
{
    json_error_t error;
    json_t *document = json_loadb(text ? text : "", len, 0, &error);

    if (document)
        return document;
    if (json_error_code(&error) == json_error_premature_end_of_input)
        cg_say("%s is cut short: it ends in line %d; have it written anew", from, error.line);
    else
        cg_say("%s is not JSON: line %d, column %d: %s", from, error.line, error.column,
               error.text);
    return NULL;
}

/* Into memory of p; NULL where it was said why not. */
static char *load(apr_pool_t *p, const char *file, apr_size_t *len)
{
    apr_file_t *from;
    apr_finfo_t info;
    char problem[128], *text = NULL;
    apr_status_t status = apr_file_open(&from, file, APR_FOPEN_READ, APR_OS_DEFAULT, p);

    if (status == APR_SUCCESS)
        status = apr_file_info_get(&info, APR_FINFO_SIZE | APR_FINFO_TYPE, from);
    if (status == APR_SUCCESS && info.filetype == APR_REG &&
        info.size <= (apr_off_t)CG_DOCUMENT_MAX) {
        *len = (apr_size_t)info.size;
        text = apr_palloc(p, *len + 1);
        status = *len ? apr_file_read_full(from, text, *len, len) : APR_SUCCESS;
    }
    if (status == APR_SUCCESS && text)
        return text;
    if (status == APR_SUCCESS)
        cg_say("%s is not read: it is no file, or has more than %lu MiB", file,
               CG_DOCUMENT_MAX / 1024 / 1024);
    else
        cg_say("%s cannot be read: %s", file, apr_strerror(status, problem, sizeof problem));
    return NULL;
}

json_t *cg_document_read(apr_pool_t *p, const char *file)
{
    apr_size_t len = 0;
    char *text = load(p, file, &len);

    return text ? cg_document_parse(file, text, len) : NULL;
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

json_t *cg_document_report(apr_pool_t *p, const char *file)
{
    json_t *document = cg_document_read(p, file);

    if (!document)
        return NULL;
    if (cg_document_check(file, document)) {
        if (json_is_array(json_object_get(document, "hosts")) &&
            json_is_array(json_object_get(document, "findings")))
            return document;
        cg_say("%s is no report: it lacks \"hosts\" or \"findings\"; write one with cors-audit "
               "--format json",
               file);
    }
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
