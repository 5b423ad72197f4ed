/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_CATALOGUE_H
#define CG_CATALOGUE_H

typedef enum cg_severity {
    CG_SEVERITY_INFO,
    CG_SEVERITY_LOW,
    CG_SEVERITY_MEDIUM,
    CG_SEVERITY_HIGH,
    CG_SEVERITY_CRITICAL
} cg_severity;

typedef enum cg_confidence {
    CG_CONFIDENCE_POSSIBLE,
    CG_CONFIDENCE_LIKELY,
    CG_CONFIDENCE_CERTAIN
} cg_confidence;

/** What an audit can find, worst first. The slugs are stable: reports, baselines and SARIF name a
 *  finding by it. docs/audit.md explains each; a test keeps the two lists equal. */
typedef enum cg_find_id {
    CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS,    /* reflects-any-origin-with-credentials */
    CG_FIND_NULL_WITH_CREDENTIALS,          /* null-with-credentials */
    CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS,  /* open-pattern-with-credentials */
    CG_FIND_ANY_ORIGIN,                     /* reflects-any-origin */
    CG_FIND_NULL,                           /* null-origin */
    CG_FIND_OPEN_PATTERN,                   /* open-pattern */
    CG_FIND_REGISTRABLE_DOT,                /* registrable-dot */
    CG_FIND_PUBLIC_SUFFIX_WITH_CREDENTIALS, /* public-suffix-wildcard-with-credentials */
    CG_FIND_UNRESOLVED_WITH_CREDENTIALS,    /* unresolved-origin-with-credentials: high */
    CG_FIND_INSECURE_ORIGIN,                /* insecure-origin: http trusted by an https host */
    CG_FIND_DANGEROUSLY_ALLOWED,            /* dangerously-allowed: CorsDangerouslyAllow is used */
    CG_FIND_MISSING_VARY,                   /* missing-vary */
    CG_FIND_TWO_LAYERS,                     /* two-layers: a recipe where a policy is in effect */
    CG_FIND_WILDCARD_BEHIND_IP,             /* wildcard-behind-ip-access */
    CG_FIND_UNRESOLVED,                     /* unresolved-origin: medium */
    CG_FIND_PUBLIC_SUFFIX,                  /* public-suffix-wildcard: low */
    CG_FIND_SUBDOMAINS_WITH_CREDENTIALS,    /* subdomain-wildcard-with-credentials */
    CG_FIND_UNREGISTRABLE_DOT,              /* unregistrable-dot: low */
    CG_FIND_ALL_HEADERS,                    /* all-headers */
    CG_FIND_ALL_METHODS,                    /* all-methods */
    CG_FIND_WILDCARD_WITH_CREDENTIALS,      /* wildcard-with-credentials: browsers refuse it */
    CG_FIND_NULL_TEXT,                      /* variable-unset: sends "(null)" */
    CG_FIND_VARIABLE_TEXT,                  /* literal-dollar: sends "$0" */
    CG_FIND_TWO_LINES,                      /* two-origin-lines */
    CG_FIND_ORIGIN_LIST,                    /* origin-list */
    CG_FIND_NOT_AN_ORIGIN,                  /* not-an-origin: trailing slash, path, upper case */
    CG_FIND_WILDCARD,                       /* wildcard: info */
    CG_FIND_MAX_AGE,                        /* max-age-above-cap */
    CG_FIND_UNREACHABLE_HTACCESS,           /* unreachable-htaccess */
    CG_FIND_LOWER_CASE_PATCH,               /* lower-case-patch */
    CG_FIND_COUNT
} cg_find_id;

typedef struct cg_find {
    const char *slug;
    const char *title;       /**< a few words */
    const char *explanation; /**< two or three sentences: what an attacker gains, or what fails */
    const char *advice;      /**< a sentence or two: what to write instead */
    cg_severity severity;
    int opens; /**< some origin may read more because of it; else something fails or is untidy */
} cg_find;

/** The catalogue's entry; never NULL for an id below CG_FIND_COUNT. */
const cg_find *cg_find_of(cg_find_id id);

/** The entry of that slug, NULL where there is none. */
const cg_find *cg_find_named(const char *slug);

/** "critical", ...; and back: -1 where there is none of that name. */
const char *cg_severity_name(cg_severity severity);
int cg_severity_named(const char *name);

/** The same for "certain", ... */
const char *cg_confidence_name(cg_confidence confidence);
int cg_confidence_named(const char *name);

#endif
