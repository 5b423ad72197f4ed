/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"

#include <apr_file_info.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static int holds_of_file(apr_pool_t *p, cg_rewrite_test test, const char *path)
{
    apr_int32_t wanted = test == CG_REWRITE_TEST_EXECUTABLE ? APR_FINFO_PROT : APR_FINFO_MIN;
    apr_finfo_t file;

    if (test == CG_REWRITE_TEST_LINK)
        wanted |= APR_FINFO_LINK;
    if (apr_stat(&file, path, wanted, p) != APR_SUCCESS)
        return 0;
    switch (test) {
    case CG_REWRITE_TEST_FILE:
        return file.filetype == APR_REG;
    case CG_REWRITE_TEST_SIZE:
        return file.filetype == APR_REG && file.size > 0;
    case CG_REWRITE_TEST_DIRECTORY:
        return file.filetype == APR_DIR;
    case CG_REWRITE_TEST_LINK:
        return file.filetype == APR_LNK;
    default:
        return (file.protection & (APR_UEXECUTE | APR_GEXECUTE | APR_WEXECUTE)) != 0;
    }
}

static cg_rewrite_order order_of(long a, long b)
{
    return a < b ? CG_REWRITE_LESS : a > b ? CG_REWRITE_MORE : CG_REWRITE_EQUAL;
}

/* The longer text is the greater, and only texts as long are compared byte by byte; unless case
 * is ignored. */
static cg_rewrite_order compare(const cg_rewrite_condition *condition, const char *text)
{
    const char *operand = condition->operand;
    apr_size_t len = strlen(text), other = strlen(operand);

    if (condition->test == CG_REWRITE_TEST_NUMBER)
        return order_of((int)strtol(text, NULL, 10), (int)strtol(operand, NULL, 10));
    if (condition->ignores_case)
        return order_of(ap_cstr_casecmp(text, operand), 0);
    if (len != other)
        return len < other ? CG_REWRITE_LESS : CG_REWRITE_MORE;
    return order_of(memcmp(text, operand, len), 0);
}

static int matches(cg_rewriting *on, const cg_rewrite_condition *condition, const char *text)
{
    cg_rewrite_captures *captures = &on->condition_captures;
    ap_regmatch_t found[AP_MAX_REG_MATCH];

    if (!cg_run_finds(on->run, condition->node, condition->regex, text, found))
        return 0;
    if (!condition->is_negated) {
        captures->source = text;
        captures->unclear = NULL;
        memcpy(captures->matches, found, sizeof found);
    }
    return 1;
}

static cg_rewrite_answer ask_expr(cg_rewriting *on, const cg_rewrite_condition *condition)
{
    cg_rewrite_captures *captures = &on->condition_captures;
    ap_regmatch_t found[AP_MAX_REG_MATCH] = {{0, 0}};
    const char *source = NULL;

    if (!cg_run_matches(on->run, condition->node, condition->expr, found, &source)) {
        if (!cg_run_is_unresolved(on->run, condition->node))
            return CG_REWRITE_NO;
        cg_rewrite_obscure(on, "its condition cannot be told");
        return CG_REWRITE_MAYBE;
    }
    if (!condition->is_negated) {
        captures->source = source;
        captures->unclear = NULL;
        memcpy(captures->matches, found, sizeof found);
    }
    return CG_REWRITE_YES;
}

/* ap_expr adds to Vary by itself. */
static cg_rewrite_answer holds_expr(cg_rewriting *on, const cg_rewrite_condition *condition)
{
    apr_table_t *headers = on->run->r->headers_out;
    const char *vary = apr_table_get(headers, "Vary");
    cg_rewrite_answer answer = ask_expr(on, condition);

    if (condition->adds_no_vary && vary)
        apr_table_setn(headers, "Vary", vary);
    else if (condition->adds_no_vary)
        apr_table_unset(headers, "Vary");
    return answer;
}

static cg_rewrite_answer unclear_condition(cg_rewriting *on, const cg_rewrite_condition *condition)
{
    if (condition->test == CG_REWRITE_TEST_REGEX && !condition->is_negated) {
        on->condition_captures.source = NULL;
        on->condition_captures.unclear = on->unclear;
    }
    return CG_REWRITE_MAYBE;
}

static cg_rewrite_answer holds_text(cg_rewriting *on, const cg_rewrite_condition *condition)
{
    const char *text = cg_rewrite_expand(on, condition->text, NULL, NULL);

    if (condition->test == CG_REWRITE_TEST_SUBREQUEST)
        cg_rewrite_obscure(on, "-U and -F ask another URL or file at request time");
    if (on->unclear)
        return unclear_condition(on, condition);
    switch (condition->test) {
    case CG_REWRITE_TEST_REGEX:
        return matches(on, condition, text) ? CG_REWRITE_YES : CG_REWRITE_NO;
    case CG_REWRITE_TEST_TEXT:
    case CG_REWRITE_TEST_NUMBER:
        return condition->orders & compare(condition, text) ? CG_REWRITE_YES : CG_REWRITE_NO;
    default:
        return holds_of_file(on->p, condition->test, text) ? CG_REWRITE_YES : CG_REWRITE_NO;
    }
}

static cg_rewrite_answer holds(cg_rewriting *on, const cg_rewrite_condition *condition)
{
    cg_rewrite_answer answer = CG_REWRITE_MAYBE;

    on->unclear = NULL;
    if (!cg_rewrite_may(on, 0))
        return CG_REWRITE_MAYBE;
    if (condition->problem)
        cg_rewrite_obscure(on, condition->problem);
    else if (condition->test == CG_REWRITE_TEST_EXPR)
        answer = holds_expr(on, condition);
    else
        answer = holds_text(on, condition);
    if (condition->is_negated && answer != CG_REWRITE_MAYBE)
        answer = answer == CG_REWRITE_YES ? CG_REWRITE_NO : CG_REWRITE_YES;
    if (condition->adds_no_vary)
        on->vary_this = NULL;
    return answer;
}

/* A rule may have thousands of conditions. */
static void add_vary(cg_rewriting *on)
{
    if (!on->vary)
        on->vary = on->vary_this;
    else if (on->vary_this && cg_rewrite_may(on, strlen(on->vary)))
        on->vary = apr_pstrcat(on->p, on->vary, ", ", on->vary_this, NULL);
    on->vary_this = NULL;
}

static const cg_rewrite_condition *condition_at(const cg_rewrite_rule *rule, int at)
{
    return &APR_ARRAY_IDX(rule->conditions, at, const cg_rewrite_condition);
}

/* Those joined by [OR], from *at on, which moves to the last of them. Where the last one of the
 * rule says [OR] and none holds, they count as fulfilled. */
static cg_rewrite_answer holds_one(cg_rewriting *on, const cg_rewrite_rule *rule, int *at,
                                   const char **unclear)
{
    int count = rule->conditions->nelts;
    const char *maybe = NULL;

    for (;; ++*at) {
        const cg_rewrite_condition *condition = condition_at(rule, *at);
        cg_rewrite_answer answer = holds(on, condition);

        if (answer == CG_REWRITE_YES) {
            while (*at < count && condition_at(rule, *at)->or_next)
                ++*at;
            return CG_REWRITE_YES;
        }
        on->vary_this = NULL;
        if (answer == CG_REWRITE_MAYBE && !maybe)
            maybe = on->unclear;
        if (!condition->or_next || *at + 1 == count) {
            *unclear = maybe;
            return condition->or_next ? CG_REWRITE_YES : maybe ? CG_REWRITE_MAYBE : CG_REWRITE_NO;
        }
    }
}

cg_rewrite_answer cg_rewrite_conditions_hold(cg_rewriting *on, const cg_rewrite_rule *rule)
{
    const char *unclear = NULL;

    for (int i = 0; i < rule->conditions->nelts; i++) {
        const char *reason = NULL;
        cg_rewrite_answer answer = holds_one(on, rule, &i, &reason);

        if (answer == CG_REWRITE_NO)
            return answer;
        if (answer == CG_REWRITE_MAYBE && !unclear)
            unclear = reason;
        add_vary(on);
    }
    on->unclear = unclear;
    return unclear ? CG_REWRITE_MAYBE : CG_REWRITE_YES;
}
