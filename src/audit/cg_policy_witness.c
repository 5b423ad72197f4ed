/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_policy_witness.h"

#include "cg_answer.h"
#include "cg_example.h"
#include "cg_host.h"
#include "cg_probe.h"

#include <apr_strings.h>
#include <string.h>

/* Examples of one regex of which an http form is asked for. */
#define EXAMPLES_MAX 64
/* Members of one section that are tried for an origin that may read; others may be taken away. */
#define MEMBERS_TRIED_MAX 16

/* Deciding */

static const char *no_header(const void *request, const char *name)
{
    (void)request;
    (void)name;
    return NULL;
}

static const char *no_scheme(const void *request)
{
    (void)request;
    return "https";
}

int cg_policy_witness_of(apr_pool_t *p, const cg_policy *policy, const char *origin,
                         cg_report_witness *witness)
{
    const char *kept = apr_pstrdup(p, origin);
    const cg_facts facts = {
        .method = "GET", .origin = kept, .header = no_header, .scheme = no_scheme};
    const cg_answer_asked asked = {no_header, NULL};
    cg_decision decision = cg_decide(policy, &facts);
    apr_table_t *sent = apr_table_make(p, 4);
    const char *acao;

    cg_answer_write(policy, &decision, &asked, sent, apr_table_make(p, 1));
    acao = apr_table_get(sent, "Access-Control-Allow-Origin");
    if (!acao)
        return 0;
    *witness = (cg_report_witness){kept, acao,
                                   apr_table_get(sent, "Access-Control-Allow-Credentials") != NULL};
    return 1;
}

/* Patterns */

/* An origin that a pattern stands for, with a label in place of its star. */
static const char *origin_of(apr_pool_t *p, const cg_pattern *pattern, const char *label)
{
    const char *tail = pattern->host + pattern->host_len;

    if (pattern->null)
        return "null";
    return apr_psprintf(p, "%.*s://%s%s%.*s%s", (int)pattern->scheme_len, pattern->text,
                        pattern->subdomains ? label : "", pattern->subdomains ? "." : "",
                        (int)pattern->host_len, pattern->host, pattern->any_port ? "" : tail);
}

int cg_policy_witness_of_pattern(apr_pool_t *p, const cg_policy *policy, const cg_pattern *pattern,
                                 cg_report_witness *witness)
{
    static const char *const labels[] = {"evil", "old", "test"};

    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (cg_policy_witness_of(p, policy, origin_of(p, pattern, labels[i]), witness))
            return 1;
    }
    return 0;
}

/* Regexes */

static int match_but_null(const void *regex, const char *text, apr_size_t len)
{
    const cg_matcher *matcher = regex;

    return !(len == 4 && memcmp(text, "null", 4) == 0) && matcher->match(matcher->regex, text, len);
}

void cg_policy_witness_of_regex(apr_pool_t *p, const cg_matcher *matcher, cg_witness *found)
{
    cg_witness_find(p, matcher->text, match_but_null, matcher, found);
}

static int is_insecure(const char *text, apr_size_t len)
{
    cg_origin origin;

    return cg_origin_parse(text, len, &origin) == CG_ORIGIN_TUPLE &&
           cg_scheme_of(origin.text, origin.scheme_len) == CG_SCHEME_HTTP &&
           !cg_host_loopback(origin.host, origin.host_len, origin.host_kind);
}

/* The example itself, or with http in place of https. */
static int try_example(apr_pool_t *p, const cg_policy *policy, const cg_example *example,
                       cg_report_witness *witness)
{
    const char *text = example->text;

    if (strncmp(text, "https://", 8) == 0)
        text = apr_pstrcat(p, "http", text + 5, NULL);
    return is_insecure(text, strlen(text)) && cg_policy_witness_of(p, policy, text, witness);
}

int cg_policy_witness_insecure(apr_pool_t *p, const cg_policy *policy, const cg_matcher *matcher,
                               cg_report_witness *witness)
{
    const cg_regex_tree *tree = cg_regex_parse(p, matcher->text);
    const apr_array_header_t *turns = cg_example_turns(p, tree);

    for (int i = -1; i < turns->nelts && i < EXAMPLES_MAX; i++) {
        cg_example_plan plan = {.least = 1};
        cg_example example;

        if (i >= 0)
            plan.turn = APR_ARRAY_IDX(turns, i, cg_example_turn);
        if (cg_example_build(tree, &plan, &example) && try_example(p, policy, &example, witness))
            return 1;
    }
    return 0;
}

/* Any origin */

typedef struct search {
    apr_pool_t *p;
    const cg_policy *policy;
    cg_report_witness *witness;
    int tried;
    int found;
} search;

static int try_member(void *ctx, const char *text, apr_size_t len)
{
    search *in = ctx;
    cg_pattern pattern;

    in->found = !cg_pattern_parse(in->p, text, len, &pattern) &&
                cg_policy_witness_of_pattern(in->p, in->policy, &pattern, in->witness);
    return !in->found && ++in->tried < MEMBERS_TRIED_MAX;
}

static int any_of_matchers(const search *in, const cg_matcher *matcher)
{
    for (; matcher; matcher = matcher->next) {
        cg_example example;
        const cg_regex_tree *tree = cg_regex_parse(in->p, matcher->text);
        cg_example_plan plan = {.least = 1};

        if (cg_example_build(tree, &plan, &example) &&
            cg_policy_witness_of(in->p, in->policy, example.text, in->witness))
            return 1;
    }
    return 0;
}

int cg_policy_witness_any(apr_pool_t *p, const cg_policy *policy, cg_report_witness *witness)
{
    search in = {p, policy, witness, 0, 0};

    for (const cg_origins *each = policy->origins; each; each = each->parent) {
        in.tried = 0;
        if (each->any && cg_policy_witness_of(p, policy, "https://evil.example", witness))
            return 1;
        if (each->allowed)
            cg_set_each(each->allowed, try_member, &in);
        if (in.found || any_of_matchers(&in, each->matchers) ||
            (each->null && cg_policy_witness_of(p, policy, "null", witness)))
            return 1;
    }
    return 0;
}
