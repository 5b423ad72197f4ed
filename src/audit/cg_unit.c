/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_unit.h"

#include <apr_strings.h>
#include <string.h>

static void add_context(apr_array_header_t *contexts, const cg_context *added)
{
    for (int i = 0; i < contexts->nelts; i++) {
        if (cg_pile_equal(APR_ARRAY_IDX(contexts, i, cg_context).pile, added->pile))
            return;
    }
    APR_ARRAY_PUSH(contexts, cg_context) = *added;
}

static cg_pile *pile_of(const cg_units *in, const char *url, const char *directory)
{
    cg_pile *pile = cg_pile_make(in->p);

    if (url)
        cg_steps_add_locations(in->steps, pile, url);
    if (directory)
        cg_steps_add_directories(in->steps, pile, directory);
    return pile;
}

/* A file name that a Files section applies to, behind a URL or a path; NULL stays NULL. */
static const char *with_name(const cg_units *in, const char *directory, const cg_section *section)
{
    apr_array_header_t *examples;
    const char *name = section->path, *slash;

    if (!directory || section->kind != CG_SECTION_FILES)
        return directory;
    if (!cg_section_is_plain(section)) {
        examples = cg_section_examples(in->p, section);
        name = examples->nelts ? APR_ARRAY_IDX(examples, 0, const char *) : "x";
    }
    slash = directory[strlen(directory) - 1] == '/' ? "" : "/";
    return apr_pstrcat(in->p, directory, slash, name, NULL);
}

/* What is left of a request's place where another section applies to it: an If may be for a part
 * of the URLs only, and so is a Proxy. */
static cg_context narrowed(const cg_units *in, const cg_context *from, int step)
{
    const cg_section *section = cg_steps_at(in->steps, step)->section;
    int is_if = section->kind == CG_SECTION_IF;
    cg_context made = {apr_array_copy(in->p, from->pile), NULL, NULL, from->is_unsure || is_if};

    cg_pile_add(made.pile, step);
    if (is_if || section->kind == CG_SECTION_PROXY)
        return made;
    made.url = with_name(in, from->url, section);
    made.path = with_name(in, from->path, section);
    return made;
}

/* Where no URL is known, a request may be elsewhere than the Locations for all of them: they are
 * for requests that are proxied, too. */
static void leave_locations(const cg_units *in, cg_unit *made)
{
    cg_pile *kept = cg_pile_make(in->p);

    for (int i = 0; i < made->home->nelts; i++) {
        int step = APR_ARRAY_IDX(made->home, i, int);

        if (!cg_pile_has(in->everywhere, step))
            cg_pile_add(kept, step);
    }
    made->home = kept;
}

/* A request at each root of the host, with a step over it. */
static void add_root_contexts(const cg_units *in, cg_unit *made, cg_section_kind kind)
{
    int served = 0;

    for (int i = 0; i < in->roots->nelts; i++) {
        const cg_context *root = &APR_ARRAY_IDX(in->roots, i, cg_context);
        cg_context added;

        if ((kind == CG_SECTION_FILES && !root->path && !cg_mapping_is_open(in->host->mapping)) ||
            (kind == CG_SECTION_PROXY && root->path))
            continue;
        added = narrowed(in, root, made->step);
        added.is_unsure |= kind == CG_SECTION_FILES && !root->path;
        add_context(made->contexts, &added);
        served |= root->path != NULL;
    }
    if (kind == CG_SECTION_FILES && made->contexts->nelts && !served)
        leave_locations(in, made);
}

static void add_location_context(const cg_units *in, cg_unit *made, const cg_step *step)
{
    const char *url = *step->section->path ? step->section->path : "/";
    const char *path = step->reach == CG_REACH_FILE ? step->path : NULL;

    add_context(made->contexts,
                &(cg_context){pile_of(in, url, path), url, path, step->reach == CG_REACH_UNSURE});
    cg_steps_add_locations(in->steps, made->home, url);
}

/* A directory is asked for with and without the slash at its end, which a Location may tell
 * apart. */
static void add_route_contexts(const cg_units *in, cg_unit *made, const cg_route *route)
{
    apr_size_t len = strlen(route->url);
    const char *bare = len > 1 ? apr_pstrmemdup(in->p, route->url, len - 1) : route->url;

    add_context(made->contexts,
                &(cg_context){pile_of(in, route->url, route->path), route->url, route->path, 0});
    add_context(made->contexts,
                &(cg_context){pile_of(in, bare, route->path), bare, route->path, 0});
}

static void add_directory_contexts(const cg_units *in, cg_unit *made, const cg_step *step)
{
    for (int i = 0; i < step->routes->nelts; i++)
        add_route_contexts(in, made, &APR_ARRAY_IDX(step->routes, i, cg_route));
    cg_steps_add_directories(in->steps, made->home, step->section->path);
    if (step->routes->nelts)
        return;
    made->is_unrouted = 1;
    made->is_doubtful = step->section->server != in->host->server;
    add_context(made->contexts,
                &(cg_context){apr_array_copy(in->p, made->home), NULL, step->section->path, 0});
    leave_locations(in, made);
}

static const char *directory_of(apr_pool_t *p, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? apr_pstrmemdup(p, path, (apr_size_t)(slash - path) + 1) : NULL;
}

/* A request that a section by regex or wildcards applies to, with the others of its kind that
 * apply to it. */
static void add_pattern_context(const cg_units *in, cg_unit *made, const char *url,
                                const char *path, int is_unsure)
{
    const char *directory = path ? directory_of(in->p, path) : NULL;
    cg_context plain = {pile_of(in, url, directory), url, path, is_unsure};
    cg_context whole = plain;

    cg_pile_add_all(plain.pile, made->home);
    whole.pile = apr_array_copy(in->p, plain.pile);
    cg_steps_add_patterns(in->steps, whole.pile, url, path);
    add_context(made->contexts, &whole);
    add_context(made->partners, &whole);
    add_context(made->partners, &plain);
}

static void add_url_examples(const cg_units *in, cg_unit *made, const cg_section *section)
{
    apr_array_header_t *examples = cg_section_examples(in->p, section);

    for (int i = 0; i < examples->nelts; i++) {
        const char *url = APR_ARRAY_IDX(examples, i, const char *), *path = NULL;
        cg_reach reach = cg_mapping_reach(in->p, in->host->mapping, url, &path);

        add_pattern_context(in, made, url, reach == CG_REACH_FILE ? path : NULL,
                            reach == CG_REACH_UNSURE);
    }
}

/* Adds what leads to a path; nothing where no URL does. */
static void add_routed_example(const cg_units *in, cg_unit *made, const char *path)
{
    const char *directory = directory_of(in->p, path);
    apr_array_header_t *routes = cg_mapping_routes(in->p, in->host->mapping, directory);

    for (int i = 0; i < routes->nelts; i++) {
        const cg_route *route = &APR_ARRAY_IDX(routes, i, cg_route);

        if (strcmp(route->path, directory) == 0)
            add_pattern_context(
                in, made, apr_pstrcat(in->p, route->url, path + strlen(directory), NULL), path, 0);
    }
}

/* A regex may mean a whole path, or a part of one below any root. */
static void add_path_examples(const cg_units *in, cg_unit *made, const cg_section *section)
{
    apr_array_header_t *examples = cg_section_examples(in->p, section);
    int is_own = section->server == in->host->server;

    for (int i = 0; i < examples->nelts; i++) {
        const char *name = APR_ARRAY_IDX(examples, i, const char *);

        add_routed_example(in, made, name);
        for (int j = 0; j < in->roots->nelts; j++) {
            const cg_context *root = &APR_ARRAY_IDX(in->roots, j, cg_context);
            const char *path = root->path ? apr_pstrcat(in->p, root->path, name + 1, NULL) : NULL;

            if (path && cg_section_matches(in->p, section, path))
                add_routed_example(in, made, path);
        }
    }
    if (made->contexts->nelts)
        return;
    made->is_doubtful = !is_own;
    for (int i = 0; i < examples->nelts && !made->contexts->nelts; i++) {
        if (is_own || cg_mapping_is_open(in->host->mapping))
            add_pattern_context(in, made, NULL, APR_ARRAY_IDX(examples, i, const char *), 0);
    }
    if (made->contexts->nelts)
        leave_locations(in, made);
}

/* A section inside another applies to some of the requests of that one. */
static void nest(const cg_units *in, const cg_unit *made, apr_array_header_t *to,
                 const apr_array_header_t *from)
{
    for (int i = 0; i < from->nelts; i++) {
        cg_context inner = narrowed(in, &APR_ARRAY_IDX(from, i, cg_context), made->step);

        add_context(to, &inner);
    }
}

static void nest_in(const cg_units *in, cg_unit *made, const cg_unit *parent)
{
    made->is_doubtful = parent->is_doubtful;
    made->home = apr_array_copy(in->p, parent->home);
    cg_pile_add(made->home, made->step);
    nest(in, made, made->contexts, parent->contexts);
    nest(in, made, made->partners, parent->partners);
}

static void add_contexts(const cg_units *in, cg_unit *made, const cg_step *step)
{
    const cg_section *section = step->section;

    if (section->kind == CG_SECTION_LOCATION && made->is_plain)
        add_location_context(in, made, step);
    else if (section->kind == CG_SECTION_LOCATION)
        add_url_examples(in, made, section);
    else if (section->kind == CG_SECTION_DIRECTORY && made->is_plain)
        add_directory_contexts(in, made, step);
    else if (section->kind == CG_SECTION_DIRECTORY)
        add_path_examples(in, made, section);
    else
        add_root_contexts(in, made, section->kind);
}

static void make_unit(cg_units *in, int number)
{
    const cg_step *step = cg_steps_at(in->steps, number);
    cg_section_kind kind = step->section->kind;
    cg_unit *made = memset(apr_array_push(in->all), 0, sizeof *made);

    made->step = number;
    made->is_plain = (kind == CG_SECTION_LOCATION || kind == CG_SECTION_DIRECTORY) &&
                     cg_section_is_plain(step->section);
    made->home = apr_array_copy(in->p, in->everywhere);
    made->contexts = apr_array_make(in->p, 1, sizeof(cg_context));
    made->partners = apr_array_make(in->p, 1, sizeof(cg_context));
    cg_pile_add(made->home, number);
    if (step->parent >= 0)
        nest_in(in, made, &APR_ARRAY_IDX(in->all, step->parent, cg_unit));
    else
        add_contexts(in, made, step);
    for (int i = 0; i < made->contexts->nelts; i++)
        add_context(made->partners, &APR_ARRAY_IDX(made->contexts, i, cg_context));
}

/* A URL that is not known is one of those that some Locations are for all the same. */
static void add_root(const cg_units *in, const cg_route *route)
{
    const char *url = route->url ? route->url : "/", *path = NULL;
    int is_unsure =
        !route->path && cg_mapping_reach(in->p, in->host->mapping, url, &path) == CG_REACH_UNSURE;

    APR_ARRAY_PUSH(in->roots, cg_context) =
        (cg_context){pile_of(in, url, route->path), route->url, route->path, is_unsure};
}

static void find_roots(cg_units *in)
{
    apr_array_header_t *routes = cg_mapping_roots(in->p, in->host->mapping);

    if (!routes->nelts)
        APR_ARRAY_PUSH(routes, cg_route) = (cg_route){"/", NULL};
    in->roots = apr_array_make(in->p, routes->nelts, sizeof(cg_context));
    for (int i = 0; i < routes->nelts; i++)
        add_root(in, &APR_ARRAY_IDX(routes, i, cg_route));
}

cg_units *cg_units_make(apr_pool_t *p, const cg_host *host, int with_recipes)
{
    cg_units *made = apr_pcalloc(p, sizeof *made);

    made->p = p;
    made->host = host;
    made->steps = cg_steps_make(p, host, with_recipes);
    made->everywhere = pile_of(made, "/", NULL);
    made->all = apr_array_make(p, cg_steps_count(made->steps) + 1, sizeof(cg_unit));
    find_roots(made);
    for (int i = 0; i < cg_steps_count(made->steps); i++)
        make_unit(made, i);
    return made;
}
