/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_RUN_H
#define CG_RUN_H

#include "cg_expr.h"
#include "cg_limited.h"
#include "cg_question.h"
#include "cg_walk.h"

#include <apr_hash.h>

/** Something that cannot be told from the configuration. */
typedef struct cg_unresolved {
    const ap_directive_t *node; /**< what could not be carried out, or only in part */
    const char *reason;         /**< a clause: "RewriteMap hosts is asked at request time" */
} cg_unresolved;

/** What rules of mod_rewrite made of a request: how cg_outcome.c has to go on with it. */
typedef struct cg_rewritten {
    const char *url; /**< the path that it is mapped by from now on, and that Location sections see,
                           in place of the walk's; NULL: as it was */
    const char *path; /**< the file that the rules of the server chose, or to which the URL leads
                           since none of them changed it; NULL: as the walk has it. Where url or path
                           is set, cg_walk_make has to be asked again, with both */
    const char *redirect; /**< path and query of an internal redirect: another round begins, with a
                                  new request for it; NULL: none */
    const char
        *proxy; /**< where [P] hands the request to, as Proxy sections compare it: they apply in
                            place of Directory and Files; NULL: nowhere */
    unsigned is_ended : 1;   /**< [END]: no rules are carried out any more, in further rounds too */
    unsigned is_reduced : 1; /**< cg_rewrite's own */
} cg_rewritten;

/** A request while other modules' directives are carried out on it, by the files of each module.
 *  Lives for one outcome. */
typedef struct cg_run {
    apr_pool_t *p;
    const cg_walk *walk;
    const cg_question *question;
    request_rec *r; /**< never sent: enough of a request for ap_expr and for what directives read.
                         Variables are in r->subprocess_env, notes in r->notes, header lines in
                         r->headers_out (onsuccess) and r->err_headers_out (always). main is set where
                         it is a subrequest, as that of mod_dir for an index file */
    apr_hash_t *setters;            /**< variable -> array of const ap_directive_t * that made it
                                         what it is */
    apr_array_header_t *unresolved; /**< of cg_unresolved */
    apr_hash_t *told;               /**< nodes of unresolved; NULL: none */
    cg_work work;                   /**< of this request */
    apr_hash_t *unknown;            /**< variable -> reason: set, but nobody can tell to what */
    apr_hash_t *makers;             /**< header line, as cg_header.c names it -> array of const
                                         ap_directive_t * */
    int status;                     /**< 0: the handler's; else what a rewrite rule answers */
    cg_rewritten rewritten;         /**< all zero at first */
} cg_run;

/** Begins a run: makes the request.
 *  @param p where all of it lives. */
cg_run *cg_run_make(apr_pool_t *p, const cg_walk *walk, const cg_question *question);

/** Goes on with another walk of the same request: a rule led it elsewhere. */
void cg_run_move(cg_run *run, const cg_walk *walk);

/** Goes on with the request that httpd makes of it by an internal redirect (ap_internal_redirect):
 *  variables are called REDIRECT_..., the "always" lines and Vary stay.
 *  @param target path and query. */
void cg_run_redirect(cg_run *run, const char *target);

/** Sets or unsets a variable of the request, and notes who did. */
void cg_run_set(cg_run *run, const ap_directive_t *by, const char *name, const char *value);
void cg_run_unset(cg_run *run, const ap_directive_t *by, const char *name);

/** Takes a step, and one more for CG_WORK_BYTES of text.
 *  @return 0 where there were too many (see cg_work.h), and that is noted of the directive */
int cg_run_may(cg_run *run, const ap_directive_t *by, apr_size_t bytes);

/** Notes that a directive's effect cannot be told; each directive once. */
void cg_run_unresolve(cg_run *run, const ap_directive_t *by, const char *reason);

/** Whether that was noted. */
int cg_run_is_unresolved(const cg_run *run, const ap_directive_t *by);

/** Whether a condition holds; 0 and a note where it cannot be told. */
int cg_run_holds(cg_run *run, const ap_directive_t *node, const cg_expr *condition);

/** The same, with what a regex in it matched (ap_expr_exec_re).
 *  @param groups AP_MAX_REG_MATCH of them.
 *  @param value what groups point into; left as it is where no regex was asked. */
int cg_run_matches(cg_run *run, const ap_directive_t *node, const cg_expr *condition,
                   ap_regmatch_t *groups, const char **value);

/** Whether a regex of the directive matches; 0 and a note where it backtracks too much, or the
 *  request took too many steps before.
 *  @param groups AP_MAX_REG_MATCH of them; NULL: they do not matter. */
int cg_run_finds(cg_run *run, const ap_directive_t *by, cg_limited *regex, const char *text,
                 ap_regmatch_t *groups);

/** The string's value, never NULL. */
const char *cg_run_string(cg_run *run, const ap_directive_t *node, const cg_expr *string);

#endif
