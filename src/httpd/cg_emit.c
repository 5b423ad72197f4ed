/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_emit.h"

#include "cg_acrh.h"
#include "cg_log.h"
#include "cg_vary.h"

#include <apr_strings.h>
#include <httpd.h>
#include <http_request.h>
#include <util_filter.h>

static ap_filter_rec_t *emit_filter;

/* "Accept-Ranges" is on most answers, so the letter that tells the two apart is looked at first. */
static int is_cors_header(const char *name)
{
    static const char prefix[] = "Access-Control-";

    return (name[0] | 0x20) == 'a' && (name[1] | 0x20) == 'c' && (name[2] | 0x20) == 'c' &&
           (name[3] | 0x20) == 'e' && (name[4] | 0x20) == 's' &&
           ap_cstr_casecmpn(name, prefix, sizeof prefix - 1) == 0;
}

/* Removes every Access-Control-* header, those that are not invented yet too. */
static void remove_cors(apr_table_t *headers)
{
    const apr_array_header_t *entries = apr_table_elts(headers);
    int i = 0;

    while (i < entries->nelts) {
        const char *name = APR_ARRAY_IDX(entries, i, apr_table_entry_t).key;

        if (is_cors_header(name))
            apr_table_unset(headers, name); /* the entries behind move up */
        else
            i++;
    }
}

enum { HAS_CORS = 1, HAS_VARY = 2 };

/* Which of the headers that matter here a table has. */
static int look_through(const apr_table_t *headers)
{
    const apr_array_header_t *entries = apr_table_elts(headers);
    const apr_table_entry_t *entry = (const apr_table_entry_t *)entries->elts;
    const apr_table_entry_t *end = entry + entries->nelts;
    int found = 0;

    for (; entry < end; entry++) {
        int initial = *entry->key | 0x20;

        if (initial == 'a' && is_cors_header(entry->key))
            found |= HAS_CORS;
        else if (initial == 'v' && ap_cstr_casecmp(entry->key, "Vary") == 0)
            found |= HAS_VARY;
    }
    return found;
}

/* Returns non-zero where a Vary is there already. */
static int strip(request_rec *r)
{
    int found = look_through(r->headers_out) | look_through(r->err_headers_out);

    if (found & HAS_CORS) {
        remove_cors(r->headers_out);
        remove_cors(r->err_headers_out);
    }
    return found & HAS_VARY;
}

/* Adds without a search: strip() left no header of that name. */
static void add(request_rec *r, const char *name, const char *value)
{
    if (value)
        apr_table_addn(r->headers_out, name, value);
}

/* With credentials browsers take "*" for a name, so what was asked for is named; decide() found
 * it valid. */
static const char *methods_value(request_rec *r, const cg_policy *policy)
{
    if (!policy->methods)
        return NULL;
    if (policy->methods->any && cg_policy_credentials(policy))
        return apr_table_get(r->headers_in, "Access-Control-Request-Method");
    return policy->methods->value;
}

static const char *headers_value(request_rec *r, const cg_policy *policy)
{
    if (!policy->headers)
        return NULL;
    if (policy->headers->any && cg_policy_credentials(policy))
        return cg_acrh_list(r->pool,
                            apr_table_get(r->headers_in, "Access-Control-Request-Headers"));
    return policy->headers->value;
}

static void set_preflight(request_rec *r, const cg_policy *policy)
{
    add(r, "Access-Control-Allow-Methods", methods_value(r, policy));
    add(r, "Access-Control-Allow-Headers", headers_value(r, policy));
    if (policy->max_age)
        add(r, "Access-Control-Max-Age", policy->max_age->text);
}

void cg_emit_headers(request_rec *r, const cg_guard *guard)
{
    const cg_policy *policy = guard->policy;
    const char *origin = guard->decision.allow_origin;
    int preflight = cg_state_preflight(guard->decision.state);
    const char *vary = NULL;
    int varies = strip(r);

    add(r, "Access-Control-Allow-Origin", origin);
    if (origin && cg_policy_credentials(policy))
        add(r, "Access-Control-Allow-Credentials", "true");
    if (origin && preflight)
        set_preflight(r, policy);
    if (origin && !preflight && policy->expose)
        add(r, "Access-Control-Expose-Headers", policy->expose->value);
    if (preflight)
        vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    else if (!origin || *origin != '*')
        vary = "Origin";
    if (vary && varies)
        cg_vary_add(r, vary);
    else if (vary)
        add(r, "Vary", vary);
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
