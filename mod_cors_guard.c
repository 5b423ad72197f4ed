/* SPDX-License-Identifier: Apache-2.0 */
/* mod_cors_guard: decides which origins may read what this server answers, and says so to
 * browsers. This file is the module's face: its directives, its hooks and its record. See docs/
 * for what it does. */
#include "cg_check.h"
#include "cg_directive.h"
#include "cg_dump.h"
#include "cg_emit.h"
#include "cg_guard.h"
#include "cg_hooks.h"
#include "cg_module.h"
#include "cg_suffix.h"
#include "cg_verdict.h"

#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>

/* Everywhere but in .htaccess: for those who administer the server. */
#define NOT_HTACCESS (RSRC_CONF | ACCESS_CONF)

/* clang-format off */
static const command_rec directives[] = {
    AP_INIT_TAKE1(CG_GUARD, cg_directive_guard, NULL, OR_FILEINFO,
        "On, Off, Report (only log) or Enforce (403 for what is denied)"),
    AP_INIT_ITERATE(CG_ALLOW_ORIGIN, cg_directive_allow_origin, NULL, OR_FILEINFO,
        "none, * or origins (https://app.example.com) and patterns (https://*.example.com), with + or - to change the inherited list"),
    AP_INIT_TAKE1(CG_ALLOW_ORIGIN_FILE, cg_directive_allow_origin_file, NULL, NOT_HTACCESS,
        "the path of a file with one origin or pattern a line"),
    AP_INIT_ITERATE(CG_ALLOW_ORIGIN_MATCH, cg_directive_allow_origin_match, NULL, OR_FILEINFO,
        "regular expressions that match a whole origin"),
    AP_INIT_TAKE1(CG_ALLOW_CREDENTIALS, cg_directive_allow_credentials, NULL, OR_FILEINFO,
        "On or Off: whether allowed origins may send a user's credentials and read the answer"),
    AP_INIT_ITERATE(CG_ALLOW_METHODS, cg_directive_allow_methods, NULL, OR_FILEINFO,
        "methods beside GET, HEAD and POST, or *"),
    AP_INIT_ITERATE(CG_ALLOW_HEADERS, cg_directive_allow_headers, NULL, OR_FILEINFO,
        "request headers that a script may set, or *, which does not cover Authorization"),
    AP_INIT_ITERATE(CG_EXPOSE_HEADERS, cg_directive_expose_headers, NULL, OR_FILEINFO,
        "response headers that a script may read, or *"),
    AP_INIT_TAKE1(CG_MAX_AGE, cg_directive_max_age, NULL, OR_FILEINFO,
        "how long a browser may keep a preflight's answer: seconds, 10m, 2h, 1d or off"),
    AP_INIT_TAKE1(CG_PREFLIGHT_STATUS, cg_directive_preflight_status, NULL, OR_FILEINFO,
        "204 or 200: the status of an allowed preflight"),
    AP_INIT_TAKE1(CG_PREFLIGHT, cg_directive_preflight, NULL, OR_FILEINFO,
        "Answer, or Forward to let the application answer preflights"),
    AP_INIT_ITERATE(CG_SELF_ORIGIN, cg_directive_self_origin, NULL, OR_FILEINFO,
        "further origins that are this site's own"),
    AP_INIT_ITERATE(CG_DANGEROUSLY_ALLOW, cg_directive_dangerously_allow, NULL, NOT_HTACCESS,
        "insecure-origins, public-suffixes, null-origin or open-patterns: what shall not be refused here"),
    AP_INIT_TAKE1(CG_AUDIT, cg_directive_audit, NULL, RSRC_CONF,
        "On or Off: whether the cors-guard handler may be used"),
    {0}
};
/* clang-format on */

/* Every module is loaded by now. Only beside mod_cache may a policy have to be looked up. */
static int pre_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)plog;
    (void)ptemp;
    cg_suffix_open(pconf);
    cg_verdict_open(pconf);
    if (ap_find_linked_module("mod_cache.c")) {
        ap_hook_translate_name(cg_guard_begin_lookup, NULL, NULL, APR_HOOK_REALLY_FIRST);
        ap_hook_post_perdir_config(cg_guard_end_lookup, NULL, NULL, APR_HOOK_FIRST);
    }
    return OK;
}

static int check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    (void)pconf;
    (void)plog;
    return cg_check_config(ptemp, s, &cors_guard_module);
}

/* httpd -t -D DUMP_CORS_EXPLAIN */
static void test_config(apr_pool_t *pconf, server_rec *s)
{
    cg_dump(pconf, s, &cors_guard_module);
}

static void register_hooks(apr_pool_t *p)
{
    static const char *const behind_redirects[] = {"mod_dir.c", NULL};

    (void)p;
    cg_emit_register();
    ap_hook_pre_config(pre_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_test_config(test_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_header_parser(cg_hooks_decide, NULL, NULL, APR_HOOK_LAST);
    ap_hook_fixups(cg_hooks_redirected, behind_redirects, NULL, APR_HOOK_LAST);
    ap_hook_insert_filter(cg_hooks_insert, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_error_filter(cg_hooks_insert_error, NULL, NULL, APR_HOOK_LAST);
}

AP_DECLARE_MODULE(cors_guard) = {
    STANDARD20_MODULE_STUFF,
    cg_directive_create_policy,
    cg_directive_merge_policy,
    NULL, /* no record of a server's: every directive is a section's */
    NULL,
    directives,
    register_hooks,
    AP_MODULE_FLAG_NONE,
};
