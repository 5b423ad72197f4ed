/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_remedy.h"

#include "cg_policy.h"
#include "cg_reply.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>

/* Chromium keeps no preflight longer, in seconds. */
#define MAX_AGE_MOST 7200

/* A remedy while it is made. */
typedef struct remedy {
    apr_pool_t *p;
    cg_find_id id;
    const apr_array_header_t *replies;
    const apr_array_header_t *meant;
    const char *text;
} remedy;

/* Whether a policy of this origin alone is accepted. */
static int is_sound(const remedy *r, const char *origin, int credentials)
{
    static const cg_place nowhere = {NULL, 0};
    cg_setting with = {credentials, nowhere};
    cg_policy policy = {.credentials = &with};
    cg_problem problem;

    policy.origins = cg_origins_make(r->p, &nowhere);
    return cg_origins_add(r->p, policy.origins, origin, &nowhere) == NULL &&
           !cg_policy_problem(&policy, &problem);
}

/* A list without doubles, and how many there was no room for. */
typedef struct names {
    apr_array_header_t *list; /* of const char * */
    int more;
} names;

static void add_name(names *to, const char *name)
{
    for (int i = 0; i < to->list->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(to->list, i, const char *), name) == 0)
            return;
    }
    if (to->list->nelts == CG_REMEDY_NAMES_MAX)
        to->more++;
    else
        APR_ARRAY_PUSH(to->list, const char *) = name;
}

static names no_names(const remedy *r)
{
    return (names){apr_array_make(r->p, 8, sizeof(const char *)), 0};
}

static void write_names(remedy *r, const char *directive, const names *from)
{
    if (from->more)
        r->text = apr_psprintf(r->p, "%s# %d more were seen.\n", r->text, from->more);
    if (from->list->nelts)
        r->text = apr_pstrcat(r->p, r->text, directive, " ",
                              apr_array_pstrcat(r->p, from->list, ' '), "\n", NULL);
}

static int has_credentials(const remedy *r)
{
    for (int i = 0; i < r->replies->nelts; i++) {
        if (cg_reply_permits(r->p, APR_ARRAY_IDX(r->replies, i, const cg_reply *)) ==
            CG_PERMISSION_READ_CREDENTIALS)
            return 1;
    }
    return 0;
}

/* Origins */

static const char *as_https(apr_pool_t *p, const char *origin)
{
    return strncmp(origin, "http://", 7) == 0 ? apr_pstrcat(p, "https", origin + 4, NULL) : origin;
}

/* Every subdomain, where that is what a pattern lets in: not if just that was found to be wrong. */
static void add_subdomains(const remedy *r, int credentials, names *to)
{
    for (int i = 0; i < r->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(r->replies, i, const cg_reply *);
        const char *evil, *pattern;

        if (reply->sender != CG_SENDER_VARIANT || reply->variant->kind != CG_VARIANT_SUBDOMAIN ||
            cg_reply_permits(r->p, reply) == CG_PERMISSION_NONE)
            continue;
        evil = strstr(reply->origin, "://evil.");
        if (!evil)
            continue;
        pattern = apr_psprintf(r->p, "%.*s://*.%s", (int)(evil - reply->origin), reply->origin,
                               evil + strlen("://evil."));
        if (is_sound(r, pattern, credentials))
            add_name(to, pattern);
    }
}

/* Non-zero where one of the patterns matches the origin too. */
static int is_covered(const remedy *r, const names *patterns, const char *origin)
{
    cg_set *set = cg_set_make(r->p, 0, 0);
    cg_pattern pattern;

    for (int i = 0; i < patterns->list->nelts; i++) {
        const char *text = APR_ARRAY_IDX(patterns->list, i, const char *);

        if (!cg_pattern_parse(r->p, text, strlen(text), &pattern))
            cg_set_add(set, &pattern);
    }
    return !cg_pattern_parse(r->p, origin, strlen(origin), &pattern) &&
           cg_set_covers(set, &pattern);
}

static names origins_of(const remedy *r, int credentials)
{
    names to = no_names(r), patterns = no_names(r);

    if (r->id != CG_FIND_SUBDOMAINS_WITH_CREDENTIALS)
        add_subdomains(r, credentials, &patterns);
    for (int i = 0; i < r->meant->nelts; i++) {
        const char *origin = APR_ARRAY_IDX(r->meant, i, const char *);

        if (r->id == CG_FIND_INSECURE_ORIGIN || !is_sound(r, origin, credentials))
            origin = as_https(r->p, origin);
        if (is_sound(r, origin, credentials) && !is_covered(r, &patterns, origin))
            add_name(&to, origin);
    }
    for (int i = 0; i < patterns.list->nelts; i++)
        add_name(&to, APR_ARRAY_IDX(patterns.list, i, const char *));
    return to;
}

static int is_public(cg_find_id id)
{
    return id == CG_FIND_WILDCARD || id == CG_FIND_WILDCARD_WITH_CREDENTIALS;
}

static void write_origins(remedy *r)
{
    int credentials = has_credentials(r);
    names origins = origins_of(r, credentials);

    if (is_public(r->id) && !origins.list->nelts) {
        r->text = apr_pstrcat(r->p, r->text, "CorsAllowOrigin *\n", NULL);
        return;
    }
    if (!origins.list->nelts)
        r->text = apr_pstrcat(r->p, r->text,
                              "# In place of none: the origins whose pages may read this.\n"
                              "CorsAllowOrigin none\n",
                              NULL);
    write_names(r, "CorsAllowOrigin", &origins);
    if (credentials)
        r->text = apr_pstrcat(r->p, r->text, "CorsAllowCredentials On\n", NULL);
}

/* Methods and headers */

/* Adds those members of a header's list that the directive takes. */
static void add_members(const remedy *r, const char *header, cg_names_kind kind, names *to)
{
    static const cg_place nowhere = {NULL, 0};

    for (int i = 0; i < r->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(r->replies, i, const cg_reply *);
        const apr_array_header_t *members = cg_reply_members(r->p, reply, header);

        for (int m = 0; m < members->nelts; m++) {
            const char *name = APR_ARRAY_IDX(members, m, const char *);

            if (strcmp(name, "*") == 0 || cg_token_is(name, strlen(name), CG_REPLY_HEADER) ||
                cg_token_is(name, strlen(name), CG_REPLY_METHOD))
                continue;
            if (kind == CG_NAMES_METHODS && strcmp(name, "patch") == 0)
                name = "PATCH";
            if (kind == CG_NAMES_METHODS && (cg_method_safelisted(name, strlen(name)) ||
                                             cg_token_is(name, strlen(name), "OPTIONS")))
                continue;
            if (!cg_names_add(r->p, cg_names_make(r->p, kind, &nowhere), name))
                add_name(to, name);
        }
    }
}

static void write_list(remedy *r, const char *directive, const char *header, cg_names_kind kind,
                       const char *otherwise)
{
    names to = no_names(r);

    add_members(r, header, kind, &to);
    if (!to.list->nelts && otherwise)
        add_name(&to, otherwise);
    write_names(r, directive, &to);
}

static void write_max_age(remedy *r)
{
    for (int i = 0; i < r->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(r->replies, i, const cg_reply *);
        const char *age = apr_table_get(reply->headers, "Access-Control-Max-Age");
        apr_int64_t seconds = age ? apr_atoi64(age) : 0;

        if (seconds > 0) {
            r->text = apr_psprintf(r->p, "%sCorsMaxAge %d\n", r->text,
                                   seconds > MAX_AGE_MOST ? MAX_AGE_MOST : (int)seconds);
            return;
        }
    }
}

const char *cg_remedy_of(apr_pool_t *p, cg_find_id id, const apr_array_header_t *replies,
                         const apr_array_header_t *meant)
{
    remedy r = {p, id, replies, meant, ""};

    write_origins(&r);
    write_list(&r, "CorsAllowMethods", "Access-Control-Allow-Methods", CG_NAMES_METHODS,
               id == CG_FIND_ALL_METHODS ? "PUT DELETE" : NULL);
    write_list(&r, "CorsAllowHeaders", "Access-Control-Allow-Headers", CG_NAMES_HEADERS,
               id == CG_FIND_ALL_HEADERS ? "Content-Type" : NULL);
    write_list(&r, "CorsExposeHeaders", "Access-Control-Expose-Headers", CG_NAMES_EXPOSE, NULL);
    write_max_age(&r);
    return r.text;
}
