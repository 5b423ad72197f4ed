/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_GUARD_H
#define CG_GUARD_H

#include "cg_decide.h"

#include <httpd.h>

/** What the guard decided of a request: made once for the request that the client sent, kept by
 *  those that httpd makes of it (internal redirects), read-only afterwards. Lives in the
 *  request's pool. */
typedef struct cg_guard {
    const cg_policy *policy; /**< NULL: no policy is in effect, the guard does nothing */
    cg_decision decision;
    unsigned char answer;      /**< a preflight that the module answers itself */
    unsigned char refuse;      /**< CorsGuard Enforce: the client gets 403 */
    unsigned char refuse_late; /**< the same where no hook could do it: cg_guard_look_up */
    unsigned char report;      /**< CorsGuard Report: the response stays as it is */
} cg_guard;

/** The request's decision, made now if it was not made yet: on the policy of the request the client
 *  sent, where that had one in effect, else on r's own. A new decision is logged, and put into the
 *  request's environment.
 *  @param r a main request (r->main is NULL).
 *  @return never NULL. */
const cg_guard *cg_guard_of(request_rec *r);

/** As cg_guard_of, for a request that is answered before httpd walks its sections: a hit in
 *  mod_cache's quick handler. Its policy is looked up with a subrequest, which stops when the
 *  sections are merged. */
const cg_guard *cg_guard_look_up(request_rec *r);

/** The decision that was made already, or NULL. One without a policy may still change: a fast
 *  redirect (DirectoryIndex, FallbackResource) gives the request other sections. */
const cg_guard *cg_guard_recorded(const request_rec *r);

/** The hooks of such a subrequest (translate_name, first; post_perdir_config). It must find the
 *  sections that the request itself would have: what asks for IS_SUBREQ, or RewriteRule with
 *  [NS], sees no subrequest. */
int cg_guard_begin_lookup(request_rec *r);
int cg_guard_end_lookup(request_rec *r);

#endif
