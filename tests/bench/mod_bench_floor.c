/* SPDX-License-Identifier: Apache-2.0 */
/* The floor: a throw-away module that adds the headers of a policy to every response, whoever asks,
 * in the cheapest way that httpd offers. It decides nothing and protects nothing. */
#include <apr_strings.h>
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>

module AP_MODULE_DECLARE_DATA bench_floor_module;

#define PREFLIGHT_VARY "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

static enum { VARY, ALLOWED, PREFLIGHT } kind;
static const char *allow_origin;

static void set(request_rec *r, const char *name, const char *value)
{
    apr_table_setn(r->headers_out, name, value);
}

static void set_allowed(request_rec *r)
{
    set(r, "Access-Control-Allow-Origin", allow_origin);
    set(r, "Access-Control-Allow-Credentials", "true");
}

static int answer_preflight(request_rec *r)
{
    if (kind != PREFLIGHT)
        return DECLINED;
    set_allowed(r);
    set(r, "Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
    set(r, "Access-Control-Allow-Headers", "Content-Type, X-Requested-With, Authorization");
    set(r, "Access-Control-Max-Age", "7200");
    apr_table_mergen(r->headers_out, "Vary", PREFLIGHT_VARY);
    r->status = HTTP_NO_CONTENT;
    ap_run_insert_error_filter(r);
    return DONE;
}

static int add_headers(request_rec *r)
{
    if (r->main)
        return DECLINED;
    if (kind == ALLOWED) {
        set_allowed(r);
        set(r, "Access-Control-Expose-Headers", "X-Total-Count");
    }
    apr_table_mergen(r->headers_out, "Vary", "Origin");
    return DECLINED;
}

static const char *set_floor(cmd_parms *cmd, void *unused, const char *word, const char *origin)
{
    (void)unused;
    kind = strcmp(word, "preflight") == 0 ? PREFLIGHT
           : strcmp(word, "allowed") == 0 ? ALLOWED
                                          : VARY;
    allow_origin = apr_pstrdup(cmd->pool, origin);
    return NULL;
}

/* clang-format off */
static const command_rec directives[] = {
    AP_INIT_TAKE2("BenchFloor", set_floor, NULL, RSRC_CONF,
                  "vary, allowed or preflight, and an origin"),
    {.name = NULL}
};
/* clang-format on */

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_header_parser(answer_preflight, NULL, NULL, APR_HOOK_LAST);
    ap_hook_fixups(add_headers, NULL, NULL, APR_HOOK_LAST);
}

AP_DECLARE_MODULE(bench_floor) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, directives, register_hooks,
    AP_MODULE_FLAG_NONE,
};
