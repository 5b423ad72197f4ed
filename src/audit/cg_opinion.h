/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_OPINION_H
#define CG_OPINION_H

#include "cg_outcome.h"
#include "cg_sample.h"

#include <jansson.h>

/** What is thought of recipes: of each combination of directives once, however many hosts and
 *  sections have it. */
typedef struct cg_opinions cg_opinions;

/** @param p lives as long as the report. */
cg_opinions *cg_opinions_make(apr_pool_t *p, json_t *report);

/** Tries the recipes that have a part in the answer to one request, where no policy governs it,
 *  and adds what is wrong to the report: findings, and what cannot be told.
 *  @param walk of the sample.
 *  @param outcome of a request for it that has no Origin.
 *  @param work what may be spent.
 *  @param p scratch. */
void cg_opinions_note(cg_opinions *opinions, apr_pool_t *p, const cg_sample *sample,
                      const cg_walk *walk, const cg_outcome *outcome, cg_work *work);

#endif
