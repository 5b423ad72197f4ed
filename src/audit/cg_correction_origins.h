/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_CORRECTION_ORIGINS_H
#define CG_CORRECTION_ORIGINS_H

#include "cg_correction.h"

/* For cg_correction.c. */

/** Adds the origins of a remedy, a line each; nothing where the policy sets none.
 *  @param lines of const char *. */
void cg_correction_put_origins(apr_array_header_t *lines, const cg_policy *policy, unsigned fixes);

#endif
