/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_correction_origins.h"

#include "cg_example.h"
#include "cg_members.h"
#include "cg_policy_witness.h"
#include "cg_suffix.h"

#include <apr_strings.h>
#include <string.h>

/* Stands where a policy needs an origin that only its owner knows: a name reserved for examples. */
#define PLACEHOLDER "https://app.example.com"

/* Origins while they are written. */
typedef struct writing {
    apr_array_header_t *lines;
    apr_pool_t *p;
    unsigned fixes;
    const apr_array_header_t *members; /* cg_members_of_origins */
    int has_exceptions; /* some are taken away from wildcards, which a plain list cannot say */
} writing;

/* Two members may become the same one. */
static void put(const writing *out, const char *directive, const char *value)
{
    const char *line = apr_pstrcat(out->p, directive, " ", value, "\n", NULL);

    for (int i = 0; i < out->lines->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(out->lines, i, const char *), line) == 0)
            return;
    }
    APR_ARRAY_PUSH(out->lines, const char *) = line;
}

/* Patterns */

static int is_over_public_suffix(apr_pool_t *p, const cg_pattern *pattern)
{
    return pattern->subdomains && pattern->host_kind == CG_HOST_NAME &&
           cg_suffix_is_public(apr_pstrmemdup(p, pattern->host, pattern->host_len));
}

/* What stands before the host in place of "*.", if anything. */
static const char *label_of(const writing *out, const cg_pattern *pattern)
{
    if (!pattern->subdomains)
        return "";
    if ((out->fixes & CG_FIX_SUFFIXES) && is_over_public_suffix(out->p, pattern))
        return "me.";
    return (out->fixes & CG_FIX_SUBDOMAINS) || out->has_exceptions ? "app." : "*.";
}

/* A member as it is, or what to write instead; NULL: nothing. */
static const char *improved(const writing *out, const char *text)
{
    cg_pattern pattern;
    const char *scheme, *tail, *made;
    int is_upgraded;

    if (cg_pattern_parse(out->p, text, strlen(text), &pattern) || pattern.null)
        return NULL;
    is_upgraded = pattern.insecure && (out->fixes & CG_FIX_INSECURE);
    tail = pattern.host + pattern.host_len;
    if ((pattern.any_port && out->has_exceptions) || (is_upgraded && strcmp(tail, ":443") == 0))
        tail = "";
    scheme = is_upgraded ? "https" : apr_pstrmemdup(out->p, pattern.text, pattern.scheme_len);
    made = apr_psprintf(out->p, "%s://%s%.*s%s", scheme, label_of(out, &pattern),
                        (int)pattern.host_len, pattern.host, tail);
    return cg_pattern_parse(out->p, made, strlen(made), &pattern) ? NULL : made;
}

/* Regexes */

/* In double quotes, where httpd takes a backslash away before a quote or another backslash
 * (ap_getword_conf). */
static const char *quoted(apr_pool_t *p, const char *text)
{
    char *made = apr_palloc(p, 2 * strlen(text) + 3), *end = made;

    *end++ = '"';
    for (; *text; text++) {
        if (*text == '"' || (*text == '\\' && (text[1] == '\\' || text[1] == '"' || !text[1])))
            *end++ = '\\';
        *end++ = *text;
    }
    *end++ = '"';
    *end = '\0';
    return made;
}

/* An origin that the regex is meant for: what it matches at the least, where that is one (without
 * the ".*" that leaves it open at its end). */
static const char *meant(const writing *out, const cg_matcher *matcher, const cg_witness *found)
{
    const writing secure = {.p = out->p, .fixes = CG_FIX_INSECURE};
    const cg_example_plan plan = {.least = 1};
    const char *origin = NULL;
    cg_example example;

    if (found->hole == CG_HOLE_NONE || found->example || found->hole == CG_HOLE_HTTP) {
        if (cg_example_build(cg_regex_parse(out->p, matcher->text), &plan, &example))
            origin = improved(&secure, example.text);
        if (!origin && found->example)
            origin = improved(&secure, found->example);
    }
    return origin ? origin : PLACEHOLDER;
}

static void put_regex(const writing *out, const cg_matcher *matcher)
{
    cg_witness found;

    cg_policy_witness_of_regex(out->p, matcher, &found);
    if (found.hole == CG_HOLE_NONE && !(found.insecure && (out->fixes & CG_FIX_INSECURE)))
        put(out, "CorsAllowOriginMatch", quoted(out->p, matcher->text));
    else
        put(out, "CorsAllowOrigin", meant(out, matcher, &found));
}

static void put_regexes(const writing *out, const cg_matcher *matcher)
{
    if (!matcher)
        return;
    put_regexes(out, matcher->next);
    put_regex(out, matcher);
}

static void put_all_regexes(const writing *out, const cg_origins *origins)
{
    for (; origins; origins = origins->parent)
        put_regexes(out, origins->matchers);
}

/* Lists */

static int is_member(const apr_array_header_t *members, const char *text)
{
    for (int i = 0; i < members->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(members, i, const char *), text) == 0)
            return 1;
    }
    return 0;
}

static void put_member(const writing *out, const char *text)
{
    const char *made = strchr("*-~", *text) ? NULL : improved(out, text);

    if (made && !is_member(out->members, apr_pstrcat(out->p, "-", made, NULL)))
        put(out, "CorsAllowOrigin", made);
}

/* One plain list of all that may read. "*" with exceptions cannot be one. */
static void put_plain(writing *out, const cg_policy *policy)
{
    apr_size_t left_out;
    int first = out->lines->nelts, exceptions = 0;

    out->members =
        cg_members_of_origins(out->p, policy->origins, CG_CORRECTION_ORIGINS_MAX, &left_out);
    for (int i = 0; i < out->members->nelts; i++)
        exceptions += *APR_ARRAY_IDX(out->members, i, const char *) == '-';
    out->has_exceptions = exceptions > 0;
    for (int i = 0; i < out->members->nelts; i++)
        put_member(out, APR_ARRAY_IDX(out->members, i, const char *));
    put_all_regexes(out, policy->origins);
    if (out->lines->nelts == first)
        put(out, "CorsAllowOrigin", out->members->nelts == exceptions ? "none" : PLACEHOLDER);
    if (left_out)
        APR_ARRAY_PUSH(out->lines, const char *) =
            apr_psprintf(out->p, "# and %" APR_SIZE_T_FMT " more of the list\n", left_out);
}

void cg_correction_put_origins(apr_array_header_t *lines, const cg_policy *policy, unsigned fixes)
{
    writing out = {.lines = lines, .p = lines->pool, .fixes = fixes};

    if (!policy->origins)
        return;
    if (cg_origins_any(policy->origins) && !(fixes & CG_FIX_ANY))
        put(&out, "CorsAllowOrigin", "*");
    else
        put_plain(&out, policy);
}
