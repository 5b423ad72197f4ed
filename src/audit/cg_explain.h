/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_EXPLAIN_H
#define CG_EXPLAIN_H

#include "cg_decide.h"
#include "cg_outcome.h"

/** What would be sent: the outcome of the directives, with what the guard makes of it. */
typedef struct cg_explanation {
    const cg_outcome *outcome;
    const cg_policy *policy; /**< what governs; NULL: no policy is in effect */
    int is_guarded;          /**< a policy is in effect, and not only reported */
    cg_decision decision;    /**< where a policy is in effect */
    int status;              /**< 0: the handler's; 204, 200 or 403 where the guard answers */
    apr_table_t *headers;    /**< Access-Control-* and Vary, a line each */
} cg_explanation;

/** @param walk as cg_walk_served returns it. */
cg_explanation *cg_explain(apr_pool_t *p, const cg_walk *walk, const cg_question *question);

/** A larger document on stdin is not read: more than 20,000 questions, so a mistake. */
#define CG_EXPLAIN_INPUT_MAX ((size_t)8 * 1024 * 1024)

/** Answers questions: reads a JSON array of them from stdin, writes one JSON document to stdout
 *  (docs/audit.md, "explain").
 *  @param hosts of cg_host. */
void cg_explain_all(apr_pool_t *p, const apr_array_header_t *hosts, cg_htaccess_store *store);

#endif
