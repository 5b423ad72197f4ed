/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_CORRECTION_H
#define CG_CORRECTION_H

#include "cg_policy.h"

/** What a remedy changes in a policy, as bits. */
typedef enum cg_fix {
    CG_FIX_NONE = 0,
    CG_FIX_INSECURE = 1 << 0,   /**< https in place of http */
    CG_FIX_SUFFIXES = 1 << 1,   /**< a host in place of a wildcard over a public suffix */
    CG_FIX_SUBDOMAINS = 1 << 2, /**< a host in place of any other wildcard */
    CG_FIX_ANY = 1 << 3,        /**< a list in place of "*" */
    CG_FIX_METHODS = 1 << 4,    /**< likewise */
    CG_FIX_HEADERS = 1 << 5,
    CG_FIX_MAX_AGE = 1 << 6, /**< what all browsers keep */
    CG_FIX_PATCH = 1 << 7    /**< upper case */
} cg_fix;

/** So many origins are written out in a remedy; a comment tells of the rest. */
#define CG_CORRECTION_ORIGINS_MAX 20

/** Directives that can stand where an effective policy stands: the same one with what is to be
 *  changed. What is refused without CorsDangerouslyAllow is always changed: null is left out, an
 *  open regex becomes an origin that it is meant for; with credentials, also what CG_FIX_INSECURE
 *  and CG_FIX_SUFFIXES say. configtest accepts them.
 *  @param fixes of cg_fix.
 *  @return lines that end in \n. */
const char *cg_correction_of(apr_pool_t *p, const cg_policy *policy, unsigned fixes);

#endif
