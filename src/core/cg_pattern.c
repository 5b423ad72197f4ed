/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_host.h"
#include "cg_quote.h"
#include "cg_reading.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>

static int refuse_kind(cg_reading *r, const char *scheme, cg_scheme_kind kind, const char *rest)
{
    if (kind == CG_SCHEME_WEBSOCKET)
        return cg_repair(r, "the origin of a WebSocket is that of the page that opens it",
                         apr_pstrcat(r->p, scheme[2] ? "https" : "http", "://", rest, NULL));
    return cg_refuse(
        r, apr_pstrcat(r->p, "browsers send null, or nothing, for ", scheme, ": pages", NULL),
        "write the http or https origin the page will have");
}

/* What follows the scheme in "https:/host", "https//host", "http:\\host"; NULL where no such
 * slip does. */
static const char *behind_scheme(const char *text, apr_size_t scheme_len)
{
    apr_size_t len = strspn(text + scheme_len, ":;/\\");

    return len ? text + scheme_len + len : NULL;
}

/* In "::1:8080" nobody knows which part is the port. */
static int has_two_readings(const char *text)
{
    const char *colon = strrchr(text, ':');
    cg_ipv6 address;

    return colon && colon[1 + strspn(colon + 1, "0123456789")] == '\0' &&
           cg_host_ipv6(text, (apr_size_t)(colon - text), &address);
}

static int repair_bare_ipv6(cg_reading *r, const char *scheme, const char *text)
{
    static const char why[] = "an IPv6 address stands in brackets, behind a scheme";
    static const char form[] = "write it as in http://[2001:db8::1]:8080";

    if (has_two_readings(text))
        return cg_refuse(r, why, form);
    return cg_repair(r, why, apr_pstrcat(r->p, scheme, "://[", text, "]", NULL));
}

static int refuse_no_scheme(cg_reading *r, const char *text)
{
    static const char why[] = "an origin begins with its scheme";
    apr_size_t word = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    cg_scheme_kind kind = cg_scheme_of(text, word);
    const char *host, *scheme = "https://";
    cg_ipv6 address;

    if (strncmp(text, "//", 2) == 0)
        return cg_repair(r, why, apr_pstrcat(r->p, "https:", text, NULL));
    if (kind <= CG_SCHEME_HTTPS && (host = behind_scheme(text, word)) != NULL)
        return cg_repair(r, "the scheme is followed by ://",
                         apr_pstrcat(r->p, apr_pstrmemdup(r->p, text, word), "://", host, NULL));
    if (text[word] == ':' && (kind == CG_SCHEME_UNSENT || kind == CG_SCHEME_WEBSOCKET))
        return refuse_kind(r, apr_pstrmemdup(r->p, text, word), kind,
                           text + word + strspn(text + word, ":/"));
    if (cg_host_ipv6(text, strlen(text), &address))
        return repair_bare_ipv6(r, "https", text);
    if (strncmp(text, "localhost", 9) == 0 || strncmp(text, "127.", 4) == 0 ||
        strncmp(text, "[::1]", 5) == 0)
        scheme = "http://";
    else if (!strpbrk(text, ".:/["))
        return cg_refuse(r, "that is not an origin",
                         "write scheme://host, such as https://example.com");
    return cg_repair(r, why, apr_pstrcat(r->p, scheme, text, NULL));
}

static int read_scheme(cg_reading *r, char *text, cg_parts *parts)
{
    char *end = strstr(text, "://");
    apr_size_t len;

    if (!end || strcspn(text, ":/?#@\\") < (apr_size_t)(end - text))
        return refuse_no_scheme(r, text);
    len = (apr_size_t)(end - text);
    if (len == 0)
        return cg_repair(r, "an origin begins with its scheme",
                         apr_pstrcat(r->p, "https", text, NULL));
    *end = '\0';
    parts->scheme = text;
    parts->authority = end + 3;
    parts->kind = cg_scheme_of(text, len);
    if (strchr(text, '*'))
        return cg_repair(r, "a scheme has no wildcard",
                         apr_pstrcat(r->p, "https://", parts->authority, NULL));
    if (len > CG_SCHEME_MAX)
        return cg_refuse(r, "a scheme has at most " APR_STRINGIFY(CG_SCHEME_MAX) " bytes",
                         "write http or https");
    if (parts->kind == CG_SCHEME_MALFORMED)
        return cg_refuse(r, apr_pstrcat(r->p, cg_quote(r->p, text, len), " is not a scheme", NULL),
                         "write http or https before ://, nothing else");
    if (parts->kind > CG_SCHEME_CUSTOM)
        return refuse_kind(r, text, parts->kind, parts->authority);
    return 1;
}

/* What an origin has not: path, query, fragment, userinfo. */

static int refuse_after(cg_reading *r, const cg_parts *parts, apr_size_t end)
{
    const char *why = "an origin has no path", *rest = parts->authority;

    if (strncmp(rest, "http://", 7) == 0 || strncmp(rest, "https://", 8) == 0)
        return cg_repair(r, "it has two schemes", rest);
    if (end && strncmp(rest + end - 1, "://", 3) == 0)
        return cg_refuse(r, "it holds :// twice", "write each origin as an argument of its own");
    switch (rest[end]) {
    case '?':
        why = "an origin has no query";
        break;
    case '#':
        why = "an origin has no fragment";
        break;
    case '\\':
        why = "an origin has no backslash";
        break;
    default:
        break;
    }
    if (end == 0)
        return cg_repair(
            r, "the host is missing",
            apr_pstrcat(r->p, parts->scheme, "://", rest + strspn(rest, "/?#\\"), NULL));
    return cg_repair(
        r, why, apr_pstrcat(r->p, parts->scheme, "://", apr_pstrmemdup(r->p, rest, end), NULL));
}

static int check_authority(cg_reading *r, const cg_parts *parts)
{
    apr_size_t end = strcspn(parts->authority, "/?#\\");
    const char *at;

    if (parts->authority[end])
        return refuse_after(r, parts, end);
    if (end == 0)
        return cg_refuse(r, "the host is missing",
                         "write scheme://host, such as https://example.com");
    at = strrchr(parts->authority, '@');
    if (at)
        return cg_repair(r, "an origin has no user name or password",
                         apr_pstrcat(r->p, parts->scheme, "://", at + 1, NULL));
    if (strchr(parts->authority, '%') && parts->authority[0] != '[')
        return cg_refuse(r, "an origin has no percent escapes", "write the host as it is");
    return 1;
}

/* The port. */

/* Refuses a port; instead is the port to suggest, "" for none. */
static int repair_port(cg_reading *r, const cg_parts *parts, const char *why, const char *instead)
{
    return cg_repair(r, why, apr_pstrcat(r->p, parts->scheme, "://", parts->host, instead, NULL));
}

static int read_port(cg_reading *r, const char *port, cg_parts *parts)
{
    static const char range[] = "write a port from 1 to 65535, or * for every port";
    apr_size_t digits = strspn(port, "0123456789"), zeros = strspn(port, "0");

    if (strcmp(port, "*") == 0) {
        parts->any_port = 1;
        return 1;
    }
    if (!*port)
        return repair_port(r, parts, "there is no port behind the colon", "");
    if (strchr(port, '*'))
        return cg_refuse(r, "* stands for the whole port", range);
    if (port[digits])
        return cg_refuse(r, "a port is a number", range);
    if (zeros == digits)
        return cg_refuse(r, "no server has port 0", range);
    if (zeros)
        return repair_port(r, parts, "a port has no leading zero",
                           apr_pstrcat(r->p, ":", port + zeros, NULL));
    for (; *port && parts->port <= 65535; port++)
        parts->port = parts->port * 10 + (unsigned)(*port - '0');
    if (parts->port > 65535)
        return cg_refuse(r, "no port is above 65535", range);
    if (parts->port == cg_scheme_port(parts->kind))
        parts->port = 0;
    return 1;
}

/* Finds the colon before the port, NULL for none, behind an address in brackets. */
static int find_port(cg_reading *r, const cg_parts *parts, char *bracket, char **colon)
{
    char *close = strchr(bracket, ']');

    if (!close)
        return repair_bare_ipv6(r, parts->scheme, bracket + 1);
    if (close[1] && close[1] != ':')
        return cg_refuse(r, "only a port can follow the bracket",
                         "write it as in http://[2001:db8::1]:8080");
    *colon = close[1] ? close + 1 : NULL;
    return 1;
}

/* Cuts the authority at the colon before the port. */
static int split_port(cg_reading *r, cg_parts *parts)
{
    char *authority = parts->authority, *colon = strchr(authority, ':');
    char *host = authority + (strncmp(authority, "*.", 2) == 0 ? 2 : 0);
    cg_ipv6 address;

    parts->host = authority;
    if (host[0] == '[') {
        if (!find_port(r, parts, host, &colon))
            return 0;
    } else if (colon && cg_host_ipv6(host, strlen(host), &address)) {
        return repair_bare_ipv6(r, parts->scheme, host);
    } else if (colon && strchr(colon + 1, ':')) {
        return cg_refuse(r, "an origin has one port, and an IPv6 address stands in brackets",
                         "write scheme://host:port, such as https://example.com:8443");
    }
    if (!colon)
        return 1;
    *colon = '\0';
    return read_port(r, colon + 1, parts);
}

static void fill(cg_pattern *out, const char *text, apr_size_t len, const cg_parts *parts,
                 apr_size_t scheme_len, apr_size_t host_len)
{
    *out = (cg_pattern){.text = text, .len = len, .scheme_len = scheme_len};
    out->host = text + scheme_len + 3 + (parts->subdomains ? 2 : 0);
    out->host_len = host_len;
    out->host_kind = parts->host_kind;
    out->port = parts->port;
    out->subdomains = parts->subdomains != 0;
    out->any_port = parts->any_port != 0;
    out->loopback = cg_host_loopback(out->host, host_len, parts->host_kind) != 0;
    out->insecure = parts->kind == CG_SCHEME_HTTP && !out->loopback;
}

/* The usual case, and the quick one: it is written as browsers send it. */
static int read_normal(cg_reading *r, const char *text, apr_size_t len, cg_pattern *out)
{
    cg_parts parts = {0};
    cg_origin origin;

    switch (cg_origin_parse(text, len, &origin)) {
    case CG_ORIGIN_NULL:
        *out = (cg_pattern){.text = "null", .len = 4, .null = 1};
        return 1;
    case CG_ORIGIN_TUPLE:
        break;
    case CG_ORIGIN_MALFORMED:
        return 0;
    }
    text = apr_pstrmemdup(r->p, text, len);
    if (strstr(text, "xn--"))
        return 0;
    parts.kind = cg_scheme_of(text, origin.scheme_len);
    parts.host_kind = origin.host_kind;
    parts.port = origin.port;
    fill(out, text, len, &parts, origin.scheme_len, origin.host_len);
    return 1;
}

int cg_read_text(cg_reading *r, const char *text, apr_size_t len, cg_pattern *out)
{
    cg_parts parts = {0};
    char *lower;

    if (read_normal(r, text, len, out))
        return 1;
    if (!cg_check_bytes(r, text, len))
        return 0;
    lower = apr_pstrmemdup(r->p, text, len);
    for (apr_size_t i = 0; i < len; i++)
        lower[i] = (char)cg_token_lower((unsigned char)lower[i]);
    parts.authority = lower + len;
    if (!cg_check_shape(r, lower) || !read_scheme(r, lower, &parts) ||
        !check_authority(r, &parts) || !split_port(r, &parts) || !cg_read_host(r, &parts))
        return 0;
    lower = cg_parts_text(r, &parts, parts.host);
    len = strlen(lower);
    if (len > CG_ORIGIN_MAX)
        return cg_refuse(r, "no origin is that long",
                         "an origin has at most " APR_STRINGIFY(CG_ORIGIN_MAX) " bytes");
    fill(out, lower, len, &parts, strlen(parts.scheme), strlen(parts.host));
    return 1;
}

const char *cg_pattern_parse(apr_pool_t *p, const char *text, apr_size_t len, cg_pattern *out)
{
    cg_reading r = {p, 0, NULL, NULL, NULL};
    const char *quoted;

    if (cg_read_text(&r, text, len, out))
        return NULL;
    quoted = apr_pstrcat(p, cg_quote(p, text, len), ": ", r.why, NULL);
    return apr_pstrcat(p, quoted, r.write ? ": write " : ": ", r.write ? r.write : r.advice, NULL);
}
