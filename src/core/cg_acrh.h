/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_ACRH_H
#define CG_ACRH_H

#include "cg_names.h"

/** The longest Access-Control-Request-Headers that is looked at, in bytes: httpd's default limit
 *  for one field. Longer ones, which need a raised LimitRequestFieldSize to get here, are denied
 *  unread. */
#define CG_ACRH_MAX 8190
/** Intermediaries may leave empty list elements (RFC 9110, 5.6.1); a browser sends none. More
 *  than this is an attack. */
#define CG_ACRH_EMPTY_MAX 16

/** Whether every name of an Access-Control-Request-Headers is allowed (Fetch, "CORS-preflight
 *  fetch"). One pass, without allocating; names without case, optional whitespace around them.
 *  @param allowed NULL: nothing is.
 *  @param value   NUL-terminated, as it came; NULL: nothing was asked for. */
int cg_acrh_allowed(const cg_names *allowed, const char *value);

/** The names of a value that cg_acrh_allowed passed, written anew: "a, b". NULL where there is
 *  none. */
const char *cg_acrh_list(apr_pool_t *p, const char *value);

#endif
