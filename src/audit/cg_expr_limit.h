/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_EXPR_LIMIT_H
#define CG_EXPR_LIMIT_H

#include <apr_tables.h>

/** An expression of httpd's (ap_expr) whose regexes cannot keep the audit busy: each is written
 *  with a limit on how much it may backtrack, behind which it does not match. */
typedef struct cg_expr_limit {
    const char *text; /**< as it was, where nothing is to be limited, or where why_not is set */
    const apr_array_header_t *regexes; /**< of cg_limited *: they may be asked beforehand, since
                                            ap_expr does not tell which it gave up; NULL: none */
    const char *why_not; /**< a clause, where one cannot be told from the rest; else NULL */
} cg_expr_limit;

cg_expr_limit cg_expr_limit_of(apr_pool_t *p, const char *text);

/** The same for what stands behind "<If", quotation marks included. */
cg_expr_limit cg_expr_limit_of_section(apr_pool_t *p, const char *args);

#endif
