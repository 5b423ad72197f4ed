/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_vary.h"

#include "cg_token.h"

#include <apr_cstr.h>
#include <apr_strings.h>
#include <string.h>

static int has_member(const apr_array_header_t *list, const char *member)
{
    for (int i = 0; i < list->nelts; i++) {
        if (apr_cstr_casecmp(APR_ARRAY_IDX(list, i, const char *), member) == 0)
            return 1;
    }
    return 0;
}

/* Cuts the next member off, without the whitespace around it and in lower case; NULL where none is
 * left. */
static const char *next_member(apr_pool_t *p, const char **list)
{
    char *member;
    apr_size_t len;

    *list += strspn(*list, ", \t");
    if (!**list)
        return NULL;
    len = strcspn(*list, ",");
    member = apr_pstrmemdup(p, *list, len);
    *list += len;
    while (member[len - 1] == ' ' || member[len - 1] == '\t')
        member[--len] = '\0';
    for (char *at = member; *at; at++)
        *at = (char)cg_token_lower((unsigned char)*at);
    return member;
}

/* Adds the members of one Vary line that the list lacks. apr_table_do's form. */
static int collect(void *list, const char *name, const char *value)
{
    apr_array_header_t *members = list;
    const char *member;

    (void)name;
    while ((member = next_member(members->pool, &value))) {
        if (!has_member(members, member))
            APR_ARRAY_PUSH(members, const char *) = member;
    }
    return 1;
}

void cg_vary_add(apr_table_t *out, apr_table_t *err, const char *members)
{
    apr_pool_t *p = apr_table_elts(out)->pool;
    apr_array_header_t *list = apr_array_make(p, 4, sizeof(const char *));

    apr_table_do(collect, list, out, "Vary", NULL);
    apr_table_do(collect, list, err, "Vary", NULL);
    collect(list, "Vary", members);
    apr_table_unset(err, "Vary");
    apr_table_setn(out, "Vary", has_member(list, "*") ? "*" : apr_array_pstrcat(p, list, ','));
}
