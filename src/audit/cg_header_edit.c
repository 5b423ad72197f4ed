/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_header_edit.h"

#include <apr_strings.h>
#include <string.h>

/* The text with its first match replaced, or all; NULL where a replacement cannot be made. */
static const char *edited(cg_run *run, const cg_header_line *line, const char *text,
                          apr_array_header_t *used)
{
    ap_regmatch_t groups[AP_MAX_REG_MATCH];
    const char *replaced, *rest;

    if (ap_regexec(line->regex, text, AP_MAX_REG_MATCH, groups, 0) != 0)
        return text;
    replaced = ap_pregsub(run->p, cg_header_value_of(run, line->node, line->value, used), text,
                          AP_MAX_REG_MATCH, groups);
    if (!replaced)
        return NULL;
    rest = text + groups[0].rm_eo;
    if (line->action == CG_HEADER_EDIT_ALL && *rest && groups[0].rm_eo > 0)
        rest = edited(run, line, rest, used);
    if (!rest)
        return NULL;
    return apr_pstrcat(run->p, apr_pstrmemdup(run->p, text, (size_t)groups[0].rm_so), replaced,
                       rest, NULL);
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
        value = strlen(each->val) > CG_HEADER_EDIT_MAX ? NULL : edited(run, line, each->val, used);
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
