/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_log.h"

#include "cg_logno.h"
#include "cg_module.h"
#include "cg_quote.h"

#include <httpd.h>
#include <http_log.h>

APLOG_USE_MODULE(cors_guard);

static const char *quote(request_rec *r, const char *text)
{
    return cg_quote(r->pool, text, text ? strlen(text) : 0);
}

static const char *id_of(const cg_guard *guard)
{
    if (guard->report)
        return CG_LOG_WOULD_DENY;
    return cg_state_preflight(guard->decision.state) ? CG_LOG_PREFLIGHT_DENIED : CG_LOG_DENIED;
}

static void log_invalid(request_rec *r, const cg_guard *guard)
{
    cg_problem problem;

    if (cg_policy_problem(guard->policy, &problem))
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      CG_LOG_POLICY_INVALID
                      "the policy of %s is refused, so it allows no origin: %s",
                      quote(r, r->uri), cg_problem_text(r->pool, &problem));
}

void cg_log_denied(request_rec *r, const cg_guard *guard)
{
    const cg_place *place = cg_policy_place(guard->policy);

    if (guard->decision.reason == CG_REASON_POLICY_INVALID)
        log_invalid(r, guard);
    if (!APLOG_R_IS_LEVEL(r, APLOG_INFO))
        return;
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r, "%s%s%s: origin %s, %s %s, policy at %s:%d",
                  id_of(guard), guard->report ? "would be denied, " : "denied, ",
                  cg_reason_name(guard->decision.reason),
                  quote(r, apr_table_get(r->headers_in, "Origin")), quote(r, r->method),
                  quote(r, r->unparsed_uri), place->file, place->line);
}

void cg_log_unresolved(request_rec *r, int status)
{
    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                  CG_LOG_UNRESOLVED
                  "the policy of the cached answer to %s could not be looked up (status %d), so "
                  "it allows no origin",
                  quote(r, r->unparsed_uri), status);
}

void cg_log_compared(request_rec *r, const cg_guard *guard)
{
    const char *sent = apr_table_get(r->headers_out, "Access-Control-Allow-Origin");

    if (!sent)
        sent = apr_table_get(r->err_headers_out, "Access-Control-Allow-Origin");
    ap_log_rerror(
        APLOG_MARK, APLOG_INFO, 0, r,
        CG_LOG_COMPARED
        "preflight: the application answers %d with Access-Control-Allow-Origin %s, the guard "
        "says %s",
        r->status, sent ? quote(r, sent) : "absent", cg_state_name(guard->decision.state));
}
