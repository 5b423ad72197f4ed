/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* As REWRITE_MAX_ROUNDS of mod_rewrite. */
#define ROUNDS_DEFAULT 10000

typedef void (*setter)(cg_rewrite_rule *rule, char *value);

static void set_ignored(cg_rewrite_rule *rule, char *value)
{
    (void)rule;
    (void)value;
}

static void set_escape(cg_rewrite_rule *rule, char *value)
{
    rule->escapes_captures = 1;
    if (*value)
        rule->escapes = value;
}

static void set_escape_none(cg_rewrite_rule *rule, char *value)
{
    rule->noescapes = value;
}

static void set_escape_no_plus(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->no_plus = 1;
}

static void set_escape_control(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->escapes_captures = rule->escapes_control = 1;
}

static void set_chain(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->is_chained = 1;
}

static void set_drop_info(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->drops_info = 1;
}

static void set_env(cg_rewrite_rule *rule, char *value)
{
    APR_ARRAY_PUSH(rule->env, const char *) = value;
}

static void set_end(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->is_end = 1;
}

static void set_forbidden(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->answers = 1;
    rule->status = HTTP_FORBIDDEN;
}

static void set_gone(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->answers = 1;
    rule->status = HTTP_GONE;
}

static void set_last(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->is_last = 1;
}

static void set_next(cg_rewrite_rule *rule, char *value)
{
    rule->is_next = 1;
    if (*value)
        rule->rounds = (int)strtol(value, NULL, 10);
}

static void set_no_subrequest(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->no_subrequest = 1;
}

static void set_no_case(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->ignores_case = 1;
}

static void set_no_escape(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->no_escape = 1;
}

static void set_proxy(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->proxies = 1;
}

static void set_pass(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->passes = 1;
}

static void set_query_append(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->query_append = 1;
}

static void set_query_discard(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->query_discard = 1;
}

static void set_query_last(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->query_last = 1;
}

static void set_redirect(cg_rewrite_rule *rule, char *value)
{
    rule->redirects = 1;
    if (!*value)
        return;
    if (ap_cstr_casecmp(value, "permanent") == 0)
        rule->status = HTTP_MOVED_PERMANENTLY;
    else if (ap_cstr_casecmp(value, "seeother") == 0)
        rule->status = HTTP_SEE_OTHER;
    else
        rule->status = HTTP_MOVED_TEMPORARILY;
    if (!apr_isdigit(*value))
        return;
    rule->status = (int)strtol(value, NULL, 10);
    rule->answers |= !ap_is_HTTP_REDIRECT(rule->status);
}

static void set_skip(cg_rewrite_rule *rule, char *value)
{
    rule->skip = (int)strtol(value, NULL, 10);
}

static void set_any_prefix(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->any_prefix = 1;
}

static void set_any_query(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->any_query = 1;
}

static void set_keep_slashes(cg_rewrite_rule *rule, char *value)
{
    (void)value;
    rule->keeps_slashes = 1;
}

/* Cookies, content types and handlers make no difference to headers. */
static const struct {
    const char *name;
    const char *long_name;
    setter set;
} flags[] = {
    {"E", "env", set_env},
    {"L", "last", set_last},
    {"R", "redirect", set_redirect},
    {"F", "forbidden", set_forbidden},
    {"NC", "nocase", set_no_case},
    {"NE", "noescape", set_no_escape},
    {"QSA", "qsappend", set_query_append},
    {"QSD", "qsdiscard", set_query_discard},
    {"QSL", "qslast", set_query_last},
    {"PT", "passthrough", set_pass},
    {"P", "proxy", set_proxy},
    {"END", "end", set_end},
    {"C", "chain", set_chain},
    {"S", "skip", set_skip},
    {"N", "next", set_next},
    {"G", "gone", set_gone},
    {"T", "type", set_ignored},
    {"H", "handler", set_ignored},
    {"CO", "cookie", set_ignored},
    {"NS", "nosubreq", set_no_subrequest},
    {"DPI", "discardpath", set_drop_info},
    {"D", "discardpath", set_drop_info},
    {"B", "backrefescaping", set_escape},
    {"BNP", "backrefernoplus", set_escape_no_plus},
    {"BNE", "bne", set_escape_none},
    {"BCTLS", "bctls", set_escape_control},
    {"UnsafePrefixStat", "unsafeprefixstat", set_any_prefix},
    {"UnsafeAllow3F", "unsafeallow3f", set_any_query},
    {"UNC", "unc", set_keep_slashes},
};

static const char *set_flag(void *to, char *name, char *value)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (ap_cstr_casecmp(name, flags[i].name) == 0 ||
            ap_cstr_casecmp(name, flags[i].long_name) == 0) {
            flags[i].set(to, value);
            return NULL;
        }
    }
    return "it has a flag that is not known";
}

/* A "?" that ends the substitution takes the query away. */
static void read_output(cg_rewrite_rule *rule, char *output)
{
    apr_size_t len = strlen(output);

    if (len > 0 && output[len - 1] == '?') {
        if (rule->query_append) {
            rule->query_last = 1;
        } else {
            rule->query_none = 1;
            output[len - 1] = '\0';
        }
    } else if (rule->query_discard && !strchr(output, '?')) {
        rule->query_none = 1;
    }
    if (strcmp(output, "-") != 0 && !rule->answers)
        rule->output = output;
}

cg_rewrite_rule *cg_rewrite_rule_read(apr_pool_t *p, const ap_directive_t *node)
{
    cg_rewrite_rule *rule = apr_pcalloc(p, sizeof *rule);
    char *words[3] = {NULL, NULL, NULL};
    const char *pattern;

    rule->node = node;
    rule->status = HTTP_MOVED_TEMPORARILY;
    rule->rounds = ROUNDS_DEFAULT;
    rule->env = apr_array_make(p, 1, sizeof(const char *));
    rule->problem = cg_rewrite_words(p, node->args, words);
    if (!rule->problem && words[2])
        rule->problem = cg_rewrite_flags(words[2], set_flag, rule);
    if (rule->problem)
        return rule;
    pattern = words[0];
    if (*pattern == '!') {
        rule->is_negated = 1;
        pattern++;
    }
    rule->regex = cg_rewrite_regex(p, pattern, rule->ignores_case);
    if (!rule->regex)
        rule->problem = "its regular expression does not compile";
    read_output(rule, words[1]);
    return rule;
}
