/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_hooks.h"

#include "cg_answer.h"
#include "cg_emit.h"
#include "cg_guard.h"

#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>

/* Answers a preflight without a body. The status is set here and not returned, so that no
 * ErrorDocument replaces it; insert_error_filter brings our headers and those of "Header
 * always". */
static int answer(request_rec *r, const cg_guard *guard)
{
    int discarded = ap_discard_request_body(r);

    if (discarded != OK)
        return discarded;
    r->status = cg_answer_status(guard->policy, guard->decision.state);
    if (r->status != HTTP_NO_CONTENT)
        ap_set_content_length(r, 0);
    ap_run_insert_error_filter(r);
    return DONE;
}

/* What a decision just made calls for. */
static int act(request_rec *r, const cg_guard *guard)
{
    if (!guard->answer && !guard->refuse)
        return DECLINED;
    /* Once: what httpd makes of the request (an ErrorDocument of our own 403) is let through. */
    if (r->prev && cg_guard_of(r->prev) == guard)
        return DECLINED;
    return guard->answer ? answer(r, guard) : HTTP_FORBIDDEN;
}

int cg_hooks_decide(request_rec *r)
{
    return act(r, cg_guard_of(r));
}

int cg_hooks_redirected(request_rec *r)
{
    const cg_guard *before = cg_guard_recorded(r);

    if ((before && before->policy) || r->main)
        return DECLINED;
    return act(r, cg_guard_of(r));
}

static void insert(request_rec *r, const cg_guard *guard)
{
    if (guard->policy)
        cg_emit_add(r, guard);
}

void cg_hooks_insert(request_rec *r)
{
    const cg_guard *guard = cg_guard_recorded(r);

    if (r->main)
        return;
    if (!guard) /* header_parser did not run: this is a hit in mod_cache's quick handler */
        guard = cg_guard_look_up(r);
    else if (!guard->policy)
        guard = cg_guard_of(r);
    insert(r, guard);
}

/* What the quick handler answers without an insert_filter: what ap_meets_conditions said, and
 * that nothing is there for "only-if-cached". */
static int is_cache_answer(const request_rec *r)
{
    return r->status == HTTP_NOT_MODIFIED || r->status == HTTP_PRECONDITION_FAILED ||
           r->status == HTTP_GATEWAY_TIME_OUT;
}

void cg_hooks_insert_error(request_rec *r)
{
    if (r->main)
        return;
    if (!cg_guard_recorded(r) && is_cache_answer(r))
        insert(r, cg_guard_look_up(r));
    else
        insert(r, cg_guard_of(r));
}
