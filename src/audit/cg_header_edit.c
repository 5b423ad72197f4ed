/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_header_edit.h"

#include <apr_strings.h>
#include <string.h>

/* The text with its first match replaced, or all; NULL where that cannot be made. */
static const char *edited(cg_run *run, const cg_header_line *line, const char *text,
                          apr_array_header_t *used)
{
    apr_array_header_t *pieces = apr_array_make(run->p, 3, sizeof(const char *));
    apr_size_t len = strlen(text);
    const char *value = NULL;
    ap_regmatch_t groups[AP_MAX_REG_MATCH];

    while (cg_run_finds(run, line->node, line->regex, text, groups)) {
        char *replaced;

        if (!value)
            value = cg_header_value_of(run, line->node, line->value, used);
        if (ap_pregsub_ex(run->p, &replaced, value, text, AP_MAX_REG_MATCH, groups,
                          CG_HEADER_VALUE_MAX) != APR_SUCCESS)
            return NULL;
        len += replaced ? strlen(replaced) : 0;
        if (len > CG_HEADER_VALUE_MAX)
            return NULL;
        APR_ARRAY_PUSH(pieces, const char *) =
            apr_pstrmemdup(run->p, text, (size_t)groups[0].rm_so);
        APR_ARRAY_PUSH(pieces, const char *) = replaced ? replaced : "";
        text += groups[0].rm_eo;
        if (line->action != CG_HEADER_EDIT_ALL || !*text || groups[0].rm_eo <= 0)
            break;
    }
    APR_ARRAY_PUSH(pieces, const char *) = text;
    return apr_array_pstrcat(run->p, pieces, 0);
}

/* For this audit. */
static int is_too_long(cg_run *run, const cg_header_line *line, const char *text)
{
    apr_size_t len = strlen(text);

    return len > CG_HEADER_VALUE_MAX || !cg_run_may(run, line->node, CG_HEADER_BYTES(len));
}

void cg_header_edit(cg_run *run, apr_table_t *table, const cg_header_line *line,
                    apr_array_header_t *used)
{
    apr_array_header_t *values = apr_array_make(run->p, 1, sizeof(const char *));
    const apr_array_header_t *lines = apr_table_elts(table);

    if (!line->regex) {
        cg_run_unresolve(run, line->node, "the regex does not compile");
        return;
    }
    for (int i = 0; i < lines->nelts; i++) {
        const apr_table_entry_t *each = &APR_ARRAY_IDX(lines, i, apr_table_entry_t);
        const char *value;

        if (ap_cstr_casecmp(each->key, line->name) != 0)
            continue;
        value = is_too_long(run, line, each->val) ? NULL : edited(run, line, each->val, used);
        if (!value) {
            cg_run_unresolve(run, line->node, "httpd cannot make its replacement");
            return;
        }
        APR_ARRAY_PUSH(values, const char *) = value;
    }
    if (!values->nelts)
        return;
    apr_table_unset(table, line->name);
    for (int i = 0; i < values->nelts; i++)
        apr_table_addn(table, line->name, APR_ARRAY_IDX(values, i, const char *));
}
