/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_POLICY_FINDINGS_H
#define CG_POLICY_FINDINGS_H

#include "cg_inventory.h"

#include <jansson.h>

/* For cg_policies.c. */

/** Where a policy was found: a request of a host. */
typedef struct cg_finding_place {
    const cg_host *host;
    const char *name; /**< as reports have it, and so the next two */
    const char *address;
    unsigned port;
    int has_tls;                        /**< clients reach the host by https */
    const cg_section *section;          /**< NULL: outside all sections */
    const apr_array_header_t *sections; /**< of const cg_section *: those of the request */
} cg_finding_place;

/** A host's, without sections. */
cg_finding_place cg_finding_place_of(apr_pool_t *p, const cg_host *host);

/** What is risky in policies, on its way into a report. */
typedef struct cg_policy_findings cg_policy_findings;

cg_policy_findings *cg_policy_findings_make(apr_pool_t *p, json_t *report);

/** Adds what is risky in a policy by itself; where it is refused, that to what is unresolved.
 *  @param policy as cg_kept_policy_make: by its address it is known again. */
void cg_policy_findings_add(cg_policy_findings *findings, const cg_finding_place *place,
                            const cg_policy *policy);

/** Adds what is risky in a policy that is in effect because of what stands beside it: "*" where
 *  only some addresses are let in, and Header directives. */
void cg_policy_findings_add_company(cg_policy_findings *findings, const cg_finding_place *place,
                                    const cg_policy *policy);

#endif
