/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_tree.h"

#include <apr_hash.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

/* Nodes under one key, in the order of the tree. */
typedef struct node_list {
    apr_array_header_t *nodes; /* const ap_directive_t * */
    int taken;
} node_list;

struct cg_tree {
    const ap_directive_t *root;
    apr_hash_t *hosts; /* "line of file" -> node_list */
};

struct cg_scope {
    apr_pool_t *p;
    apr_hash_t *sections; /* kind, is_regex, path -> node_list */
};

int cg_tree_is(const ap_directive_t *node, const char *name)
{
    return ap_cstr_casecmp(node->directive, name) == 0;
}

static void append(apr_pool_t *p, apr_hash_t *lists, const char *key, const ap_directive_t *node)
{
    node_list *list = apr_hash_get(lists, key, APR_HASH_KEY_STRING);

    if (!list) {
        list = apr_pcalloc(p, sizeof *list);
        list->nodes = apr_array_make(p, 1, sizeof node);
        apr_hash_set(lists, key, APR_HASH_KEY_STRING, list);
    }
    APR_ARRAY_PUSH(list->nodes, const ap_directive_t *) = node;
}

static const char *place_key(apr_pool_t *p, const char *file, unsigned line)
{
    return apr_psprintf(p, "%u of %s", line, file ? file : "");
}

cg_tree *cg_tree_read(apr_pool_t *p, const ap_directive_t *root)
{
    cg_tree *tree = apr_pcalloc(p, sizeof *tree);

    tree->root = root;
    tree->hosts = apr_hash_make(p);
    for (const ap_directive_t *node = root; node; node = node->next) {
        if (cg_tree_is(node, "<VirtualHost"))
            append(p, tree->hosts, place_key(p, node->filename, (unsigned)node->line_num), node);
    }
    return tree;
}

/* httpd's list of virtual hosts runs against the order of the configuration (core.c,
 * virtualhost_section), so of those at one place the last is taken first. */
const ap_directive_t *cg_tree_of(cg_tree *tree, const server_rec *server)
{
    apr_pool_t *p = apr_hash_pool_get(tree->hosts);
    node_list *list;

    if (!server->is_virtual)
        return tree->root;
    list = apr_hash_get(tree->hosts, place_key(p, server->defn_name, server->defn_line_number),
                        APR_HASH_KEY_STRING);
    if (!list || list->taken == list->nodes->nelts)
        return NULL;
    list->taken++;
    return APR_ARRAY_IDX(list->nodes, list->nodes->nelts - list->taken, const ap_directive_t *)
        ->first_child;
}

const char *cg_tree_argument(apr_pool_t *p, const char **args)
{
    while (apr_isspace(**args))
        ++*args;
    if (!**args)
        return NULL;
    return ap_getword_conf(p, args);
}

const char *cg_tree_section_path(apr_pool_t *p, const ap_directive_t *node, int *is_regex)
{
    const char *end = strrchr(node->args, '>');
    const char *args =
        apr_pstrmemdup(p, node->args, end ? (size_t)(end - node->args) : strlen(node->args));
    const char *path = cg_tree_argument(p, &args);

    if (!path || strcmp(path, "~") != 0)
        return path;
    *is_regex = 1;
    return cg_tree_argument(p, &args);
}

const char *cg_tree_section_text(apr_pool_t *p, const ap_directive_t *node)
{
    const char *gap = *node->args == '>' ? "" : " ";

    return apr_pstrcat(p, node->directive, gap, node->args, NULL);
}

static char kind_of(const ap_directive_t *node, int *is_regex)
{
    static const struct {
        const char *name;
        char kind;
        int is_regex;
    } sections[] = {
        {"<Directory", 'D', 0},  {"<DirectoryMatch", 'D', 1}, {"<Files", 'F', 0},
        {"<FilesMatch", 'F', 1}, {"<Location", 'L', 0},       {"<LocationMatch", 'L', 1},
        {"<Proxy", 'P', 0},      {"<ProxyMatch", 'P', 1},     {"<If", 'I', 0},
        {"<ElseIf", 'I', 0},     {"<Else", 'I', 0},
    };

    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        if (cg_tree_is(node, sections[i].name)) {
            *is_regex = sections[i].is_regex;
            return sections[i].kind;
        }
    }
    return 0;
}

/* The path as httpd keeps it: see dirsection, filesection and urlsection in httpd's core.c. */
static const char *canonical(apr_pool_t *p, char kind, const char *path)
{
    char *merged;

    if (kind == 'F')
        return apr_filepath_merge(&merged, "", path, 0, p) == APR_SUCCESS ? merged : path;
    if (kind == 'P' && ap_cstr_casecmpn(path, "proxy:", 6) == 0)
        return path + 6;
    if (kind != 'D' || strcmp(path, "/") == 0)
        return path;
    /* A wildcard makes this fail with the path merged all the same, as it does in httpd. */
    merged = NULL;
    apr_filepath_merge(&merged, NULL, path, APR_FILEPATH_TRUENAME, p);
    if (!merged || !*merged)
        return path;
    return merged[strlen(merged) - 1] == '/' ? merged : apr_pstrcat(p, merged, "/", NULL);
}

static const char *section_key(apr_pool_t *p, char kind, const char *path, int is_regex)
{
    return kind == 'I' ? "I" : apr_psprintf(p, "%c%d%s", kind, is_regex, path ? path : "");
}

static const char *node_path(apr_pool_t *p, const ap_directive_t *node, char kind, int *is_regex)
{
    const char *path = cg_tree_section_path(p, node, is_regex);

    return path && !*is_regex ? canonical(p, kind, path) : path;
}

cg_scope *cg_scope_read(apr_pool_t *p, const ap_directive_t *first)
{
    cg_scope *scope = apr_pcalloc(p, sizeof *scope);

    scope->p = p;
    for (const ap_directive_t *node = first; node; node = node->next) {
        int is_regex = 0;
        char kind = node->directive[0] == '<' ? kind_of(node, &is_regex) : 0;
        const char *path;

        if (!kind)
            continue;
        if (!scope->sections)
            scope->sections = apr_hash_make(p);
        path = kind == 'I' ? NULL : node_path(p, node, kind, &is_regex);
        append(p, scope->sections, section_key(p, kind, path, is_regex), node);
    }
    return scope;
}

const ap_directive_t *cg_scope_take(cg_scope *scope, char kind, const char *path, int is_regex)
{
    node_list *list = NULL;

    if (scope->sections)
        list = apr_hash_get(scope->sections, section_key(scope->p, kind, path, is_regex),
                            APR_HASH_KEY_STRING);
    if (!list || list->taken == list->nodes->nelts)
        return NULL;
    return APR_ARRAY_IDX(list->nodes, list->taken++, const ap_directive_t *);
}
