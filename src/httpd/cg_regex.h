/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REGEX_H
#define CG_REGEX_H

#include "cg_origins.h"

/** Compiles the regex of a CorsAllowOriginMatch, anchored at both ends, as long as p lives.
 *  @param place where it was written; kept in matcher.
 *  @return NULL, or why it is refused. */
const char *cg_regex_compile(apr_pool_t *p, const char *pattern, const cg_place *place,
                             cg_matcher *matcher);

#endif
