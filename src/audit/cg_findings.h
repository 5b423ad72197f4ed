/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_FINDINGS_H
#define CG_FINDINGS_H

#include "cg_inventory.h"

/** One problem of the configuration, however many hosts and sections it shows in. */
typedef struct cg_finding {
    cg_problem problem;
    int certain; /**< the sections surely meet: the configuration is refused; else they may meet */
    const cg_host *host;  /**< the first that shows it */
    const char *sections; /**< of that host, which make it together; NULL: none */
    const cg_host *last_host;
    int hosts; /**< how many show it */
} cg_finding;

/** No more errors, and no more warnings, are logged one by one. */
#define CG_FINDINGS_LOGGED_MAX 1000

/** The problems found, each once, in the order in which they were found. */
typedef struct cg_findings cg_findings;

/** A policy that holds more problems than this, all from lists of origins, is cut; the number is
 *  told. */
#define CG_FINDINGS_OF_POLICY_MAX 100

cg_findings *cg_findings_make(apr_pool_t *p);

/** The problems of a policy, an array of cg_problem; empty where it is not in effect. Costs a few
 *  instructions for a sound policy, and mostly a look-up for one that was judged before.
 *  @param p lives as long as the policy, and so may the result. */
const apr_array_header_t *cg_findings_judge(cg_findings *findings, apr_pool_t *p,
                                            const cg_policy *policy);

/** Non-zero where problems holds one like this. */
int cg_findings_hold(const apr_array_header_t *problems, const cg_problem *problem);

/** Notes a problem of a host.
 *  @return the finding where it is new, or certain for the first time: the caller then sets its
 *  sections; else NULL. */
cg_finding *cg_findings_note(cg_findings *findings, const cg_host *host, const cg_problem *problem,
                             int certain);

/** A place as text, the same for a line of a macro wherever that is used. */
const char *cg_findings_place_key(apr_pool_t *p, const cg_place *place);

/** Logs what was found: what is certain as errors and then their number, the rest as warnings where
 *  asked.
 *  @return how many are certain. */
int cg_findings_log(cg_findings *findings, const server_rec *server, const module *self,
                    int warnings);

#endif
