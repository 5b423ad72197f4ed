/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_section.h"

#include "cg_example.h"
#include "cg_expr.h"
#include "cg_expr_limit.h"
#include "cg_limited.h"
#include "cg_prefix.h"

#include <apr_fnmatch.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include <http_core.h>
#include <mod_proxy.h>
#include <string.h>

#define EXAMPLES_MAX 8

const cg_policy *cg_section_policy(ap_conf_vector_t *config, const module *self)
{
    static const cg_policy empty;
    const cg_policy *policy = config ? ap_get_module_config(config, self) : NULL;

    return policy ? policy : &empty;
}

static int is_set(const cg_policy *policy)
{
    static const cg_policy empty;

    return memcmp(policy, &empty, sizeof empty) != 0;
}

/* What stands in the sections inside one counts for it too. */
static void look_inside(cg_section *section, const apr_array_header_t *inside)
{
    for (int i = 0; i < inside->nelts; i++) {
        const cg_section *each = APR_ARRAY_IDX(inside, i, const cg_section *);

        section->has_policy |= each->has_policy;
        section->has_recipe |= each->has_recipe;
    }
}

/* What httpd compares is in the core's configuration, but for Proxy sections, where it is in
 * mod_proxy's. */
static void read_path(const cg_section_maker *maker, cg_section *section, ap_conf_vector_t *config)
{
    const core_dir_config *core = ap_get_core_module_config(config);
    const proxy_dir_conf *proxy = maker->proxy ? ap_get_module_config(config, maker->proxy) : NULL;

    if (section->kind == CG_SECTION_PROXY && proxy) {
        section->path = proxy->p;
        section->regex = proxy->r;
        section->is_fnmatch = proxy->p_is_fnmatch != 0;
    } else if (section->kind != CG_SECTION_PROXY && core) {
        section->path = core->d;
        section->regex = core->r;
        section->is_fnmatch = core->d_is_fnmatch;
        section->is_else = (core->condition_ifelse & AP_CONDITION_ELSE) != 0;
        section->is_last = core->condition_ifelse == AP_CONDITION_ELSE;
    }
    if (!section->path)
        section->path = "";
    if (section->regex)
        section->prefixes = cg_prefixes_of_regex(maker->p, section->path);
    else if (section->is_fnmatch)
        section->prefixes = cg_prefixes_of_fnmatch(maker->p, section->path);
}

/* How the section would be written, where the tree does not show it. */
static const char *written(apr_pool_t *p, const cg_section *section)
{
    static const char *const names[] = {"Proxy", "Directory", "Files", "Location"};

    if (section->kind == CG_SECTION_IF)
        return section->is_else ? "<Else>" : "<If>";
    return apr_psprintf(p, "<%s%s \"%s\">", names[section->kind], section->regex ? "Match" : "",
                        section->path);
}

static void read_place(apr_pool_t *p, cg_section *section, cg_scope *scope)
{
    static const char letters[] = {'P', 'D', 'F', 'L', 'I'};
    const ap_directive_t *node =
        cg_scope_take(scope, letters[section->kind], section->path, section->regex != NULL);

    section->node = node;
    section->text = node ? cg_tree_section_text(p, node) : written(p, section);
    section->place.file = node ? node->filename : NULL;
    section->place.line = node ? node->line_num : 0;
}

/* What stands in sections of an .htaccess file has no more rights than the file. */
static cg_recipe_scope scope_of(const cg_section *section)
{
    while (section->parent)
        section = section->parent;
    return section->is_htaccess ? CG_RECIPE_HTACCESS : CG_RECIPE_SECTION;
}

static void read_recipe(apr_pool_t *p, cg_section *section, const ap_directive_t *first)
{
    const char *directory = NULL;

    if (section->kind == CG_SECTION_DIRECTORY && !section->regex)
        directory = section->path;
    section->recipe = cg_recipe_read(p, first, scope_of(section), directory);
    section->has_recipe = section->recipe && section->recipe->matters;
}

/* Whoever may write such a file may write a regex that takes hours. */
static void limit(apr_pool_t *p, cg_section *section)
{
    if (section->kind == CG_SECTION_IF)
        section->why_not = cg_expr_needs_request(section->text);
    if (scope_of(section) != CG_RECIPE_HTACCESS)
        return;
    if (section->regex) {
        section->limited = cg_limited_compile(p, section->path, AP_REG_EXTENDED);
        section->insisted = apr_pcalloc(p, sizeof *section->insisted);
    }
    if (section->kind == CG_SECTION_IF && !section->why_not && section->node) {
        const cg_expr_limit condition = cg_expr_limit_of_section(p, section->node->args);

        section->why_not = condition.why_not;
        section->regexes = condition.regexes;
    }
}

static void make_nested(const cg_section_maker *maker, cg_section *section,
                        const ap_directive_t *first)
{
    const core_dir_config *core =
        section->config ? ap_get_core_module_config(section->config) : NULL;
    cg_scope *scope = cg_scope_read(maker->p, first);

    section->files = cg_sections_make(maker, CG_SECTION_FILES, core ? core->sec_file : NULL, scope,
                                      section->server, section);
    section->ifs = cg_sections_make(maker, CG_SECTION_IF, core ? core->sec_if : NULL, scope,
                                    section->server, section);
    look_inside(section, section->files);
    look_inside(section, section->ifs);
}

static cg_section *make(const cg_section_maker *maker, cg_section_kind kind,
                        ap_conf_vector_t *config, cg_scope *scope, const server_rec *server,
                        const cg_section *parent)
{
    cg_section *section = apr_pcalloc(maker->p, sizeof *section);
    const ap_directive_t *first;

    section->kind = kind;
    section->server = server;
    section->parent = parent;
    section->config = config;
    section->policy = cg_section_policy(config, maker->self);
    section->has_policy = is_set(section->policy);
    read_path(maker, section, config);
    read_place(maker->p, section, scope);
    limit(maker->p, section);
    first = section->node ? section->node->first_child : NULL;
    read_recipe(maker->p, section, first);
    make_nested(maker, section, first);
    return section;
}

const cg_section *cg_section_of_htaccess(const cg_section_maker *maker, const cg_section_file *file,
                                         const ap_directive_t *tree, ap_conf_vector_t *config)
{
    cg_section *section = apr_pcalloc(maker->p, sizeof *section);

    section->kind = CG_SECTION_DIRECTORY;
    section->is_htaccess = 1;
    section->text = file->name;
    section->place = (cg_place){file->path, 1};
    section->server = file->server;
    section->path = file->directory;
    section->config = config;
    section->policy = cg_section_policy(config, maker->self);
    section->has_policy = is_set(section->policy);
    read_recipe(maker->p, section, tree);
    make_nested(maker, section, tree);
    return section;
}

apr_array_header_t *cg_sections_make(const cg_section_maker *maker, cg_section_kind kind,
                                     const apr_array_header_t *configs, cg_scope *scope,
                                     const server_rec *server, const cg_section *parent)
{
    int count = configs ? configs->nelts : 0;
    apr_array_header_t *sections = apr_array_make(maker->p, count, sizeof(cg_section *));

    for (int i = 0; i < count; i++) {
        ap_conf_vector_t *config = APR_ARRAY_IDX(configs, i, ap_conf_vector_t *);
        cg_section *section = apr_hash_get(maker->made, &config, sizeof config);

        if (!section) {
            section = make(maker, kind, config, scope, server, parent);
            apr_hash_set(maker->made, apr_pmemdup(maker->p, &config, sizeof config), sizeof config,
                         section);
        }
        APR_ARRAY_PUSH(sections, cg_section *) = section;
    }
    return sections;
}

int cg_section_is_set(const cg_section *section)
{
    return is_set(section->policy) || (section->recipe && section->recipe->matters);
}

int cg_section_is_plain(const cg_section *section)
{
    return !section->regex && !section->is_fnmatch;
}

/* See ap_directory_walk, ap_file_walk and ap_location_walk. A plain Directory and Location apply
 * to what is below them too; a Directory's path ends in "/", so name may do without it. */
static int matches_plain(const cg_section *section, const char *name)
{
    apr_size_t len = strlen(section->path);

    switch (section->kind) {
    case CG_SECTION_DIRECTORY:
        return strncmp(name, section->path, len) == 0 ||
               (len == strlen(name) + 1 && strncmp(name, section->path, len - 1) == 0);
    case CG_SECTION_LOCATION:
        return strncmp(name, section->path, len) == 0 &&
               (len == 0 || section->path[len - 1] == '/' || name[len] == '/' || name[len] == '\0');
    case CG_SECTION_FILES:
        return strcmp(name, section->path) == 0;
    case CG_SECTION_PROXY:
        return strncmp(name, section->path, len) == 0;
    default:
        return 0;
    }
}

/* Whether the wildcards match a directory on the way to name, as ap_directory_walk tries them
 * one by one. */
static int wildcard_directory(const cg_section *section, char *name)
{
    for (char *at = strchr(name, '/'); at; at = strchr(at + 1, '/')) {
        char kept = at[1];
        int found;

        at[1] = '\0';
        found = apr_fnmatch(section->path, name, APR_FNM_PATHNAME) == APR_SUCCESS;
        at[1] = kept;
        if (found)
            return 1;
    }
    return 0;
}

static int matches_limited(const cg_section *section, const char *name)
{
    cg_limited_answer answer;

    if (cg_section_gave_up(section))
        return 0;
    answer = cg_limited_ask(section->limited, name, NULL);
    if (answer == CG_LIMITED_GAVE_UP) {
        ++*section->insisted;
        answer = cg_limited_insist(section->limited, name, NULL);
    }
    if (answer == CG_LIMITED_GAVE_UP)
        *section->insisted = CG_SECTION_INSIST_MAX;
    return answer == CG_LIMITED_YES;
}

int cg_section_gave_up(const cg_section *section)
{
    return section->limited && *section->insisted >= CG_SECTION_INSIST_MAX;
}

int cg_section_matches(apr_pool_t *p, const cg_section *section, const char *name)
{
    if (section->kind == CG_SECTION_IF)
        return 0;
    if (section->limited)
        return matches_limited(section, name);
    if (section->regex)
        return ap_regexec(section->regex, name, 0, NULL, 0) == 0;
    if (!section->is_fnmatch)
        return matches_plain(section, name);
    if (section->kind == CG_SECTION_DIRECTORY)
        return wildcard_directory(section, apr_pstrdup(p, name));
    return apr_fnmatch(section->path, name,
                       section->kind == CG_SECTION_PROXY ? 0 : APR_FNM_PATHNAME) == APR_SUCCESS;
}

int cg_section_matches_about(apr_pool_t *p, const cg_section *section, const char *path)
{
    apr_size_t len = strlen(path);
    const char *slash = len && path[len - 1] == '/' ? "" : "/";

    return cg_section_matches(p, section, path) ||
           (!*slash && len > 1 &&
            cg_section_matches(p, section, apr_pstrmemdup(p, path, len - 1))) ||
           cg_section_matches(p, section, apr_pstrcat(p, path, slash, NULL)) ||
           cg_section_matches(p, section, apr_pstrcat(p, path, slash, "x", NULL));
}

/* A name for wildcards: each becomes one letter. */
static const char *fill_wildcards(apr_pool_t *p, const char *pattern)
{
    char *name = apr_pstrdup(p, pattern);

    for (char *at = name; *at; at++) {
        if (*at == '*' || *at == '?')
            *at = 'x';
    }
    return name;
}

static void keep_match(apr_array_header_t *kept, const cg_section *section, const char *name)
{
    if (kept->nelts < EXAMPLES_MAX && cg_section_matches(kept->pool, section, name))
        APR_ARRAY_PUSH(kept, const char *) = name;
}

static int is_of_paths(const cg_section *section)
{
    return section->kind == CG_SECTION_LOCATION || section->kind == CG_SECTION_DIRECTORY;
}

/* A regex is mostly not anchored: what it matches may need something in front to be a path, and
 * something behind to show that the path goes on. */
static void keep_example(apr_array_header_t *kept, const cg_section *section,
                         const cg_regex_tree *tree, const cg_example_plan *plan)
{
    apr_pool_t *p = kept->pool;
    cg_example example;
    const char *slash;

    if (!cg_example_build(tree, plan, &example))
        return;
    if (!is_of_paths(section)) {
        keep_match(kept, section, apr_pstrdup(p, example.text));
        return;
    }
    slash = *example.text == '/' ? "" : "/";
    keep_match(kept, section, apr_pstrcat(p, slash, example.text, NULL));
    keep_match(kept, section, apr_pstrcat(p, slash, example.text, "/x", NULL));
    if (*slash)
        keep_match(kept, section, apr_pstrcat(p, "/x", example.text, NULL));
}

apr_array_header_t *cg_section_examples(apr_pool_t *p, const cg_section *section)
{
    apr_array_header_t *kept = apr_array_make(p, EXAMPLES_MAX, sizeof(const char *));
    apr_array_header_t *turns;
    const cg_regex_tree *tree;
    cg_example_plan plan = {0};

    if (!section->regex) {
        keep_match(kept, section, fill_wildcards(p, section->path));
        return kept;
    }
    tree = cg_regex_parse(p, section->path);
    turns = cg_example_turns(p, tree);
    keep_example(kept, section, tree, &plan);
    for (int i = 0; i < turns->nelts; i++) {
        plan.turn = APR_ARRAY_IDX(turns, i, cg_example_turn);
        keep_example(kept, section, tree, &plan);
    }
    return kept;
}

/* Files patterns mostly look at one end of a name, so two examples behind each other are tried
 * too. */
int cg_section_files_meet(apr_pool_t *p, const cg_section *a, const cg_section *b)
{
    apr_array_header_t *of_a, *of_b;

    if (cg_section_is_plain(a))
        return cg_section_matches(p, b, a->path);
    if (cg_section_is_plain(b))
        return cg_section_matches(p, a, b->path);
    of_a = cg_section_examples(p, a);
    of_b = cg_section_examples(p, b);
    for (int i = 0; i < of_a->nelts * of_b->nelts; i++) {
        const char *x = APR_ARRAY_IDX(of_a, i % of_a->nelts, const char *);
        const char *y = APR_ARRAY_IDX(of_b, i / of_a->nelts, const char *);
        const char *tried[] = {x, y, apr_pstrcat(p, x, y, NULL), apr_pstrcat(p, y, x, NULL)};

        for (int t = 0; t < 4; t++) {
            if (cg_section_matches(p, a, tried[t]) && cg_section_matches(p, b, tried[t]))
                return 1;
        }
    }
    return of_a->nelts == 0 || of_b->nelts == 0;
}
