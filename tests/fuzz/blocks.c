/* SPDX-License-Identifier: Apache-2.0 */
/* A pool hands out pieces of large blocks, in which nobody sees that one piece runs into the next,
 * or is used after its pool was cleared. So in the fuzzers each piece is a block of malloc, which
 * AddressSanitizer and valgrind watch. This apr_palloc stands in front of libapr's own, also where
 * libapr calls it. */
#include "fuzz.h"

#include <stdlib.h>

typedef struct block {
    struct block *next;
    apr_size_t size; /* also keeps what follows aligned */
} block;

/* The pieces of one pool. */
typedef struct owner {
    const apr_pool_t *pool;
    block *blocks;
    struct owner *next;
} owner;

static owner *owners;

static owner **find(const apr_pool_t *pool)
{
    owner **at = &owners;

    while (*at && (*at)->pool != pool)
        at = &(*at)->next;
    return at;
}

static apr_status_t give_back(void *pool)
{
    owner **at = find(pool), *gone = *at;

    *at = gone->next;
    while (gone->blocks) {
        block *first = gone->blocks;

        gone->blocks = first->next;
        free(first);
    }
    free(gone);
    return APR_SUCCESS;
}

/* Its cleanup is the pool's first, and so runs behind all others, which may use what they hold. */
static owner *add_owner(apr_pool_t *pool)
{
    owner *made = malloc(sizeof *made);

    if (!made)
        abort();
    *made = (owner){pool, NULL, owners};
    owners = made;
    apr_pool_cleanup_register(pool, pool, give_back, apr_pool_cleanup_null);
    return made;
}

__attribute__((visibility("default"))) void *apr_palloc(apr_pool_t *pool, apr_size_t size)
{
    owner **at = find(pool), *of = *at ? *at : add_owner(pool);
    block *made = malloc(sizeof *made + size);

    if (!made)
        abort();
    *made = (block){of->blocks, size};
    of->blocks = made;
    return made + 1;
}
