/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_policy_judge.h"

#include "cg_policy_witness.h"

#include <apr_strings.h>
#include <string.h>

/* Members of one section's list that make one finding together. */
typedef struct members {
    const cg_policy_judging *in;
    const char *first; /* the first one's text; NULL: there is none */
    int count;
    apr_array_header_t *lines; /* of cg_place */
    cg_report_witness witness; /* of the first */
} members;

static int credentials(const cg_policy_judging *in)
{
    return cg_policy_credentials(in->policy);
}

/* A member of which nothing can read is no risk. Returns 0 where there are enough. */
static int take(members *to, const char *text, const cg_pattern *pattern, const cg_place *place)
{
    cg_report_witness witness;

    if (!cg_policy_witness_of_pattern(to->in->p, to->in->policy, pattern, &witness))
        return 1;
    if (to->count++ == 0) {
        to->first = text;
        to->witness = witness;
        to->lines = cg_policy_judge_lines(to->in->p, place);
    } else {
        cg_policy_judge_add_line(to->lines, place);
    }
    return to->count <= CG_POLICY_JUDGE_MEMBERS_MAX;
}

/* The first member, and the number of the others. */
static const char *text_of(const members *of)
{
    apr_pool_t *p = of->in->p;

    if (of->count > CG_POLICY_JUDGE_MEMBERS_MAX)
        return apr_psprintf(p, "%s and at least %d more", of->first, of->count - 1);
    return of->count > 1 ? apr_psprintf(p, "%s and %d more", of->first, of->count - 1) : of->first;
}

/* What a finding says behind the members; summary begins with a blank. */
typedef struct kind {
    cg_find_id id;
    const char *summary;
    int needs_credentials; /* it would be another finding, or none, without them */
    unsigned fixes;
} kind;

static void add(const members *of, const kind *as)
{
    const cg_policy_judging *in = of->in;
    cg_policy_judged judged = {.id = as->id,
                               .confidence = CG_CONFIDENCE_CERTAIN,
                               .witness = of->witness,
                               .lines = of->lines,
                               .fixes = as->fixes};

    if (!of->count)
        return;
    if (as->needs_credentials)
        cg_policy_judge_add_line(of->lines, &in->policy->credentials->place);
    judged.summary = apr_pstrcat(in->p, "CorsAllowOrigin ", text_of(of), as->summary, NULL);
    cg_policy_judge_add(in, &judged);
}

/* The entries of one section that one rule is about, but for those that a nearer section takes
 * away. */
static void take_risks(members *to, const cg_origins *holder, cg_rule_id rule)
{
    const cg_origins *origins = to->in->policy->origins;
    const cg_risk *risk = holder->risk_mask & 1u << rule ? holder->risks : NULL;
    int removed = 0;

    for (; risk && removed < CG_RISKS_REMOVED_MAX; risk = risk->next) {
        if (risk->rule != rule || !risk->pattern)
            continue;
        if (cg_origins_removes(origins, holder, risk))
            removed++;
        else if (!take(to, risk->text, risk->pattern, &risk->place))
            return;
    }
}

static void judge_risks(const cg_policy_judging *in, const cg_origins *holder, cg_rule_id rule,
                        const kind *as)
{
    members risky = {.in = in};

    take_risks(&risky, holder, rule);
    add(&risky, as);
}

static void judge_subdomains(const cg_policy_judging *in, const cg_origins *holder)
{
    static const kind as = {CG_FIND_SUBDOMAINS_WITH_CREDENTIALS,
                            " lets every subdomain read with credentials.", 1, CG_FIX_SUBDOMAINS};
    const apr_array_header_t *wildcards = cg_policy_judge_subdomains(in, holder->allowed);
    members risky = {.in = in};

    for (int i = 0; i < wildcards->nelts; i++) {
        const char *text = APR_ARRAY_IDX(wildcards, i, const char *);
        cg_pattern pattern;
        cg_risk risk = {.pattern = &pattern};

        if (!cg_pattern_parse(in->p, text, strlen(text), &pattern) &&
            !cg_origins_removes(in->policy->origins, holder, &risk) &&
            !take(&risky, text, &pattern, &holder->place))
            break;
    }
    add(&risky, &as);
}

static void judge_section(const cg_policy_judging *in, const cg_origins *holder)
{
    static const kind null = {CG_FIND_NULL, " lets every site read through a sandboxed frame.", 0,
                              CG_FIX_NONE};
    static const kind insecure = {CG_FIND_INSECURE_ORIGIN,
                                  ", without TLS, may read what an https host answers.", 0,
                                  CG_FIX_INSECURE};
    static const kind suffix = {CG_FIND_PUBLIC_SUFFIX,
                                " lets every site under a public suffix read.", 0, CG_FIX_SUFFIXES};
    static const kind suffix_with_credentials = {
        CG_FIND_PUBLIC_SUFFIX_WITH_CREDENTIALS,
        " lets every site under a public suffix read with credentials.", 1, CG_FIX_SUFFIXES};

    judge_risks(in, holder, CG_RULE_NULL_ORIGIN, &null);
    judge_risks(in, holder, CG_RULE_PUBLIC_SUFFIX_WILDCARD,
                credentials(in) ? &suffix_with_credentials : &suffix);
    if (in->has_tls)
        judge_risks(in, holder, CG_RULE_INSECURE_ORIGIN_WITH_CREDENTIALS, &insecure);
    if (credentials(in) && holder->allowed)
        judge_subdomains(in, holder);
    cg_policy_judge_matchers(in, holder);
}

void cg_policy_judge_origins(const cg_policy_judging *in)
{
    for (const cg_origins *each = in->policy->origins; each; each = each->parent)
        judge_section(in, each);
}
