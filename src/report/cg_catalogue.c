/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_catalogue.h"

#include <string.h>

static const cg_find catalogue[CG_FIND_COUNT] = {
    [CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS] =
        {"reflects-any-origin-with-credentials", "Every origin may read with credentials",
         "The answer names whatever origin asked, and allows credentials. A page of any site that "
         "a logged-in user visits reads what that user can read here, and acts with the tokens it "
         "finds.",
         "List the origins that need credentials with CorsAllowOrigin, and keep "
         "CorsAllowCredentials On for those alone.",
         CG_SEVERITY_CRITICAL, 1},
    [CG_FIND_NULL_WITH_CREDENTIALS] =
        {"null-with-credentials", "The origin null may read with credentials",
         "Any site can give a frame the origin null by sandboxing it. Through that frame it reads "
         "what a logged-in user can read here.",
         "Remove null. A page that has no origin of its own needs a server that gives it one.",
         CG_SEVERITY_CRITICAL, 1},
    [CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS] =
        {"open-pattern-with-credentials", "A pattern accepts foreign origins, with credentials",
         "The pattern is meant for some origins and also accepts others that an attacker can own, "
         "such as the witness. A page there reads what a logged-in user can read here.",
         "Write the origins with CorsAllowOrigin; https://*.example.com stands for every "
         "subdomain and nothing else.",
         CG_SEVERITY_CRITICAL, 1},
    [CG_FIND_ANY_ORIGIN] =
        {"reflects-any-origin", "Every origin may read",
         "The answer names whatever origin asked. Without credentials a page of any site reads "
         "what its visitor's network reaches: whatever is protected by an address only is open to "
         "it. Adding credentials later makes it critical.",
         "List the origins with CorsAllowOrigin, or write CorsAllowOrigin * where everything here "
         "is public.",
         CG_SEVERITY_HIGH, 1},
    [CG_FIND_NULL] =
        {"null-origin", "The origin null may read",
         "Any site can give a frame the origin null by sandboxing it, so that null stands for "
         "every site.",
         "Remove null, or write CorsAllowOrigin * where everything here is public.",
         CG_SEVERITY_HIGH, 1},
    [CG_FIND_OPEN_PATTERN] =
        {"open-pattern", "A pattern accepts foreign origins",
         "The pattern is meant for some origins and also accepts others that an attacker can own, "
         "such as the witness. A page there reads what its visitor's network reaches.",
         "Write the origins with CorsAllowOrigin; https://*.example.com stands for every "
         "subdomain and nothing else.",
         CG_SEVERITY_HIGH, 1},
    [CG_FIND_REGISTRABLE_DOT] =
        {"registrable-dot", "An unescaped dot accepts a name that can be registered",
         "A dot that is not escaped stands for any byte. With a letter in its place the pattern "
         "accepts a name that somebody can register, and whose pages then read the answers.",
         "Write the origins with CorsAllowOrigin, where a dot is a dot, or escape every dot as "
         "\\. in an expression.",
         CG_SEVERITY_HIGH, 1},
    [CG_FIND_PUBLIC_SUFFIX_WITH_CREDENTIALS] =
        {"public-suffix-wildcard-with-credentials",
         "A wildcard over a public suffix, with credentials",
         "Anybody can get a name under this suffix (the public suffix list has it). A page there "
         "reads what a logged-in user can read here.",
         "Name the hosts that are yours: CorsAllowOrigin https://me.example.com.", CG_SEVERITY_HIGH,
         1},
    [CG_FIND_UNRESOLVED_WITH_CREDENTIALS] =
        {"unresolved-origin-with-credentials", "What is allowed with credentials cannot be told",
         "The allowed origin comes from something that only a running server knows, and "
         "credentials are allowed. It may be any origin.",
         "Write the origins with CorsAllowOrigin or CorsAllowOriginFile, so that they can be read "
         "and judged; or ask the running server with cors-audit probe.",
         CG_SEVERITY_HIGH, 1},
    [CG_FIND_INSECURE_ORIGIN] =
        {"insecure-origin", "An http origin is trusted by an https host",
         "Whoever controls the network between a user and an http site can put a page there. That "
         "page reads answers which TLS was to protect.",
         "Write the origin with https://.", CG_SEVERITY_MEDIUM, 1},
    [CG_FIND_DANGEROUSLY_ALLOWED] =
        {"dangerously-allowed", "CorsDangerouslyAllow is used",
         "A refusal of this module was lifted. What it would have refused is in effect.",
         "Correct the policy that was refused, and remove CorsDangerouslyAllow; or accept this "
         "finding in a baseline, with the reason.",
         CG_SEVERITY_MEDIUM, 1},
    [CG_FIND_MISSING_VARY] =
        {"missing-vary", "The answer depends on the origin, and caches are not told",
         "Without Vary: Origin a cache gives the answer for one origin to another one. Pages that "
         "may read fail now and then, and whoever makes a cache keep an answer can make them fail "
         "for others.",
         "Let a policy answer: where a list is not *, CorsAllowOrigin adds Vary: Origin to every "
         "response.",
         CG_SEVERITY_MEDIUM, 0},
    [CG_FIND_TWO_LAYERS] =
        {"two-layers", "A recipe where a policy is in effect",
         "A Header directive writes CORS headers in a section where this module removes and "
         "replaces them. What the directive says has no effect, and who reads it is misled. Where "
         "the policy is taken away, or only reports, the directive is in force.",
         "Remove the Header directive, and what set its variables.", CG_SEVERITY_MEDIUM, 0},
    [CG_FIND_WILDCARD_BEHIND_IP] =
        {"wildcard-behind-ip-access", "Every origin may read what only some addresses reach",
         "Access is by the client's address only. A page of any site in a browser inside that "
         "network reads it, and sends it outside.",
         "List the origins that need it with CorsAllowOrigin, or ask for a login.",
         CG_SEVERITY_MEDIUM, 1},
    [CG_FIND_UNRESOLVED] =
        {"unresolved-origin", "What is allowed cannot be told",
         "The allowed origin comes from something that only a running server knows, such as a "
         "RewriteMap or an environment variable. It may be any origin.",
         "Write the origins with CorsAllowOrigin or CorsAllowOriginFile, so that they can be read "
         "and judged; or ask the running server with cors-audit probe.",
         CG_SEVERITY_MEDIUM, 1},
    [CG_FIND_PUBLIC_SUFFIX] =
        {"public-suffix-wildcard", "A wildcard over a public suffix",
         "Anybody can get a name under this suffix (the public suffix list has it), so that the "
         "wildcard is little narrower than *.",
         "Name the hosts that are yours, or write CorsAllowOrigin * where everything here is "
         "public.",
         CG_SEVERITY_LOW, 1},
    [CG_FIND_SUBDOMAINS_WITH_CREDENTIALS] =
        {"subdomain-wildcard-with-credentials", "Every subdomain may read with credentials",
         "A script injected into any subdomain, or a forgotten DNS entry that somebody takes "
         "over, reads what a logged-in user can read here.",
         "List the subdomains that need credentials with CorsAllowOrigin.", CG_SEVERITY_LOW, 1},
    [CG_FIND_UNREGISTRABLE_DOT] =
        {"unregistrable-dot", "An unescaped dot",
         "A dot that is not escaped stands for any byte. Nobody can register the names that it "
         "accepts by that today; the next change of the pattern may open it.",
         "Write the origins with CorsAllowOrigin, where a dot is a dot, or escape every dot as "
         "\\. in an expression.",
         CG_SEVERITY_LOW, 1},
    [CG_FIND_ALL_HEADERS] =
        {"all-headers", "Every request header is allowed",
         "Allowed origins may set any request header, those included that proxies and "
         "applications trust, such as X-Forwarded-For or X-HTTP-Method-Override.",
         "List the headers that scripts need with CorsAllowHeaders.", CG_SEVERITY_LOW, 1},
    [CG_FIND_ALL_METHODS] =
        {"all-methods", "Every method is allowed",
         "Allowed origins may use any method, also one that the application gets later.",
         "List the methods that scripts need with CorsAllowMethods.", CG_SEVERITY_LOW, 1},
    [CG_FIND_WILDCARD_WITH_CREDENTIALS] =
        {"wildcard-with-credentials", "A star with credentials",
         "Browsers refuse * for a request with credentials, so that this does not do what it "
         "says. What people do next is to send back any origin, which opens the site to all. "
         "Without credentials every origin may read.",
         "List the origins that need credentials with CorsAllowOrigin, or leave the credentials "
         "out.",
         CG_SEVERITY_LOW, 1},
    [CG_FIND_NULL_TEXT] =
        {"variable-unset", "The text (null) is sent",
         "The variable is not set for some requests, and httpd then writes (null) into the "
         "header. Browsers refuse it.",
         "Let a policy answer with CorsAllowOrigin; in a Header directive env= is needed.",
         CG_SEVERITY_LOW, 0},
    [CG_FIND_VARIABLE_TEXT] =
        {"literal-dollar", "A text such as $0 is sent",
         "mod_setenvif takes a pattern without metacharacters for a substring and does not expand "
         "$0 then, so that the header holds the dollar sign itself. Browsers refuse it.",
         "Let a policy answer with CorsAllowOrigin.", CG_SEVERITY_LOW, 0},
    [CG_FIND_TWO_LINES] =
        {"two-origin-lines", "Two Access-Control-Allow-Origin lines",
         "Browsers refuse an answer with two of them, also where both say the same. Header set "
         "and Header always set fill two tables, and both are sent.",
         "Remove all but one, or let a policy answer with CorsAllowOrigin: it sends exactly one.",
         CG_SEVERITY_LOW, 0},
    [CG_FIND_ORIGIN_LIST] =
        {"origin-list", "A list in Access-Control-Allow-Origin",
         "The header can name one origin. Browsers refuse a list, so that this works for nobody.",
         "Write the list with CorsAllowOrigin; the one that asked is sent.", CG_SEVERITY_LOW, 0},
    [CG_FIND_NOT_AN_ORIGIN] =
        {"not-an-origin", "A value that no browser sends as an origin",
         "An origin has no path, no slash at its end, no default port and no upper case. Browsers "
         "compare it byte by byte, so that this works for nobody.",
         "Write the origin with CorsAllowOrigin, which says what is wrong with it.",
         CG_SEVERITY_LOW, 0},
    [CG_FIND_WILDCARD] =
        {"wildcard", "Every origin may read, without credentials",
         "A page of any site may read this. That is right for what is public, such as fonts, and "
         "wrong for what only some networks reach.",
         "Nothing where all of it is public; else list the origins with CorsAllowOrigin.",
         CG_SEVERITY_INFO, 1},
    [CG_FIND_MAX_AGE] =
        {"max-age-above-cap", "Max-Age above what browsers keep",
         "Chromium keeps the answer to a preflight for 7200 seconds at most, WebKit for 600, "
         "Firefox for 86400. More has no effect there.",
         "Write CorsMaxAge 2h or less.", CG_SEVERITY_INFO, 0},
    [CG_FIND_UNREACHABLE_HTACCESS] =
        {"unreachable-htaccess", "A .htaccess file that httpd does not read",
         "The file says something about CORS, and AllowOverride keeps httpd from reading it. It "
         "would be in force where that changes.",
         "Remove those lines, or write the policy in the configuration of the server.",
         CG_SEVERITY_INFO, 0},
    [CG_FIND_LOWER_CASE_PATCH] =
        {"lower-case-patch", "The method patch in lower case",
         "Methods are compared with case, and browsers do not change patch to upper case as they "
         "do with put. A script that sends PATCH is not covered.",
         "Write CorsAllowMethods PATCH.", CG_SEVERITY_INFO, 0},
};

static const char *const severities[] = {"info", "low", "medium", "high", "critical"};
static const char *const confidences[] = {"possible", "likely", "certain"};

const cg_find *cg_find_of(cg_find_id id)
{
    return &catalogue[id];
}

const cg_find *cg_find_named(const char *slug)
{
    for (int i = 0; i < CG_FIND_COUNT; i++) {
        if (strcmp(catalogue[i].slug, slug) == 0)
            return &catalogue[i];
    }
    return NULL;
}

static int find(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

const char *cg_severity_name(cg_severity severity)
{
    return severities[severity];
}

int cg_severity_named(const char *name)
{
    return find(severities, CG_SEVERITY_CRITICAL + 1, name);
}

const char *cg_confidence_name(cg_confidence confidence)
{
    return confidences[confidence];
}

int cg_confidence_named(const char *name)
{
    return find(confidences, CG_CONFIDENCE_CERTAIN + 1, name);
}
