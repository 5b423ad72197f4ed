/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_BASELINE_READ_H
#define CG_BASELINE_READ_H

#include <apr_hash.h>
#include <apr_tables.h>
#include <jansson.h>

/* For cg_baseline.c. */

/** One entry of a baseline; the texts are the document's. */
typedef struct cg_accepted {
    const char *rule;
    const char *place; /**< "": everywhere */
    const char *reason;
    const char *expires;
    int is_used;
} cg_accepted;

/** The entries of a baseline that was read, to be found by rule and place. */
typedef struct cg_accepted_list {
    apr_array_header_t *entries; /**< of cg_accepted *, in the order of the document */
    apr_hash_t *by_key;          /**< the same by cg_accepted_key */
} cg_accepted_list;

const char *cg_accepted_key(apr_pool_t *p, const char *rule, const char *place);

/** Reads a baseline.
 *  @return NULL, or what is wrong, a mistake a line, each with the number of its entry. */
const char *cg_baseline_read(apr_pool_t *p, const json_t *baseline, cg_accepted_list *list);

#endif
