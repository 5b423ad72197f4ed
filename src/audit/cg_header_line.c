/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_header_line.h"

#include <apr_strings.h>
#include <string.h>

static int read_action(const char *word, cg_header_action *action)
{
    static const struct {
        const char *name;
        cg_header_action action;
    } actions[] = {
        {"set", CG_HEADER_SET},        {"setifempty", CG_HEADER_SETIFEMPTY},
        {"add", CG_HEADER_ADD},        {"append", CG_HEADER_APPEND},
        {"merge", CG_HEADER_MERGE},    {"unset", CG_HEADER_UNSET},
        {"echo", CG_HEADER_ECHO},      {"edit", CG_HEADER_EDIT},
        {"edit*", CG_HEADER_EDIT_ALL}, {"note", CG_HEADER_NOTE},
    };

    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (ap_cstr_casecmp(word, actions[i].name) == 0) {
            *action = actions[i].action;
            return 1;
        }
    }
    return 0;
}

static void read_clause(apr_pool_t *p, cg_header_line *line, const char *clause,
                        cg_recipe_scope scope)
{
    if (ap_cstr_casecmp(clause, "early") == 0)
        line->is_early = 1;
    else if (ap_cstr_casecmpn(clause, "env=", 4) == 0)
        line->variable = clause + 4;
    else if (ap_cstr_casecmpn(clause, "expr=", 5) == 0)
        line->condition =
            cg_expr_read(p, line->node, clause + 5,
                         scope == CG_RECIPE_HTACCESS ? CG_EXPR_RESTRICTED : CG_EXPR_CONDITION);
}

/* The words behind the action and the name: a value, what it is replaced by, a clause. */
static int read_rest(apr_pool_t *p, cg_header_line *line, const char *args, cg_recipe_scope scope)
{
    int is_edit = line->action == CG_HEADER_EDIT || line->action == CG_HEADER_EDIT_ALL;
    const char *value = NULL, *clause;

    if (line->action == CG_HEADER_ECHO)
        line->regex = cg_limited_compile(p, line->name, AP_REG_EXTENDED | AP_REG_NOSUB);
    if (line->action != CG_HEADER_ECHO && line->action != CG_HEADER_UNSET) {
        value = cg_tree_argument(p, &args);
        if (!value)
            return 0;
    }
    if (is_edit) {
        line->regex = cg_limited_compile(p, value, AP_REG_EXTENDED);
        value = cg_tree_argument(p, &args);
        if (!value)
            return 0;
    }
    if (value)
        line->value = cg_header_value_read(p, line->node, value, scope);
    clause = cg_tree_argument(p, &args);
    if (clause)
        read_clause(p, line, clause, scope);
    return 1;
}

int cg_header_line_read(apr_pool_t *p, const ap_directive_t *node, cg_recipe_scope scope,
                        cg_header_line *line)
{
    const char *args = node->args, *word = cg_tree_argument(p, &args), *colon;

    *line = (cg_header_line){.node = node, .is_request = cg_tree_is(node, "RequestHeader") != 0};
    if (word && !line->is_request &&
        (ap_cstr_casecmp(word, "always") == 0 || ap_cstr_casecmp(word, "onsuccess") == 0)) {
        line->is_always = ap_cstr_casecmp(word, "always") == 0;
        word = cg_tree_argument(p, &args);
    }
    if (!word || !read_action(word, &line->action))
        return 0;
    line->name = cg_tree_argument(p, &args);
    if (!line->name)
        return 0;
    colon = line->action == CG_HEADER_ECHO ? NULL : strchr(line->name, ':');
    if (colon)
        line->name = apr_pstrmemdup(p, line->name, (size_t)(colon - line->name));
    return read_rest(p, line, args, scope);
}
