/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_suffix.h"
#include "cg_host.h"

#include <libpsl.h>
#include <string.h>

/* Set once before any thread runs; NULL: the built-in list. */
static psl_ctx_t *opened;

/* Without the implied rule "*", by which every top-level domain would be public. */
#define LISTED (PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE)

static const psl_ctx_t *list(void)
{
    return opened ? opened : psl_builtin();
}

static apr_status_t close_list(void *unused)
{
    (void)unused;
    psl_free(opened);
    opened = NULL;
    return APR_SUCCESS;
}

void cg_suffix_open(apr_pool_t *p)
{
    if (opened)
        return;
    opened = psl_latest(NULL);
    if (opened)
        apr_pool_cleanup_register(p, NULL, close_list, apr_pool_cleanup_null);
}

/* Copies a host name without its trailing dot, which the list knows nothing of. Returns 0 where
 * it is an address or no name. */
static int copy_name(const char *host, char name[CG_HOST_MAX + 1])
{
    apr_size_t len = strlen(host), used = 0;
    cg_host_kind kind = CG_HOST_NAME;

    if (cg_host_scan(host, len, &used, &kind) != CG_HOST_FINE || used != len ||
        kind != CG_HOST_NAME)
        return 0;
    if (host[len - 1] == '.')
        len--;
    memcpy(name, host, len);
    name[len] = '\0';
    return 1;
}

int cg_suffix_is_public(const char *host)
{
    char name[CG_HOST_MAX + 1];

    return copy_name(host, name) && psl_is_public_suffix2(list(), name, LISTED);
}

const char *cg_suffix_registrable(const char *host)
{
    char name[CG_HOST_MAX + 1];
    const char *registrable, *suffix;

    if (!copy_name(host, name))
        return NULL;
    registrable = psl_registrable_domain(list(), name);
    suffix = registrable ? strchr(registrable, '.') : NULL;
    if (!suffix || !psl_is_public_suffix2(list(), suffix + 1, LISTED))
        return NULL;
    return host + (registrable - name);
}
