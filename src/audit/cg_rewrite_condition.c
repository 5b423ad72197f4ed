/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"

#include <apr_strings.h>
#include <string.h>

static const char *set_flag(void *to, char *name, char *value)
{
    cg_rewrite_condition *condition = to;

    (void)value;
    if (ap_cstr_casecmp(name, "NC") == 0 || ap_cstr_casecmp(name, "nocase") == 0)
        condition->ignores_case = 1;
    else if (ap_cstr_casecmp(name, "OR") == 0 || ap_cstr_casecmp(name, "ornext") == 0)
        condition->or_next = 1;
    else if (ap_cstr_casecmp(name, "NV") == 0 || ap_cstr_casecmp(name, "novary") == 0)
        condition->adds_no_vary = 1;
    else
        return "it has a flag that is not known";
    return NULL;
}

/* -f and the like. Others of two characters, -e among them, are a regex. */
static int read_file_test(const char *pattern, cg_rewrite_test *test)
{
    static const struct {
        char letter;
        cg_rewrite_test test;
    } tests[] = {
        {'f', CG_REWRITE_TEST_FILE},       {'s', CG_REWRITE_TEST_SIZE},
        {'d', CG_REWRITE_TEST_DIRECTORY},  {'x', CG_REWRITE_TEST_EXECUTABLE},
        {'h', CG_REWRITE_TEST_LINK},       {'L', CG_REWRITE_TEST_LINK},
        {'l', CG_REWRITE_TEST_LINK},       {'U', CG_REWRITE_TEST_SUBREQUEST},
        {'F', CG_REWRITE_TEST_SUBREQUEST},
    };

    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (pattern[1] == tests[i].letter) {
            *test = tests[i].test;
            return 1;
        }
    }
    return 0;
}

/* -eq10: without a number behind it, it is a regex. */
static int read_number_test(const char *pattern, cg_rewrite_condition *out)
{
    static const struct {
        char name[4];
        unsigned orders;
    } tests[] = {
        {"-lt", CG_REWRITE_LESS},  {"-le", CG_REWRITE_LESS | CG_REWRITE_EQUAL},
        {"-gt", CG_REWRITE_MORE},  {"-ge", CG_REWRITE_MORE | CG_REWRITE_EQUAL},
        {"-eq", CG_REWRITE_EQUAL}, {"-ne", CG_REWRITE_LESS | CG_REWRITE_MORE},
    };

    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (strncmp(pattern, tests[i].name, 3) == 0) {
            out->test = CG_REWRITE_TEST_NUMBER;
            out->orders = tests[i].orders;
            out->operand = pattern + 3;
            return 1;
        }
    }
    return 0;
}

static int read_text_test(const char *pattern, cg_rewrite_condition *out)
{
    if (!strchr("<>=", *pattern))
        return 0;
    out->test = CG_REWRITE_TEST_TEXT;
    out->orders = *pattern == '<'   ? CG_REWRITE_LESS
                  : *pattern == '>' ? CG_REWRITE_MORE
                                    : CG_REWRITE_EQUAL;
    out->operand = pattern + 1;
    if (*pattern == '=') {
        if (strcmp(out->operand, "\"\"") == 0)
            out->operand = "";
    } else if (pattern[1] == '=') {
        out->orders |= CG_REWRITE_EQUAL;
        out->operand++;
    }
    return 1;
}

/* A pattern of one character is a regex, whatever it is. */
static int read_test(const char *pattern, cg_rewrite_condition *out)
{
    if (!pattern[0] || !pattern[1])
        return 0;
    if (pattern[0] != '-')
        return read_text_test(pattern, out);
    if (!pattern[2])
        return read_file_test(pattern, &out->test);
    return pattern[3] ? read_number_test(pattern, out) : 0;
}

void cg_rewrite_condition_read(apr_pool_t *p, const ap_directive_t *node, cg_rewrite_condition *out)
{
    char *words[3] = {NULL, NULL, NULL};
    const char *pattern;

    memset(out, 0, sizeof *out);
    out->node = node;
    out->problem = cg_rewrite_words(p, node->args, words);
    if (!out->problem && words[2])
        out->problem = cg_rewrite_flags(words[2], set_flag, out);
    if (out->problem)
        return;
    out->text = words[0];
    pattern = words[1];
    if (*pattern == '!') {
        out->is_negated = 1;
        pattern++;
    }
    if (ap_cstr_casecmp(out->text, "expr") == 0) {
        out->test = CG_REWRITE_TEST_EXPR;
        out->expr = cg_expr_read(p, node, pattern, CG_EXPR_CONDITION);
        return;
    }
    if (read_test(pattern, out))
        return;
    out->regex = cg_rewrite_regex(p, pattern, out->ignores_case);
    if (!out->regex)
        out->problem = "its regular expression does not compile";
}
