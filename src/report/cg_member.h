/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_MEMBER_H
#define CG_MEMBER_H

#include <jansson.h>

/* Members of JSON objects that somebody else may have written: each may be missing, or of another
 * type than expected. */

/** The text of a member; "" where it is none. Lives as long as the object's member. */
const char *cg_member_text(const json_t *object, const char *name);

/** The number of a member from 0 to INT_MAX; 0 where it is none. */
int cg_member_number(const json_t *object, const char *name);

/** The text of an element of an array; "" where it is none. */
const char *cg_element_text(const json_t *array, size_t at);

#endif
