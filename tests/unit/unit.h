/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_H
#define UNIT_H

#include "fenced.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <cmocka.h>

/* A table's row may leave out the fields at its end that are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/** A literal and its length, for rows that may hold a NUL. */
#define TEXT(literal) (literal), sizeof(literal) - 1

/** A test with a pool of its own in *state. */
#define UNIT_TEST(name) cmocka_unit_test_setup_teardown(name, unit_begin, unit_end)

static inline int unit_begin(void **state)
{
    apr_pool_t *pool;

    if (apr_initialize() != APR_SUCCESS || apr_pool_create(&pool, NULL) != APR_SUCCESS)
        return -1;
    *state = pool;
    return 0;
}

static inline int unit_end(void **state)
{
    apr_pool_destroy(*state);
    apr_terminate();
    return 0;
}

/** A number below limit, from a sequence that is the same in every run. seed begins as any number
 *  but 0. */
static inline unsigned unit_random(uint64_t *seed, unsigned limit)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (unsigned)((*seed >> 32) % limit);
}

#endif
