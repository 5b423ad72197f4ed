/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_KEPT_POLICY_H
#define CG_KEPT_POLICY_H

#include "cg_policy.h"

/** An effective policy that is kept for longer than the request it was merged for. Its fields are
 *  those of the configuration, which live as long as that; what merging made of origins is
 *  copied. */

/** What tells a policy from others: equal bytes where every field was set by the same directives.
 *  @param len set to their number. */
const void *cg_kept_policy_key(apr_pool_t *p, const cg_policy *policy, apr_size_t *len);

/** The same for its origins alone; NULL has a key too. */
const void *cg_kept_policy_origins_key(apr_pool_t *p, const cg_origins *origins, apr_size_t *len);

/** A copy that lives as long as p. */
const cg_policy *cg_kept_policy_make(apr_pool_t *p, const cg_policy *policy);

#endif
