/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_UNIT_H
#define CG_UNIT_H

#include "cg_steps.h"

/** A request that exists: what applies to it, as far as paths tell. */
typedef struct cg_context {
    cg_pile *pile;
    const char *url;  /**< NULL: not known */
    const char *path; /**< of the file or directory; NULL: none is reached, or it is not known */
    int is_unsure;    /**< it is decided at request time which file or directory is reached */
} cg_context;

/** A section, with the requests that it is judged by. */
typedef struct cg_unit {
    int step;
    int is_plain;    /**< a path that is compared as it is */
    int is_unrouted; /**< a Directory that no known URL leads to */
    int is_doubtful; /**< a Directory of the main server that nothing known leads to, or in one */
    cg_pile *home;   /**< the step, with what surely applies wherever it does */
    apr_array_header_t *contexts; /**< of cg_context, no two with the same pile */
    apr_array_header_t *
        partners; /**< the same, and each without other sections by regex or wildcards: for pairs */
} cg_unit;

/** All units of a host. */
typedef struct cg_units {
    apr_pool_t *p;
    const cg_host *host;
    cg_steps *steps;
    cg_pile *everywhere; /**< what applies to every URL */
    apr_array_header_t
        *roots;              /**< of cg_context: a request for each root of the host, never empty */
    apr_array_header_t *all; /**< of cg_unit, one a step */
} cg_units;

/** @param with_recipes as for cg_steps_make. */
cg_units *cg_units_make(apr_pool_t *p, const cg_host *host, int with_recipes);

#endif
