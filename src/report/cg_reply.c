/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_reply.h"

#include "cg_browser.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>

static int push(void *ctx, const char *name, const char *value)
{
    (void)name;
    APR_ARRAY_PUSH((apr_array_header_t *)ctx, const char *) = value;
    return 1;
}

static apr_array_header_t *lines_of(apr_pool_t *p, const cg_reply *reply, const char *header)
{
    apr_array_header_t *values = apr_array_make(p, 2, sizeof(const char *));

    apr_table_do(push, values, reply->headers, header, NULL);
    return values;
}

const char *cg_reply_acao(apr_pool_t *p, const cg_reply *reply, int *lines)
{
    const apr_array_header_t *values = lines_of(p, reply, "Access-Control-Allow-Origin");
    const char *text = NULL;

    for (int i = 0; i < values->nelts; i++) {
        const char *value = APR_ARRAY_IDX(values, i, const char *);

        text = text ? apr_pstrcat(p, text, ", ", value, NULL) : value;
    }
    if (lines)
        *lines = values->nelts;
    return text;
}

cg_permission cg_reply_permits(apr_pool_t *p, const cg_reply *reply)
{
    const char *acao = cg_reply_acao(p, reply, NULL);

    if (!reply->origin || !acao || strcmp(acao, "*") == 0 ||
        cg_browser_check(p, reply->headers, reply->origin, 0) != NULL)
        return CG_PERMISSION_NONE;
    return cg_browser_check(p, reply->headers, reply->origin, 1) ? CG_PERMISSION_READ
                                                                 : CG_PERMISSION_READ_CREDENTIALS;
}

apr_array_header_t *cg_reply_members(apr_pool_t *p, const cg_reply *reply, const char *header)
{
    const apr_array_header_t *values = lines_of(p, reply, header);
    apr_array_header_t *members = apr_array_make(p, 4, sizeof(const char *));

    for (int i = 0; i < values->nelts; i++) {
        char *last, *copy = apr_pstrdup(p, APR_ARRAY_IDX(values, i, const char *));

        for (char *each = apr_strtok(copy, ", \t", &last); each;
             each = apr_strtok(NULL, ", \t", &last))
            APR_ARRAY_PUSH(members, const char *) = each;
    }
    return members;
}

int cg_reply_has(apr_pool_t *p, const cg_reply *reply, const char *header, const char *member,
                 int is_caseless)
{
    const apr_array_header_t *members = cg_reply_members(p, reply, header);

    for (int i = 0; i < members->nelts; i++) {
        const char *each = APR_ARRAY_IDX(members, i, const char *);

        if (is_caseless ? cg_token_is(each, strlen(each), member) : strcmp(each, member) == 0)
            return 1;
    }
    return 0;
}
