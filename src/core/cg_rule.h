/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_RULE_H
#define CG_RULE_H

/** Why a policy is refused. The order is that of the catalogue in cg_rule.c. */
typedef enum cg_rule_id {
    CG_RULE_WILDCARD_WITH_CREDENTIALS,
    CG_RULE_NULL_WITH_CREDENTIALS,
    CG_RULE_EXPOSE_ALL_WITH_CREDENTIALS,
    CG_RULE_NULL_ORIGIN,
    CG_RULE_INSECURE_ORIGIN_WITH_CREDENTIALS,
    CG_RULE_PUBLIC_SUFFIX_WILDCARD,
    CG_RULE_OPEN_PATTERN,
    CG_RULE_COUNT
} cg_rule_id;

/** What CorsDangerouslyAllow lifts: bits. */
typedef enum cg_lift {
    CG_LIFT_NONE = 0,
    CG_LIFT_INSECURE_ORIGINS = 1 << 0,
    CG_LIFT_PUBLIC_SUFFIXES = 1 << 1,
    CG_LIFT_NULL_ORIGIN = 1 << 2,
    CG_LIFT_OPEN_PATTERNS = 1 << 3
} cg_lift;

typedef struct cg_rule {
    const char *slug;   /**< stable: logs, documents and the audit name the rule by it */
    const char *danger; /**< one clause: what goes wrong; begins in lower case, no full stop */
    const char *remedy; /**< one imperative clause in Cors* directives */
    cg_lift lifted_by;  /**< CG_LIFT_NONE: nothing lifts it */
} cg_rule;

/** The catalogue's entry; never NULL for an id below CG_RULE_COUNT. */
const cg_rule *cg_rule_of(cg_rule_id id);

/** The lift that an argument of CorsDangerouslyAllow names, without case; CG_LIFT_NONE where
 *  there is none. */
cg_lift cg_lift_of(const char *name);

#endif
