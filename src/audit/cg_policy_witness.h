/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_POLICY_WITNESS_H
#define CG_POLICY_WITNESS_H

#include "cg_policy.h"
#include "cg_report.h"

/** Origins that a policy lets read, proved by deciding a GET from them as the guard would. A policy
 *  that only reports is taken for one that is On. Each function returns 0 where there is none, and
 *  leaves witness as it is. */

int cg_policy_witness_of(apr_pool_t *p, const cg_policy *policy, const char *origin,
                         cg_report_witness *witness);

/** One that a pattern stands for: https://evil.github.io for any name under github.io. */
int cg_policy_witness_of_pattern(apr_pool_t *p, const cg_policy *policy, const cg_pattern *pattern,
                                 cg_report_witness *witness);

/** Any origin that the policy lets read. */
int cg_policy_witness_any(apr_pool_t *p, const cg_policy *policy, cg_report_witness *witness);

/** What probing a regex finds, but for null, which is never asked of a regex. */
void cg_policy_witness_of_regex(apr_pool_t *p, const cg_matcher *matcher, cg_witness *found);

/** An http origin, not loopback, that a regex accepts. */
int cg_policy_witness_insecure(apr_pool_t *p, const cg_policy *policy, const cg_matcher *matcher,
                               cg_report_witness *witness);

#endif
