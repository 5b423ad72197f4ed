/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"

#include "cg_browser.h"

#include <apr_strings.h>
#include <string.h>

int cg_rewrite_is_proxied(const cg_run *run)
{
    const request_rec *r = run->r;

    return r->proxyreq && r->filename && strncmp(r->filename, "proxy:", 6) == 0;
}

/* What patterns are compared with: the file name, in a section with its path_info and without the
 * section's directory. */
static void set_uri(cg_rewriting *on)
{
    request_rec *r = on->run->r;
    apr_size_t len = on->directory ? strlen(on->directory) : 0;

    if (r->filename == on->uri_filename && r->path_info == on->uri_path_info)
        return;
    on->uri_filename = r->filename;
    on->uri_path_info = r->path_info;
    on->uri = r->filename;
    if (!on->directory || !on->uri)
        return;
    if (r->path_info && *r->path_info)
        on->uri = apr_pstrcat(on->p, r->filename, r->path_info, NULL);
    if (!cg_rewrite_is_proxied(on->run) && strncmp(on->uri, on->directory, len) == 0)
        on->uri += len;
}

/* Where nobody knows what the pattern is compared with, it may still be one that matches all. */
static cg_rewrite_answer matches_anything(cg_run *run, const cg_rewrite_rule *rule)
{
    static const char *const texts[] = {"", "x", "a/b.c", "/srv/www/index.html",
                                        "proxy:http://127.0.0.1:80/x"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!cg_run_finds(run, rule->node, rule->regex, texts[i], NULL))
            return CG_REWRITE_MAYBE;
    }
    return CG_REWRITE_YES;
}

static cg_rewrite_answer matches(cg_rewriting *on, const cg_rewrite_rule *rule)
{
    static const char *const reason = "it is decided at request time which file the URL leads to";
    cg_rewrite_captures *captures = &on->rule_captures;
    cg_rewrite_answer answer;

    set_uri(on);
    captures->source = NULL;
    captures->unclear = NULL;
    on->condition_captures.source = NULL;
    on->condition_captures.unclear = NULL;
    on->unclear = rule->problem;
    if (rule->problem)
        return CG_REWRITE_MAYBE;
    if (on->uri) {
        answer = cg_run_finds(on->run, rule->node, rule->regex, on->uri, captures->matches)
                     ? CG_REWRITE_YES
                     : CG_REWRITE_NO;
        captures->source = answer == CG_REWRITE_YES && !rule->is_negated ? on->uri : NULL;
    } else {
        answer = matches_anything(on->run, rule);
        captures->unclear = rule->is_negated ? NULL : reason;
        if (answer == CG_REWRITE_MAYBE)
            on->unclear = reason;
    }
    if (rule->is_negated && answer != CG_REWRITE_MAYBE)
        return answer == CG_REWRITE_YES ? CG_REWRITE_NO : CG_REWRITE_YES;
    return answer;
}

/* Whether the rule applies; unclear says why that cannot be told. */
static cg_rewrite_answer applies(cg_rewriting *on, const cg_rewrite_rule *rule)
{
    cg_rewrite_answer answer = matches(on, rule);
    const char *unclear = on->unclear;

    on->vary = NULL;
    on->vary_this = NULL;
    if (answer == CG_REWRITE_NO || rule->problem)
        return answer;
    if (cg_rewrite_conditions_hold(on, rule) == CG_REWRITE_NO)
        return CG_REWRITE_NO;
    if (unclear)
        on->unclear = unclear;
    return on->unclear ? CG_REWRITE_MAYBE : CG_REWRITE_YES;
}

/* Variables */

static void set_unknown(cg_rewriting *on, const cg_rewrite_rule *rule, const char *name,
                        const char *reason)
{
    apr_hash_set(on->run->unknown, apr_pstrdup(on->p, name), APR_HASH_KEY_STRING, reason);
    cg_run_unresolve(on->run, rule->node, reason);
}

/* The name is what is before the first colon of the expanded text, so it is sure only where
 * nothing is expanded in it. */
static int is_name_sure(const char *text)
{
    return strcspn(text, "\\$%") >= strcspn(text, ":");
}

/* Where it is doubtful that the rule applies, the variable is set all the same: what it may do
 * is to be seen. */
static void set_variable(cg_rewriting *on, const cg_rewrite_rule *rule, const char *text,
                         const char *doubt)
{
    const char *expanded, *reason, *value;
    char *name;

    on->unclear = NULL;
    expanded = cg_rewrite_expand(on, text, NULL, NULL);
    reason = on->unclear ? on->unclear : doubt;
    name = apr_pstrmemdup(on->p, expanded, strcspn(expanded, ":"));
    value = expanded[strlen(name)] ? expanded + strlen(name) + 1 : "";
    if (*expanded == '!') {
        if (reason)
            set_unknown(on, rule, expanded + 1, reason);
        else
            cg_run_unset(on->run, rule->node, expanded + 1);
        return;
    }
    if (on->unclear && !is_name_sure(text)) {
        cg_run_unresolve(on->run, rule->node, reason);
        return;
    }
    if (!on->unclear)
        cg_run_set(on->run, rule->node, name, value);
    if (reason)
        set_unknown(on, rule, name, reason);
}

static void set_variables(cg_rewriting *on, const cg_rewrite_rule *rule, const char *doubt)
{
    for (int i = 0; i < rule->env->nelts; i++)
        set_variable(on, rule, APR_ARRAY_IDX(rule->env, i, const char *), doubt);
}

/* Doubt */

static const cg_rewrite_rule *rule_at(const cg_rewriting *on, int at)
{
    return APR_ARRAY_IDX(on->rules, at, const cg_rewrite_rule *);
}

static void doubt_until(cg_rewriting *on, int end, const char *reason)
{
    if (end <= on->doubts_end)
        return;
    on->doubts_end = end;
    on->doubt = reason;
}

/* Whether what it does would keep the request from going on here. */
static int ends_request(const cg_rewrite_rule *rule)
{
    return rule->answers || (rule->output && !rule->proxies &&
                             (rule->redirects || cg_rewrite_absolute(rule->output, NULL)));
}

/* The first rule behind those that are chained to the one at at. */
static int behind_chain(const cg_rewriting *on, int at)
{
    while (at < on->rules->nelts && rule_at(on, at)->is_chained)
        at++;
    return at + 1;
}

/* The next rule, or with [S=n] the one behind those that are skipped. */
static int behind_skipped(const cg_rewriting *on, int at)
{
    int skip = rule_at(on, at)->skip;

    if (skip >= on->rules->nelts)
        return on->rules->nelts;
    return at + 1 + (skip > 0 ? skip : 0);
}

static int sets_variables_later(const cg_rewriting *on, int at)
{
    for (; at < on->rules->nelts; at++) {
        if (rule_at(on, at)->env->nelts)
            return 1;
    }
    return 0;
}

/* A rule that may apply or not: what it sets may be set, and what follows may be left out. A
 * refusal or redirect that may come is not looked at: without it the request goes on. */
static void apply_in_doubt(cg_rewriting *on, int at, const char *reason)
{
    const cg_rewrite_rule *rule = rule_at(on, at);
    int end = at + 1;

    set_variables(on, rule, reason);
    if (ends_request(rule))
        return;
    if (rule->is_chained)
        end = behind_chain(on, at);
    if (rule->skip > 0)
        end = behind_skipped(on, at);
    if (rule->output || rule->is_last || rule->is_end || rule->is_next || rule->proxies ||
        rule->passes || rule->problem)
        end = on->rules->nelts;
    if (rule->output || rule->problem || sets_variables_later(on, at + 1))
        cg_run_unresolve(on->run, rule->node, reason);
    doubt_until(on, end, reason);
}

/* Rules one by one */

static void refuse(cg_rewriting *on, int status)
{
    on->status = status;
    on->stopped = 1;
}

/* Where the substitution cannot be told, the file name stays, and what follows is in doubt; where
 * it goes to another server, it does not matter. */
static void substitute(cg_rewriting *on, const cg_rewrite_rule *rule)
{
    int query = 0;
    const char *text, *unclear;

    on->unclear = NULL;
    text = cg_rewrite_expand(on, rule->output, rule, rule->any_query ? NULL : &query);
    unclear = on->unclear;
    if (query) {
        refuse(on, HTTP_FORBIDDEN);
        return;
    }
    set_variables(on, rule, NULL);
    if (unclear && !ends_request(rule) && !rule->proxies) {
        cg_run_unresolve(on->run, rule->node, unclear);
        doubt_until(on, on->rules->nelts, unclear);
        return;
    }
    on->last = rule;
    cg_rewrite_may(on, 4 * strlen(text)); /* so often it is copied */
    cg_rewrite_substitute(on, rule, text);
    on->changed = 1;
    on->no_escape = rule->no_escape;
    if (strlen(on->run->r->filename) > 2 * (apr_size_t)on->run->r->server->limit_req_line)
        refuse(on, HTTP_INTERNAL_SERVER_ERROR);
}

/* Each name once, as it is sent (fixup_vary): [N] comes by 10,000 times. */
static void merge_vary(cg_rewriting *on)
{
    apr_table_t *headers = on->run->r->headers_out;
    char *rest = apr_pstrdup(on->p, on->vary), *name;

    cg_rewrite_may(on, strlen(rest));
    while ((name = apr_strtok(rest, ", ", &rest)) != NULL) {
        if (!cg_browser_lists(on->p, headers, "Vary", name, 1))
            apr_table_merge(headers, "Vary", name);
    }
}

static void apply(cg_rewriting *on, int at)
{
    const cg_rewrite_rule *rule = rule_at(on, at);

    if (rule->output)
        substitute(on, rule);
    else
        set_variables(on, rule, NULL);
    if (on->vary)
        merge_vary(on);
    if (rule->answers && !on->stopped)
        refuse(on, rule->status);
}

/* @return non-zero where no further rule counts. */
static int ends_list(cg_rewriting *on, const cg_rewrite_rule *rule)
{
    request_rec *r = on->run->r;

    if (rule->passes) {
        if (r->filename)
            r->filename = apr_pstrcat(on->p, "passthrough:", r->filename, NULL);
        on->changed = 1;
        on->no_escape = 0;
        return 1;
    }
    if (rule->is_end)
        on->run->rewritten.is_ended = 1;
    return rule->is_end || rule->proxies || rule->is_last;
}

/* @return the rule to go on with; behind the last: none. */
static int step(cg_rewriting *on, int at, int *round)
{
    const cg_rewrite_rule *rule = rule_at(on, at);
    cg_rewrite_answer answer;
    const char *doubt;

    if (on->run->r->main && (rule->no_subrequest || rule->redirects))
        return at + 1;
    answer = applies(on, rule);
    doubt = answer == CG_REWRITE_MAYBE ? on->unclear : at < on->doubts_end ? on->doubt : NULL;

    if (answer == CG_REWRITE_NO)
        return behind_chain(on, at);
    if (doubt) {
        apply_in_doubt(on, at, doubt);
        return at + 1;
    }
    apply(on, at);
    if (on->stopped || ends_list(on, rule))
        return on->rules->nelts;
    if (rule->is_next && ++*round >= rule->rounds) {
        refuse(on, HTTP_INTERNAL_SERVER_ERROR);
        return on->rules->nelts;
    }
    if (rule->is_next)
        return 0;
    return behind_skipped(on, at);
}

void cg_rewrite_carry_out(cg_rewriting *on)
{
    int round = 1;

    for (int at = 0; at < on->rules->nelts;) {
        on->node = rule_at(on, at)->node;
        if (!cg_rewrite_may(on, 0)) {
            cg_run_unresolve(on->run, rule_at(on, at)->node, on->unclear);
            return;
        }
        at = step(on, at, &round);
    }
}
