/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REMEDY_ORIGINS_H
#define CG_REMEDY_ORIGINS_H

#include "cg_remedy.h"

/* For cg_remedy.c. */

/** Adds the origins of a remedy, a line each; nothing where the policy sets none.
 *  @param lines of const char *. */
void cg_remedy_put_origins(apr_array_header_t *lines, const cg_policy *policy, unsigned fixes);

#endif
