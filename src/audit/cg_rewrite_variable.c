/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"
#include "cg_rewrite_server.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* Header fields */

static void add_vary(cg_rewriting *on, const char *name)
{
    if (!on->vary_this)
        on->vary_this = name;
    else if (cg_rewrite_may(on, strlen(on->vary_this)))
        on->vary_this = apr_pstrcat(on->p, on->vary_this, ", ", name, NULL);
}

static const char *header(cg_rewriting *on, const char *name)
{
    const char *value = apr_table_get(on->run->r->headers_in, name);

    if (value && ap_cstr_casecmp(name, "Host") != 0)
        add_vary(on, name);
    return value;
}

static const char *host(cg_rewriting *on)
{
    const char *value = header(on, "Host");

    return value ? value : on->run->question->host;
}

/* The request */

static const char *method(cg_rewriting *on)
{
    return on->run->question->method;
}

static const char *query(cg_rewriting *on)
{
    return on->run->r->args;
}

static const char *protocol(cg_rewriting *on)
{
    return on->run->r->protocol ? on->run->r->protocol : "HTTP/1.1";
}

/* That of the client, behind redirects too. */
static const char *request_line(cg_rewriting *on)
{
    return on->run->r->the_request;
}

static const char *uri(cg_rewriting *on)
{
    return on->run->r->uri;
}

static const char *file_name(cg_rewriting *on)
{
    if (!on->run->r->filename)
        cg_rewrite_obscure(on, "it is decided at request time which file the URL leads to");
    return on->run->r->filename;
}

static const char *path_info(cg_rewriting *on)
{
    return on->run->r->path_info;
}

static const char *is_subrequest(cg_rewriting *on)
{
    return on->run->r->main ? "true" : "false";
}

/* The server */

static const char *scheme(cg_rewriting *on)
{
    return cg_rewrite_scheme(on->run);
}

static const char *https(cg_rewriting *on)
{
    return strcmp(cg_rewrite_scheme(on->run), "https") == 0 ? "on" : "off";
}

static const char *server_name(cg_rewriting *on)
{
    return cg_rewrite_server_name(on->run);
}

static const char *server_port(cg_rewriting *on)
{
    return apr_psprintf(on->p, "%u", cg_rewrite_server_port(on->run));
}

static const char *server_admin(cg_rewriting *on)
{
    return on->run->r->server->server_admin;
}

static const char *document_root(cg_rewriting *on)
{
    return cg_rewrite_document_root(on->run);
}

/* mod_alias and mod_userdir set the context, before rules of sections run. */
static int is_in_document_root(cg_rewriting *on)
{
    const request_rec *r = on->run->r;
    const char *root = cg_rewrite_document_root(on->run);
    apr_size_t len = strlen(root);

    len -= len && root[len - 1] == '/';
    if (!on->directory ||
        (r->filename && strncmp(r->filename, root, len) == 0 &&
         strcmp(apr_pstrcat(on->p, r->filename + len, r->path_info, NULL), r->uri) == 0))
        return 1;
    cg_rewrite_obscure(on, "it is decided at request time which alias the URL goes by");
    return 0;
}

static const char *context_prefix(cg_rewriting *on)
{
    is_in_document_root(on);
    return "";
}

static const char *context_document_root(cg_rewriting *on)
{
    return is_in_document_root(on) ? cg_rewrite_document_root(on->run) : "";
}

/* What only a real request has */

static const char *client(cg_rewriting *on)
{
    cg_rewrite_obscure(on, "it depends on the client's address");
    return "";
}

/* Rules of the server run before anybody is authenticated. */
static const char *user(cg_rewriting *on)
{
    if (on->directory)
        cg_rewrite_obscure(on, "it depends on who is authenticated");
    return "";
}

static const char *at_request(cg_rewriting *on)
{
    cg_rewrite_obscure(on, "it asks for what is known at request time only");
    return "";
}

static const struct {
    const char *name;
    const char *(*get)(cg_rewriting *on);
} variables[] = {
    {"REQUEST_URI", uri},
    {"REQUEST_FILENAME", file_name},
    {"HTTP_HOST", host},
    {"REQUEST_METHOD", method},
    {"QUERY_STRING", query},
    {"HTTPS", https},
    {"DOCUMENT_ROOT", document_root},
    {"THE_REQUEST", request_line},
    {"SERVER_NAME", server_name},
    {"SERVER_PORT", server_port},
    {"REQUEST_SCHEME", scheme},
    {"SCRIPT_FILENAME", file_name},
    {"PATH_INFO", path_info},
    {"SERVER_PROTOCOL", protocol},
    {"SERVER_ADMIN", server_admin},
    {"CONTEXT_PREFIX", context_prefix},
    {"CONTEXT_DOCUMENT_ROOT", context_document_root},
    {"IS_SUBREQ", is_subrequest},
    {"REMOTE_ADDR", client},
    {"REMOTE_HOST", client},
    {"REMOTE_PORT", client},
    {"REMOTE_IDENT", client},
    {"CONN_REMOTE_ADDR", client},
    {"SERVER_ADDR", client},
    {"IPV6", client},
    {"REMOTE_USER", user},
    {"AUTH_TYPE", user},
    {"SCRIPT_USER", at_request},
    {"SCRIPT_GROUP", at_request},
    {"SERVER_SOFTWARE", at_request},
    {"API_VERSION", at_request},
    {"TIME", at_request},
    {"TIME_YEAR", at_request},
    {"TIME_MON", at_request},
    {"TIME_DAY", at_request},
    {"TIME_HOUR", at_request},
    {"TIME_MIN", at_request},
    {"TIME_SEC", at_request},
    {"TIME_WDAY", at_request},
};

/* Variables named after a header field are no more than these; HTTP_ORIGIN is none. */
static const struct {
    const char *name;
    const char *field;
} fields[] = {
    {"HTTP_USER_AGENT", "User-Agent"}, {"HTTP_REFERER", "Referer"},
    {"HTTP_COOKIE", "Cookie"},         {"HTTP_ACCEPT", "Accept"},
    {"HTTP_FORWARDED", "Forwarded"},   {"HTTP_PROXY_CONNECTION", "Proxy-Connection"},
};

static const char *plain(cg_rewriting *on, const char *name)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        if (ap_cstr_casecmp(name, variables[i].name) == 0)
            return variables[i].get(on);
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (ap_cstr_casecmp(name, fields[i].name) == 0)
            return header(on, fields[i].field);
    }
    return NULL;
}

/* Notes come before variables, and httpd's own environment behind them. */
static const char *environment(cg_rewriting *on, const char *name)
{
    const request_rec *r = on->run->r;
    const char *value = apr_table_get(r->notes, name);
    const char *unknown = apr_hash_get(on->run->unknown, name, APR_HASH_KEY_STRING);

    if (value)
        return value;
    if (unknown)
        cg_rewrite_obscure(on, unknown);
    value = apr_table_get(r->subprocess_env, name);
    return value || unknown ? value : getenv(name);
}

static const char *prefixed(cg_rewriting *on, const char *name)
{
    if (ap_cstr_casecmpn(name, "ENV:", 4) == 0 && name[4])
        return environment(on, name + 4);
    if (ap_cstr_casecmpn(name, "SSL:", 4) == 0 && name[4])
        return at_request(on);
    if (name[3] == ':')
        return NULL;
    if (ap_cstr_casecmpn(name, "HTTP:", 5) == 0 && name[5])
        return header(on, name + 5);
    if ((ap_cstr_casecmpn(name, "LA-U:", 5) == 0 || ap_cstr_casecmpn(name, "LA-F:", 5) == 0) &&
        name[5])
        cg_rewrite_obscure(on, "it looks ahead with a request of its own");
    return NULL;
}

const char *cg_rewrite_variable(cg_rewriting *on, const char *name)
{
    const char *value = NULL;

    if (strlen(name) < 4)
        return "";
    value = name[3] == ':' || name[4] == ':' ? prefixed(on, name) : plain(on, name);
    return value ? value : "";
}
