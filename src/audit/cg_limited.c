/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_limited.h"

#include <apr_strings.h>

#define QUICK "(*LIMIT_MATCH=200)"

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

/* httpd has several codes for what PCRE gives up. */
static cg_limited_answer ask(const ap_regex_t *regex, const char *text, ap_regmatch_t *groups)
{
    int code = ap_regexec(regex, text, groups ? AP_MAX_REG_MATCH : 0, groups, 0);

    if (code == 0)
        return CG_LIMITED_YES;
    return code == AP_REG_NOMATCH ? CG_LIMITED_NO : CG_LIMITED_GAVE_UP;
}

cg_limited_answer cg_limited_ask(const cg_limited *regex, const char *text, ap_regmatch_t *groups)
{
    return ask(regex->quick, text, groups);
}

cg_limited_answer cg_limited_insist(cg_limited *regex, const char *text, ap_regmatch_t *groups)
{
    if (!regex->patient)
        regex->patient = compile(regex, CG_LIMITED_PATIENT);
    return regex->patient ? ask(regex->patient, text, groups) : CG_LIMITED_GAVE_UP;
}
