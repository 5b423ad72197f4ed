/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_DIFF_H
#define CG_DIFF_H

#include <apr_pools.h>
#include <jansson.h>
#include <stdio.h>

/** What changed between two reports: {"widened": [...], "narrowed": [...], "changed": [...]}, each
 *  entry {"host", "section", "what", "old", "new"}: origins, credentials, methods, headers and
 *  exposed headers of each policy, policies and hosts that came or went, findings that came or
 *  went. */
json_t *cg_diff_make(apr_pool_t *p, const json_t *old, const json_t *new);

/** Non-zero where something was widened. */
int cg_diff_widened(const json_t *diff);

void cg_diff_write_text(const json_t *diff, FILE *out, int colour);

#endif
