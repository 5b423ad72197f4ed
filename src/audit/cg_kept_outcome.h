/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_KEPT_OUTCOME_H
#define CG_KEPT_OUTCOME_H

#include "cg_outcome.h"

/** What findings are made of, of an outcome whose pool is cleared: status, headers, and who made
 *  them (nodes and cg_outcome_nodes). All else in it is empty. */
const cg_outcome *cg_kept_outcome_make(apr_pool_t *p, const cg_outcome *outcome);

#endif
