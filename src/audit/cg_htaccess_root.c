/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_htaccess_store.h"

#include <apr_strings.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* While roots are looked for. */
typedef struct finder {
    cg_htaccess_store *store;
    apr_hash_t *served;       /* paths of roots that a URL leads to, of all hosts */
    apr_hash_t *around;       /* all directories around them */
    apr_hash_t *taken;        /* sections that a host has already */
    apr_array_header_t *made; /* of cg_htaccess_root: those of the host */
} finder;

static int is_in(apr_hash_t *set, const char *path)
{
    return apr_hash_get(set, path, APR_HASH_KEY_STRING) != NULL;
}

static void put(apr_hash_t *set, const char *path)
{
    apr_hash_set(set, path, APR_HASH_KEY_STRING, path);
}

/* A path that does not exist, or is a file's, has nothing to be found below it. */
static void add_root(finder *in, const char *path)
{
    apr_pool_t *p = in->store->p;
    char reason[120], *real;

    for (int i = 0; i < in->made->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(in->made, i, cg_htaccess_root).path, path) == 0)
            return;
    }
    real = realpath(path, NULL);
    if (!real && errno != ENOENT && errno != ENOTDIR)
        cg_htaccess_tell_unread(in->store, path, apr_strerror(errno, reason, sizeof reason));
    if (!real)
        return;
    APR_ARRAY_PUSH(in->made, cg_htaccess_root) = (cg_htaccess_root){
        apr_pstrdup(p, path), apr_pstrcat(p, real, strcmp(real, "/") == 0 ? "" : "/", NULL)};
    free(real);
}

static void add_served(finder *in, const char *path)
{
    const char *kept;

    add_root(in, path);
    if (is_in(in->served, path))
        return;
    kept = apr_pstrdup(in->store->p, path);
    put(in->served, kept);
    for (const char *at = strchr(kept, '/'); at; at = strchr(at + 1, '/'))
        put(in->around, apr_pstrmemdup(in->store->p, kept, (apr_size_t)(at - kept) + 1));
}

static int is_below_served(const finder *in, const char *path)
{
    for (const char *at = strchr(path, '/'); at; at = strchr(at + 1, '/')) {
        if (is_in(in->served,
                  apr_pstrmemdup(in->store->scratch, path, (apr_size_t)(at - path) + 1)))
            return 1;
    }
    return 0;
}

/* What is around a root would bring in what nobody serves, or others do; what is below one is
 * there already. */
static void add_unserved(finder *in, const cg_overrides *overrides, const char *path)
{
    cg_override override = cg_overrides_at(overrides, path);

    if (!cg_override_is_none(&override) && !is_in(in->around, path) && !is_below_served(in, path))
        add_root(in, path);
}

static void add_section(finder *in, const cg_overrides *overrides, const cg_section *section)
{
    glob_t matches;

    if (!section->is_fnmatch) {
        add_unserved(in, overrides, section->path);
        return;
    }
    if (glob(section->path, GLOB_ONLYDIR, NULL, &matches) == 0) {
        for (size_t i = 0; i < matches.gl_pathc; i++) {
            if (cg_section_matches(in->store->scratch, section, matches.gl_pathv[i]))
                add_unserved(in, overrides, matches.gl_pathv[i]);
        }
    }
    globfree(&matches);
}

static void add_sections(finder *in, const cg_host *host)
{
    const cg_overrides *overrides = cg_htaccess_view_of(in->store, host)->overrides;

    for (int i = 0; i < host->directories->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(host->directories, i, const cg_section *);

        if (section->regex || apr_hash_get(in->taken, &section, sizeof(const cg_section *)))
            continue;
        apr_hash_set(in->taken, apr_pmemdup(in->store->p, &section, sizeof(const cg_section *)),
                     sizeof(const cg_section *), section);
        add_section(in, overrides, section);
    }
    apr_pool_clear(in->store->scratch);
}

static void take_roots(finder *in, const cg_host *host)
{
    in->made = apr_hash_get(in->store->roots, &host->server, sizeof(const server_rec *));
}

static void find_served(finder *in, const cg_host *host)
{
    apr_array_header_t *routes = cg_mapping_roots(in->store->p, host->mapping);

    in->made = apr_array_make(in->store->p, 1, sizeof(cg_htaccess_root));
    apr_hash_set(in->store->roots,
                 apr_pmemdup(in->store->p, &host->server, sizeof(const server_rec *)),
                 sizeof(const server_rec *), in->made);
    for (int i = 0; i < routes->nelts; i++) {
        const cg_route *route = &APR_ARRAY_IDX(routes, i, cg_route);

        if (route->path)
            add_served(in, route->path);
    }
}

void cg_htaccess_find_roots(cg_htaccess_store *store, const apr_array_header_t *hosts)
{
    finder in = {store, apr_hash_make(store->p), apr_hash_make(store->p), apr_hash_make(store->p),
                 NULL};

    for (int i = 0; i < hosts->nelts; i++)
        find_served(&in, &APR_ARRAY_IDX(hosts, i, cg_host));
    for (int i = 0; i < hosts->nelts; i++) {
        const cg_host *host = &APR_ARRAY_IDX(hosts, i, cg_host);

        take_roots(&in, host);
        if (cg_mapping_is_open(host->mapping))
            add_sections(&in, host);
    }
}
