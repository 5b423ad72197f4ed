/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_reply.h"

#include "cg_browser.h"

#include <string.h>

const char *cg_reply_acao(apr_pool_t *p, const cg_reply *reply, int *lines)
{
    return cg_browser_value(p, reply->headers, "Access-Control-Allow-Origin", lines);
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
    return cg_browser_members(p, reply->headers, header);
}

int cg_reply_has(apr_pool_t *p, const cg_reply *reply, const char *header, const char *member,
                 int is_caseless)
{
    return cg_browser_lists(p, reply->headers, header, member, is_caseless);
}
