/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_walk.h"

#include "cg_descent.h"
#include "cg_proxied.h"

#include <apr_strings.h>
#include <http_core.h>
#include <string.h>

static void take(apr_array_header_t *sections, const cg_section *section)
{
    APR_ARRAY_PUSH(sections, const cg_section *) = section;
}

static void doubt(cg_walk *walk, const char *why)
{
    APR_ARRAY_PUSH(walk->unsure, const char *) = why;
}

/* ap_location_walk. Without MergeSlashes only those by regex see the slashes that are too many. */
static apr_array_header_t *locations_of(apr_pool_t *p, const cg_walk *walk)
{
    const core_server_config *core = ap_get_core_module_config(walk->host->server->module_config);
    const apr_array_header_t *all = walk->host->locations;
    apr_array_header_t *met = apr_array_make(p, 4, sizeof(const cg_section *));
    char *merged = apr_pstrdup(p, walk->url);

    if (core->merge_slashes == AP_CORE_CONFIG_OFF)
        ap_no2slash_ex(merged, 0);
    for (int i = 0; i < all->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(all, i, const cg_section *);

        if (cg_section_matches(p, section, section->regex ? walk->url : merged))
            take(met, section);
    }
    return met;
}

/* proxy_walk in mod_proxy.c. */
static void take_proxies(apr_pool_t *p, cg_walk *walk)
{
    const apr_array_header_t *all = walk->host->proxies;

    for (int i = 0; i < all->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(all, i, const cg_section *);

        if (cg_section_matches(p, section, walk->proxy))
            take(walk->sections, section);
    }
}

static void take_matching_files(apr_pool_t *p, cg_walk *walk, const apr_array_header_t *files,
                                const char *name)
{
    for (int i = 0; i < files->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(files, i, const cg_section *);

        if (cg_section_matches(p, section, name))
            take(walk->sections, section);
        else if (cg_section_gave_up(section))
            doubt(walk, apr_psprintf(p,
                                     "the regular expression of %s in line %d of %s backtracks "
                                     "more than this audit follows",
                                     section->text, section->place.line, section->place.file));
    }
}

/* ap_file_walk: the host's, then those of each directory in the order of merging. */
static void take_files(apr_pool_t *p, cg_walk *walk)
{
    const char *name = strrchr(walk->path, '/') + 1;
    int directories = walk->sections->nelts;

    take_matching_files(p, walk, walk->host->files, name);
    for (int i = 0; i < directories; i++)
        take_matching_files(p, walk, APR_ARRAY_IDX(walk->sections, i, const cg_section *)->files,
                            name);
}

static void walk_file(apr_pool_t *p, cg_walk *walk, const char *path, cg_htaccess_store *store)
{
    cg_descent_walk(p, walk, path, store);
    if (walk->path && !walk->status)
        take_files(p, walk);
}

/* What is in the document root is the best guess. */
static void guess_file(apr_pool_t *p, cg_walk *walk, cg_htaccess_store *store)
{
    const core_server_config *core = ap_get_core_module_config(walk->host->server->module_config);

    doubt(walk, apr_psprintf(p, "it is decided at request time where %s leads", walk->url));
    if (core->ap_document_root)
        walk_file(p, walk, apr_pstrcat(p, core->ap_document_root, walk->url, NULL), store);
    walk->path = NULL;
    walk->path_info = "";
    walk->type = APR_NOFILE;
    walk->status = 0;
}

static void walk_elsewhere(apr_pool_t *p, cg_walk *walk)
{
    if (walk->proxy)
        take_proxies(p, walk);
    else if (cg_mapping_is_redirected(p, walk->host->mapping, walk->url))
        walk->is_redirected = 1;
    else if (walk->host->proxies->nelts)
        doubt(walk, apr_psprintf(p, "a rewrite rule decides where %s is proxied to", walk->url));
}

static cg_walk *begin(apr_pool_t *p, const cg_host *host, const char *url, cg_htaccess_store *store)
{
    cg_walk *walk = apr_pcalloc(p, sizeof *walk);

    walk->host = host;
    walk->store = store;
    walk->url = url;
    walk->path_info = "";
    walk->type = APR_NOFILE;
    walk->sections = apr_array_make(p, 8, sizeof(const cg_section *));
    walk->unsure = apr_array_make(p, 2, sizeof(const char *));
    return walk;
}

cg_walk *cg_walk_proxied(apr_pool_t *p, const cg_walk *from, const char *url, const char *proxy)
{
    cg_walk *walk = begin(p, from->host, url, from->store);

    walk->reach = CG_REACH_NONE;
    walk->proxy = proxy;
    take_proxies(p, walk);
    apr_array_cat(walk->sections, locations_of(p, walk));
    return walk;
}

cg_walk *cg_walk_make(apr_pool_t *p, const cg_host *host, const char *url, const char *path,
                      cg_htaccess_store *store)
{
    cg_walk *walk = begin(p, host, url, store);
    apr_array_header_t *locations;

    locations = locations_of(p, walk);
    walk->reach = path ? CG_REACH_FILE : cg_mapping_reach(p, host->mapping, url, &path);
    if (walk->reach == CG_REACH_NONE)
        walk->proxy = cg_proxied_to(p, host, url, locations);
    if (walk->reach == CG_REACH_FILE)
        walk_file(p, walk, path, store);
    else if (walk->reach == CG_REACH_UNSURE)
        guess_file(p, walk, store);
    else
        walk_elsewhere(p, walk);
    if (!walk->status)
        apr_array_cat(walk->sections, locations);
    return walk;
}

void cg_walk_reuse(apr_pool_t *p, cg_walk *walk, const cg_walk *before)
{
    walk->sections = apr_array_make(p, 8, sizeof(const cg_section *));
    for (int i = 0; i < before->sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(before->sections, i, const cg_section *);

        if (section->kind == CG_SECTION_DIRECTORY)
            take(walk->sections, section);
    }
    take_files(p, walk);
    apr_array_cat(walk->sections, locations_of(p, walk));
}
