/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rule.h"

#include <apr.h>
#include <apr_cstr.h>

static const cg_rule catalogue[CG_RULE_COUNT] = {
    [CG_RULE_WILDCARD_WITH_CREDENTIALS] =
        {"wildcard-with-credentials",
         "every site could read the answers that a user's cookies unlock",
         "list the origins that need credentials (CorsAllowOrigin https://app.example.com), "
         "or write CorsAllowCredentials Off",
         CG_LIFT_NONE},
    [CG_RULE_NULL_WITH_CREDENTIALS] =
        {"null-with-credentials",
         "any site can make its origin null with a sandboxed frame, and would read the answers "
         "that a "
         "user's cookies unlock",
         "remove null from CorsAllowOrigin, or write CorsAllowCredentials Off", CG_LIFT_NONE},
    [CG_RULE_EXPOSE_ALL_WITH_CREDENTIALS] =
        {"expose-all-with-credentials",
         "browsers take * for a header's name once credentials are allowed, so nothing is exposed",
         "name the response headers that scripts need (CorsExposeHeaders X-Request-Id), or write "
         "CorsAllowCredentials Off",
         CG_LIFT_NONE},
    [CG_RULE_NULL_ORIGIN] =
        {"null-origin", "any site can make its origin null with a sandboxed frame",
         "remove null, or write CorsDangerouslyAllow null-origin in the server's "
         "configuration if every site may read this",
         CG_LIFT_NULL_ORIGIN},
    [CG_RULE_INSECURE_ORIGIN_WITH_CREDENTIALS] =
        {"insecure-origin-with-credentials",
         "whoever controls the network between a user and an http site can act as that site",
         "write the origin with https://, or CorsAllowCredentials Off, or accept it with "
         "CorsDangerouslyAllow insecure-origins in the server's configuration",
         CG_LIFT_INSECURE_ORIGINS},
    [CG_RULE_PUBLIC_SUFFIX_WILDCARD] =
        {"public-suffix-wildcard", "anybody can register a name under this public suffix",
         "name the hosts (CorsAllowOrigin https://me.example.com), or accept it with "
         "CorsDangerouslyAllow public-suffixes in the server's configuration",
         CG_LIFT_PUBLIC_SUFFIXES},
    [CG_RULE_OPEN_PATTERN] =
        {"open-pattern", "an attacker could own an origin that this pattern accepts",
         "use CorsAllowOrigin https://*.example.com or escape and bound every part of the regex, "
         "or "
         "accept it with CorsDangerouslyAllow open-patterns in the server's configuration",
         CG_LIFT_OPEN_PATTERNS},
};

static const struct {
    cg_lift lift;
    const char *name;
} lifts[] = {
    {CG_LIFT_INSECURE_ORIGINS, "insecure-origins"},
    {CG_LIFT_PUBLIC_SUFFIXES, "public-suffixes"},
    {CG_LIFT_NULL_ORIGIN, "null-origin"},
    {CG_LIFT_OPEN_PATTERNS, "open-patterns"},
};

const cg_rule *cg_rule_of(cg_rule_id id)
{
    return &catalogue[id];
}

cg_lift cg_lift_of(const char *name)
{
    for (apr_size_t i = 0; i < sizeof lifts / sizeof *lifts; i++) {
        if (apr_cstr_casecmp(lifts[i].name, name) == 0)
            return lifts[i].lift;
    }
    return CG_LIFT_NONE;
}
