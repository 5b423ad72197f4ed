/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REPORT_INDEX_H
#define CG_REPORT_INDEX_H

#include "cg_place.h"

#include <jansson.h>

/* For cg_report*.c only: what is in a report already. It is a member of the document while that is
 * made, and no longer. jansson's objects are hashes with a random seed, so that hostile names cost
 * no more than others. */

#define CG_REPORT_INDEX "index"

/** Notes a value; index: any object that is used for nothing else.
 *  @return zero where one like it was noted before. */
int cg_report_index_add(json_t *index, const json_t *value);

/** What was noted for a value, made as an empty object where there was nothing; the index's.
 *  @param is_new set to whether it was made. */
json_t *cg_report_index_of(json_t *index, const json_t *value, int *is_new);

/** A place as {"file", "line"}. */
json_t *cg_report_line(const cg_place *place);

#endif
