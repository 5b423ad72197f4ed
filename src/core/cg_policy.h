/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_POLICY_H
#define CG_POLICY_H

#include "cg_names.h"
#include "cg_origins.h"

#include <apr_tables.h>

typedef enum cg_mode { CG_MODE_ON, CG_MODE_OFF, CG_MODE_REPORT, CG_MODE_ENFORCE } cg_mode;

/** A field with one small value: a switch, a mode, a status, a mask. */
typedef struct cg_setting {
    int value;
    cg_place place;
} cg_setting;

/** CorsMaxAge, as sent. */
typedef struct cg_max_age {
    int seconds;
    const char *text;
    cg_place place;
} cg_max_age;

/** CorsSelfOrigin. */
typedef struct cg_self {
    cg_set *set;
    cg_place place;
} cg_self;

/** The policy of one section, or of several merged. A field is NULL where it is not set, so that
 *  merging only picks pointers. Filled by the directives while a section is read, read-only
 *  afterwards. */
typedef struct cg_policy {
    const cg_setting *mode; /**< cg_mode */
    cg_origins *origins;
    const cg_setting *credentials; /**< 0, 1 */
    cg_names *methods;
    cg_names *headers;
    cg_names *expose;
    const cg_max_age *max_age;
    const cg_setting *preflight_status; /**< 200, 204 */
    const cg_setting *forward;          /**< 1: CorsPreflight Forward */
    cg_self *self;
    cg_setting *lifted; /**< cg_lift bits: CorsDangerouslyAllow */
} cg_policy;

/** add over base, field by field. Allocates only where signed origins meet inherited ones. out
 *  may be base or add. */
void cg_policy_merge(apr_pool_t *p, const cg_policy *base, const cg_policy *add, cg_policy *out);

/** The mode that applies: what was set, else On. */
static inline cg_mode cg_policy_mode(const cg_policy *policy)
{
    return policy->mode ? (cg_mode)policy->mode->value : CG_MODE_ON;
}

/** Whether the module does anything where this is the effective policy. */
static inline int cg_policy_in_effect(const cg_policy *policy)
{
    return (policy->origins || policy->mode) && cg_policy_mode(policy) != CG_MODE_OFF;
}

static inline int cg_policy_credentials(const cg_policy *policy)
{
    return policy->credentials && policy->credentials->value;
}

/** The place that stands for the policy in a message: its origins', else its mode's; NULL where
 *  neither is set. */
const cg_place *cg_policy_place(const cg_policy *policy);

/** One reason for which a policy is refused. */
typedef struct cg_problem {
    cg_rule_id rule;
    const char *subject; /**< what is refused: "*", "http://a.example", a regex; never NULL */
    const char *witness; /**< for CG_RULE_OPEN_PATTERN, one clause; else NULL */
    const char *danger;  /**< as in cg_risk */
    const char *remedy;
    const cg_place *first;  /**< of the subject */
    const cg_place *second; /**< of the directive it conflicts with; NULL where there is none */
} cg_problem;

/** So many risky entries of a list may be taken away by an inner section's "-" before it is
 *  refused all the same: looking for each of them costs every request. */
#define CG_RISKS_REMOVED_MAX 256

/** Whether a policy is refused; the first problem in the catalogue's order. Allocates nothing;
 *  costs a few instructions where nothing in the policy is risky.
 *  @return non-zero where problem was filled. */
int cg_policy_problem(const cg_policy *policy, cg_problem *problem);

/** The problems of a policy, at most so many; an array of cg_problem, empty where it is sound. */
apr_array_header_t *cg_policy_problems(apr_pool_t *p, const cg_policy *policy, int most);

/** As cg_policy_problem, for the rules that nothing lifts: what one section refuses by itself. */
int cg_policy_conflict(const cg_policy *policy, cg_problem *problem);

/** A problem in one or two sentences without line breaks: rule id, what was read, where
 *  (file:line of both), why it is refused, what to write instead. */
const char *cg_problem_text(apr_pool_t *p, const cg_problem *problem);

#endif
