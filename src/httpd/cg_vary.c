/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_vary.h"

#include <apr_strings.h>

static int has_member(const apr_array_header_t *list, const char *member)
{
    for (int i = 0; i < list->nelts; i++) {
        if (ap_cstr_casecmp(APR_ARRAY_IDX(list, i, const char *), member) == 0)
            return 1;
    }
    return 0;
}

/* Adds the members of one Vary line that the list lacks. apr_table_do's form. */
static int collect(void *list, const char *name, const char *value)
{
    apr_array_header_t *members = list;
    const char *member;

    (void)name;
    while ((member = ap_get_list_item(members->pool, &value))) {
        if (!has_member(members, member))
            APR_ARRAY_PUSH(members, const char *) = member;
    }
    return 1;
}

void cg_vary_add(request_rec *r, const char *members)
{
    apr_array_header_t *list = apr_array_make(r->pool, 4, sizeof(const char *));

    apr_table_do(collect, list, r->headers_out, "Vary", NULL);
    apr_table_do(collect, list, r->err_headers_out, "Vary", NULL);
    collect(list, "Vary", members);
    apr_table_unset(r->err_headers_out, "Vary");
    apr_table_setn(r->headers_out, "Vary",
                   has_member(list, "*") ? "*" : apr_array_pstrcat(r->pool, list, ','));
}
