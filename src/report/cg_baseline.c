/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_baseline.h"

const char *cg_baseline_apply(apr_pool_t *p, json_t *report, const json_t *baseline,
                              const char *today)
{
    (void)p;
    (void)report;
    (void)baseline;
    (void)today;
    return NULL;
}

json_t *cg_baseline_make(const json_t *report, const char *reason, const char *expires)
{
    (void)report;
    (void)reason;
    (void)expires;
    return json_object();
}
