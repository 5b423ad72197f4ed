/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_site.h"

#include "cg_pattern.h"

#include <apr_cstr.h>
#include <apr_strings.h>
#include <apr_uri.h>
#include <string.h>

#define PORT_MAX 65535

/* What a URL cannot hold as it is; httpd and curl would each make something else of it. */
static int has_stray_byte(const char *url)
{
    for (; *url; url++) {
        if ((unsigned char)*url <= ' ' || *url == 0x7f)
            return 1;
    }
    return 0;
}

static const char *read_port(const apr_uri_t *uri, unsigned usual, cg_site *site)
{
    apr_int64_t port = usual;

    if (uri->port_str && *uri->port_str) {
        if (strspn(uri->port_str, "0123456789") != strlen(uri->port_str))
            return "the port is no number";
        port = apr_atoi64(uri->port_str);
    }
    if (port < 1 || port > PORT_MAX)
        return "the port is not one of 1 to 65535";
    site->port = (unsigned)port;
    return NULL;
}

static const char *read_origin(apr_pool_t *p, unsigned usual, cg_site *site)
{
    cg_pattern pattern;
    const char *text, *problem;

    site->name = site->host;
    if (site->port != usual)
        site->name = apr_psprintf(p, "%s:%u", site->host, site->port);
    text = apr_pstrcat(p, site->scheme, "://", site->name, NULL);
    problem = cg_pattern_parse(p, text, strlen(text), &pattern);
    if (problem)
        return problem;
    if (pattern.subdomains || pattern.any_port)
        return "write one host, without *";
    site->origin = pattern.text;
    return NULL;
}

const char *cg_site_read(apr_pool_t *p, const char *url, cg_site *site)
{
    apr_uri_t uri;
    const char *problem;
    int is_https;

    memset(site, 0, sizeof *site);
    if (has_stray_byte(url))
        return "spaces and control bytes must be percent-encoded";
    site->url = apr_pstrmemdup(p, url, strcspn(url, "#"));
    if (apr_uri_parse(p, site->url, &uri) != APR_SUCCESS || !uri.scheme || !uri.hostname ||
        !*uri.hostname)
        return "write a URL such as https://www.example.com/path";
    is_https = apr_cstr_casecmp(uri.scheme, "https") == 0;
    if (!is_https && apr_cstr_casecmp(uri.scheme, "http") != 0)
        return "only http and https have CORS; write a URL such as https://www.example.com/path";
    if (uri.user || uri.password)
        return "leave out the user and password: no credentials are sent";
    site->scheme = is_https ? "https" : "http";
    site->host = strchr(uri.hostname, ':') ? apr_psprintf(p, "[%s]", uri.hostname) : uri.hostname;
    site->path = uri.path && *uri.path ? uri.path : "/";
    problem =
        read_port(&uri, is_https ? APR_URI_HTTPS_DEFAULT_PORT : APR_URI_HTTP_DEFAULT_PORT, site);
    if (problem)
        return problem;
    return read_origin(p, is_https ? APR_URI_HTTPS_DEFAULT_PORT : APR_URI_HTTP_DEFAULT_PORT, site);
}
