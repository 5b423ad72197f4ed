/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_explain_question.h"

#include "cg_token.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_uri.h>
#include <httpd.h>
#include <string.h>

#define PORT_MAX 65535

static const char *read_string(apr_pool_t *p, const json_t *json, const char *name,
                               const char **text)
{
    const json_t *value = json_object_get(json, name);

    *text = NULL;
    if (!value || json_is_null(value))
        return NULL;
    if (!json_is_string(value))
        return apr_psprintf(p, "\"%s\" is not a string", name);
    if (json_string_length(value) > CG_EXPLAIN_TEXT_MAX)
        return apr_psprintf(p, "\"%s\" has more than %d bytes", name, CG_EXPLAIN_TEXT_MAX);
    *text = json_string_value(value);
    return NULL;
}

/* What httpd lets stand in a header's value (RFC 9110, 5.5). */
static int is_value(const char *text)
{
    for (; *text; text++) {
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
            return 0;
    }
    return 1;
}

static const char *trimmed(apr_pool_t *p, const char *text)
{
    apr_size_t len;

    text += strspn(text, " \t");
    for (len = strlen(text); len > 0 && strchr(" \t", text[len - 1]); len--)
        continue;
    return apr_pstrmemdup(p, text, len);
}

/* Header lines of one name become one, as in httpd (apr_table_compress). */
static const char *read_headers(apr_pool_t *p, const json_t *json, apr_table_t *headers)
{
    json_t *values = json_object_get(json, "headers");
    const char *name;
    json_t *value;

    if (!values || json_is_null(values))
        return NULL;
    if (!json_is_object(values))
        return "\"headers\" is not an object";
    json_object_foreach(values, name, value)
    {
        if (!cg_token_valid(name, strlen(name)))
            return "a header's name is not a token";
        if (!json_is_string(value) || json_string_length(value) > CG_EXPLAIN_TEXT_MAX ||
            !is_value(json_string_value(value)))
            return apr_psprintf(p, "the value of %s is not one that a header may have", name);
        apr_table_mergen(headers, name, trimmed(p, json_string_value(value)));
    }
    return NULL;
}

static int is_host(const char *name)
{
    static const char hex[] = "0123456789abcdefABCDEF:.";

    if (!*name)
        return 0;
    if (strchr(name, ':'))
        return name[strspn(name, hex)] == '\0';
    for (; *name; name++) {
        if (!apr_isalnum(*name) && !strchr("-_.", *name))
            return 0;
    }
    return 1;
}

/* What is looked for among the hosts: "name:port" without the port; as fix_hostname in httpd's
 * vhost.c. */
static const char *read_name(apr_pool_t *p, const char *host, const char **read)
{
    char *name = NULL, *scope = NULL;
    apr_port_t port;
    apr_size_t len;

    if (apr_parse_addr_port(&name, &scope, &port, host, p) != APR_SUCCESS || !name || scope ||
        !is_host(name))
        return "the host is not a name or address";
    ap_str_tolower(name);
    len = strlen(name);
    if (len > 1 && name[len - 1] == '.')
        name[len - 1] = '\0';
    *read = name;
    return NULL;
}

/* APR cuts larger numbers down. */
static unsigned port_of(const apr_uri_t *uri, unsigned usual)
{
    apr_int64_t port = usual;

    if (uri->port_str && *uri->port_str)
        port = apr_atoi64(uri->port_str);
    return port > 0 && port <= PORT_MAX ? (unsigned)port : 0;
}

static const char *read_url(apr_pool_t *p, cg_explain_question *question)
{
    apr_uri_t uri;
    unsigned usual;
    int is_https;

    if (!question->url)
        return "there is no \"url\"";
    if (*ap_scan_vchar_obstext(question->url) || strchr(question->url, '#'))
        return "the URL has bytes that must be percent-encoded";
    if (apr_uri_parse(p, question->url, &uri) != APR_SUCCESS || !uri.scheme || !uri.hostname ||
        uri.user)
        return "the URL is not like http://www.example.com/path";
    is_https = ap_cstr_casecmp(uri.scheme, "https") == 0;
    if (!is_https && ap_cstr_casecmp(uri.scheme, "http") != 0)
        return "the URL's scheme is neither http nor https";
    usual = is_https ? APR_URI_HTTPS_DEFAULT_PORT : APR_URI_HTTP_DEFAULT_PORT;
    question->port = port_of(&uri, usual);
    if (!question->port)
        return "the URL's port is not a port";
    question->path = uri.path && *uri.path ? uri.path : "/";
    question->asked.is_literal = 1;
    question->asked.target =
        uri.query ? apr_pstrcat(p, question->path, "?", uri.query, NULL) : question->path;
    question->asked.host =
        strchr(uri.hostname, ':') ? apr_psprintf(p, "[%s]", uri.hostname) : uri.hostname;
    if (question->port != usual)
        question->asked.host = apr_psprintf(p, "%s:%u", question->asked.host, question->port);
    return read_name(p, question->asked.host, &question->at);
}

/* Host and Origin have places of their own in a question. */
static void take_out(apr_pool_t *p, cg_explain_question *question, apr_table_t *headers)
{
    const char *host = apr_table_get(headers, "Host");
    const char *origin = apr_table_get(headers, "Origin");

    if (host)
        question->asked.host = host;
    if (origin && question->asked.origin)
        origin = apr_pstrcat(p, question->asked.origin, ", ", origin, NULL);
    if (origin)
        question->asked.origin = origin;
    apr_table_unset(headers, "Host");
    apr_table_unset(headers, "Origin");
}

const char *cg_explain_question_read(apr_pool_t *p, const json_t *json,
                                     cg_explain_question *question)
{
    apr_table_t *headers = apr_table_make(p, 4);
    const char *error;

    memset(question, 0, sizeof *question);
    if (!json_is_object(json))
        return "the question is not an object";
    if ((error = read_string(p, json, "url", &question->url)) || (error = read_url(p, question)) ||
        (error = read_string(p, json, "method", &question->asked.method)) ||
        (error = read_string(p, json, "origin", &question->asked.origin)) ||
        (error = read_headers(p, json, headers)))
        return error;
    if (!question->asked.method)
        question->asked.method = "GET";
    if (!cg_token_valid(question->asked.method, strlen(question->asked.method)))
        return "\"method\" is not a token";
    if (question->asked.origin && !is_value(question->asked.origin))
        return "\"origin\" is not what a header may have";
    if (question->asked.origin)
        question->asked.origin = trimmed(p, question->asked.origin);
    take_out(p, question, headers);
    question->asked.headers = headers;
    return read_name(p, question->asked.host, &question->name);
}
