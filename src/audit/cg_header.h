/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HEADER_H
#define CG_HEADER_H

#include "cg_run.h"

/** Header and RequestHeader of one place. */
typedef struct cg_header cg_header;

/** Adds a directive; as cg_setenvif_read. */
cg_header *cg_header_read(apr_pool_t *p, cg_header *lines, const ap_directive_t *node,
                          cg_recipe_scope scope);

/** Non-zero where a Header line names Access-Control-*. */
int cg_header_writes_cors(const cg_header *lines);

/** The Header lines that give an Access-Control-* header to answers: those that unset one, or only
 *  read it, are left out.
 *  @return an array of const ap_directive_t *. */
apr_array_header_t *cg_header_cors_lines(apr_pool_t *p, const cg_header *lines);

/** When lines are carried out. */
typedef enum cg_header_phase {
    CG_HEADER_EARLY,   /**< "early": when the request was read */
    CG_HEADER_REQUEST, /**< RequestHeader: at fixups, last */
    CG_HEADER_ALWAYS,  /**< Header always: into r->err_headers_out */
    CG_HEADER_SUCCESS  /**< Header: into r->headers_out */
} cg_header_phase;

/** Carries out the lines of one phase, of several places, outermost first (do_headers_fixup).
 *  @param places of const cg_header *. */
void cg_header_run(cg_run *run, const apr_array_header_t *places, cg_header_phase phase);

#endif
