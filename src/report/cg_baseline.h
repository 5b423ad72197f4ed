/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_BASELINE_H
#define CG_BASELINE_H

#include <apr_pools.h>
#include <jansson.h>

/** A baseline: findings that somebody looked at and accepted, each with a reason and a day on which
 *  that ends (docs/audit.md). */

#define CG_BASELINE_SCHEMA 1

/** So many mistakes of a baseline are told at once. */
#define CG_BASELINE_MISTAKES_MAX 20

/** Marks the report's accepted places: a place gets "accepted": {"reason", "expires"}, a finding of
 *  which all places are accepted gets "accepted": true and no longer counts in the summary, which
 *  gets "accepted": n. An entry that has expired accepts nothing. The report gets "baseline":
 *  {"entries": n, "expired": [...], "stale": [...]}; stale are entries that met nothing.
 *  @param today as "2027-01-31"; an entry holds to the end of its day.
 *  @return NULL, or what is wrong with the baseline, a mistake a line; the report is then as it
 *      was. */
const char *cg_baseline_apply(apr_pool_t *p, json_t *report, const json_t *baseline,
                              const char *today);

/** Non-zero for a day of the calendar, as "2027-01-31" (RFC 3339, full-date). */
int cg_baseline_is_day(const char *text);

/** A baseline that accepts all that a report found, an entry for each rule and line; the caller's
 *  to json_decref. */
json_t *cg_baseline_make(const json_t *report, const char *reason, const char *expires);

#endif
