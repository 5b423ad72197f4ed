/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_policy.h"

#include <apr_strings.h>

#define BIT(rule) (1u << (rule))

/* The rules that matter with credentials, and without. null-origin says nothing that
 * null-with-credentials does not. */
#define RULES_WITH_CREDENTIALS                                                                     \
    (BIT(CG_RULE_WILDCARD_WITH_CREDENTIALS) | BIT(CG_RULE_NULL_WITH_CREDENTIALS) |                 \
     BIT(CG_RULE_EXPOSE_ALL_WITH_CREDENTIALS) | BIT(CG_RULE_INSECURE_ORIGIN_WITH_CREDENTIALS) |    \
     BIT(CG_RULE_PUBLIC_SUFFIX_WILDCARD) | BIT(CG_RULE_OPEN_PATTERN))
#define RULES_WITHOUT_CREDENTIALS (BIT(CG_RULE_NULL_ORIGIN) | BIT(CG_RULE_OPEN_PATTERN))
#define RULES_NEVER_LIFTED                                                                         \
    (BIT(CG_RULE_WILDCARD_WITH_CREDENTIALS) | BIT(CG_RULE_NULL_WITH_CREDENTIALS) |                 \
     BIT(CG_RULE_EXPOSE_ALL_WITH_CREDENTIALS))

void cg_policy_merge(apr_pool_t *p, const cg_policy *base, const cg_policy *add, cg_policy *out)
{
    cg_policy merged = *base;

#define PICK(field)                                                                                \
    if (add->field)                                                                                \
    merged.field = add->field
    PICK(mode);
    PICK(credentials);
    PICK(methods);
    PICK(headers);
    PICK(expose);
    PICK(max_age);
    PICK(preflight_status);
    PICK(forward);
    PICK(self);
    PICK(lifted);
#undef PICK
    if (add->origins)
        merged.origins = cg_origins_over(p, base->origins, add->origins);
    *out = merged;
}

const cg_place *cg_policy_place(const cg_policy *policy)
{
    if (policy->origins)
        return &policy->origins->place;
    return policy->mode ? &policy->mode->place : NULL;
}

/* The rules that this policy's credentials and lifts leave in force. */
static unsigned rules_in_force(const cg_policy *policy)
{
    unsigned rules =
        cg_policy_credentials(policy) ? RULES_WITH_CREDENTIALS : RULES_WITHOUT_CREDENTIALS;

    if (!policy->lifted)
        return rules;
    for (int rule = 0; rule < CG_RULE_COUNT; rule++) {
        if (cg_rule_of((cg_rule_id)rule)->lifted_by & (unsigned)policy->lifted->value)
            rules &= ~BIT(rule);
    }
    return rules;
}

/* Called for each problem until it returns 0. */
typedef int visitor(void *ctx, const cg_problem *problem);

static cg_problem problem_of(const cg_policy *policy, const cg_risk *risk)
{
    int needs_credentials = !(BIT(risk->rule) & RULES_WITHOUT_CREDENTIALS);

    return (cg_problem){.rule = risk->rule,
                        .subject = risk->text,
                        .witness = risk->witness,
                        .danger = risk->danger,
                        .remedy = risk->remedy,
                        .first = &risk->place,
                        .second = needs_credentials ? &policy->credentials->place : NULL};
}

static void visit_problems(const cg_policy *policy, unsigned rules, visitor *visit, void *ctx)
{
    int removed = 0;

    if ((rules & BIT(CG_RULE_EXPOSE_ALL_WITH_CREDENTIALS)) && policy->expose &&
        policy->expose->any) {
        cg_problem problem = {.rule = CG_RULE_EXPOSE_ALL_WITH_CREDENTIALS,
                              .subject = "*",
                              .first = &policy->expose->place,
                              .second = &policy->credentials->place};

        if (!visit(ctx, &problem))
            return;
    }
    for (const cg_origins *holder = policy->origins; holder; holder = holder->parent) {
        const cg_risk *risk = holder->risk_mask & rules ? holder->risks : NULL;

        for (; risk; risk = risk->next) {
            cg_problem problem;

            if (!(BIT(risk->rule) & rules))
                continue;
            if (removed < CG_RISKS_REMOVED_MAX &&
                cg_origins_removes(policy->origins, holder, risk)) {
                removed++;
                continue;
            }
            problem = problem_of(policy, risk);
            if (!visit(ctx, &problem))
                return;
        }
    }
}

typedef struct first_problem {
    cg_problem *problem;
    int found;
} first_problem;

static int keep_first(void *ctx, const cg_problem *problem)
{
    first_problem *first = ctx;

    *first->problem = *problem;
    first->found = 1;
    return 0;
}

static int first_of(const cg_policy *policy, unsigned rules, cg_problem *problem)
{
    first_problem first = {problem, 0};

    visit_problems(policy, rules, keep_first, &first);
    return first.found;
}

static int has_risks(const cg_policy *policy)
{
    const cg_origins *origins = policy->origins;

    while (origins && !origins->risk_mask)
        origins = origins->parent;
    return origins || (policy->expose && policy->expose->any);
}

int cg_policy_problem(const cg_policy *policy, cg_problem *problem)
{
    if (!has_risks(policy))
        return 0;
    return first_of(policy, rules_in_force(policy), problem);
}

int cg_policy_conflict(const cg_policy *policy, cg_problem *problem)
{
    return first_of(policy, rules_in_force(policy) & RULES_NEVER_LIFTED, problem);
}

typedef struct problem_list {
    apr_array_header_t *problems;
    int most;
} problem_list;

static int append(void *ctx, const cg_problem *problem)
{
    problem_list *list = ctx;

    APR_ARRAY_PUSH(list->problems, cg_problem) = *problem;
    return list->problems->nelts < list->most;
}

apr_array_header_t *cg_policy_problems(apr_pool_t *p, const cg_policy *policy, int most)
{
    problem_list list = {apr_array_make(p, 2, sizeof(cg_problem)), most};

    visit_problems(policy, rules_in_force(policy), append, &list);
    return list.problems;
}

const char *cg_problem_text(apr_pool_t *p, const cg_problem *problem)
{
    const cg_rule *rule = cg_rule_of(problem->rule);
    const char *directive = problem->rule == CG_RULE_EXPOSE_ALL_WITH_CREDENTIALS
                                ? "CorsExposeHeaders"
                            : problem->witness ? "CorsAllowOriginMatch"
                                               : "CorsAllowOrigin";
    const char *with = "";

    if (problem->second)
        with = apr_psprintf(p, " meets CorsAllowCredentials On (%s:%d)", problem->second->file,
                            problem->second->line);
    return apr_psprintf(p, "%s: %s %s (%s:%d)%s: %s%s%s; %s", rule->slug, directive,
                        problem->subject, problem->first->file, problem->first->line, with,
                        problem->danger ? problem->danger : rule->danger,
                        problem->witness ? ": " : "", problem->witness ? problem->witness : "",
                        problem->remedy ? problem->remedy : rule->remedy);
}
