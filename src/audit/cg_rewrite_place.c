/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_place.h"

#include <apr_strings.h>

/* As config_server_merge and config_perdir_merge of mod_rewrite, without their differences:
 * those of a server have no RewriteBase and no directory. */
void cg_rewrite_merge(apr_pool_t *p, const cg_rewrite *base, const cg_rewrite *add, cg_rewrite *out)
{
    cg_rewrite merged = *add;
    int is_open;

    if (merged.engine < 0)
        merged.engine = base->engine;
    if (!add->has_options) {
        merged.options = base->options;
        merged.has_options = base->has_options;
    }
    if (!merged.base && merged.options & CG_REWRITE_MERGE_BASE)
        merged.base = base->base;
    is_open = !(merged.options & CG_REWRITE_IGNORE_INHERIT);
    if (merged.options & CG_REWRITE_INHERIT || (is_open && base->options & CG_REWRITE_INHERIT_DOWN))
        merged.rules = apr_array_append(p, add->rules, base->rules);
    else if (merged.options & CG_REWRITE_INHERIT_BEFORE ||
             (is_open && base->options & CG_REWRITE_INHERIT_DOWN_BEFORE))
        merged.rules = apr_array_append(p, base->rules, add->rules);
    *out = merged;
}

const cg_rewrite *cg_rewrite_merged(apr_pool_t *p, const cg_rewrite *base, const cg_rewrite *add)
{
    cg_rewrite *merged;

    if (!base || !add)
        return base ? base : add;
    merged = apr_palloc(p, sizeof *merged);
    cg_rewrite_merge(p, base, add, merged);
    return merged;
}

/* What a server's directives mean to its sections: its rules are none of theirs. */
static const cg_rewrite *defaults_of(apr_pool_t *p, const cg_rewrite *server)
{
    cg_rewrite *defaults;

    if (!server)
        return NULL;
    defaults = apr_pmemdup(p, server, sizeof *server);
    defaults->rules = apr_array_make(p, 0, sizeof(const cg_rewrite_rule *));
    return defaults;
}

const cg_rewrite *cg_rewrite_defaults(apr_pool_t *p, const cg_rewrite *main, const cg_rewrite *own)
{
    return cg_rewrite_merged(p, defaults_of(p, main), defaults_of(p, own));
}

const cg_rewrite *cg_rewrite_of_places(apr_pool_t *p, const cg_rewrite *defaults,
                                       const apr_array_header_t *places)
{
    const cg_rewrite *all = defaults, *group = NULL;

    for (int i = 0; i < places->nelts; i++) {
        const cg_rewrite *place = APR_ARRAY_IDX(places, i, const cg_rewrite *);

        if (group && group->group != place->group) {
            all = cg_rewrite_merged(p, all, group);
            group = NULL;
        }
        group = cg_rewrite_merged(p, group, place);
    }
    return cg_rewrite_merged(p, all, group);
}
