/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_MEMBERS_H
#define CG_MEMBERS_H

#include "cg_policy.h"

/** The members of a policy's lists, as they are written in reports and remedies. */

/** What the origins of a section and of those it inherits from say together: "https://...", "*",
 *  "null", "~ regex"; "-https://..." for what is taken away from a pattern, "*" or what was left
 *  out.
 *  @param most so many at most.
 *  @param left_out set to how many more there are.
 *  @return an array of const char *, outermost section first; empty where no origin is allowed. */
apr_array_header_t *cg_members_of_origins(apr_pool_t *p, const cg_origins *origins, int most,
                                          apr_size_t *left_out);

/** The names of a list, in the order written.
 *  @return an array of const char *; NULL where names is NULL. */
apr_array_header_t *cg_members_of_names(apr_pool_t *p, const cg_names *names);

#endif
