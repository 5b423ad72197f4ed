/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_JUDGE_H
#define CG_JUDGE_H

#include "cg_catalogue.h"
#include "cg_reply.h"

/** Something that replies show to be wrong. */
typedef struct cg_fault {
    cg_find_id id;
    const cg_reply *reply; /**< that shows it: the witness */
    const char *summary;   /**< one sentence, the same for all faults of an id */
} cg_fault;

/** Judges what one resource answers to requests that differ in Origin, and to preflights: by what
 *  browsers would make of the answers, never by what made them.
 *  @param replies of const cg_reply *; those of other statuses than the resource's own (a 429, a
 *      broken application) left out by the caller.
 *  @param is_https the resource is reached by TLS.
 *  @return an array of cg_fault, each id once, for the first reply that shows it. */
apr_array_header_t *cg_judge(apr_pool_t *p, const apr_array_header_t *replies, int is_https);

#endif
