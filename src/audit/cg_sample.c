/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_sample.h"

#include "cg_htaccess_store.h"

#include <apr_strings.h>
#include <string.h>

/* Where the samples of one host are collected. */
typedef struct sampler {
    apr_pool_t *p;
    const cg_host *host;
    cg_htaccess_store *store;
    const apr_array_header_t *roots; /* of cg_route, never empty; url is never NULL */
    apr_array_header_t *samples;
} sampler;

/* Samples */

/* Returns 0 where there is no room. */
static int has_room(const sampler *in)
{
    if (in->samples->nelts < CG_SAMPLES_MAX)
        return 1;
    if (in->store)
        cg_htaccess_tell_unread(
            in->store, in->host->name,
            apr_psprintf(in->p, "only its first %d sections were judged", CG_SAMPLES_MAX));
    return 0;
}

static cg_sample sample_at(const char *url, const char *path, int is_forced)
{
    return (cg_sample){url, path, NULL, is_forced != 0};
}

static apr_array_header_t *no_spots(const sampler *in)
{
    return apr_array_make(in->p, 1, sizeof(cg_sample));
}

/* Spots are samples of a section that it is not yet noted in. */
static void add_spot(apr_array_header_t *spots, cg_sample spot)
{
    if (spots->nelts < CG_SAMPLES_OF_SECTION_MAX)
        APR_ARRAY_PUSH(spots, cg_sample) = spot;
}

static int is_own(const sampler *in, const cg_section *section)
{
    return section->server == in->host->server;
}

/* Spots by kind of section */

static apr_array_header_t *spots_of_location(const sampler *in, const cg_section *section)
{
    apr_array_header_t *spots = no_spots(in), *examples;

    if (cg_section_is_plain(section)) {
        const char *path = *section->path ? section->path : "/";

        add_spot(spots, sample_at(*path == '/' ? path : "/", NULL, *path != '/'));
        return spots;
    }
    examples = cg_section_examples(in->p, section);
    for (int i = 0; i < examples->nelts; i++) {
        const char *url = APR_ARRAY_IDX(examples, i, const char *);

        if (*url == '/')
            add_spot(spots, sample_at(url, NULL, 0));
    }
    if (!spots->nelts)
        add_spot(spots, sample_at("/", NULL, 1));
    return spots;
}

/* What is served from a directory, or below it; where no URL leads there, the directory itself. */
static apr_array_header_t *spots_of_directory(const sampler *in, const char *directory,
                                              int is_forced)
{
    apr_array_header_t *spots = no_spots(in);
    apr_array_header_t *routes = cg_mapping_routes(in->p, in->host->mapping, directory);

    for (int i = 0; i < routes->nelts; i++)
        add_spot(spots, sample_at(APR_ARRAY_IDX(routes, i, cg_route).url, NULL, 0));
    if (!spots->nelts && is_forced)
        add_spot(spots, sample_at("/", directory, 1));
    return spots;
}

/* Adds what leads to a path, by the directory that it is in. */
static void add_routed(const sampler *in, apr_array_header_t *spots, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *directory = apr_pstrmemdup(in->p, path, (apr_size_t)(slash - path) + 1);
    apr_array_header_t *routes = cg_mapping_routes(in->p, in->host->mapping, directory);

    for (int i = 0; i < routes->nelts; i++) {
        const cg_route *route = &APR_ARRAY_IDX(routes, i, cg_route);

        if (strcmp(route->path, directory) == 0)
            add_spot(spots, sample_at(apr_pstrcat(in->p, route->url, slash + 1, NULL), NULL, 0));
    }
}

/* A regex may mean a whole path, or a part of one below any root. */
static apr_array_header_t *spots_of_paths(const sampler *in, const cg_section *section)
{
    apr_array_header_t *spots = no_spots(in);
    apr_array_header_t *examples = cg_section_examples(in->p, section);

    for (int i = 0; i < examples->nelts; i++) {
        const char *name = APR_ARRAY_IDX(examples, i, const char *);

        if (*name != '/')
            continue;
        add_routed(in, spots, name);
        for (int j = 0; j < in->roots->nelts && spots->nelts < CG_SAMPLES_OF_SECTION_MAX; j++) {
            const char *root = APR_ARRAY_IDX(in->roots, j, cg_route).path;
            const char *path = root ? apr_pstrcat(in->p, root, name + 1, NULL) : NULL;

            if (path && cg_section_matches(in->p, section, path))
                add_routed(in, spots, path);
        }
    }
    if (!spots->nelts && is_own(in, section))
        add_spot(
            spots,
            sample_at("/", examples->nelts ? APR_ARRAY_IDX(examples, 0, const char *) : NULL, 1));
    return spots;
}

static apr_array_header_t *spots_at_roots(const sampler *in)
{
    apr_array_header_t *spots = no_spots(in);

    for (int i = 0; i < in->roots->nelts; i++)
        add_spot(spots, sample_at(APR_ARRAY_IDX(in->roots, i, cg_route).url, NULL, 0));
    return spots;
}

/* Which of the URLs that are proxied a Proxy section is for is not known. */
static apr_array_header_t *spots_of_proxy(const sampler *in)
{
    apr_array_header_t *spots = no_spots(in);

    for (int i = 0; i < in->roots->nelts; i++) {
        const cg_route *root = &APR_ARRAY_IDX(in->roots, i, cg_route);

        if (!root->path)
            add_spot(spots, sample_at(root->url, NULL, 1));
    }
    if (!spots->nelts && cg_mapping_is_open(in->host->mapping))
        add_spot(spots, sample_at("/", NULL, 1));
    return spots;
}

/* Sections inside others */

static const char *join(apr_pool_t *p, const char *directory, const char *name)
{
    const char *slash = directory[strlen(directory) - 1] == '/' ? "" : "/";

    return apr_pstrcat(p, directory, slash, name, NULL);
}

static int has_such_name(const sampler *in, const cg_section *files, const char *url)
{
    const char *name = strrchr(url, '/');

    return name && name[1] && cg_section_matches(in->p, files, name + 1);
}

/* A file that a Files section is for, where the sample of what it stands in is; nothing where no
 * file is served there. */
static void add_file(const sampler *in, apr_array_header_t *spots, const cg_section *files,
                     const cg_sample *at)
{
    apr_array_header_t *examples;
    const char *name = files->path, *path;
    cg_sample spot = *at;
    const cg_section *parent = files->parent;

    if (!at->path && cg_mapping_reach(in->p, in->host->mapping, at->url, &path) == CG_REACH_NONE)
        return;
    if (has_such_name(in, files, at->path ? at->path : at->url)) {
        add_spot(spots, spot);
        return;
    }
    if (!cg_section_is_plain(files)) {
        examples = cg_section_examples(in->p, files);
        name = examples->nelts ? APR_ARRAY_IDX(examples, 0, const char *) : "x";
        spot.is_forced |= examples->nelts == 0;
    }
    spot.url = join(in->p, at->url, name);
    if (at->path)
        spot.path = join(in->p, at->path, name);
    if (parent && parent->kind == CG_SECTION_LOCATION &&
        !cg_section_matches(in->p, parent, spot.url))
        spot.is_forced = 1;
    add_spot(spots, spot);
}

/* An If is for some of the requests of what it stands in. */
static apr_array_header_t *spots_inside(const sampler *in, const cg_section *section,
                                        const apr_array_header_t *around)
{
    apr_array_header_t *spots = no_spots(in);

    for (int i = 0; i < around->nelts; i++) {
        const cg_sample *at = &APR_ARRAY_IDX(around, i, cg_sample);

        if (section->kind == CG_SECTION_FILES)
            add_file(in, spots, section, at);
        else
            add_spot(spots, *at);
    }
    return spots;
}

static void add_section(const sampler *in, const cg_section *section,
                        const apr_array_header_t *spots);

static void add_inside(const sampler *in, const apr_array_header_t *sections,
                       const apr_array_header_t *around)
{
    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);

        if (section->has_policy || section->has_recipe)
            add_section(in, section, spots_inside(in, section, around));
    }
}

static void add_section(const sampler *in, const cg_section *section,
                        const apr_array_header_t *spots)
{
    for (int i = 0; cg_section_is_set(section) && i < spots->nelts && has_room(in); i++) {
        cg_sample *added = apr_array_push(in->samples);

        *added = APR_ARRAY_IDX(spots, i, cg_sample);
        added->section = section;
    }
    add_inside(in, section->files, spots);
    add_inside(in, section->ifs, spots);
}

/* The parts of a host */

static apr_array_header_t *spots_of(const sampler *in, const cg_section *section)
{
    switch (section->kind) {
    case CG_SECTION_PROXY:
        return spots_of_proxy(in);
    case CG_SECTION_DIRECTORY:
        return cg_section_is_plain(section)
                   ? spots_of_directory(in, section->path, is_own(in, section))
                   : spots_of_paths(in, section);
    case CG_SECTION_LOCATION:
        return spots_of_location(in, section);
    default:
        return spots_inside(in, section, spots_at_roots(in));
    }
}

static void add_sections(const sampler *in, const apr_array_header_t *sections)
{
    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);

        if (section->has_policy || section->has_recipe)
            add_section(in, section, spots_of(in, section));
    }
}

static void add_htaccess(const sampler *in)
{
    const apr_array_header_t *files = cg_htaccess_of_host(in->p, in->store, in->host);

    for (int i = 0; i < files->nelts; i++) {
        const cg_htaccess *file = APR_ARRAY_IDX(files, i, const cg_htaccess *);

        if (file->section && (file->section->has_policy || file->section->has_recipe))
            add_section(in, file->section, spots_of_directory(in, file->directory, 1));
    }
}

static int matters(const cg_recipe *recipe)
{
    return recipe && recipe->matters;
}

static void add_outside(const sampler *in)
{
    static const cg_policy empty;
    const cg_host *host = in->host;

    if (memcmp(host->policy, &empty, sizeof empty) == 0 && !matters(host->recipe) &&
        !matters(host->main_recipe))
        return;
    for (int i = 0; i < in->roots->nelts && has_room(in); i++)
        APR_ARRAY_PUSH(in->samples, cg_sample) =
            sample_at(APR_ARRAY_IDX(in->roots, i, cg_route).url, NULL, 0);
}

/* Where a regex tells what is proxied, no URL is known. */
static const apr_array_header_t *roots_of(apr_pool_t *p, const cg_host *host)
{
    apr_array_header_t *roots = cg_mapping_roots(p, host->mapping);

    if (!roots->nelts)
        APR_ARRAY_PUSH(roots, cg_route) = (cg_route){"/", NULL};
    for (int i = 0; i < roots->nelts; i++) {
        cg_route *root = &APR_ARRAY_IDX(roots, i, cg_route);

        if (!root->url || *root->url != '/')
            root->url = "/";
    }
    return roots;
}

apr_array_header_t *cg_samples_of(apr_pool_t *p, const cg_host *host, cg_htaccess_store *store)
{
    sampler in = {p, host, store, roots_of(p, host), apr_array_make(p, 8, sizeof(cg_sample))};

    add_outside(&in);
    add_sections(&in, host->proxies);
    add_sections(&in, host->directories);
    if (store)
        add_htaccess(&in);
    add_sections(&in, host->files);
    add_sections(&in, host->locations);
    add_sections(&in, host->ifs);
    return in.samples;
}
