/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_mapping_rule.h"

#include <apr_fnmatch.h>
#include <apr_strings.h>
#include <string.h>

typedef enum match { NO, ABOUT, YES } match;

static match match_prefix(const char *prefix, const char *url)
{
    apr_size_t len = strlen(prefix);

    if (strncmp(url, prefix, len) != 0)
        return NO;
    return len == 0 || prefix[len - 1] == '/' || url[len] == '/' || url[len] == '\0' ? YES : NO;
}

static int match_regex(const cg_mapping_rule *way, const char *url)
{
    return (ap_regexec(way->regex, url, 0, NULL, 0) == 0) != way->is_negated;
}

/* YES: the rule is for this URL. ABOUT: for others just below it. */
static match match_rule(apr_pool_t *p, const cg_mapping_rule *way, const char *url)
{
    if (way->is_fnmatch)
        return apr_fnmatch(way->prefix, url, APR_FNM_PATHNAME) == APR_SUCCESS ? YES : NO;
    if (!way->regex)
        return match_prefix(way->prefix, url);
    if (match_regex(way, url))
        return YES;
    return match_regex(way, apr_pstrcat(p, url, "/", NULL)) ||
                   match_regex(way, apr_pstrcat(p, url, "/x", NULL))
               ? ABOUT
               : NO;
}

/* The first rule for a URL. */
static const cg_mapping_rule *first_rule(apr_pool_t *p, const apr_array_header_t *rules,
                                         const char *url, match least)
{
    for (int i = 0; i < rules->nelts; i++) {
        const cg_mapping_rule *each = &APR_ARRAY_IDX(rules, i, cg_mapping_rule);

        if (match_rule(p, each, url) >= least)
            return each;
    }
    return NULL;
}

/* The last Location decides, and those of the main server come first. */
static const cg_mapping_rule *rule_in_locations(apr_pool_t *p, const cg_mapping *mapping,
                                                const char *url)
{
    for (; mapping; mapping = mapping->main) {
        for (int i = mapping->in_locations->nelts - 1; i >= 0; i--) {
            const cg_mapping_rule *each = &APR_ARRAY_IDX(mapping->in_locations, i, cg_mapping_rule);

            if (match_rule(p, each, url) != NO)
                return each;
        }
    }
    return NULL;
}

static int is_excluded(const cg_mapping_rule *way)
{
    return way->target && strcmp(way->target, "!") == 0;
}

static const cg_mapping_rule *rule_of_proxies(apr_pool_t *p, const cg_mapping *mapping,
                                              const char *url)
{
    const cg_mapping_rule *found = first_rule(p, mapping->proxies, url, ABOUT);

    if (!found && mapping->main && !mapping->proxies_own_only)
        found = first_rule(p, mapping->main->proxies, url, ABOUT);
    return found;
}

static int rewrites(const cg_mapping *mapping)
{
    if (mapping->rewrite_engine == CG_SWITCH_UNSET && mapping->main)
        return mapping->main->rewrite_engine == CG_SWITCH_ON;
    return mapping->rewrite_engine == CG_SWITCH_ON;
}

static int inherits_rewrites(const cg_mapping *mapping)
{
    return mapping->main && (mapping->rewrites_inherit || mapping->main->rewrites_inherit_down);
}

static const cg_mapping_rule *rule_of_rewrites(apr_pool_t *p, const cg_mapping *mapping,
                                               const char *url)
{
    const cg_mapping_rule *found = NULL;

    if (rewrites(mapping))
        found = first_rule(p, mapping->rewrites, url, ABOUT);
    if (!found && rewrites(mapping) && inherits_rewrites(mapping))
        found = first_rule(p, mapping->main->rewrites, url, ABOUT);
    return found;
}

static const cg_mapping_rule *rule_of_alias_module(apr_pool_t *p, const cg_mapping *mapping,
                                                   const char *url)
{
    const cg_mapping *main = mapping->main;
    const cg_mapping_rule *found = first_rule(p, mapping->redirects, url, YES);

    if (!found && main)
        found = first_rule(p, main->redirects, url, YES);
    if (!found)
        found = first_rule(p, mapping->aliases, url, ABOUT);
    if (!found && main)
        found = first_rule(p, main->aliases, url, ABOUT);
    return found;
}

static int computed_root(const cg_mapping *mapping)
{
    return mapping->computed_root || (mapping->main && mapping->main->computed_root);
}

static int user_directories(const cg_mapping *mapping)
{
    return mapping->user_directories || (mapping->main && mapping->main->user_directories);
}

/* target with what url has behind prefix; "/" where both are nothing. */
static const char *below(apr_pool_t *p, const char *target, const char *prefix, const char *url)
{
    const char *rest = url + strlen(prefix);
    const char *slash = (*rest && *rest != '/') || (!*rest && !*target) ? "/" : "";

    return apr_pstrcat(p, target, slash, rest, NULL);
}

static cg_reach reach_root(apr_pool_t *p, const cg_mapping *mapping, const char *url,
                           const char **path)
{
    if (!mapping->document_root || computed_root(mapping) ||
        (user_directories(mapping) && strncmp(url, "/~", 2) == 0))
        return CG_REACH_UNSURE;
    *path = below(p, mapping->document_root, "", url);
    return CG_REACH_FILE;
}

static cg_reach reach_alias(apr_pool_t *p, const cg_mapping *mapping, const char *url,
                            const char **path)
{
    const cg_mapping_rule *found = rule_of_alias_module(p, mapping, url);

    if (!found)
        return reach_root(p, mapping, url, path);
    if (found->reach == CG_REACH_FILE)
        *path = below(p, found->target, found->prefix, url);
    return found->reach;
}

/* NULL where it is not proxied. */
static const cg_mapping_rule *rule_of_proxy_module(apr_pool_t *p, const cg_mapping *mapping,
                                                   const char *url)
{
    const cg_mapping_rule *found = rule_in_locations(p, mapping, url);

    if (!found)
        found = rule_of_proxies(p, mapping, url);
    return found && !is_excluded(found) ? found : NULL;
}

/* The order is that of httpd's translate_name hooks, but that a URL which is proxied counts as
 * proxied even where it might be rewritten before. */
cg_reach cg_mapping_reach(apr_pool_t *p, const cg_mapping *mapping, const char *url,
                          const char **path)
{
    const cg_mapping_rule *found;

    if (*url != '/')
        return CG_REACH_NONE;
    found = rule_of_proxy_module(p, mapping, url);
    if (!found)
        found = rule_of_rewrites(p, mapping, url);
    return found ? found->reach : reach_alias(p, mapping, url, path);
}

cg_reach cg_mapping_reach_rewritten(apr_pool_t *p, const cg_mapping *mapping, const char *url,
                                    const char **path)
{
    const cg_mapping_rule *found;

    if (*url != '/')
        return CG_REACH_NONE;
    found = rule_of_proxy_module(p, mapping, url);
    return found ? found->reach : reach_alias(p, mapping, url, path);
}

int cg_mapping_is_redirected(apr_pool_t *p, const cg_mapping *mapping, const char *url)
{
    const cg_mapping_rule *proxied = rule_of_proxies(p, mapping, url);
    const cg_mapping *main = mapping->main;

    if (rule_in_locations(p, mapping, url) || (proxied && !is_excluded(proxied)) ||
        rule_of_rewrites(p, mapping, url))
        return 0;
    return first_rule(p, mapping->redirects, url, YES) ||
           (main && first_rule(p, main->redirects, url, YES));
}

/* What path has behind a directory, target, that has no slash at its end; NULL where it is not
 * in there. */
static const char *rest_below(const char *path, const char *target)
{
    apr_size_t len = strlen(target);

    return strncmp(path, target, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

/* Adds the route to a directory, or to what is below it, by way of one prefix; a route counts
 * only where the URL leads back. */
static void add_route(apr_array_header_t *routes, const cg_mapping *mapping,
                      const char *directory_path, const char *prefix, const char *target)
{
    apr_pool_t *p = routes->pool;
    apr_size_t len = strlen(prefix), slash = len > 0 && prefix[len - 1] == '/';
    const char *rest = rest_below(directory_path, target);
    const char *url, *path, *reached = NULL;

    if (!rest && strncmp(target, directory_path, strlen(directory_path)) != 0)
        return;
    path = rest ? directory_path : apr_pstrcat(p, target, "/", NULL);
    url = apr_pstrcat(p, apr_pstrmemdup(p, prefix, len - slash), "/", rest, NULL);
    if (cg_mapping_reach(p, mapping, url, &reached) == CG_REACH_FILE && reached &&
        strcmp(reached, path) == 0) {
        cg_route *route = apr_array_push(routes);

        route->url = url;
        route->path = path;
    }
}

static void add_routes(apr_array_header_t *routes, const cg_mapping *mapping,
                       const apr_array_header_t *aliases, const char *directory_path)
{
    for (int i = 0; i < aliases->nelts; i++) {
        const cg_mapping_rule *alias = &APR_ARRAY_IDX(aliases, i, cg_mapping_rule);

        if (alias->reach == CG_REACH_FILE)
            add_route(routes, mapping, directory_path, alias->prefix, alias->target);
    }
}

apr_array_header_t *cg_mapping_routes(apr_pool_t *p, const cg_mapping *mapping,
                                      const char *directory_path)
{
    apr_array_header_t *routes = apr_array_make(p, 1, sizeof(cg_route));

    if (mapping->document_root)
        add_route(routes, mapping, directory_path, "/", mapping->document_root);
    add_routes(routes, mapping, mapping->aliases, directory_path);
    if (mapping->main)
        add_routes(routes, mapping, mapping->main->aliases, directory_path);
    return routes;
}

/* One route for each prefix that is proxied, "/" for an empty one, and for each regex. */
static void add_proxied(apr_array_header_t *routes, const apr_array_header_t *rules)
{
    for (int i = 0; i < rules->nelts; i++) {
        const cg_mapping_rule *each = &APR_ARRAY_IDX(rules, i, cg_mapping_rule);
        cg_route *route;

        if (each->reach != CG_REACH_NONE || is_excluded(each))
            continue;
        route = apr_array_push(routes);
        route->url = each->prefix && !*each->prefix ? "/" : each->prefix;
        route->path = NULL;
    }
}

apr_array_header_t *cg_mapping_roots(apr_pool_t *p, const cg_mapping *mapping)
{
    apr_array_header_t *roots = cg_mapping_routes(p, mapping, "/");
    const cg_mapping *main = mapping->main;

    add_proxied(roots, mapping->proxies);
    add_proxied(roots, mapping->in_locations);
    if (main && !mapping->proxies_own_only)
        add_proxied(roots, main->proxies);
    if (main)
        add_proxied(roots, main->in_locations);
    return roots;
}

int cg_mapping_is_open(const cg_mapping *mapping)
{
    if (mapping->open || mapping->computed_root || mapping->user_directories ||
        (rewrites(mapping) && mapping->rewrites->nelts > 0))
        return 1;
    return mapping->main && cg_mapping_is_open(mapping->main);
}
