/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_POLICIES_H
#define CG_POLICIES_H

#include "cg_inventory.h"

#include <jansson.h>

/** A list of origins is written with all its members once; where it comes again, or where there
 *  were CG_POLICIES_MEMBERS_MAX in the report, no more than these are, and the number of the rest: a
 *  thousand hosts may share a hundred thousand origins. */
#define CG_POLICIES_SHOWN_MAX 100
#define CG_POLICIES_MEMBERS_MAX 1000000

/** The effective policies of a configuration, on their way into a report: which host and section
 *  has which, and what is risky in them. */
typedef struct cg_policies cg_policies;

/** Adds nothing yet.
 *  @param p lives as long as the configuration and the report. */
cg_policies *cg_policies_make(apr_pool_t *p, json_t *report);

/** Adds a host to the report, once; ask for the hosts in their order.
 *  @return the host's JSON, the report's. */
json_t *cg_policies_host(cg_policies *policies, const cg_host *host);

/** Notes the policy that governs a request, and adds what is risky in it to the report's findings.
 *  Nothing where no policy is in effect. The same host, section and policy are noted once, however
 *  often they come. Where several hosts have one policy in one section, or outside all sections,
 *  the first has it in the report, with the names of the others. Note host by host.
 *  @param section for which the request stands; NULL: for what is outside all sections, which says
 *      nothing where a section of the request sets a policy.
 *  @param effective as merged; may be gone afterwards.
 *  @param sections of const cg_section *: those of the request. */
void cg_policies_note(cg_policies *policies, const cg_host *host, const cg_section *section,
                      const cg_policy *effective, const apr_array_header_t *sections);

/** Writes the policies into the report. Call it once, before cg_report_finish. */
void cg_policies_finish(cg_policies *policies);

#endif
