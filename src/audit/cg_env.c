/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_env.h"

#include <apr_env.h>

typedef enum action { SET, UNSET, PASS } action;

typedef struct line {
    const ap_directive_t *node;
    action action;
    const char *name;
    const char *value;
} line;

struct cg_env {
    apr_array_header_t *lines; /* of line */
};

static void push(cg_env *lines, const ap_directive_t *node, action does, const char *name,
                 const char *value)
{
    APR_ARRAY_PUSH(lines->lines, line) = (line){node, does, name, value};
}

cg_env *cg_env_read(apr_pool_t *p, cg_env *lines, const ap_directive_t *node)
{
    const char *args = node->args, *name, *value;
    int is_set = cg_tree_is(node, "SetEnv"), is_unset = cg_tree_is(node, "UnsetEnv");

    if (!is_set && !is_unset && !cg_tree_is(node, "PassEnv"))
        return lines;
    if (!lines) {
        lines = apr_pcalloc(p, sizeof *lines);
        lines->lines = apr_array_make(p, 2, sizeof(line));
    }
    if (is_set) {
        name = cg_tree_argument(p, &args);
        value = cg_tree_argument(p, &args);
        if (name)
            push(lines, node, SET, name, value ? value : "");
        return lines;
    }
    while ((name = cg_tree_argument(p, &args)))
        push(lines, node, is_unset ? UNSET : PASS, name, NULL);
    return lines;
}

/* httpd passes what its own environment has when it starts, which need not be this one's. */
static void pass(cg_run *run, const line *of)
{
    char *value = NULL;

    if (apr_env_get(&value, of->name, run->p) == APR_SUCCESS)
        cg_run_set(run, of->node, of->name, value);
    cg_run_unresolve(run, of->node, "the environment that httpd is started with decides");
}

/* A variable that the request has already stays as it is, and UnsetEnv takes back only what SetEnv
 * and PassEnv say outside. */
static void apply(cg_run *run, const line *of)
{
    if (apr_table_get(run->r->subprocess_env, of->name))
        return;
    if (of->action == PASS)
        pass(run, of);
    else if (of->action == SET)
        cg_run_set(run, of->node, of->name, of->value);
}

/* The innermost line for a variable counts. */
void cg_env_run(cg_run *run, const apr_array_header_t *places)
{
    apr_hash_t *last = apr_hash_make(run->p);
    apr_hash_index_t *at;

    for (int i = 0; i < places->nelts; i++) {
        const cg_env *place = APR_ARRAY_IDX(places, i, const cg_env *);

        for (int j = 0; j < place->lines->nelts; j++) {
            const line *each = &APR_ARRAY_IDX(place->lines, j, line);

            if (cg_run_may(run, each->node, 0))
                apr_hash_set(last, each->name, APR_HASH_KEY_STRING, each);
        }
    }
    for (at = apr_hash_first(run->p, last); at; at = apr_hash_next(at))
        apply(run, apr_hash_this_val(at));
}
