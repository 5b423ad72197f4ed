/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_spot.h"

#include <apr_strings.h>
#include <glob.h>
#include <string.h>

/* Requests that are tried for one section. */
#define TRIED_MAX 16

static cg_sample sample_at(const char *url, const char *path, int is_forced)
{
    return (cg_sample){url, path, NULL, is_forced != 0};
}

/* Spots are samples of a section that it is not yet noted in. */
static apr_array_header_t *no_spots(const cg_sampler *in)
{
    return apr_array_make(in->p, 1, sizeof(cg_sample));
}

static int is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void add_spot(apr_array_header_t *spots, cg_sample spot)
{
    for (int i = 0; i < spots->nelts; i++) {
        const cg_sample *each = &APR_ARRAY_IDX(spots, i, cg_sample);

        if (is_same(each->url, spot.url) && is_same(each->path, spot.path))
            return;
    }
    if (spots->nelts < TRIED_MAX)
        APR_ARRAY_PUSH(spots, cg_sample) = spot;
}

static int meets(const cg_sampler *in, const cg_sample *spot, const cg_section *section)
{
    const cg_walk *walk = cg_walk_make(in->scratch, in->host, spot->url, spot->path, in->store);
    int met = 0;

    for (int i = 0; i < walk->sections->nelts && !met; i++)
        met = APR_ARRAY_IDX(walk->sections, i, const cg_section *) == section;
    apr_pool_clear(in->scratch);
    return met;
}

/* Those that meet the section, as it would be walked; a directory that does not exist is not met.
 * Where none does, it is forced on the first, if at all. */
static apr_array_header_t *settle(const cg_sampler *in, const cg_section *section,
                                  const apr_array_header_t *tried, int may_force)
{
    apr_array_header_t *spots = no_spots(in);

    for (int i = 0; i < tried->nelts && spots->nelts < CG_SAMPLES_OF_SECTION_MAX; i++) {
        const cg_sample *spot = &APR_ARRAY_IDX(tried, i, cg_sample);

        if (meets(in, spot, section))
            add_spot(spots, sample_at(spot->url, spot->path, 0));
    }
    if (!spots->nelts && tried->nelts && may_force) {
        cg_sample forced = APR_ARRAY_IDX(tried, 0, cg_sample);

        forced.is_forced = 1;
        add_spot(spots, forced);
    }
    return spots;
}

static int is_own(const cg_sampler *in, const cg_section *section)
{
    return section->server == in->host->server;
}

/* A path that no URL is known for. */
static apr_array_header_t *add_unrouted(apr_array_header_t *spots, const char *path, int may_force)
{
    if (may_force)
        add_spot(spots, sample_at("/", path, 1));
    return spots;
}

/* Spots by kind of section */

static apr_array_header_t *spots_of_location(const cg_sampler *in, const cg_section *section)
{
    apr_array_header_t *tried = no_spots(in), *examples;

    if (cg_section_is_plain(section)) {
        add_spot(tried, sample_at(*section->path == '/' ? section->path : "/", NULL, 0));
        return settle(in, section, tried, 1);
    }
    examples = cg_section_examples(in->p, section);
    for (int i = 0; i < examples->nelts; i++) {
        const char *url = APR_ARRAY_IDX(examples, i, const char *);

        if (*url == '/')
            add_spot(tried, sample_at(url, NULL, 0));
    }
    add_spot(tried, sample_at("/", NULL, 0));
    return settle(in, section, tried, 1);
}

/* What is served from a directory, or below it; where no URL leads there, the directory itself. */
static apr_array_header_t *spots_of_directory(const cg_sampler *in, const cg_section *section,
                                              int may_force)
{
    apr_array_header_t *tried = no_spots(in);
    apr_array_header_t *routes = cg_mapping_routes(in->p, in->host->mapping, section->path);

    for (int i = 0; i < routes->nelts; i++)
        add_spot(tried, sample_at(APR_ARRAY_IDX(routes, i, cg_route).url, NULL, 0));
    if (!tried->nelts)
        return add_unrouted(tried, section->path, may_force);
    return settle(in, section, tried, may_force);
}

/* Adds what leads to a path, by the directory that it is in. */
static void add_routed(const cg_sampler *in, apr_array_header_t *tried, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *directory = apr_pstrmemdup(in->p, path, (apr_size_t)(slash - path) + 1);
    apr_array_header_t *routes = cg_mapping_routes(in->p, in->host->mapping, directory);

    for (int i = 0; i < routes->nelts; i++) {
        const cg_route *route = &APR_ARRAY_IDX(routes, i, cg_route);

        if (strcmp(route->path, directory) == 0)
            add_spot(tried, sample_at(apr_pstrcat(in->p, route->url, slash + 1, NULL), NULL, 0));
    }
}

/* Directories with such a name that exist. */
static void add_existing(const cg_sampler *in, apr_array_header_t *tried, const cg_section *section)
{
    glob_t matches;

    if (glob(section->path, GLOB_ONLYDIR, NULL, &matches) == 0) {
        for (size_t i = 0; i < matches.gl_pathc && tried->nelts < TRIED_MAX; i++)
            add_routed(in, tried, matches.gl_pathv[i]);
    }
    globfree(&matches);
}

/* A regex may mean a whole path, or a part of one below any root. */
static void add_examples(const cg_sampler *in, apr_array_header_t *tried, const cg_section *section,
                         const apr_array_header_t *examples)
{
    for (int i = 0; i < examples->nelts; i++) {
        const char *name = APR_ARRAY_IDX(examples, i, const char *);

        if (*name != '/')
            continue;
        add_routed(in, tried, name);
        for (int j = 0; j < in->roots->nelts && tried->nelts < TRIED_MAX; j++) {
            const char *root = APR_ARRAY_IDX(in->roots, j, cg_route).path;
            const char *path = root ? apr_pstrcat(in->p, root, name + 1, NULL) : NULL;

            if (path && cg_section_matches(in->p, section, path))
                add_routed(in, tried, path);
        }
    }
}

/* What a pattern of the main server matches may be there in each host, or come to be. */
static apr_array_header_t *spots_of_paths(const cg_sampler *in, const cg_section *section)
{
    apr_array_header_t *tried = no_spots(in);
    apr_array_header_t *examples = cg_section_examples(in->p, section);

    if (section->is_fnmatch)
        add_existing(in, tried, section);
    add_examples(in, tried, section, examples);
    if (!tried->nelts)
        return add_unrouted(tried,
                            examples->nelts ? APR_ARRAY_IDX(examples, 0, const char *) : NULL,
                            is_own(in, section));
    return settle(in, section, tried, 1);
}

static apr_array_header_t *spots_at_roots(const cg_sampler *in, int most)
{
    apr_array_header_t *spots = no_spots(in);

    for (int i = 0; i < in->roots->nelts && spots->nelts < most; i++)
        add_spot(spots, sample_at(APR_ARRAY_IDX(in->roots, i, cg_route).url, NULL, 0));
    return spots;
}

static apr_array_header_t *spots_of_proxy(const cg_sampler *in, const cg_section *section)
{
    apr_array_header_t *tried = no_spots(in);

    for (int i = 0; i < in->roots->nelts; i++) {
        const cg_route *root = &APR_ARRAY_IDX(in->roots, i, cg_route);

        if (!root->path)
            add_spot(tried, sample_at(root->url, NULL, 0));
    }
    if (!tried->nelts && cg_mapping_is_open(in->host->mapping))
        add_spot(tried, sample_at("/", NULL, 0));
    return settle(in, section, tried, is_own(in, section));
}

/* Sections inside others */

static const char *join(apr_pool_t *p, const char *directory, const char *name)
{
    const char *slash = directory[strlen(directory) - 1] == '/' ? "" : "/";

    return apr_pstrcat(p, directory, slash, name, NULL);
}

static int has_such_name(const cg_sampler *in, const cg_section *files, const char *url)
{
    const char *name = strrchr(url, '/');

    return name && name[1] && cg_section_matches(in->p, files, name + 1);
}

/* A file that a Files section is for, where the sample of what it stands in is; nothing where no
 * file is served there. */
static void add_file(const cg_sampler *in, apr_array_header_t *tried, const cg_section *files,
                     const cg_sample *at)
{
    apr_array_header_t *examples;
    const char *name = files->path, *path;
    cg_sample spot = *at;

    if (!at->path && cg_mapping_reach(in->p, in->host->mapping, at->url, &path) == CG_REACH_NONE)
        return;
    if (has_such_name(in, files, at->path ? at->path : at->url)) {
        add_spot(tried, spot);
        return;
    }
    if (!cg_section_is_plain(files)) {
        examples = cg_section_examples(in->p, files);
        name = examples->nelts ? APR_ARRAY_IDX(examples, 0, const char *) : "x";
    }
    spot.url = join(in->p, at->url, name);
    if (at->path)
        spot.path = join(in->p, at->path, name);
    add_spot(tried, spot);
}

static apr_array_header_t *spots_of_files(const cg_sampler *in, const cg_section *section,
                                          const apr_array_header_t *around)
{
    apr_array_header_t *tried = no_spots(in);

    for (int i = 0; i < around->nelts; i++)
        add_file(in, tried, section, &APR_ARRAY_IDX(around, i, cg_sample));
    return settle(in, section, tried, 1);
}

/* An If is for some of the requests of what it stands in. */
const apr_array_header_t *cg_spots_inside(const cg_sampler *in, const cg_section *section,
                                          const apr_array_header_t *around)
{
    return section->kind == CG_SECTION_FILES ? spots_of_files(in, section, around) : around;
}

const apr_array_header_t *cg_spots_of(const cg_sampler *in, const cg_section *section)
{
    switch (section->kind) {
    case CG_SECTION_PROXY:
        return spots_of_proxy(in, section);
    case CG_SECTION_DIRECTORY:
        return cg_section_is_plain(section) ? spots_of_directory(in, section, is_own(in, section))
                                            : spots_of_paths(in, section);
    case CG_SECTION_LOCATION:
        return spots_of_location(in, section);
    case CG_SECTION_FILES:
        return spots_of_files(in, section, spots_at_roots(in, TRIED_MAX));
    default:
        return spots_at_roots(in, CG_SAMPLES_OF_SECTION_MAX);
    }
}

const apr_array_header_t *cg_spots_of_htaccess(const cg_sampler *in, const cg_section *section)
{
    return spots_of_directory(in, section, 1);
}
