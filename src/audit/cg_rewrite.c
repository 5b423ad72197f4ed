/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"

#include <apr_strings.h>
#include <string.h>

static const struct {
    const char *name;
    cg_rewrite_group group;
} sections[] = {
    {"<Directory", CG_REWRITE_OF_DIRECTORY},
    {"<DirectoryMatch", CG_REWRITE_OF_DIRECTORY},
    {"<Files", CG_REWRITE_OF_FILES},
    {"<FilesMatch", CG_REWRITE_OF_FILES},
    {"<Location", CG_REWRITE_OF_LOCATION},
    {"<LocationMatch", CG_REWRITE_OF_LOCATION},
    {"<Proxy", CG_REWRITE_OF_DIRECTORY},
    {"<ProxyMatch", CG_REWRITE_OF_DIRECTORY},
    {"<If", CG_REWRITE_OF_IF},
    {"<ElseIf", CG_REWRITE_OF_IF},
    {"<Else", CG_REWRITE_OF_IF},
};

/* The section that a directive stands in; NULL: none, or one that is not shown. */
static const ap_directive_t *section_of(const ap_directive_t *node, cg_rewrite_group *group)
{
    for (const ap_directive_t *parent = node->parent; parent; parent = parent->parent) {
        for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
            if (cg_tree_is(parent, sections[i].name)) {
                *group = sections[i].group;
                return parent;
            }
        }
    }
    return NULL;
}

static const char *with_slash(apr_pool_t *p, const char *path)
{
    apr_size_t len = strlen(path);

    return len && path[len - 1] == '/' ? path : apr_pstrcat(p, path, "/", NULL);
}

/* httpd takes whatever a section is for, be it a URL or a regex, as a directory. */
static void set_place(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node,
                      cg_recipe_scope scope, const char *directory)
{
    const ap_directive_t *section = section_of(node, &rewrite->group);
    const char *path = NULL;

    if (scope == CG_RECIPE_SERVER)
        return;
    if (!section)
        rewrite->group = CG_REWRITE_OF_DIRECTORY;
    if (rewrite->group == CG_REWRITE_OF_DIRECTORY)
        path = directory;
    if (!path && section && rewrite->group != CG_REWRITE_OF_IF) {
        int is_regex = 0;

        path = cg_tree_section_path(p, section, &is_regex);
    }
    rewrite->directory = with_slash(p, path ? path : "*If");
}

static cg_rewrite *make(apr_pool_t *p, const ap_directive_t *node, cg_recipe_scope scope,
                        const char *directory)
{
    cg_rewrite *rewrite = apr_pcalloc(p, sizeof *rewrite);

    rewrite->engine = -1;
    rewrite->rules = rewrite->own_rules = apr_array_make(p, 4, sizeof(const cg_rewrite_rule *));
    rewrite->conditions = apr_array_make(p, 4, sizeof(cg_rewrite_condition));
    rewrite->maps = apr_hash_make(p);
    set_place(p, rewrite, node, scope, directory);
    return rewrite;
}

static void read_engine(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node)
{
    const char *args = node->args, *value = cg_tree_argument(p, &args);

    rewrite->engine = value && ap_cstr_casecmp(value, "on") == 0;
}

static void read_options(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node)
{
    static const struct {
        const char *name;
        cg_rewrite_option option;
    } options[] = {
        {"Inherit", CG_REWRITE_INHERIT},
        {"InheritBefore", CG_REWRITE_INHERIT_BEFORE},
        {"InheritDown", CG_REWRITE_INHERIT_DOWN},
        {"InheritDownBefore", CG_REWRITE_INHERIT_DOWN_BEFORE},
        {"IgnoreInherit", CG_REWRITE_IGNORE_INHERIT},
        {"AllowNoSlash", CG_REWRITE_ALLOW_NO_SLASH},
        {"MergeBase", CG_REWRITE_MERGE_BASE},
        {"UnsafePrefixStat", CG_REWRITE_UNSAFE_PREFIX},
        {"LegacyPrefixDocRoot", CG_REWRITE_LEGACY_PREFIX},
        {"IgnoreContextInfo", CG_REWRITE_IGNORE_CONTEXT},
    };
    const char *args = node->args, *value;

    rewrite->has_options = 1;
    while ((value = cg_tree_argument(p, &args))) {
        for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
            if (ap_cstr_casecmp(value, options[i].name) == 0)
                rewrite->options |= options[i].option;
        }
    }
}

static void read_base(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node)
{
    const char *args = node->args;

    rewrite->base = cg_tree_argument(p, &args);
}

static void read_map(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node)
{
    const char *args = node->args, *name = cg_tree_argument(p, &args),
               *source = cg_tree_argument(p, &args);

    if (!name || !source)
        return;
    if (ap_cstr_casecmpn(source, "int:", 4) == 0)
        source = apr_pstrcat(p, "int:", source + 4, NULL);
    apr_hash_set(rewrite->maps, name, APR_HASH_KEY_STRING, source);
}

static void read_condition(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node)
{
    cg_rewrite_condition_read(p, node, apr_array_push(rewrite->conditions));
}

static void read_rule(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node)
{
    cg_rewrite_rule *rule = cg_rewrite_rule_read(p, node);

    rule->conditions = rewrite->conditions;
    rewrite->conditions = apr_array_make(p, 4, sizeof(cg_rewrite_condition));
    APR_ARRAY_PUSH(rewrite->own_rules, const cg_rewrite_rule *) = rule;
}

cg_rewrite *cg_rewrite_read(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node,
                            cg_recipe_scope scope, const char *directory)
{
    static const struct {
        const char *name;
        void (*read)(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node);
    } readers[] = {
        {"RewriteRule", read_rule},       {"RewriteCond", read_condition},
        {"RewriteEngine", read_engine},   {"RewriteBase", read_base},
        {"RewriteOptions", read_options}, {"RewriteMap", read_map},
    };

    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (!cg_tree_is(node, readers[i].name))
            continue;
        if (!rewrite)
            rewrite = make(p, node, scope, directory);
        readers[i].read(p, rewrite, node);
        break;
    }
    return rewrite;
}

int cg_rewrite_sets_variables(const cg_rewrite *rewrite)
{
    for (int i = 0; i < rewrite->rules->nelts; i++) {
        const cg_rewrite_rule *rule = APR_ARRAY_IDX(rewrite->rules, i, const cg_rewrite_rule *);

        if (rule->env->nelts || rule->problem)
            return 1;
    }
    return 0;
}
