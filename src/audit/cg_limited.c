/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_limited.h"

#include <apr_strings.h>
#include <string.h>

/* Nearly all that anybody means is decided within the first limit, so that a match costs about as
 * much as any other step; what is not is asked again, and counts for more. httpd permits more than
 * the second, and a busy server would be in trouble. */
#define QUICK "(*LIMIT_MATCH=200)"
#define PATIENT "(*LIMIT_MATCH=20000)"
#define PATIENT_STEPS 500

struct cg_limited {
    apr_pool_t *p;
    const char *pattern;
    int flags;
    const ap_regex_t *quick;
    const ap_regex_t *patient; /* NULL: not needed yet */
};

static const ap_regex_t *compile(const cg_limited *regex, const char *limit)
{
    return ap_pregcomp(regex->p, apr_pstrcat(regex->p, limit, regex->pattern, NULL), regex->flags);
}

cg_limited *cg_limited_compile(apr_pool_t *p, const char *pattern, int flags)
{
    cg_limited *regex = apr_palloc(p, sizeof *regex);

    *regex = (cg_limited){p, pattern, flags, NULL, NULL};
    regex->quick = compile(regex, QUICK);
    return regex->quick ? regex : NULL;
}

static int ask(const ap_regex_t *regex, const char *text, ap_regmatch_t *groups)
{
    return ap_regexec(regex, text, groups ? AP_MAX_REG_MATCH : 0, groups, 0);
}

/* How much of a text was searched. */
static apr_size_t searched(int code, const char *text, const ap_regmatch_t *groups)
{
    return code == 0 && groups ? (apr_size_t)groups->rm_eo : strlen(text);
}

/* httpd has several codes for what PCRE gives up. */
static int gave_up(int code)
{
    return code != 0 && code != AP_REG_NOMATCH;
}

int cg_limited_matches(cg_run *run, const ap_directive_t *by, cg_limited *regex, const char *text,
                       ap_regmatch_t *groups)
{
    int code;

    if (!cg_run_may(run, by, 0))
        return 0;
    code = ask(regex->quick, text, groups);
    cg_run_may(run, by, searched(code, text, groups));
    if (!gave_up(code))
        return code == 0;
    if (!cg_run_may(run, by, 64 * PATIENT_STEPS))
        return 0;
    if (!regex->patient)
        regex->patient = compile(regex, PATIENT);
    code = regex->patient ? ask(regex->patient, text, groups) : AP_REG_NOMATCH;
    if (gave_up(code))
        cg_run_unresolve(run, by, "its regular expression backtracks more than this audit follows");
    return code == 0;
}
