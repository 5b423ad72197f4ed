/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_policy_judge.h"

#include "cg_policy_witness.h"
#include "cg_suffix.h"

#include <apr_strings.h>
#include <string.h>

/* Chromium keeps the answer to a preflight no longer. */
#define MAX_AGE_KEPT 7200

struct cg_policy_judge {
    apr_pool_t *p;
    apr_hash_t *probed;     /* the address of a regex -> cg_witness */
    apr_hash_t *subdomains; /* the address of a set -> array of const char * */
};

cg_policy_judge *cg_policy_judge_make(apr_pool_t *p)
{
    cg_policy_judge *made = apr_pcalloc(p, sizeof *made);

    made->p = p;
    made->probed = apr_hash_make(p);
    made->subdomains = apr_hash_make(p);
    return made;
}

/* Lines */

apr_array_header_t *cg_policy_judge_lines(apr_pool_t *p, const cg_place *place)
{
    apr_array_header_t *lines = apr_array_make(p, 2, sizeof(cg_place));

    APR_ARRAY_PUSH(lines, cg_place) = *place;
    return lines;
}

void cg_policy_judge_add_line(apr_array_header_t *lines, const cg_place *place)
{
    for (int i = 0; i < lines->nelts; i++) {
        const cg_place *each = &APR_ARRAY_IDX(lines, i, const cg_place);

        if (each->line == place->line && strcmp(each->file, place->file) == 0)
            return;
    }
    APR_ARRAY_PUSH(lines, cg_place) = *place;
}

/* Findings */

/* Where there is only a lift, it is to be removed and nothing written instead. */
static const char *remedy_of(const cg_policy_judging *in, unsigned fixes)
{
    const char *remedy = cg_correction_of(in->p, in->policy, fixes);

    return *remedy ? remedy : "# without CorsDangerouslyAllow\n";
}

/* A policy that only reports sends nothing yet: what is risky in it shows once it is On. */
static void make(const cg_policy_judging *in, const cg_policy_judged *judged,
                 cg_report_finding *made)
{
    apr_array_header_t *lines = apr_array_copy(in->p, judged->lines);
    int only_reports = cg_policy_mode(in->policy) == CG_MODE_REPORT;

    if (only_reports)
        cg_policy_judge_add_line(lines, &in->policy->mode->place);
    *made = (cg_report_finding){
        .id = judged->id,
        .confidence = only_reports ? CG_CONFIDENCE_POSSIBLE : judged->confidence,
        .summary = only_reports ? apr_pstrcat(in->p, judged->summary,
                                              " CorsGuard Report keeps it back.", NULL)
                                : judged->summary,
        .witness = judged->witness,
        .lines = lines,
        .remedy = remedy_of(in, judged->fixes)};
}

void cg_policy_judge_add(const cg_policy_judging *in, const cg_policy_judged *judged)
{
    make(in, judged, apr_array_push(in->found));
}

/* What was learned once */

const cg_witness *cg_policy_judge_probe(const cg_policy_judging *in, const cg_matcher *matcher)
{
    cg_policy_judge *judge = in->judge;
    cg_witness *found = apr_hash_get(judge->probed, &matcher->regex, sizeof matcher->regex);

    if (found)
        return found;
    found = apr_palloc(judge->p, sizeof *found);
    cg_policy_witness_of_regex(judge->p, matcher, found);
    apr_hash_set(judge->probed, apr_pmemdup(judge->p, &matcher->regex, sizeof matcher->regex),
                 sizeof matcher->regex, found);
    return found;
}

static int keep_subdomains(void *ctx, const char *text, apr_size_t len)
{
    apr_array_header_t *found = ctx;
    const char *star = len > 2 ? memchr(text, '*', len - 1) : NULL, *host, *end;

    if (!star || star[1] != '.')
        return 1;
    host = apr_pstrmemdup(found->pool, star + 2, (apr_size_t)(text + len - star) - 2);
    end = host + strcspn(host, ":");
    if (!cg_suffix_is_public(apr_pstrmemdup(found->pool, host, (apr_size_t)(end - host))))
        APR_ARRAY_PUSH(found, const char *) = apr_pstrmemdup(found->pool, text, len);
    return found->nelts <= CG_POLICY_JUDGE_MEMBERS_MAX;
}

const apr_array_header_t *cg_policy_judge_subdomains(const cg_policy_judging *in, const cg_set *set)
{
    cg_policy_judge *judge = in->judge;
    apr_array_header_t *found = apr_hash_get(judge->subdomains, &set, sizeof set);

    if (found)
        return found;
    found = apr_array_make(judge->p, 1, sizeof(const char *));
    cg_set_each(set, keep_subdomains, found);
    apr_hash_set(judge->subdomains, apr_pmemdup(judge->p, &set, sizeof set), sizeof set, found);
    return found;
}

/* CorsDangerouslyAllow */

static const char *lifted_text(apr_pool_t *p, int lifted)
{
    static const struct {
        cg_lift lift;
        const char *name;
    } names[] = {{CG_LIFT_INSECURE_ORIGINS, " insecure-origins"},
                 {CG_LIFT_PUBLIC_SUFFIXES, " public-suffixes"},
                 {CG_LIFT_NULL_ORIGIN, " null-origin"},
                 {CG_LIFT_OPEN_PATTERNS, " open-patterns"}};
    const char *text = "CorsDangerouslyAllow";

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (lifted & names[i].lift)
            text = apr_pstrcat(p, text, names[i].name, NULL);
    }
    return apr_pstrcat(p, text, " lifts what would be refused.", NULL);
}

static const cg_matcher *matcher_named(const cg_origins *origins, const char *text)
{
    for (; origins; origins = origins->parent) {
        for (const cg_matcher *each = origins->matchers; each; each = each->next) {
            if (strcmp(each->text, text) == 0)
                return each;
        }
    }
    return NULL;
}

/* An origin that may read only because of the lift. */
static void witness_of_lift(const cg_policy_judging *in, cg_report_witness *witness)
{
    cg_policy without = *in->policy;
    const cg_matcher *matcher;
    cg_problem problem;
    cg_pattern pattern;

    without.lifted = NULL;
    if (!cg_policy_in_effect(in->policy) || !cg_policy_problem(&without, &problem))
        return;
    matcher = matcher_named(in->policy->origins, problem.subject);
    if (matcher) {
        const cg_witness *found = cg_policy_judge_probe(in, matcher);

        if (problem.rule == CG_RULE_OPEN_PATTERN && found->origin)
            cg_policy_witness_of(in->p, in->policy, found->origin, witness);
        else if (problem.rule != CG_RULE_OPEN_PATTERN)
            cg_policy_witness_insecure(in->p, in->policy, matcher, witness);
        return;
    }
    if (!cg_pattern_parse(in->p, problem.subject, strlen(problem.subject), &pattern))
        cg_policy_witness_of_pattern(in->p, in->policy, &pattern, witness);
}

static void judge_lifted(const cg_policy_judging *in)
{
    const cg_setting *lifted = in->policy->lifted;
    cg_policy_judged judged = {.id = CG_FIND_DANGEROUSLY_ALLOWED,
                               .confidence = CG_CONFIDENCE_CERTAIN};

    if (!lifted)
        return;
    judged.summary = lifted_text(in->p, lifted->value);
    judged.lines = cg_policy_judge_lines(in->p, &lifted->place);
    witness_of_lift(in, &judged.witness);
    cg_policy_judge_add(in, &judged);
}

/* Methods, headers, age */

static void add_names(const cg_policy_judging *in, cg_find_id id, const cg_names *names,
                      const char *summary, cg_fix fix)
{
    cg_policy_judged judged = {.id = id,
                               .confidence = CG_CONFIDENCE_CERTAIN,
                               .summary = summary,
                               .lines = cg_policy_judge_lines(in->p, &names->place),
                               .fixes = fix};

    if (id == CG_FIND_LOWER_CASE_PATCH || cg_policy_witness_any(in->p, in->policy, &judged.witness))
        cg_policy_judge_add(in, &judged);
}

static void judge_names(const cg_policy_judging *in)
{
    const cg_names *methods = in->policy->methods, *headers = in->policy->headers;

    if (headers && headers->any)
        add_names(in, CG_FIND_ALL_HEADERS, headers,
                  "CorsAllowHeaders * lets allowed origins set any request header.",
                  CG_FIX_HEADERS);
    if (methods && methods->any)
        add_names(in, CG_FIND_ALL_METHODS, methods,
                  "CorsAllowMethods * lets allowed origins use any method.", CG_FIX_METHODS);
    if (methods && cg_names_has(methods, "patch", 5) && !cg_names_has(methods, "PATCH", 5))
        add_names(in, CG_FIND_LOWER_CASE_PATCH, methods,
                  "CorsAllowMethods patch does not allow PATCH, which scripts send.", CG_FIX_PATCH);
}

static void judge_max_age(const cg_policy_judging *in)
{
    const cg_max_age *age = in->policy->max_age;
    cg_policy_judged judged = {
        .id = CG_FIND_MAX_AGE, .confidence = CG_CONFIDENCE_CERTAIN, .fixes = CG_FIX_MAX_AGE};

    if (!age || age->seconds <= MAX_AGE_KEPT)
        return;
    judged.summary = apr_psprintf(in->p, "CorsMaxAge says %d seconds, and Chromium keeps %d.",
                                  age->seconds, MAX_AGE_KEPT);
    judged.lines = cg_policy_judge_lines(in->p, &age->place);
    cg_policy_judge_add(in, &judged);
}

apr_array_header_t *cg_policy_judge_policy(cg_policy_judge *judge, apr_pool_t *p,
                                           const cg_policy *policy, int has_tls)
{
    cg_policy_judging in = {judge, p, policy, has_tls,
                            apr_array_make(p, 1, sizeof(cg_report_finding))};
    cg_problem problem;

    judge_lifted(&in);
    if (!cg_policy_in_effect(policy) || cg_policy_problem(policy, &problem))
        return in.found;
    cg_policy_judge_origins(&in);
    judge_names(&in);
    judge_max_age(&in);
    return in.found;
}

static const char *wildcard_text(int has_exceptions, int is_by_address)
{
    if (is_by_address)
        return "CorsAllowOrigin * lets every site read what only some addresses reach.";
    if (has_exceptions)
        return "CorsAllowOrigin * lets every site read but those taken away from it.";
    return "CorsAllowOrigin * lets every site read, without credentials.";
}

int cg_policy_judge_wildcard(apr_pool_t *p, const cg_policy *policy, const cg_place *by,
                             cg_report_finding *found)
{
    cg_policy_judging in = {NULL, p, policy, 0, NULL};
    const cg_origins *star = policy->origins;
    cg_policy_judged judged = {.id = by ? CG_FIND_WILDCARD_BEHIND_IP : CG_FIND_WILDCARD,
                               .confidence = CG_CONFIDENCE_CERTAIN,
                               .summary = wildcard_text(!cg_origins_any(star), by != NULL),
                               .fixes = CG_FIX_ANY};
    apr_array_header_t *lines;

    while (star && !star->any)
        star = star->parent;
    if (!star || !cg_policy_witness_of(p, policy, "https://evil.example", &judged.witness))
        return 0;
    lines = cg_policy_judge_lines(p, &star->place);
    for (const cg_origins *each = policy->origins; each != star; each = each->parent)
        cg_policy_judge_add_line(lines, &each->place);
    if (by)
        cg_policy_judge_add_line(lines, by);
    judged.lines = lines;
    make(&in, &judged, found);
    return 1;
}
