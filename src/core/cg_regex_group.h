/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REGEX_GROUP_H
#define CG_REGEX_GROUP_H

#include "cg_regex_atom.h"

/** What the beginning of a group says of it. */
typedef enum cg_regex_group {
    CG_REGEX_GROUP_NOTHING, /**< it was read whole: a comment, flags, a reference */
    CG_REGEX_GROUP_BODY,    /**< alternatives follow */
    CG_REGEX_GROUP_LOOK     /**< alternatives follow that match no byte */
} cg_regex_group;

/** Reads the beginning of a group, behind its "(", any but that of a condition. Flags change r,
 *  also for the rest of the group they stand in; the caller undoes that. */
cg_regex_group cg_regex_read_group(cg_regex_reader *r);

#endif
