/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_PATTERN_H
#define CG_PATTERN_H

#include "cg_origin.h"
#include <apr_pools.h>

/** One origin or pattern of the configuration, in the form browsers send: lower case, A-labels,
 *  without a default port. Filled by cg_pattern_parse, read-only afterwards. */
typedef struct cg_pattern {
    const char *text; /**< normalised and NUL-terminated: "http://localhost:*", "null" */
    apr_size_t len;
    apr_size_t scheme_len;
    const char *host; /**< into text, behind "://" and behind a leading "*." */
    apr_size_t host_len;
    unsigned port; /**< 0 where none was written, or where any_port */
    cg_host_kind host_kind;
    unsigned
        subdomains : 1;    /**< "*." stands before the host: one or more whole labels, never none */
    unsigned any_port : 1; /**< ":*" stands behind it */
    unsigned null : 1;     /**< the word null; the members above but text and len are unset */
    unsigned insecure : 1; /**< http and not loopback */
    unsigned loopback : 1; /**< localhost, *.localhost, 127.0.0.0/8, [::1] */
} cg_pattern;

/** Parses what an administrator wrote as an origin or pattern, strictly, explaining what is wrong.
 *  "*" alone, "none" and a leading sign are the caller's: they are errors here.
 *  @param p where the normalised text and an error live.
 *  @param text len bytes, as written; may hold any byte.
 *  @return NULL, or one line that says what was read, why it cannot be and what to write instead
 *          (control and non-ASCII bytes of the input are escaped in it). */
const char *cg_pattern_parse(apr_pool_t *p, const char *text, apr_size_t len, cg_pattern *out);

#endif
