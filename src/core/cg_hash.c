/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_hash.h"

#include <apr_general.h>
#include <apr_time.h>
#include <pthread.h>

static cg_hash_key process_key;

/* Without a source of randomness the key is only hard to guess, which does for a table's speed. */
static void make_guessable(void)
{
    apr_uint64_t state = (apr_uint64_t)apr_time_now() ^ (apr_uint64_t)(apr_uintptr_t)&state;

    for (unsigned i = 0; i < CG_HASH_WORDS; i++) {
        state = state * APR_UINT64_C(6364136223846793005) + 1442695040888963407;
        process_key.words[i].low = (apr_uint32_t)state;
        process_key.words[i].high = (apr_uint32_t)(state >> 32);
    }
    process_key.last = state;
}

static void make_key(void)
{
    if (apr_generate_random_bytes((unsigned char *)&process_key, sizeof process_key) != APR_SUCCESS)
        make_guessable();
    process_key.last |= 1;
}

const cg_hash_key *cg_hash_process_key(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_key);
    return &process_key;
}
