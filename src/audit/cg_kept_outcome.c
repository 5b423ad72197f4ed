/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_kept_outcome.h"

#include <apr_strings.h>

/* As cg_header.c names them, "a" or "s" first. */
static int is_cors(const char *key)
{
    return ap_cstr_casecmpn(key + 1, "access-control-", 15) == 0;
}

static apr_hash_t *makers_of(apr_pool_t *p, apr_hash_t *makers)
{
    apr_hash_t *kept = apr_hash_make(p);

    for (apr_hash_index_t *at = apr_hash_first(NULL, makers); at; at = apr_hash_next(at)) {
        if (is_cors(apr_hash_this_key(at)))
            apr_hash_set(kept, apr_pstrdup(p, apr_hash_this_key(at)), APR_HASH_KEY_STRING,
                         apr_array_copy(p, apr_hash_this_val(at)));
    }
    return kept;
}

const cg_outcome *cg_kept_outcome_make(apr_pool_t *p, const cg_outcome *outcome)
{
    cg_outcome *kept = apr_pcalloc(p, sizeof *kept);

    kept->status = outcome->status;
    kept->headers = apr_table_clone(p, outcome->headers);
    kept->nodes = apr_array_copy(p, outcome->nodes);
    kept->makers = makers_of(p, outcome->makers);
    return kept;
}
