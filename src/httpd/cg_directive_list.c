/* SPDX-License-Identifier: Apache-2.0 */
/* The setters of methods, headers and the maximum age. */
#include "cg_directive.h"

#include "cg_quote.h"

#include <apr_lib.h>
#include <apr_strings.h>

/* Browsers keep a preflight's answer for a day at most (Firefox; Chromium 2 h). */
#define MAX_AGE_LONGEST 86400

static const char *add_name(cmd_parms *cmd, cg_names **field, cg_names_kind kind, const char *arg)
{
    cg_place place = cg_directive_place(cmd);
    const char *error = cg_directive_misplaced(cmd, 0);

    if (error)
        return error;
    if (!*field)
        *field = cg_names_make(cmd->pool, kind, &place);
    error = cg_names_add(cmd->pool, *field, arg);
    return error ? cg_directive_refuse(cmd, error) : NULL;
}

const char *cg_directive_allow_methods(cmd_parms *cmd, void *conf, const char *arg)
{
    return add_name(cmd, &((cg_policy *)conf)->methods, CG_NAMES_METHODS, arg);
}

const char *cg_directive_allow_headers(cmd_parms *cmd, void *conf, const char *arg)
{
    return add_name(cmd, &((cg_policy *)conf)->headers, CG_NAMES_HEADERS, arg);
}

const char *cg_directive_expose_headers(cmd_parms *cmd, void *conf, const char *arg)
{
    cg_policy *policy = conf;
    const char *error = add_name(cmd, &policy->expose, CG_NAMES_EXPOSE, arg);

    return error ? error : cg_directive_conflict(cmd, policy);
}

/* Seconds of "600", "10m", "2h", "1d"; -1 for anything else, or more than MAX_AGE_LONGEST. */
static int seconds_of(const char *arg)
{
    static const struct {
        const char *suffix;
        int seconds;
    } units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    int number = 0;
    const char *rest = arg;

    for (; apr_isdigit(*rest) && number <= MAX_AGE_LONGEST; rest++)
        number = 10 * number + (*rest - '0');
    for (size_t i = 0; rest > arg && i < sizeof units / sizeof *units; i++) {
        if (ap_cstr_casecmp(rest, units[i].suffix) == 0)
            return number <= MAX_AGE_LONGEST / units[i].seconds ? number * units[i].seconds : -1;
    }
    return -1;
}

const char *cg_directive_max_age(cmd_parms *cmd, void *conf, const char *arg)
{
    const char *error = cg_directive_misplaced(cmd, 0);
    int seconds = ap_cstr_casecmp(arg, "off") == 0 ? 0 : seconds_of(arg);
    cg_max_age *max_age;

    if (error)
        return error;
    if (seconds < 0)
        return cg_directive_refuse(
            cmd,
            apr_psprintf(cmd->pool,
                         "%s is no time from 0 to %d seconds: write seconds (600), or 10m, 2h, 1d, "
                         "or off to have nothing cached",
                         cg_quote(cmd->pool, arg, strlen(arg)), MAX_AGE_LONGEST));
    max_age = apr_palloc(cmd->pool, sizeof *max_age);
    *max_age = (cg_max_age){seconds, apr_itoa(cmd->pool, seconds), cg_directive_place(cmd)};
    ((cg_policy *)conf)->max_age = max_age;
    return NULL;
}
