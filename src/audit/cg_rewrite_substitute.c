/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"
#include "cg_rewrite_server.h"

#include <apr_strings.h>
#include <http_vhost.h>
#include <stdlib.h>
#include <string.h>

/* Schemes that mod_rewrite knows, and whether it takes a query off their URLs. */
static const struct {
    const char *prefix;
    int has_query;
} schemes[] = {
    {"http://", 1}, {"https://", 1}, {"ws://", 1},  {"wss://", 1},    {"ajp://", 1},
    {"fcgi://", 1}, {"scgi://", 1},  {"h2://", 1},  {"h2c://", 1},    {"balancer://", 1},
    {"unix:", 1},   {"mailto:", 1},  {"ftp://", 0}, {"gopher://", 0}, {"ldap://", 0},
    {"news:", 0},   {"nntp://", 0},
};

apr_size_t cg_rewrite_absolute(const char *url, int *has_query)
{
    if (has_query)
        *has_query = 0;
    if (*url == '/' || strlen(url) <= 5)
        return 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        apr_size_t len = strlen(schemes[i].prefix);

        if (ap_cstr_casecmpn(url, schemes[i].prefix, len) == 0) {
            if (has_query)
                *has_query = schemes[i].has_query;
            return len;
        }
    }
    return 0;
}

static void set_query(cg_rewriting *on, const cg_rewrite_rule *rule, const char *query)
{
    request_rec *r = on->run->r;
    apr_size_t len;

    if (!rule->query_append)
        r->args = apr_pstrdup(on->p, query);
    else if (*query)
        r->args = apr_pstrcat(on->p, query, "&", r->args, NULL);
    len = r->args ? strlen(r->args) : 0;
    if (len == 0)
        r->args = NULL;
    else if (r->args[len - 1] == '&')
        r->args[len - 1] = '\0';
}

/* Takes the query off the file name. */
static void split(cg_rewriting *on, const cg_rewrite_rule *rule)
{
    request_rec *r = on->run->r;
    int has_query;
    apr_size_t scheme = cg_rewrite_absolute(r->filename, &has_query);
    char *mark;

    if (rule->query_none || (scheme && !has_query)) {
        r->args = NULL;
        return;
    }
    if (rule->query_discard)
        r->args = NULL;
    mark =
        rule->query_last ? strrchr(r->filename + scheme, '?') : strchr(r->filename + scheme, '?');
    if (!mark)
        return;
    *mark = '\0';
    set_query(on, rule, mark + 1);
}

static void qualify(cg_rewriting *on)
{
    request_rec *r = on->run->r;
    unsigned port = cg_rewrite_server_port(on->run);
    const char *colon =
        port == cg_rewrite_default_port(on->run) ? "" : apr_psprintf(on->p, ":%u", port);

    if (cg_rewrite_absolute(r->filename, NULL))
        return;
    r->filename =
        apr_pstrcat(on->p, cg_rewrite_scheme(on->run), "://", cg_rewrite_server_name(on->run),
                    colon, *r->filename == '/' ? "" : "/", r->filename, NULL);
}

/* Takes "http://us" off the file name, where that is this very host. */
static void reduce(cg_rewriting *on)
{
    request_rec *r = on->run->r;
    const char *scheme = cg_rewrite_scheme(on->run), *url, *path;
    apr_size_t len = strlen(scheme);
    unsigned port = cg_rewrite_default_port(on->run);
    char *name, *colon;

    if (ap_cstr_casecmpn(r->filename, scheme, len) != 0 ||
        strncmp(r->filename + len, "://", 3) != 0 || !r->filename[len + 3])
        return;
    url = r->filename + len + 3;
    path = url + strcspn(url, "/");
    name = apr_pstrmemdup(on->p, url, (apr_size_t)(path - url));
    colon = strchr(name, ':');
    if (colon) {
        *colon = '\0';
        port = (unsigned)strtoul(colon + 1, NULL, 10);
    }
    if (ap_matches_request_vhost(r, name, (apr_port_t)port)) {
        r->filename = apr_pstrdup(on->p, *path ? path : "/");
        on->run->rewritten.is_reduced = 1;
    }
}

/* What is neither a path nor a URL is put below what the rules stand in.
 * @return whether it was. */
static int add_prefix(cg_rewriting *on, const cg_rewrite_rule *rule, const char **text)
{
    const char *prefix = on->directory ? on->directory : "/";

    if (**text == '/' || cg_rewrite_absolute(*text, NULL) || cg_rewrite_is_proxied(on->run) ||
        (!on->directory && (rule->proxies || rule->redirects)))
        return 0;
    *text = apr_pstrcat(on->p, prefix, *text, NULL);
    return 1;
}

static void merge_slashes(cg_rewriting *on, const cg_rewrite_rule *rule)
{
    request_rec *r = on->run->r;

    if (rule->keeps_slashes || strncmp(rule->output, "//", 2) == 0)
        return;
    while (r->filename[0] == '/' && r->filename[1] == '/')
        r->filename++;
}

void cg_rewrite_substitute(cg_rewriting *on, const cg_rewrite_rule *rule, const char *text)
{
    request_rec *r = on->run->r;
    int is_prefixed = add_prefix(on, rule, &text);

    r->filename = apr_pstrdup(on->p, text);
    if (on->directory && rule->drops_info)
        r->path_info = NULL;
    split(on, rule);
    if (rule->proxies) {
        qualify(on);
        r->filename = apr_pstrcat(on->p, "proxy:", r->filename, NULL);
        return;
    }
    if (rule->redirects)
        qualify(on);
    else
        reduce(on);
    if (rule->redirects || cg_rewrite_absolute(r->filename, NULL))
        on->status = rule->status;
    else if (!is_prefixed)
        merge_slashes(on, rule);
}
