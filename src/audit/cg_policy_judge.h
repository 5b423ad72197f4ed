/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_POLICY_JUDGE_H
#define CG_POLICY_JUDGE_H

#include "cg_policy.h"
#include "cg_correction.h"
#include "cg_report.h"

#include <apr_hash.h>

/** So many members of one list are named by one finding. */
#define CG_POLICY_JUDGE_MEMBERS_MAX 20

/** Judges effective policies: what is risky in them, as docs/audit.md has it. */
typedef struct cg_policy_judge cg_policy_judge;

cg_policy_judge *cg_policy_judge_make(apr_pool_t *p);

/** What is risky in a policy that is in effect and not refused (cg_policy_problem), or has lifted a
 *  refusal.
 *  @param has_tls whether clients reach the host by https.
 *  @param p where they live.
 *  @return an array of cg_report_finding, without host and section. */
apr_array_header_t *cg_policy_judge_policy(cg_policy_judge *judge, apr_pool_t *p,
                                           const cg_policy *policy, int has_tls);

/** The finding for "*", or for "*" with exceptions.
 *  @param by what lets only some addresses in; NULL: nothing.
 *  @return non-zero where there is one. */
int cg_policy_judge_wildcard(apr_pool_t *p, const cg_policy *policy, const cg_place *by,
                             cg_report_finding *found);

/* For cg_policy_judge*.c only. */

/** One policy while it is judged. */
typedef struct cg_policy_judging {
    cg_policy_judge *judge;
    apr_pool_t *p;
    const cg_policy *policy;
    int has_tls;
    apr_array_header_t *found; /**< of cg_report_finding */
} cg_policy_judging;

/** What a finding is made of, besides what the policy says. */
typedef struct cg_policy_judged {
    cg_find_id id;
    cg_confidence confidence;
    const char *summary;
    cg_report_witness witness;
    const apr_array_header_t *lines; /**< of cg_place, the most telling first */
    unsigned fixes;                  /**< of cg_fix */
} cg_policy_judged;

void cg_policy_judge_add(const cg_policy_judging *in, const cg_policy_judged *judged);

/** A list of one place. */
apr_array_header_t *cg_policy_judge_lines(apr_pool_t *p, const cg_place *place);

/** Adds a place, unless it is there. */
void cg_policy_judge_add_line(apr_array_header_t *lines, const cg_place *place);

/** What is risky in the origins. */
void cg_policy_judge_origins(const cg_policy_judging *in);

/** What is risky in the regexes of one section. */
void cg_policy_judge_matchers(const cg_policy_judging *in, const cg_origins *origins);

/** What probing found in a regex; once for each. */
const cg_witness *cg_policy_judge_probe(const cg_policy_judging *in, const cg_matcher *matcher);

/** Wildcards of a set that are not over a public suffix: const char *, each set once, and at most
 *  CG_POLICY_JUDGE_MEMBERS_MAX of them and one more. */
const apr_array_header_t *cg_policy_judge_subdomains(const cg_policy_judging *in,
                                                     const cg_set *set);

#endif
