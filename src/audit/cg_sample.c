/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_sample.h"

apr_array_header_t *cg_samples_of(apr_pool_t *p, const cg_host *host, cg_htaccess_store *store)
{
    apr_array_header_t *samples = apr_array_make(p, 1, sizeof(cg_sample));

    (void)host;
    (void)store;
    APR_ARRAY_PUSH(samples, cg_sample) = (cg_sample){"/", NULL, NULL, 0};
    return samples;
}
