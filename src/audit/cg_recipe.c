/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_recipe.h"

#include "cg_env.h"
#include "cg_header.h"
#include "cg_rewrite.h"
#include "cg_setenvif.h"

#include <apr_strings.h>

/* What one place says while it is read. */
typedef struct reading {
    apr_pool_t *p;
    cg_recipe_scope scope;
    const char *directory;
    cg_setenvif *setenvif;
    cg_env *env;
    cg_rewrite *rewrite;
    cg_header *header;
} reading;

/* Limit sections say for which methods something is required; other modules' directives in them
 * count for all methods. */
static int is_limit(const ap_directive_t *node)
{
    return cg_tree_is(node, "<Limit") || cg_tree_is(node, "<LimitExcept");
}

static void read_place(reading *in, const ap_directive_t *first)
{
    for (const ap_directive_t *node = first; node; node = node->next) {
        if (*node->directive == '<') {
            if (is_limit(node))
                read_place(in, node->first_child);
            continue;
        }
        in->setenvif = cg_setenvif_read(in->p, in->setenvif, node, in->scope);
        in->env = cg_env_read(in->p, in->env, node);
        in->rewrite = cg_rewrite_read(in->p, in->rewrite, node, in->scope, in->directory);
        in->header = cg_header_read(in->p, in->header, node, in->scope);
    }
}

const cg_recipe *cg_recipe_read(apr_pool_t *p, const ap_directive_t *first, cg_recipe_scope scope,
                                const char *directory)
{
    reading in = {.p = p, .scope = scope, .directory = directory};
    cg_recipe *made;

    read_place(&in, first);
    if (!in.setenvif && !in.env && !in.rewrite && !in.header)
        return NULL;
    made = apr_pcalloc(p, sizeof *made);
    made->setenvif = in.setenvif;
    made->env = in.env;
    made->rewrite = in.rewrite;
    made->header = in.header;
    made->writes_cors = in.header && cg_header_writes_cors(in.header);
    made->matters = made->writes_cors || in.setenvif || in.env ||
                    (in.rewrite && cg_rewrite_sets_variables(in.rewrite));
    return made;
}
