/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_correction.h"

#include "cg_members.h"
#include "cg_correction_origins.h"

#include <apr_strings.h>
#include <string.h>

/* Chromium keeps an answer no longer: see CG_FIND_MAX_AGE. */
#define MAX_AGE_KEPT 7200

static void put(apr_array_header_t *lines, const char *directive, const char *value)
{
    APR_ARRAY_PUSH(lines, const char *) =
        apr_pstrcat(lines->pool, directive, " ", value, "\n", NULL);
}

static void put_mode(apr_array_header_t *lines, const cg_policy *policy)
{
    cg_mode mode = cg_policy_mode(policy);

    if (mode == CG_MODE_ENFORCE)
        put(lines, "CorsGuard", "Enforce");
    else if (mode == CG_MODE_REPORT)
        put(lines, "CorsGuard", "Report");
}

static void put_names(apr_array_header_t *lines, const char *directive, const cg_names *names)
{
    if (names)
        put(lines, directive,
            apr_array_pstrcat(lines->pool, cg_members_of_names(lines->pool, names), ' '));
}

/* "patch" among others becomes PATCH. */
static const char *methods_of(apr_pool_t *p, const cg_names *methods, unsigned fixes)
{
    apr_array_header_t *list = cg_members_of_names(p, methods);

    if (methods->any && (fixes & CG_FIX_METHODS))
        return "GET POST PUT DELETE";
    for (int i = 0; (fixes & CG_FIX_PATCH) && i < list->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(list, i, const char *), "patch") == 0)
            APR_ARRAY_IDX(list, i, const char *) = "PATCH";
    }
    return apr_array_pstrcat(p, list, ' ');
}

/* What was named beside the star stays. */
static const char *headers_of(apr_pool_t *p, const cg_names *headers, unsigned fixes)
{
    apr_array_header_t *list = cg_members_of_names(p, headers);

    for (int i = 0; (fixes & CG_FIX_HEADERS) && i < list->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(list, i, const char *), "*") == 0)
            APR_ARRAY_IDX(list, i, const char *) = "Content-Type";
    }
    return apr_array_pstrcat(p, list, ' ');
}

static void put_max_age(apr_array_header_t *lines, const cg_max_age *max_age, unsigned fixes)
{
    int seconds = max_age->seconds;

    if ((fixes & CG_FIX_MAX_AGE) && seconds > MAX_AGE_KEPT)
        put(lines, "CorsMaxAge", "2h");
    else
        put(lines, "CorsMaxAge", seconds ? apr_psprintf(lines->pool, "%d", seconds) : "off");
}

static void put_preflight(apr_array_header_t *lines, const cg_policy *policy)
{
    if (policy->preflight_status && policy->preflight_status->value == 200)
        put(lines, "CorsPreflightStatus", "200");
    if (policy->forward && policy->forward->value)
        put(lines, "CorsPreflight", "Forward");
}

static int put_self(void *ctx, const char *text, apr_size_t len)
{
    apr_array_header_t *lines = ctx;

    put(lines, "CorsSelfOrigin", apr_pstrmemdup(lines->pool, text, len));
    return lines->nelts < 2 * CG_CORRECTION_ORIGINS_MAX;
}

const char *cg_correction_of(apr_pool_t *p, const cg_policy *policy, unsigned fixes)
{
    apr_array_header_t *lines = apr_array_make(p, 8, sizeof(const char *));

    if (cg_policy_credentials(policy))
        fixes |= CG_FIX_INSECURE | CG_FIX_SUFFIXES;
    put_mode(lines, policy);
    cg_correction_put_origins(lines, policy, fixes);
    if (cg_policy_credentials(policy))
        put(lines, "CorsAllowCredentials", "On");
    if (policy->methods)
        put(lines, "CorsAllowMethods", methods_of(p, policy->methods, fixes));
    if (policy->headers)
        put(lines, "CorsAllowHeaders", headers_of(p, policy->headers, fixes));
    put_names(lines, "CorsExposeHeaders", policy->expose);
    if (policy->max_age)
        put_max_age(lines, policy->max_age, fixes);
    put_preflight(lines, policy);
    if (policy->self)
        cg_set_each(policy->self->set, put_self, lines);
    return apr_array_pstrcat(p, lines, 0);
}
