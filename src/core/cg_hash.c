/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_hash.h"

#include <apr_general.h>
#include <apr_time.h>
#include <pthread.h>

static apr_uint64_t process_key[2];

/* Without a source of randomness the key is only hard to guess, which does for a table's speed. */
static void make_key(void)
{
    if (apr_generate_random_bytes((unsigned char *)process_key, sizeof process_key) == APR_SUCCESS)
        return;
    process_key[0] = (apr_uint64_t)apr_time_now();
    process_key[1] = (apr_uint64_t)(apr_uintptr_t)&process_key;
}

void cg_hash_key(apr_uint64_t key[2])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_key);
    memcpy(key, process_key, sizeof process_key);
}
