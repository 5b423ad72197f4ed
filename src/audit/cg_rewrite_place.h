/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REWRITE_PLACE_H
#define CG_REWRITE_PLACE_H

#include "cg_rewrite_rule.h"

/** What two places say together, the second being the inner one. */
void cg_rewrite_merge(apr_pool_t *p, const cg_rewrite *base, const cg_rewrite *add,
                      cg_rewrite *out);

/** The same where either may be NULL; NULL where both are. */
const cg_rewrite *cg_rewrite_merged(apr_pool_t *p, const cg_rewrite *base, const cg_rewrite *add);

/** What sections inherit from a server, which may say nothing (NULL): all but its rules. */
const cg_rewrite *cg_rewrite_defaults(apr_pool_t *p, const cg_rewrite *main, const cg_rewrite *own);

/** What places say together: those of a kind are merged with each other first, as httpd's walks do
 *  it.
 *  @param places of const cg_rewrite *, in the order of merging.
 *  @return NULL where there is nothing. */
const cg_rewrite *cg_rewrite_of_places(apr_pool_t *p, const cg_rewrite *defaults,
                                       const apr_array_header_t *places);

#endif
