/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_run.h"

#include "cg_target.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <string.h>

/* Who asks: an address that nobody has (RFC 5737). */
#define VISITOR "192.0.2.1"

static conn_rec *make_connection(apr_pool_t *p, const cg_walk *walk)
{
    conn_rec *c = apr_pcalloc(p, sizeof *c);
    const server_rec *server = walk->host->server;
    apr_port_t port = server->addrs ? server->addrs->host_port : server->port;

    c->pool = p;
    c->base_server = (server_rec *)(apr_uintptr_t)server; /* httpd's type is not const; only read */
    c->conn_config = ap_create_conn_config(p);
    c->notes = apr_table_make(p, 1);
    c->client_ip = apr_pstrdup(p, VISITOR);
    c->local_ip = apr_pstrdup(p, "127.0.0.1");
    c->remote_host = c->client_ip;
    apr_sockaddr_info_get(&c->client_addr, VISITOR, APR_INET, 49152, 0, p);
    apr_sockaddr_info_get(&c->local_addr, "127.0.0.1", APR_INET, port, 0, p);
    return c;
}

static int add_header(void *table, const char *name, const char *value)
{
    apr_table_mergen(table, name, value);
    return 1;
}

static void add_request_headers(request_rec *r, const cg_question *question)
{
    r->headers_in = apr_table_make(r->pool, 8);
    if (question->headers)
        apr_table_do(add_header, r->headers_in, question->headers, NULL);
    if (question->host && !apr_table_get(r->headers_in, "Host"))
        apr_table_setn(r->headers_in, "Host", question->host);
    if (question->origin)
        apr_table_mergen(r->headers_in, "Origin", question->origin);
}

static const char *host_name(apr_pool_t *p, const char *host)
{
    char *name = NULL, *scope = NULL;
    apr_port_t port;

    if (host && apr_parse_addr_port(&name, &scope, &port, host, p) == APR_SUCCESS && name) {
        ap_str_tolower(name);
        return name;
    }
    return host;
}

/* Where the URL leads: a file, or another server (see mod_proxy's translate hook). */
static void add_file(request_rec *r, const cg_walk *walk)
{
    r->proxyreq = walk->proxy ? PROXYREQ_REVERSE : PROXYREQ_NONE;
    r->filename = walk->path ? apr_pstrdup(r->pool, walk->path) : NULL;
    if (walk->proxy)
        r->filename = apr_pstrcat(r->pool, "proxy:", walk->proxy, NULL);
    r->canonical_filename = r->filename;
    r->path_info = apr_pstrdup(r->pool, walk->path_info ? walk->path_info : "");
    r->finfo.filetype = walk->type;
}

static void add_target(request_rec *r, const cg_run *run)
{
    const cg_question *question = run->question;
    const char *query = strchr(question->target, '?');

    r->method = question->method;
    r->method_number = ap_method_number_of(r->method);
    r->header_only = strcmp(r->method, "HEAD") == 0;
    r->unparsed_uri = apr_pstrdup(r->pool, question->target);
    r->uri = apr_pstrdup(r->pool, run->walk->url);
    r->args = query ? apr_pstrdup(r->pool, query + 1) : NULL;
    r->parsed_uri.path = r->uri;
    r->parsed_uri.query = r->args;
    r->the_request = apr_psprintf(r->pool, "%s %s HTTP/1.1", r->method, question->target);
    r->protocol = apr_pstrdup(r->pool, "HTTP/1.1");
    r->proto_num = HTTP_VERSION(1, 1);
    r->hostname = host_name(r->pool, question->host);
    add_file(r, run->walk);
}

static request_rec *make_request(const cg_run *run)
{
    apr_pool_t *p = run->p;
    request_rec *r = apr_pcalloc(p, sizeof *r);

    r->pool = p;
    r->connection = make_connection(p, run->walk);
    r->server = r->connection->base_server;
    r->useragent_ip = r->connection->client_ip;
    r->useragent_addr = r->connection->client_addr;
    r->useragent_host = r->useragent_ip; /* so that no name is looked up */
    r->headers_out = apr_table_make(p, 8);
    r->err_headers_out = apr_table_make(p, 4);
    r->trailers_in = apr_table_make(p, 1);
    r->trailers_out = apr_table_make(p, 1);
    r->subprocess_env = apr_table_make(p, 8);
    r->notes = apr_table_make(p, 2);
    r->request_config = ap_create_request_config(p);
    ap_set_core_module_config(r->request_config, apr_pcalloc(p, sizeof(core_request_config)));
    r->per_dir_config = r->server->lookup_defaults;
    r->request_time = apr_time_now();
    r->status = HTTP_OK;
    add_request_headers(r, run->question);
    add_target(r, run);
    return r;
}

cg_run *cg_run_make(apr_pool_t *p, const cg_walk *walk, const cg_question *question)
{
    cg_run *run = apr_pcalloc(p, sizeof *run);

    run->p = p;
    run->walk = walk;
    run->question = question;
    run->setters = apr_hash_make(p);
    run->unknown = apr_hash_make(p);
    run->makers = apr_hash_make(p);
    run->unresolved = apr_array_make(p, 2, sizeof(cg_unresolved));
    cg_work_take(&run->work, question->work, NULL, CG_WORK_REQUEST);
    run->r = make_request(run);
    return run;
}

void cg_run_move(cg_run *run, const cg_walk *walk)
{
    request_rec *r = run->r;

    run->walk = walk;
    r->uri = apr_pstrdup(run->p, walk->url);
    add_file(r, walk);
}

/* Variables with their setters, under the names that they have behind a redirect. */
static void rename_variables(cg_run *run, const apr_table_t *before)
{
    const apr_array_header_t *variables = apr_table_elts(before);
    apr_hash_t *setters = apr_hash_make(run->p), *unknown = apr_hash_make(run->p);

    for (int i = 0; i < variables->nelts; i++) {
        const apr_table_entry_t *each = &APR_ARRAY_IDX(variables, i, apr_table_entry_t);
        const char *name = apr_pstrcat(run->p, "REDIRECT_", each->key, NULL);

        apr_table_setn(run->r->subprocess_env, name, each->val);
        apr_hash_set(setters, name, APR_HASH_KEY_STRING,
                     apr_hash_get(run->setters, each->key, APR_HASH_KEY_STRING));
    }
    for (apr_hash_index_t *at = apr_hash_first(run->p, run->unknown); at; at = apr_hash_next(at))
        apr_hash_set(unknown, apr_pstrcat(run->p, "REDIRECT_", apr_hash_this_key(at), NULL),
                     APR_HASH_KEY_STRING, apr_hash_this_val(at));
    run->setters = setters;
    run->unknown = unknown;
}

void cg_run_redirect(cg_run *run, const char *target)
{
    cg_question *question = apr_pmemdup(run->p, run->question, sizeof *question);
    const char *query = strchr(target, '?');
    const char *sent = query ? apr_pstrmemdup(run->p, target, (size_t)(query - target)) : target;
    const char *path = cg_target_path(run->p, run->walk->host, sent, &run->status);
    cg_htaccess_store *store = run->walk->store;
    const request_rec *before = run->r;
    int is_ended = run->rewritten.is_ended;
    cg_walk *walk = cg_walk_make(run->p, run->walk->host, path ? path : sent, NULL, store);

    cg_work_take(&run->work, run->question->work, NULL, CG_WORK_REDIRECT);
    question->target = target;
    run->question = question;
    run->walk = cg_walk_served(run->p, walk, store);
    memset(&run->rewritten, 0, sizeof run->rewritten);
    run->rewritten.is_ended = is_ended != 0;
    run->r = make_request(run);
    run->r->the_request = before->the_request;
    run->r->headers_in = before->headers_in;
    run->r->err_headers_out = before->err_headers_out;
    if (apr_table_get(before->headers_out, "Vary"))
        apr_table_setn(run->r->headers_out, "Vary", apr_table_get(before->headers_out, "Vary"));
    rename_variables(run, before->subprocess_env);
    apr_table_setn(run->r->subprocess_env, "REDIRECT_STATUS", "200");
}

/* What it takes to find a variable among all, as bytes of text. */
static apr_size_t search_of(const cg_run *run)
{
    return (apr_size_t)apr_table_elts(run->r->subprocess_env)->nelts;
}

static void note_setter(cg_run *run, const ap_directive_t *by, const char *name)
{
    apr_array_header_t *setters = apr_array_make(run->p, 1, sizeof by);

    APR_ARRAY_PUSH(setters, const ap_directive_t *) = by;
    apr_hash_set(run->setters, name, APR_HASH_KEY_STRING, setters);
    apr_hash_set(run->unknown, name, APR_HASH_KEY_STRING, NULL);
}

void cg_run_set(cg_run *run, const ap_directive_t *by, const char *name, const char *value)
{
    if (!cg_run_may(run, by, search_of(run)))
        return;
    apr_table_setn(run->r->subprocess_env, name, value);
    note_setter(run, by, name);
}

void cg_run_unset(cg_run *run, const ap_directive_t *by, const char *name)
{
    if (!cg_run_may(run, by, search_of(run)))
        return;
    apr_table_unset(run->r->subprocess_env, name);
    note_setter(run, by, name);
}

void cg_run_unresolve(cg_run *run, const ap_directive_t *by, const char *reason)
{
    const ap_directive_t **key;

    if (cg_run_is_unresolved(run, by))
        return;
    if (!run->told)
        run->told = apr_hash_make(run->p);
    key = apr_pmemdup(run->p, &by, sizeof by);
    apr_hash_set(run->told, key, sizeof *key, key);
    APR_ARRAY_PUSH(run->unresolved, cg_unresolved) = (cg_unresolved){by, reason};
}

int cg_run_is_unresolved(const cg_run *run, const ap_directive_t *by)
{
    return run->told && apr_hash_get(run->told, &by, sizeof by);
}

int cg_run_may(cg_run *run, const ap_directive_t *by, apr_size_t bytes)
{
    if (cg_work_take(&run->work, run->question->work, by, 1 + bytes / CG_WORK_BYTES))
        return 1;
    cg_run_unresolve(run, by, "this and what follows takes more steps than this audit follows");
    return 0;
}

/* How much of a text was searched. */
static apr_size_t searched(cg_limited_answer answer, const char *text, const ap_regmatch_t *groups)
{
    return answer == CG_LIMITED_YES && groups ? (apr_size_t)groups->rm_eo : strlen(text);
}

int cg_run_finds(cg_run *run, const ap_directive_t *by, cg_limited *regex, const char *text,
                 ap_regmatch_t *groups)
{
    cg_limited_answer answer;

    if (!cg_run_may(run, by, 0))
        return 0;
    answer = cg_limited_ask(regex, text, groups);
    cg_run_may(run, by, searched(answer, text, groups));
    if (answer == CG_LIMITED_GAVE_UP &&
        cg_run_may(run, by, (apr_size_t)CG_WORK_BYTES * CG_WORK_INSIST)) {
        answer = cg_limited_insist(regex, text, groups);
        if (answer == CG_LIMITED_GAVE_UP)
            cg_run_unresolve(run, by,
                             "its regular expression backtracks more than this audit follows");
    }
    return answer == CG_LIMITED_YES;
}

/* What ap_expr would not tell: that it gave a regex up. Most are asked about the origin. */
static int gives_up(cg_run *run, const ap_directive_t *node, const cg_expr *condition)
{
    const char *origin = apr_table_get(run->r->headers_in, "Origin");
    int before = cg_run_is_unresolved(run, node);

    for (int i = 0; origin && condition->regexes && i < condition->regexes->nelts; i++)
        cg_run_finds(run, node, APR_ARRAY_IDX(condition->regexes, i, cg_limited *), origin, NULL);
    return !before && cg_run_is_unresolved(run, node);
}

int cg_run_matches(cg_run *run, const ap_directive_t *node, const cg_expr *condition,
                   ap_regmatch_t *groups, const char **value)
{
    const char *error = NULL;
    int holds;

    if (!condition->parsed) {
        cg_run_unresolve(run, node, condition->why_not);
        return 0;
    }
    if (!cg_run_may(run, node, 0) || gives_up(run, node, condition))
        return 0;
    holds = ap_expr_exec_re(run->r, condition->parsed, AP_MAX_REG_MATCH, groups, value, &error);
    if (holds < 0 || error)
        cg_run_unresolve(run, node, "httpd cannot evaluate its expression");
    return holds > 0;
}

int cg_run_holds(cg_run *run, const ap_directive_t *node, const cg_expr *condition)
{
    ap_regmatch_t groups[AP_MAX_REG_MATCH] = {{0, 0}};
    const char *value = NULL;

    return cg_run_matches(run, node, condition, groups, &value);
}

const char *cg_run_string(cg_run *run, const ap_directive_t *node, const cg_expr *string)
{
    const char *error = NULL, *value = NULL;

    if (string->parsed && !cg_run_may(run, node, 0))
        return "";
    if (string->parsed)
        value = ap_expr_str_exec(run->r, string->parsed, &error);
    if (value)
        cg_run_may(run, node, strlen(value));
    if (!string->parsed || error)
        cg_run_unresolve(run, node,
                         string->parsed ? "httpd cannot evaluate its expression" : string->why_not);
    return value ? value : "";
}
