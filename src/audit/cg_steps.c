/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_steps.h"

#include "cg_prefix.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

struct cg_steps {
    apr_pool_t *p;
    const cg_host *host;
    apr_array_header_t *steps; /* cg_step */
    apr_hash_t *locations;     /* path -> the first plain step, as cg_step.same chains them */
    apr_hash_t *directories;
    int chains;
    int with_recipes;
};

/* The order of merging */

static int is_step(const cg_steps *all, const cg_section *section)
{
    return section->has_policy || (all->with_recipes && section->has_recipe);
}

static int push(cg_steps *all, const cg_section *section, int parent)
{
    cg_step *step = memset(apr_array_push(all->steps), 0, sizeof *step);

    step->section = section;
    step->parent = parent;
    step->same = -1;
    return all->steps->nelts - 1;
}

/* Chains a plain section to those before it with the same path. */
static void index_path(cg_steps *all, apr_hash_t *index, int number)
{
    const char *path = cg_steps_at(all, number)->section->path;
    int *first = apr_hash_get(index, path, APR_HASH_KEY_STRING);
    int at;

    if (!first) {
        first = apr_pmemdup(all->p, &number, sizeof number);
        apr_hash_set(index, path, APR_HASH_KEY_STRING, first);
        return;
    }
    for (at = *first; cg_steps_at(all, at)->same >= 0;)
        at = cg_steps_at(all, at)->same;
    APR_ARRAY_IDX(all->steps, at, cg_step).same = number;
}

static void add_location(cg_steps *all, const cg_section *section)
{
    int number = push(all, section, -1);
    cg_step *step = &APR_ARRAY_IDX(all->steps, number, cg_step);
    const char *path = NULL;

    if (!cg_section_is_plain(section))
        return;
    index_path(all, all->locations, number);
    step->reach =
        cg_mapping_reach(all->p, all->host->mapping, *section->path ? section->path : "/", &path);
    if (step->reach == CG_REACH_FILE)
        step->path = apr_pstrcat(all->p, path, path[strlen(path) - 1] == '/' ? "" : "/", NULL);
}

/* A Directory of the main server that this host does not serve is left out: no request for it
 * meets the others. */
static void add_directory(cg_steps *all, const cg_section *section)
{
    apr_array_header_t *routes = NULL;
    int number;

    if (cg_section_is_plain(section)) {
        routes = cg_mapping_routes(all->p, all->host->mapping, section->path);
        if (!routes->nelts && section->server != all->host->server &&
            !cg_mapping_is_open(all->host->mapping))
            return;
    }
    number = push(all, section, -1);
    APR_ARRAY_IDX(all->steps, number, cg_step).routes = routes;
    if (routes)
        index_path(all, all->directories, number);
}

static void add_sections(cg_steps *all, const apr_array_header_t *sections, int parent,
                         void (*add)(cg_steps *all, const cg_section *section))
{
    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);

        if (!is_step(all, section))
            continue;
        if (add)
            add(all, section);
        else
            push(all, section, parent);
    }
}

/* A chain without <Else>, or with a branch that says nothing about CORS, may leave all as it is. */
static void add_ifs(cg_steps *all, const apr_array_header_t *sections, int parent)
{
    int first = 0, branches = 0;

    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);

        if (!section->is_else) {
            all->chains++;
            first = all->steps->nelts;
            branches = 0;
        }
        branches++;
        if (is_step(all, section)) {
            int number = push(all, section, parent);

            APR_ARRAY_IDX(all->steps, number, cg_step).chain = all->chains;
        }
        if (section->is_last && all->steps->nelts - first == branches)
            APR_ARRAY_IDX(all->steps, first, cg_step).branches = branches;
    }
}

/* The Files sections of each Directory behind those of the host, as ap_file_walk meets them. */
static void add_files(cg_steps *all)
{
    int count = all->steps->nelts;

    add_sections(all, all->host->files, -1, NULL);
    for (int i = 0; i < count; i++) {
        const cg_section *section = cg_steps_at(all, i)->section;

        if (section->kind == CG_SECTION_DIRECTORY)
            add_sections(all, section->files, i, NULL);
    }
}

/* See ap_if_walk: those directly in the other sections first, then those in them. */
static void add_all_ifs(cg_steps *all)
{
    add_ifs(all, all->host->ifs, -1);
    for (int i = 0; i < all->steps->nelts; i++)
        add_ifs(all, cg_steps_at(all, i)->section->ifs, i);
}

cg_steps *cg_steps_make(apr_pool_t *p, const cg_host *host, int with_recipes)
{
    cg_steps *all = apr_pcalloc(p, sizeof *all);

    all->p = p;
    all->host = host;
    all->with_recipes = with_recipes;
    all->steps = apr_array_make(p, 16, sizeof(cg_step));
    all->locations = apr_hash_make(p);
    all->directories = apr_hash_make(p);
    add_sections(all, host->proxies, -1, NULL);
    add_sections(all, host->directories, -1, add_directory);
    add_files(all);
    add_sections(all, host->locations, -1, add_location);
    add_all_ifs(all);
    return all;
}

int cg_steps_count(const cg_steps *steps)
{
    return steps->steps->nelts;
}

const cg_step *cg_steps_at(const cg_steps *steps, int step)
{
    return &APR_ARRAY_IDX(steps->steps, step, const cg_step);
}

/* Piles */

cg_pile *cg_pile_make(apr_pool_t *p)
{
    return apr_array_make(p, 8, sizeof(int));
}

void cg_pile_add(cg_pile *pile, int step)
{
    int at = pile->nelts;

    while (at > 0 && APR_ARRAY_IDX(pile, at - 1, int) > step)
        at--;
    if (at > 0 && APR_ARRAY_IDX(pile, at - 1, int) == step)
        return;
    apr_array_push(pile);
    memmove(&APR_ARRAY_IDX(pile, at + 1, int), &APR_ARRAY_IDX(pile, at, int),
            (size_t)(pile->nelts - 1 - at) * sizeof(int));
    APR_ARRAY_IDX(pile, at, int) = step;
}

void cg_pile_add_all(cg_pile *pile, const cg_pile *other)
{
    for (int i = 0; i < other->nelts; i++)
        cg_pile_add(pile, APR_ARRAY_IDX(other, i, int));
}

int cg_pile_has(const cg_pile *pile, int step)
{
    for (int i = 0; i < pile->nelts; i++) {
        if (APR_ARRAY_IDX(pile, i, int) == step)
            return 1;
    }
    return 0;
}

int cg_pile_equal(const cg_pile *a, const cg_pile *b)
{
    return a->nelts == b->nelts &&
           (a->nelts == 0 || memcmp(a->elts, b->elts, (size_t)a->nelts * sizeof(int)) == 0);
}

static void add_path(const cg_steps *steps, cg_pile *pile, apr_hash_t *index, const char *path,
                     apr_size_t len)
{
    const int *first = apr_hash_get(index, path, (apr_ssize_t)len);

    for (int step = first ? *first : -1; step >= 0; step = cg_steps_at(steps, step)->same)
        cg_pile_add(pile, step);
}

/* As ap_location_walk: a Location's path covers what follows it behind a slash, its own or the
 * URL's. */
void cg_steps_add_locations(const cg_steps *steps, cg_pile *pile, const char *url)
{
    add_path(steps, pile, steps->locations, url, 0);
    for (apr_size_t len = 1; *url && url[len - 1]; len++) {
        if (url[len - 1] == '/' || url[len] == '/' || url[len] == '\0')
            add_path(steps, pile, steps->locations, url, len);
    }
}

/* As ap_directory_walk: every directory on the way down. */
void cg_steps_add_directories(const cg_steps *steps, cg_pile *pile, const char *path)
{
    for (apr_size_t len = 1; *path && path[len - 1]; len++) {
        if (path[len - 1] == '/')
            add_path(steps, pile, steps->directories, path, len);
    }
}

static int applies(apr_pool_t *p, const cg_section *section, const char *name)
{
    return name && !cg_section_is_plain(section) && cg_section_matches(p, section, name);
}

void cg_steps_add_patterns(const cg_steps *steps, cg_pile *pile, const char *url, const char *path)
{
    for (int i = 0; i < cg_steps_count(steps); i++) {
        const cg_section *section = cg_steps_at(steps, i)->section;

        if ((section->kind == CG_SECTION_LOCATION && applies(steps->p, section, url)) ||
            (section->kind == CG_SECTION_DIRECTORY && applies(steps->p, section, path)))
            cg_pile_add(pile, i);
    }
}

void cg_steps_policy(const cg_steps *steps, const cg_pile *pile, int without, cg_policy *policy)
{
    *policy = *steps->host->policy;
    for (int i = 0; i < pile->nelts; i++) {
        int step = APR_ARRAY_IDX(pile, i, int);

        if (step != without)
            cg_policy_merge(steps->p, policy, cg_steps_at(steps, step)->section->policy, policy);
    }
}

/* Whether two steps may meet */

static int at_or_below(const char *path, const char *above)
{
    apr_size_t len = strlen(above);

    return strncmp(path, above, len) == 0 &&
           (len == 0 || above[len - 1] == '/' || path[len] == '/' || path[len] == '\0');
}

static int paths_meet(const cg_section *a, const cg_section *b)
{
    if (!cg_section_is_plain(a) && !cg_section_is_plain(b))
        return cg_prefixes_meet(a->prefixes, b->prefixes);
    if (!cg_section_is_plain(a))
        return cg_prefixes_meet_path(a->prefixes, b->path);
    if (!cg_section_is_plain(b))
        return cg_prefixes_meet_path(b->prefixes, a->path);
    return at_or_below(a->path, b->path) || at_or_below(b->path, a->path);
}

static int plain_location_meets_directory(const cg_step *location, const cg_section *directory)
{
    if (location->reach != CG_REACH_FILE)
        return location->reach == CG_REACH_UNSURE;
    if (!cg_section_is_plain(directory))
        return cg_prefixes_meet_path(directory->prefixes, location->path);
    return at_or_below(location->path, directory->path) ||
           at_or_below(directory->path, location->path);
}

static int location_meets_directory(const cg_steps *steps, const cg_step *location,
                                    const cg_step *directory)
{
    if (cg_section_is_plain(location->section))
        return plain_location_meets_directory(location, directory->section);
    if (!directory->routes ||
        (!directory->routes->nelts && cg_mapping_is_open(steps->host->mapping)))
        return 1;
    for (int i = 0; i < directory->routes->nelts; i++) {
        const cg_route *route = &APR_ARRAY_IDX(directory->routes, i, cg_route);

        if (cg_prefixes_meet_path(location->section->prefixes, route->url))
            return 1;
    }
    return 0;
}

/* A proxied request meets no Directory and no Files. */
static int meets_other_kind(const cg_steps *steps, const cg_step *a, const cg_step *b)
{
    cg_section_kind first = a->section->kind, second = b->section->kind;
    int is_plain_location = second == CG_SECTION_LOCATION && cg_section_is_plain(b->section);

    if (first == CG_SECTION_PROXY && is_plain_location)
        return b->reach != CG_REACH_FILE;
    if (first == CG_SECTION_PROXY)
        return second != CG_SECTION_DIRECTORY && second != CG_SECTION_FILES;
    if (first == CG_SECTION_DIRECTORY && second == CG_SECTION_LOCATION)
        return location_meets_directory(steps, b, a);
    if (first == CG_SECTION_FILES && is_plain_location)
        return b->reach != CG_REACH_NONE;
    return 1;
}

static int steps_meet(const cg_steps *steps, const cg_step *a, const cg_step *b)
{
    if (a->section->kind > b->section->kind)
        return meets_other_kind(steps, b, a);
    if (a->section->kind < b->section->kind)
        return meets_other_kind(steps, a, b);
    if (a->section->kind == CG_SECTION_FILES)
        return cg_section_files_meet(steps->p, a->section, b->section);
    if (a->section->kind == CG_SECTION_IF)
        return a->chain != b->chain;
    return paths_meet(a->section, b->section);
}

int cg_steps_meet(const cg_steps *steps, const cg_pile *a, const cg_pile *b)
{
    for (int i = 0; i < a->nelts; i++) {
        for (int j = 0; j < b->nelts; j++) {
            int x = APR_ARRAY_IDX(a, i, int), y = APR_ARRAY_IDX(b, j, int);

            if (x != y && !steps_meet(steps, cg_steps_at(steps, x), cg_steps_at(steps, y)))
                return 0;
        }
    }
    return 1;
}
