/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_RUN_H
#define CG_RUN_H

#include "cg_question.h"
#include "cg_walk.h"

#include <apr_hash.h>

/** Something that cannot be told from the configuration. */
typedef struct cg_unresolved {
    const ap_directive_t *node; /**< what could not be carried out, or only in part */
    const char *reason;         /**< a clause: "RewriteMap hosts is asked at request time" */
} cg_unresolved;

/** A request while other modules' directives are carried out on it, by the files of each module.
 *  Lives for one outcome. */
typedef struct cg_run {
    apr_pool_t *p;
    const cg_walk *walk;
    const cg_question *question;
    request_rec *r; /**< never sent: enough of a request for ap_expr and for what directives read.
                         Variables are in r->subprocess_env, notes in r->notes, header lines in
                         r->headers_out (onsuccess) and r->err_headers_out (always) */
    apr_hash_t *setters;            /**< variable -> array of const ap_directive_t * that made it
                                         what it is */
    apr_array_header_t *unresolved; /**< of cg_unresolved */
    apr_hash_t *unknown;            /**< variable -> reason: set, but nobody can tell to what */
    int status;                     /**< 0: the handler's; else what a rewrite rule answers */
} cg_run;

/** Sets or unsets a variable of the request, and notes who did. */
void cg_run_set(cg_run *run, const ap_directive_t *by, const char *name, const char *value);
void cg_run_unset(cg_run *run, const ap_directive_t *by, const char *name);

/** Notes that a directive's effect cannot be told; each directive once. */
void cg_run_unresolve(cg_run *run, const ap_directive_t *by, const char *reason);

/** An expression that was parsed when the configuration was read (ap_expr). */
typedef struct cg_expr cg_expr;

/** Parses a condition, or a string with %{...} in it, as httpd would.
 *  @return never NULL; one that does not parse, or that asks for what only a real request has
 *      (subrequests: -U and -F), cannot be told when it is asked. */
const cg_expr *cg_expr_read(apr_pool_t *p, const ap_directive_t *node, const char *text,
                            int is_string);

/** Whether a condition holds; 0 and a note where it cannot be told. */
int cg_run_holds(cg_run *run, const ap_directive_t *node, const cg_expr *condition);

/** The string's value, never NULL. */
const char *cg_run_string(cg_run *run, const ap_directive_t *node, const cg_expr *string);

#endif
