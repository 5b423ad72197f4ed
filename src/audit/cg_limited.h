/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_LIMITED_H
#define CG_LIMITED_H

#include "cg_run.h"

/** A regex that cannot keep the audit busy: httpd lets one backtrack ten million times. */
typedef struct cg_limited cg_limited;

/** Compiles one.
 *  @param flags of ap_pregcomp.
 *  @return NULL where it does not compile. */
cg_limited *cg_limited_compile(apr_pool_t *p, const char *pattern, int flags);

/** Whether it matches, as ap_regexec. Where it would backtrack too much it does not, and that is
 *  noted of the directive; so it is where the request took too many steps before.
 *  @param groups AP_MAX_REG_MATCH of them; NULL: they do not matter. */
int cg_limited_matches(cg_run *run, const ap_directive_t *by, cg_limited *regex, const char *text,
                       ap_regmatch_t *groups);

#endif
