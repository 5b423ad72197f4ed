/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_WITNESS_H
#define CG_WITNESS_H

#include "cg_origin.h"
#include <apr_pools.h>

/** Non-zero where regex matches the whole of text. The compiled form is the caller's
 *  (ap_regex_t). */
typedef int (*cg_match_fn)(const void *regex, const char *text, apr_size_t len);

typedef enum cg_hole {
    CG_HOLE_NONE,
    CG_HOLE_ANY_ORIGIN,    /**< it accepts an origin that has nothing in common with it */
    CG_HOLE_NULL,          /**< it accepts null */
    CG_HOLE_TAIL,          /**< anything may follow the host */
    CG_HOLE_BEFORE,        /**< no boundary before the host: evilexample.com */
    CG_HOLE_DOT,           /**< an unescaped dot, and what it accepts can be registered */
    CG_HOLE_PUBLIC_SUFFIX, /**< the registrable part is variable: any .github.io, any .com */
    CG_HOLE_HTTP,          /**< it accepts https and http of one host that is not loopback */
    CG_HOLE_UNJUDGED       /**< nothing sure is known of it, which counts as open */
} cg_hole;

/** What probing an origin regex found: the hole that comes first in cg_hole, but UNJUDGED before
 *  HTTP. */
typedef struct cg_witness {
    cg_hole hole;
    const char *origin;    /**< an origin an attacker could register or serve, which the regex
                                accepts; NULL for CG_HOLE_NONE and CG_HOLE_UNJUDGED */
    const char *example;   /**< the meant origin it was built from, or NULL */
    const char *why;       /**< for CG_HOLE_UNJUDGED, one clause; else NULL */
    unsigned useless : 1;  /**< UNJUDGED because no origin could be built that it accepts */
    unsigned insecure : 1; /**< some accepted example is http and not loopback */
} cg_witness;

/** Matches tried for one regex. What needs more is not judged: an .htaccess is read on every
 *  request, and may be anybody's. Ordinary regexes need under 100. */
#define CG_WITNESS_TRIES_MAX 4096
/** Steps of building strings for one regex, most of which are no origin and never matched. */
#define CG_WITNESS_STEPS_MAX 2097152

/** Probes a regex with origins built from its own examples (cg_example.h). An origin is a witness
 *  where the regex accepts it and its owner (cg_owner.h) is none of those of the examples.
 *  Deterministic.
 *  @param pattern the regex as written, without the module's anchors.
 *  @param match, regex match pattern anchored at both ends; every claim in out was tried with it.
 *      It must bound its own backtracking.
 *  @param p scratch, and where out's strings live. */
void cg_witness_find(apr_pool_t *p, const char *pattern, cg_match_fn match, const void *regex,
                     cg_witness *out);

/** One clause for a message: "an unescaped dot: it accepts https://apixexample.com"; NULL for
 *  CG_HOLE_NONE. */
const char *cg_witness_text(apr_pool_t *p, const cg_witness *witness);

#endif
