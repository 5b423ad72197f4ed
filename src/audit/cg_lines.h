/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_LINES_H
#define CG_LINES_H

#include "cg_walk.h"

/** The directives of recipes that may have a part in the answer to one request. */
typedef struct cg_lines {
    apr_array_header_t *nodes; /**< of const ap_directive_t *, in the order of merging */
    const char *text;          /**< what they say, without where: two requests with the same text
                                    are answered alike, unless is_local */
    unsigned writes_cors : 1;  /**< one of them is a Header for Access-Control-* */
    unsigned is_local : 1;     /**< host and URL matter */
} cg_lines;

/** @param p where they live. */
cg_lines cg_lines_of(apr_pool_t *p, const cg_walk *walk);

/** The number of a node among those of lines; -1 where it is none of them: a rewrite led to it. */
int cg_lines_number(const cg_lines *lines, const ap_directive_t *node);

#endif
