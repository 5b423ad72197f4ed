/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_EXPR_H
#define CG_EXPR_H

#include <httpd.h>
#include <util_cfgtree.h>

#include <ap_expr.h>

/** An expression of httpd's (ap_expr), parsed once. */
typedef struct cg_expr {
    ap_expr_info_t *parsed;            /**< NULL: it does not parse, or must not be asked here */
    const char *why_not;               /**< a clause, where parsed is NULL */
    const apr_array_header_t *regexes; /**< of a condition, of cg_limited *; NULL: none */
} cg_expr;

typedef enum cg_expr_kind {
    CG_EXPR_CONDITION,
    CG_EXPR_RESTRICTED,       /**< a condition in an .htaccess: no files are read */
    CG_EXPR_STRING,           /**< text with %{...} in it */
    CG_EXPR_RESTRICTED_STRING /**< the same in an .htaccess */
} cg_expr_kind;

/** Parses one as httpd does (ap_expr_parse). Never NULL. */
const cg_expr *cg_expr_read(apr_pool_t *p, const ap_directive_t *node, const char *text,
                            cg_expr_kind kind);

/** Why an expression must not be asked without a real request: it begins a subrequest (-U, -F, -A).
 *  NULL: it may. */
const char *cg_expr_needs_request(const char *text);

#endif
