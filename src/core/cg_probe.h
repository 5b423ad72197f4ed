/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_PROBE_H
#define CG_PROBE_H

#include "cg_example.h"
#include "cg_witness.h"
#include <apr_hash.h>

/** Examples whose text is changed byte by byte, whatever the tree says: a check on the reading
 *  of the regex. */
#define CG_PROBE_ALTERED_MAX 8

/** The ways to build a regex that differ in all nodes; a turn is taken from each. The last two
 *  differ from the first two only where a wide set can stand for a scheme. */
extern const cg_example_plan cg_probe_bases[];

/** One regex while it is probed; for cg_witness.c, cg_probe.c and cg_hostile.c only. Examples
 *  are learned first, then hostile origins tried. */
typedef struct cg_probe {
    apr_pool_t *p;
    cg_match_fn match;
    const void *regex;
    const cg_regex_tree *tree;
    const char *unclear;          /**< why it cannot be judged, or NULL */
    apr_hash_t *tried;            /**< text -> what came of it */
    apr_hash_t *owners;           /**< of the accepted examples */
    apr_hash_t *http, *https;     /**< host -> an accepted origin of it */
    apr_array_header_t *hints;    /**< const char *: what the lookarounds may demand */
    apr_array_header_t *examples; /**< const char *: the first accepted of each owner */
    char *covered;                /**< by number: an example was built through the node, new */
    unsigned bases;               /**< how many of cg_probe_bases matter */
    unsigned tries, steps;
    unsigned exhausted : 1;                /**< no tries or steps are left */
    unsigned accepted : 1;                 /**< there is an accepted example */
    unsigned insecure : 1;                 /**< one is http and not loopback */
    const char *origins[CG_HOLE_UNJUDGED]; /**< the witness of each hole, or NULL */
    unsigned ranks[CG_HOLE_UNJUDGED];      /**< how telling that is, 0 the most */
    const char *sources[CG_HOLE_UNJUDGED]; /**< the example it was built from, or NULL */
} cg_probe;

/** A probe of a regex that was read as tree. */
void cg_probe_begin(cg_probe *probe, apr_pool_t *p, const cg_regex_tree *tree, cg_match_fn match,
                    const void *regex);

/** cg_example_build, counted. */
int cg_probe_build(cg_probe *probe, const cg_example_plan *plan, cg_example *out);

/** Whether the regex accepts a text. It is asked once for each. */
int cg_probe_accepts(cg_probe *probe, const char *text, apr_size_t len);

/** Tries an example: where it is an accepted origin, its owner is meant.
 *  @return whether it is one. */
int cg_probe_learn(cg_probe *probe, const cg_example *example);

/** Says that the regex needs more work than is done for one, so that it cannot be judged sound. */
void cg_probe_give_up(cg_probe *probe);

/** Counts steps. Once there are none left, nothing more is built. */
void cg_probe_spend(cg_probe *probe, unsigned steps);

/** Whether a text is a witness: an accepted origin of an owner that no example has.
 *  @param origin set where it is. */
int cg_probe_is_witness(cg_probe *probe, const char *text, apr_size_t len, cg_origin *origin);

/** Keeps a witness, if it is the first of its hole, or of lower rank, or shorter. source: the
 *  example it was built from, or NULL. */
void cg_probe_keep(cg_probe *probe, cg_hole hole, unsigned rank, const char *text,
                   const char *source);

/** Tries a text as cg_probe_is_witness does, and keeps it. */
void cg_probe_try(cg_probe *probe, cg_hole hole, unsigned rank, const char *text,
                  const char *source);

/** Non-zero where a witness was kept, of any hole but CG_HOLE_HTTP. */
int cg_probe_found(const cg_probe *probe);

/** Tries null. */
void cg_probe_null(cg_probe *probe);

#endif
