/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_PREFIX_H
#define CG_PREFIX_H

#include <apr_tables.h>

/** How some of the strings that a pattern matches begin. */
typedef struct cg_prefix {
    const char *text;
    int exact; /**< the whole string is text */
} cg_prefix;

/** What every string that a regex matches begins with: "^/api/(v1|v2)/" gives "/api/v1/" and
 *  "/api/v2/".
 *  @return an array of cg_prefix, one of which holds for each match; NULL where nothing can be
 *  said. */
apr_array_header_t *cg_prefixes_of_regex(apr_pool_t *p, const char *pattern);

/** The same for a pattern with * and ? (apr_fnmatch). */
apr_array_header_t *cg_prefixes_of_fnmatch(apr_pool_t *p, const char *pattern);

/** Whether path, or something below it, may begin so. prefixes may be NULL: it may. Letters are
 *  compared without case, as RegexDefaultOptions may ask for it. */
int cg_prefixes_meet_path(const apr_array_header_t *prefixes, const char *path);

/** Whether one string may begin as both say; either may be NULL. */
int cg_prefixes_meet(const apr_array_header_t *a, const apr_array_header_t *b);

#endif
