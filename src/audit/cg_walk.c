/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_walk.h"

cg_walk *cg_walk_make(apr_pool_t *p, const cg_host *host, const char *url, const char *path,
                      cg_htaccess_store *store)
{
    cg_walk *walk = apr_pcalloc(p, sizeof *walk);

    (void)store;
    walk->host = host;
    walk->url = url;
    walk->path = path;
    walk->sections = apr_array_make(p, 4, sizeof(const cg_section *));
    walk->unsure = apr_array_make(p, 4, sizeof(const char *));
    return walk;
}

void cg_walk_force(apr_pool_t *p, cg_walk *walk, const cg_section *section)
{
    (void)p;
    APR_ARRAY_PUSH(walk->sections, const cg_section *) = section;
}

const cg_host *cg_walk_host(apr_pool_t *p, const apr_array_header_t *hosts, const char *name,
                            unsigned port)
{
    (void)p;
    (void)name;
    (void)port;
    return &APR_ARRAY_IDX(hosts, 0, const cg_host);
}
