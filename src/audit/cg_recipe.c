/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_recipe.h"

#include "cg_env.h"
#include "cg_header.h"
#include "cg_rewrite.h"
#include "cg_setenvif.h"

#include <apr_strings.h>
#include <string.h>

/* What one place says while it is read. */
typedef struct reading {
    apr_pool_t *p;
    cg_recipe_scope scope;
    const char *directory;
    apr_array_header_t *nodes;
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

/* The directives that the functions below read, by how their names begin. */
static int is_part(const ap_directive_t *node)
{
    static const char *const names[] = {"SetEnv",  "BrowserMatch", "UnsetEnv",     "PassEnv",
                                        "Rewrite", "Header",       "RequestHeader"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ap_cstr_casecmpn(node->directive, names[i], strlen(names[i])) == 0)
            return 1;
    }
    return 0;
}

int cg_recipe_is_local(const char *text)
{
    static const char *const words[] = {"host",    "server_",  "uri",    "request_f",
                                        "script",  "path",     "query",  "document",
                                        "the_req", "context_", "handler"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (ap_strcasestr(text, words[i]))
            return 1;
    }
    return 0;
}

static void read_place(reading *in, const ap_directive_t *first)
{
    for (const ap_directive_t *node = first; node; node = node->next) {
        if (*node->directive == '<') {
            if (is_limit(node))
                read_place(in, node->first_child);
            continue;
        }
        if (is_part(node))
            APR_ARRAY_PUSH(in->nodes, const ap_directive_t *) = node;
        in->setenvif = cg_setenvif_read(in->p, in->setenvif, node, in->scope);
        in->env = cg_env_read(in->p, in->env, node);
        in->rewrite = cg_rewrite_read(in->p, in->rewrite, node, in->scope, in->directory);
        in->header = cg_header_read(in->p, in->header, node, in->scope);
    }
}

static int is_local(const reading *in)
{
    int found = in->rewrite != NULL;

    for (int i = 0; i < in->nodes->nelts && !found; i++)
        found = cg_recipe_is_local(APR_ARRAY_IDX(in->nodes, i, const ap_directive_t *)->args);
    return found;
}

const cg_recipe *cg_recipe_read(apr_pool_t *p, const ap_directive_t *first, cg_recipe_scope scope,
                                const char *directory)
{
    reading in = {.p = p, .scope = scope, .directory = directory};
    cg_recipe *made;

    in.nodes = apr_array_make(p, 0, sizeof(const ap_directive_t *));
    read_place(&in, first);
    if (!in.setenvif && !in.env && !in.rewrite && !in.header)
        return NULL;
    made = apr_pcalloc(p, sizeof *made);
    made->setenvif = in.setenvif;
    made->env = in.env;
    made->rewrite = in.rewrite;
    made->header = in.header;
    made->nodes = in.nodes;
    made->is_local = is_local(&in);
    made->writes_cors = in.header && cg_header_writes_cors(in.header);
    made->matters = made->writes_cors || in.setenvif || in.env ||
                    (in.rewrite && cg_rewrite_sets_variables(in.rewrite));
    return made;
}
