/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_OUTCOME_H
#define CG_OUTCOME_H

#include "cg_run.h"

/** What other modules' directives make of a request, and the policy that governs it. */
typedef struct cg_outcome {
    apr_array_header_t *sections; /**< of const cg_section *: the walk's, and every If that holds,
                                       in the order of merging */
    cg_policy policy;             /**< effective */
    int status;                   /**< 0: the handler's */
    apr_table_t *headers;         /**< Access-Control-* and Vary as they would be sent without the
                                       guard: a line each, in the order sent */
    /** What of Vary and Access-Control-* an answer that no handler makes has, too: lines that
     *  conditions (If, expr=, SetEnvIfExpr) left in headers_out before the handler, and those of
     *  "Header always". NULL: not told apart from headers. */
    const apr_table_t *early, *always;
    apr_array_header_t *nodes;      /**< of const ap_directive_t *: the Header directives that made
                                       Access-Control-Allow-Origin and -Credentials, and what set
                                       the variables they use; in the order of file and line */
    apr_array_header_t *unresolved; /**< of cg_unresolved, only those that may change
                                         Access-Control-* headers or which policy governs */
    const apr_table_t *variables;
    apr_hash_t *makers; /**< as cg_run has it, for cg_outcome_nodes */
} cg_outcome;

/** The Header directives that made the lines of one header, and what set the variables they use.
 *  @param header "access-control-max-age": in lower case.
 *  @return an array of const ap_directive_t *, in the order of file and line. */
apr_array_header_t *cg_outcome_nodes(apr_pool_t *p, const cg_outcome *outcome, const char *header);

/** Carries the directives out as httpd would, phase by phase: SetEnvIf and rewriting of the server,
 *  If sections, SetEnvIf of sections, SetEnv, rewriting of sections, Header.
 *  @param assumed If sections, of const cg_section *, that are taken to hold, for one whose
 *      condition no request we can think of fulfils; NULL: none.
 *  @param p where everything lives; it may be cleared behind each outcome. */
cg_outcome *cg_outcome_of(apr_pool_t *p, const cg_walk *walk, const cg_question *question,
                          const apr_array_header_t *assumed);

#endif
