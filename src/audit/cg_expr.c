/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_expr.h"

#include "cg_expr_limit.h"

#include <apr_lib.h>
#include <http_config.h>
#include <http_log.h>
#include <string.h>

/* Errs towards yes: it looks at the text, strings in it too. */
const char *cg_expr_needs_request(const char *text)
{
    for (const char *at = strchr(text, '-'); at; at = strchr(at + 1, '-')) {
        int is_first = at == text || (!apr_isalnum(at[-1]) && !strchr("_-.", at[-1]));

        if (is_first && at[1] && strchr("UFA", at[1]) && !apr_isalnum(at[2]))
            return "it asks with a subrequest (-U, -F, -A), at request time";
    }
    return NULL;
}

const cg_expr *cg_expr_read(apr_pool_t *p, const ap_directive_t *node, const char *text,
                            cg_expr_kind kind)
{
    cg_expr *made = apr_pcalloc(p, sizeof *made);
    ap_expr_info_t *info = apr_pcalloc(p, sizeof *info);
    int is_string = kind == CG_EXPR_STRING || kind == CG_EXPR_RESTRICTED_STRING;
    cg_expr_limit limit = {text, NULL, NULL};

    if (!is_string)
        limit = cg_expr_limit_of(p, text);
    made->why_not = cg_expr_needs_request(text);
    if (!made->why_not)
        made->why_not = limit.why_not;
    if (made->why_not)
        return made;
    info->filename = node->filename;
    info->line_number = (unsigned)node->line_num;
    info->module_index = APLOG_NO_MODULE;
    if (is_string)
        info->flags |= AP_EXPR_FLAG_STRING_RESULT;
    if (kind == CG_EXPR_RESTRICTED || kind == CG_EXPR_RESTRICTED_STRING)
        info->flags |= AP_EXPR_FLAG_RESTRICTED;
    if (ap_expr_parse(p, p, info, limit.text, NULL))
        made->why_not = "httpd cannot parse its expression";
    else
        made->parsed = info;
    made->regexes = limit.regexes;
    return made;
}
