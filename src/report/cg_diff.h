/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_DIFF_H
#define CG_DIFF_H

#include <apr_pools.h>
#include <jansson.h>
#include <stdio.h>

/** What changed between two reports: {"widened": [...], "narrowed": [...], "changed": [...]}, each
 *  entry {"host", "section", "what", "old", "new"}, with null for what was or is not there. What:
 *  - "origin", "method", "request header", "exposed header": a member that no member of the other
 *    report's list stands for; "credentials". Those of a policy that is Off or only reports, or is
 *    not there, count as nothing.
 *  - "mode"; "policy": one that came, or went, whereupon nothing removes what applications send.
 *  - "host": one that came, with its policies, or went, without them.
 *  - "finding": one that came or went. It widens only if it says that some origin may read more.
 *  - "max-age".
 *  Hosts of one name and sections of one text are told apart by their order.
 *  @return the caller's to json_decref. */
json_t *cg_diff_make(apr_pool_t *p, const json_t *old, const json_t *new);

/** Non-zero where something was widened. */
int cg_diff_widened(const json_t *diff);

/** For people, in the manner of cg_write_text.
 *  @return non-zero where all of it was written. */
int cg_diff_write_text(const json_t *diff, FILE *out, int colour);

#endif
