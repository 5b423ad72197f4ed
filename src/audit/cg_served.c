/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_walk.h"

#include <apr_strings.h>
#include <http_config.h>
#include <string.h>

/* mod_dir's own record of its directives is private, so they are read from the tree. */
static void collect(apr_array_header_t *values, const ap_directive_t *node, const char *name)
{
    int first = 1;

    for (; node; node = node->next) {
        const char *args = node->args, *value;

        if (!cg_tree_is(node, name))
            continue;
        if (first)
            apr_array_clear(values); /* a place replaces what it inherits */
        first = 0;
        while ((value = cg_tree_argument(values->pool, &args)))
            APR_ARRAY_PUSH(values, const char *) = value;
    }
}

/* The values of a directive that count for a request; empty where there is none. */
static apr_array_header_t *values_of(apr_pool_t *p, const cg_walk *walk, const char *name)
{
    apr_array_header_t *values = apr_array_make(p, 4, sizeof(const char *));

    collect(values, walk->host->main_inside, name);
    collect(values, walk->host->inside, name);
    for (int i = 0; i < walk->sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(walk->sections, i, const cg_section *);

        if (section->node)
            collect(values, section->node->first_child, name);
    }
    return values;
}

static int is_word(const apr_array_header_t *values, const char *word)
{
    return values->nelts == 1 && ap_cstr_casecmp(APR_ARRAY_IDX(values, 0, const char *), word) == 0;
}

static const char *without_query(apr_pool_t *p, const char *name)
{
    return apr_pstrmemdup(p, name, strcspn(name, "?"));
}

/* The directory in which ap_directory_walk ended. */
static const char *end_of(apr_pool_t *p, const cg_walk *walk)
{
    return walk->type == APR_DIR ? walk->path : ap_make_dirstr_parent(p, walk->path);
}

/* The walk to one name, or NULL where there is no file. */
static cg_walk *try_name(apr_pool_t *p, cg_walk *walk, const char *name, cg_htaccess_store *store)
{
    const char *directory =
        apr_pstrmemdup(p, walk->url, (size_t)(strrchr(walk->url, '/') - walk->url + 1));
    const char *slash = walk->path[strlen(walk->path) - 1] == '/' ? "" : "/";
    cg_walk *next;

    if (*name == '/')
        next = cg_walk_make(p, walk->host, name, NULL, store);
    else
        next = cg_walk_make(p, walk->host, apr_pstrcat(p, directory, name, NULL),
                            apr_pstrcat(p, walk->path, slash, name, NULL), store);
    if (next->status || (next->type != APR_REG && !next->proxy))
        return NULL;
    if (next->path && strcmp(end_of(p, next), end_of(p, walk)) == 0)
        cg_walk_reuse(p, next, walk);
    next->before = walk;
    apr_array_cat(next->unsure, walk->unsure);
    return next;
}

static cg_walk *index_of(apr_pool_t *p, cg_walk *walk, cg_htaccess_store *store)
{
    apr_array_header_t *redirect = values_of(p, walk, "DirectoryIndexRedirect");
    apr_array_header_t *names = values_of(p, walk, "DirectoryIndex");
    cg_walk *found = NULL;

    if ((redirect->nelts && !is_word(redirect, "off")) || is_word(names, "disabled"))
        return walk;
    if (names->nelts == 0)
        APR_ARRAY_PUSH(names, const char *) = AP_DEFAULT_INDEX;
    for (int i = 0; i < names->nelts && !found; i++)
        found = try_name(p, walk, without_query(p, APR_ARRAY_IDX(names, i, const char *)), store);
    return found ? found : walk;
}

static cg_walk *fallback_of(apr_pool_t *p, cg_walk *walk, cg_htaccess_store *store)
{
    apr_array_header_t *values = values_of(p, walk, "FallbackResource");
    cg_walk *found;

    if (values->nelts == 0 || is_word(values, "disabled"))
        return walk;
    found = try_name(p, walk, without_query(p, APR_ARRAY_IDX(values, 0, const char *)), store);
    return found ? found : walk;
}

/* See dir_fixups in mod_dir.c. */
cg_walk *cg_walk_served(apr_pool_t *p, cg_walk *walk, cg_htaccess_store *store)
{
    if (!walk->path || walk->status || !ap_find_linked_module("mod_dir.c"))
        return walk;
    if (walk->type == APR_DIR && walk->url[strlen(walk->url) - 1] == '/' && !*walk->path_info)
        return index_of(p, walk, store);
    if (walk->type == APR_NOFILE)
        return fallback_of(p, walk, store);
    return walk;
}
