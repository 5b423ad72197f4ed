/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_ORIGINS_H
#define CG_ORIGINS_H

#include "cg_place.h"
#include "cg_rule.h"
#include "cg_set.h"
#include "cg_witness.h"

/** An entry that some rule may refuse, depending on the rest of the policy. */
typedef struct cg_risk {
    cg_rule_id rule;
    const char *text;          /**< the entry as normalised, or the regex as written */
    const cg_pattern *pattern; /**< NULL for a regex */
    const char *witness;       /**< for a regex: cg_witness_text; else NULL */
    const char *danger;        /**< in place of the rule's; NULL: the rule's */
    const char *remedy;
    cg_place place;
    struct cg_risk *next;
} cg_risk;

/** One CorsAllowOriginMatch. */
typedef struct cg_matcher {
    const char *text;
    cg_match_fn match;
    const void *regex;
    cg_place place;
    struct cg_matcher *next;
} cg_matcher;

/** What CorsAllowOrigin, CorsAllowOriginFile and CorsAllowOriginMatch of one section say
 *  together. Filled by the setters below while the section is read, read-only afterwards.
 *  Invariant: plain and (added or removed) exclude each other; any excludes all the others. */
typedef struct cg_origins {
    unsigned plain : 1; /**< replaces what is inherited */
    unsigned any : 1;   /**< "*" */
    unsigned none : 1;  /**< "none" */
    unsigned null : 1;  /**< the origin null is a member of the allowed */
    unsigned removes_null : 1;
    unsigned risk_mask; /**< bit 1 << rule for each entry of risks */
    cg_set *allowed;    /**< the plain or the "+" members; NULL: none */
    cg_set *removed;    /**< the "-" members; NULL: none */
    cg_matcher *matchers;
    cg_risk *risks;     /**< in the order written */
    cg_risk *last_risk; /**< where the next one is appended */
    struct cg_origins
        *parent;       /**< what signed members change; set by cg_origins_over, NULL: nothing */
    cg_place place;    /**< of the first directive */
    apr_size_t listed; /**< how many members files have, repeated ones too */
} cg_origins;

/** A field without members, first set at place. */
cg_origins *cg_origins_make(apr_pool_t *p, const cg_place *place);

/** Adds one argument of CorsAllowOrigin: none, *, an origin or pattern, with or without a sign.
 *  @return NULL, or why it is refused (as cg_pattern_parse). */
const char *cg_origins_add(apr_pool_t *p, cg_origins *origins, const char *arg,
                           const cg_place *place);

/** Adds every line of a file's content; a line is an origin or pattern, "#" begins a comment.
 *  @return NULL, or up to CG_FILE_ERRORS_MAX errors in one line (httpd escapes line breaks), each
 *      "FILE:LINE: why". */
#define CG_FILE_ERRORS_MAX 10
const char *cg_origins_add_lines(apr_pool_t *p, cg_origins *origins, const char *file,
                                 const char *content, apr_size_t len);

/** Adds a regex that was compiled and probed.
 *  @return NULL, or why it cannot stand beside the section's other members. */
const char *cg_origins_add_matcher(apr_pool_t *p, cg_origins *origins, const cg_matcher *matcher,
                                   const cg_witness *witness);

/** add over base, as a nested section sees it: add itself where it is plain or base is NULL,
 *  else a copy of add with base as its outermost parent. Cannot fail. Either may be merged
 *  already: the result is the same in whatever order neighbours are merged. */
cg_origins *cg_origins_over(apr_pool_t *p, cg_origins *base, cg_origins *add);

/** Non-zero where every origin is allowed without exception, so that "*" can be sent. */
int cg_origins_any(const cg_origins *origins);

/** Whether an origin is allowed: the nearest section that names it decides, a "-" before a "+".
 *  Allocates nothing. */
int cg_origins_allow(const cg_origins *origins, const cg_origin *origin);
int cg_origins_allow_null(const cg_origins *origins);

/** Non-zero where the entry of a risk is taken away by a section nearer than the one that holds
 *  it. */
int cg_origins_removes(const cg_origins *origins, const cg_origins *holder, const cg_risk *risk);

#endif
