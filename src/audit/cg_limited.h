/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_LIMITED_H
#define CG_LIMITED_H

#include <httpd.h>

#include <ap_regex.h>

/** Where PCRE is to give a match up; httpd permits five hundred times as much, and a busy server
 *  would be in trouble. */
#define CG_LIMITED_PATIENT "(*LIMIT_MATCH=20000)"

/** A regex that cannot keep the audit busy. */
typedef struct cg_limited cg_limited;

typedef enum cg_limited_answer {
    CG_LIMITED_NO,
    CG_LIMITED_YES,
    CG_LIMITED_GAVE_UP
} cg_limited_answer;

/** Compiles one.
 *  @param flags of ap_pregcomp.
 *  @return NULL where it does not compile. */
cg_limited *cg_limited_compile(apr_pool_t *p, const char *pattern, int flags);

/** Whether it matches, as ap_regexec, where that is decided as fast as nearly all that anybody
 *  means.
 *  @param groups AP_MAX_REG_MATCH of them; NULL: they do not matter. */
cg_limited_answer cg_limited_ask(const cg_limited *regex, const char *text, ap_regmatch_t *groups);

/** The same for one that was given up: a hundred times as long. */
cg_limited_answer cg_limited_insist(cg_limited *regex, const char *text, ap_regmatch_t *groups);

#endif
