/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_BASELINE_H
#define CG_BASELINE_H

#include <apr_pools.h>
#include <jansson.h>

/** A baseline: findings that somebody looked at and accepted, each with a reason and a day on which
 *  that ends (docs/audit.md). */

/** Marks the report's accepted places: a place gets "accepted": {"reason", "expires"}, a finding of
 *  which all places are accepted gets "accepted": true and no longer counts in the summary, which
 *  gets "accepted": n. An entry that has expired accepts nothing and is told of in "baseline".
 *  @param today as "2027-01-31".
 *  @return NULL, or what is wrong with the baseline. */
const char *cg_baseline_apply(apr_pool_t *p, json_t *report, const json_t *baseline,
                              const char *today);

/** A baseline that accepts all that a report found. */
json_t *cg_baseline_make(const json_t *report, const char *reason, const char *expires);

#endif
