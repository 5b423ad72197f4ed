/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_verdict.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>
#include <httpd.h>

/* What is kept is never changed or taken out. pool, and the hash in it, only under the mutex. */
static struct {
    apr_thread_mutex_t *mutex;
    apr_pool_t *pool;
    apr_hash_t *verdicts; /* by the regex's text: cg_witness */
} kept;

static apr_status_t forget(void *unused)
{
    (void)unused;
    kept.verdicts = NULL;
    return APR_SUCCESS;
}

void cg_verdict_open(apr_pool_t *p)
{
    if (apr_thread_mutex_create(&kept.mutex, APR_THREAD_MUTEX_DEFAULT, p) != APR_SUCCESS)
        return;
    apr_pool_create(&kept.pool, p);
    kept.verdicts = apr_hash_make(kept.pool);
    apr_pool_cleanup_register(p, NULL, forget, apr_pool_cleanup_null);
}

static cg_witness copy_of(apr_pool_t *p, const cg_witness *witness)
{
    cg_witness copy = *witness;

    copy.origin = apr_pstrdup(p, witness->origin);
    copy.example = apr_pstrdup(p, witness->example);
    return copy; /* why is a constant */
}

static int recall(const char *text, cg_witness *witness)
{
    const cg_witness *verdict;

    apr_thread_mutex_lock(kept.mutex);
    verdict = apr_hash_get(kept.verdicts, text, APR_HASH_KEY_STRING);
    apr_thread_mutex_unlock(kept.mutex);
    if (verdict)
        *witness = *verdict;
    return verdict != NULL;
}

static void keep(const char *text, const cg_witness *witness)
{
    apr_thread_mutex_lock(kept.mutex);
    if (apr_hash_count(kept.verdicts) < CG_VERDICTS_MAX &&
        !apr_hash_get(kept.verdicts, text, APR_HASH_KEY_STRING)) {
        cg_witness *verdict = apr_palloc(kept.pool, sizeof *verdict);

        *verdict = copy_of(kept.pool, witness);
        apr_hash_set(kept.verdicts, apr_pstrdup(kept.pool, text), APR_HASH_KEY_STRING, verdict);
    }
    apr_thread_mutex_unlock(kept.mutex);
}

void cg_verdict_find(apr_pool_t *p, const cg_matcher *matcher, cg_witness *witness)
{
    int fits = kept.verdicts && strlen(matcher->text) <= CG_VERDICT_TEXT_MAX;

    if (fits && recall(matcher->text, witness))
        return;
    cg_witness_find(p, matcher->text, matcher->match, matcher->regex, witness);
    if (fits)
        keep(matcher->text, witness);
}
