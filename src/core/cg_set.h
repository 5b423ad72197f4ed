/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SET_H
#define CG_SET_H

#include "cg_pattern.h"

/** A set of origins and patterns. Its lookup costs the same at one member and at a million.
 *  Filled while configuration is read (one thread), read-only afterwards. */
typedef struct cg_set cg_set;

/** An empty set. expected: about how many members will be added (0: few); text: about how many
 *  bytes they have. */
cg_set *cg_set_make(apr_pool_t *p, apr_size_t expected, apr_size_t text);

/** Adds a pattern that is not "null". Its text is copied. Adding a member twice does nothing. */
void cg_set_add(cg_set *set, const cg_pattern *pattern);

/** Non-zero where a member matches the origin. Allocates nothing, reads no byte outside
 *  origin->text[0..len). */
int cg_set_matches(const cg_set *set, const cg_origin *origin);

/** Non-zero where every origin that pattern matches is matched by one member too. */
int cg_set_covers(const cg_set *set, const cg_pattern *pattern);

apr_size_t cg_set_count(const cg_set *set);

/** Calls visit for each member in the order of adding, until it returns 0. text: the normalised
 *  pattern, len bytes, not NUL-terminated. */
void cg_set_each(const cg_set *set, int (*visit)(void *ctx, const char *text, apr_size_t len),
                 void *ctx);

#endif
