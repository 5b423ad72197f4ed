/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_explain.h"

#include "cg_answer.h"
#include "cg_audit_host.h"

#include <apr_strings.h>
#include <string.h>

/* A question, as cg_decide asks for what it needs. */
typedef struct asked {
    apr_pool_t *p;
    const cg_walk *walk;
    const cg_question *question;
} asked;

static const char *header_of(const void *request, const char *name)
{
    const cg_question *question = ((const asked *)request)->question;

    if (ap_cstr_casecmp(name, "Host") == 0)
        return question->host;
    if (ap_cstr_casecmp(name, "Origin") == 0)
        return question->origin;
    return question->headers ? apr_table_get(question->headers, name) : NULL;
}

/* ap_http_scheme would ask a connection, which a request that is never sent has not. */
static const char *scheme_of(const void *request)
{
    const asked *by = request;

    return cg_audit_host_has_tls(by->p, by->walk->host) ? "https" : "http";
}

/* httpd keeps the host in lower case, without brackets and a dot at its end; see fix_hostname. */
static void read_host(apr_pool_t *p, const char *text, cg_facts *facts)
{
    char *host = NULL, *scope = NULL;
    apr_port_t port = 0;
    apr_size_t len;

    if (!text || apr_parse_addr_port(&host, &scope, &port, text, p) != APR_SUCCESS || !host)
        return;
    ap_str_tolower(host);
    len = strlen(host);
    if (len > 0 && host[len - 1] == '.')
        host[len - 1] = '\0';
    facts->host = host;
    facts->port = port;
}

static cg_decision decide(const cg_policy *policy, const asked *request)
{
    const cg_question *question = request->question;
    cg_facts facts = {.method = question->method,
                      .origin = question->origin,
                      .header = header_of,
                      .scheme = scheme_of,
                      .request = request};

    read_host(request->p, question->host, &facts);
    return cg_decide(policy, &facts);
}

/* The guard decides once, on the request as it came, where a policy is in effect there. */
static const cg_policy *governing(apr_pool_t *p, const cg_walk *walk, const cg_question *question,
                                  const cg_outcome *outcome)
{
    const cg_outcome *before = walk->before ? cg_outcome_of(p, walk->before, question, NULL) : NULL;

    if (before && cg_policy_in_effect(&before->policy))
        return &before->policy;
    return cg_policy_in_effect(&outcome->policy) ? &outcome->policy : NULL;
}

/* Non-zero where httpd answers before the guard's hook is asked: it then only writes headers. */
static int is_answered_early(const cg_walk *walk, const cg_outcome *outcome)
{
    return walk->status || walk->is_redirected ||
           (walk->reach == CG_REACH_NONE && !walk->proxy && outcome->status);
}

/* The lines that an answer has which no handler makes: a 403 clears headers_out. */
static apr_table_t *lines_without_handler(apr_pool_t *p, const cg_outcome *outcome, int is_refusal)
{
    if (!outcome->always)
        return apr_table_copy(p, outcome->headers);
    if (is_refusal || !outcome->early)
        return apr_table_copy(p, outcome->always);
    return apr_table_overlay(p, outcome->always, outcome->early);
}

static apr_table_t *lines_of(apr_pool_t *p, const cg_walk *walk, const cg_explanation *made,
                             cg_course course)
{
    if (made->status && (course.answer || course.refuse))
        return lines_without_handler(p, made->outcome, !course.answer);
    if (walk->status || walk->is_redirected)
        return lines_without_handler(p, made->outcome, 1);
    return apr_table_copy(p, made->outcome->headers);
}

/* See cg_hooks_decide and cg_emit_headers. */
static void guard(apr_pool_t *p, const cg_walk *walk, const asked *request, cg_explanation *made)
{
    const cg_answer_asked how = {header_of, request};
    cg_course course;

    made->decision = decide(made->policy, request);
    course = cg_answer_course(made->policy, made->decision.state);
    if (course.report)
        return;
    made->is_guarded = 1;
    if (is_answered_early(walk, made->outcome))
        course = (cg_course){0};
    if (course.answer)
        made->status = cg_answer_status(made->policy, made->decision.state);
    else if (course.refuse)
        made->status = HTTP_FORBIDDEN;
    made->headers = lines_of(p, walk, made, course);
    cg_answer_write(made->policy, &made->decision, &how, made->headers, apr_table_make(p, 1));
}

cg_explanation *cg_explain(apr_pool_t *p, const cg_walk *walk, const cg_question *question)
{
    cg_explanation *made = apr_pcalloc(p, sizeof *made);
    const asked request = {p, walk, question};

    made->outcome = cg_outcome_of(p, walk, question, NULL);
    made->policy = governing(p, walk, question, made->outcome);
    made->status = walk->status ? walk->status : made->outcome->status;
    made->headers = made->outcome->headers;
    if (made->policy)
        guard(p, walk, &request, made);
    return made;
}
