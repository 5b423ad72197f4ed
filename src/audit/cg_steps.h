/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_STEPS_H
#define CG_STEPS_H

#include "cg_inventory.h"

/** One section of a host that says something about CORS. */
typedef struct cg_step {
    const cg_section *section;
    int parent;     /**< the step of the section that it stands in, or -1 */
    int chain;      /**< for If, ElseIf, Else: the same number for those of which one applies */
    int branches;   /**< for an If: how many steps from here on are the branches of which one always
                       applies; 0: none needs to */
    cg_reach reach; /**< for a plain Location: where its path leads */
    const char *path;           /**< where reach is CG_REACH_FILE: that, with "/" at its end */
    apr_array_header_t *routes; /**< for a plain Directory: of cg_route */
    int same;                   /**< the next step of the same kind and path, or -1 */
} cg_step;

/** The sections of a host that say something about CORS, numbered in the order in which httpd
 *  merges them. */
typedef struct cg_steps cg_steps;

/** A set of steps that apply to one request: an array of int, ascending. */
typedef apr_array_header_t cg_pile;

/** @param with_recipes non-zero: sections that hold recipes are steps, too, not only those with
 *  policies. */
cg_steps *cg_steps_make(apr_pool_t *p, const cg_host *host, int with_recipes);

int cg_steps_count(const cg_steps *steps);
const cg_step *cg_steps_at(const cg_steps *steps, int step);

cg_pile *cg_pile_make(apr_pool_t *p);
void cg_pile_add(cg_pile *pile, int step);
void cg_pile_add_all(cg_pile *pile, const cg_pile *other);
int cg_pile_has(const cg_pile *pile, int step);
int cg_pile_equal(const cg_pile *a, const cg_pile *b);

/** Adds the plain Locations that apply to a URL. */
void cg_steps_add_locations(const cg_steps *steps, cg_pile *pile, const char *url);

/** Adds the plain Directories that apply to what is in a directory; path ends in "/". */
void cg_steps_add_directories(const cg_steps *steps, cg_pile *pile, const char *path);

/** Adds the Locations by regex or wildcards that apply to a URL, and such Directories that apply
 *  to a path; either may be NULL. */
void cg_steps_add_patterns(const cg_steps *steps, cg_pile *pile, const char *url, const char *path);

/** The policy of a request to which these steps apply.
 *  @param without a step that is left out, or -1. */
void cg_steps_policy(const cg_steps *steps, const cg_pile *pile, int without, cg_policy *policy);

/** Whether some request may exist to which all steps of both piles apply. Errs towards yes. */
int cg_steps_meet(const cg_steps *steps, const cg_pile *a, const cg_pile *b);

#endif
