/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_htaccess.h"

struct cg_htaccess_store {
    cg_htaccess_coverage covered;
};

cg_htaccess_store *cg_htaccess_store_make(apr_pool_t *p, const module *self)
{
    cg_htaccess_store *store = apr_pcalloc(p, sizeof *store);

    (void)self;
    store->covered.unread = apr_array_make(p, 4, sizeof(cg_unread));
    return store;
}

const cg_htaccess *cg_htaccess_at(cg_htaccess_store *store, const cg_host *host,
                                  const char *directory)
{
    (void)store;
    (void)host;
    (void)directory;
    return NULL;
}

void cg_htaccess_discover(cg_htaccess_store *store, const apr_array_header_t *hosts)
{
    (void)store;
    (void)hosts;
}

apr_array_header_t *cg_htaccess_of_host(apr_pool_t *p, cg_htaccess_store *store,
                                        const cg_host *host)
{
    (void)store;
    (void)host;
    return apr_array_make(p, 1, sizeof(const cg_htaccess *));
}

const cg_htaccess_coverage *cg_htaccess_covered(const cg_htaccess_store *store)
{
    return &store->covered;
}
