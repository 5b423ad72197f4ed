/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_directive.h"

#include "cg_quote.h"

#include <apr_strings.h>

void *cg_directive_create_policy(apr_pool_t *p, char *section)
{
    (void)section;
    return apr_pcalloc(p, sizeof(cg_policy));
}

void *cg_directive_merge_policy(apr_pool_t *p, void *base, void *add)
{
    cg_policy *merged = apr_palloc(p, sizeof *merged);

    cg_policy_merge(p, base, add, merged);
    return merged;
}

cg_place cg_directive_place(const cmd_parms *cmd)
{
    return (cg_place){cmd->directive->filename, cmd->directive->line_num};
}

/* httpd parses an .htaccess with one pool for everything (http_config.h, NOT_IN_HTACCESS). */
static int in_htaccess(const cmd_parms *cmd)
{
    return cmd->pool == cmd->temp_pool;
}

const char *cg_directive_refuse(const cmd_parms *cmd, const char *why)
{
    if (in_htaccess(cmd))
        return apr_psprintf(cmd->pool, "line %d: %s: %s", cmd->directive->line_num, cmd->cmd->name,
                            why);
    return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", why, NULL);
}

const char *cg_directive_misplaced(cmd_parms *cmd, unsigned forbidden)
{
    const char *why = ap_check_cmd_context(cmd, forbidden | NOT_IN_LIMIT);

    if (why && in_htaccess(cmd))
        return apr_psprintf(cmd->pool, "line %d: %s", cmd->directive->line_num, why);
    return why;
}

const char *cg_directive_conflict(const cmd_parms *cmd, const cg_policy *policy)
{
    cg_problem problem;

    if (!cg_policy_conflict(policy, &problem))
        return NULL;
    return cg_directive_refuse(cmd, cg_problem_text(cmd->pool, &problem));
}

/* The fields that hold one small value. */

typedef struct choice {
    const char *word;
    int value;
} choice;

static const char *not_one_of(cmd_parms *cmd, const char *arg, const char *accepted)
{
    return cg_directive_refuse(cmd, apr_psprintf(cmd->pool, "%s is not one of its values: write %s",
                                                 cg_quote(cmd->pool, arg, strlen(arg)), accepted));
}

static const char *set_choice(cmd_parms *cmd, const cg_setting **field, const char *arg,
                              const choice *choices, const char *accepted)
{
    const char *error = cg_directive_misplaced(cmd, 0);
    cg_setting *setting;

    if (error)
        return error;
    for (; choices->word; choices++) {
        if (ap_cstr_casecmp(arg, choices->word) != 0)
            continue;
        setting = apr_palloc(cmd->pool, sizeof *setting);
        *setting = (cg_setting){choices->value, cg_directive_place(cmd)};
        *field = setting;
        return NULL;
    }
    return not_one_of(cmd, arg, accepted);
}

const char *cg_directive_guard(cmd_parms *cmd, void *conf, const char *arg)
{
    static const choice modes[] = {{"On", CG_MODE_ON},
                                   {"Off", CG_MODE_OFF},
                                   {"Report", CG_MODE_REPORT},
                                   {"Enforce", CG_MODE_ENFORCE},
                                   {NULL, 0}};

    return set_choice(cmd, &((cg_policy *)conf)->mode, arg, modes, "On, Off, Report or Enforce");
}

const char *cg_directive_allow_credentials(cmd_parms *cmd, void *conf, const char *arg)
{
    static const choice switches[] = {{"On", 1}, {"Off", 0}, {NULL, 0}};
    cg_policy *policy = conf;
    const char *error = set_choice(cmd, &policy->credentials, arg, switches, "On or Off");

    return error ? error : cg_directive_conflict(cmd, policy);
}

const char *cg_directive_preflight_status(cmd_parms *cmd, void *conf, const char *arg)
{
    static const choice statuses[] = {{"204", 204}, {"200", 200}, {NULL, 0}};

    return set_choice(cmd, &((cg_policy *)conf)->preflight_status, arg, statuses, "204 or 200");
}

const char *cg_directive_preflight(cmd_parms *cmd, void *conf, const char *arg)
{
    static const choice ways[] = {{"Answer", 0}, {"Forward", 1}, {NULL, 0}};

    return set_choice(cmd, &((cg_policy *)conf)->forward, arg, ways, "Answer or Forward");
}

const char *cg_directive_audit(cmd_parms *cmd, void *conf, const char *arg)
{
    static const choice switches[] = {{"On", 1}, {"Off", 0}, {NULL, 0}};
    const char *error = cg_directive_misplaced(cmd, GLOBAL_ONLY | NOT_IN_HTACCESS);
    const cg_setting *unused;

    (void)conf;
    return error ? error : set_choice(cmd, &unused, arg, switches, "On or Off");
}

const char *cg_directive_dangerously_allow(cmd_parms *cmd, void *conf, const char *arg)
{
    cg_policy *policy = conf;
    const char *error = cg_directive_misplaced(cmd, NOT_IN_HTACCESS);
    cg_lift lift = cg_lift_of(arg);

    if (error)
        return error;
    if (lift == CG_LIFT_NONE)
        return not_one_of(cmd, arg,
                          "insecure-origins, public-suffixes, null-origin or open-patterns; "
                          "wildcard-with-credentials cannot be allowed");
    if (!policy->lifted) {
        policy->lifted = apr_palloc(cmd->pool, sizeof *policy->lifted);
        *policy->lifted = (cg_setting){0, cg_directive_place(cmd)};
    }
    policy->lifted->value |= (int)lift;
    return NULL;
}
