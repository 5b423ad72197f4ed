/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_emit.h"

#include "cg_answer.h"
#include "cg_log.h"

#include <httpd.h>
#include <http_request.h>
#include <util_filter.h>

static ap_filter_rec_t *emit_filter;

static const char *request_header(const void *request, const char *name)
{
    const request_rec *r = request;

    return apr_table_get(r->headers_in, name);
}

/* On every response: the audit calls the same function, so the linker would not inline it here. */
__attribute__((flatten)) void cg_emit_headers(request_rec *r, const cg_guard *guard)
{
    const cg_answer_asked asked = {request_header, r};

    cg_answer_write(guard->policy, &guard->decision, &asked, r->headers_out, r->err_headers_out);
}

/* A hit in mod_cache's quick handler that CorsGuard Enforce refuses: nothing was sent yet, so it
 * can still be a 403. */
static apr_status_t refuse(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    request_rec *r = f->r;

    apr_brigade_cleanup(brigade);
    ap_remove_output_filter(f);
    ap_die(HTTP_FORBIDDEN, r);
    return AP_FILTER_ERROR;
}

static apr_status_t emit(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    request_rec *r = f->r;
    const cg_guard *guard = f->ctx;

    if (!guard || ap_is_HTTP_INFO(r->status))
        return ap_pass_brigade(f->next, brigade);
    if (guard->refuse_late && r->status != HTTP_FORBIDDEN)
        return refuse(f, brigade);
    if (guard->report)
        cg_log_compared(r, guard);
    else
        cg_emit_headers(r, guard);
    f->ctx = NULL; /* once an answer; to stay is cheaper than to leave */
    return ap_pass_brigade(f->next, brigade);
}

/* Behind every content filter (mod_headers, mod_cache's save) and before http_header, which is
 * of AP_FTYPE_PROTOCOL and was there first. Filters below that type are dropped when httpd
 * starts an answer over (ap_die, an internal redirect); the insert hooks add it again then, and
 * it runs on the tables and status of the new answer. */
void cg_emit_register(void)
{
    emit_filter = ap_register_output_filter("CORS_GUARD", emit, NULL, AP_FTYPE_PROTOCOL - 1);
}

void cg_emit_add(request_rec *r, const cg_guard *guard)
{
    if (guard->report && !cg_state_preflight(guard->decision.state))
        return;
    /* A filter's context is not const; this one only reads it. */
    ap_add_output_filter_handle(emit_filter, (void *)(apr_uintptr_t)guard, r, r->connection);
}
