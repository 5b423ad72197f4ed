/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"

#include <apr_strings.h>
#include <string.h>

static const char *source_of(const cg_rewriting *on, const char *name)
{
    const char *source = NULL;

    for (size_t i = 0; !source && i < sizeof on->maps / sizeof *on->maps; i++) {
        if (on->maps[i])
            source = apr_hash_get(on->maps[i]->maps, name, APR_HASH_KEY_STRING);
    }
    return source;
}

const char *cg_rewrite_map(cg_rewriting *on, const char *name, const char *key)
{
    const char *source = source_of(on, name);
    char *copy;

    if (!source)
        return NULL;
    copy = apr_pstrdup(on->p, key);
    if (strcmp(source, "int:tolower") == 0) {
        ap_str_tolower(copy);
        return copy;
    }
    if (strcmp(source, "int:toupper") == 0) {
        ap_str_toupper(copy);
        return copy;
    }
    if (strcmp(source, "int:escape") == 0)
        return ap_escape_uri(on->p, copy);
    if (strcmp(source, "int:unescape") == 0) {
        ap_unescape_url(copy);
        return copy;
    }
    cg_rewrite_obscure(on,
                       apr_pstrcat(on->p, "RewriteMap ", name, " is asked at request time", NULL));
    return NULL;
}
