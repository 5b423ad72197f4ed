/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_proxied.h"

#include <apr_strings.h>
#include <mod_proxy.h>
#include <string.h>

/* How much of a URL a prefix takes; 0: it does not match. A slash of either stands for any number
 * of them, and the prefix ends where a segment does. */
static apr_size_t prefix_of(const char *url, const char *prefix)
{
    const char *at = url, *of = prefix;

    while (*of && *at) {
        if (*of != *at)
            return 0;
        if (*of == '/') {
            of += strspn(of, "/");
            at += strspn(at, "/");
        } else {
            of++;
            at++;
        }
    }
    if (*of || of == prefix || (of[-1] != '/' && *at && *at != '/'))
        return 0;
    return (apr_size_t)(at - url);
}

/* Non-zero where the rule is for this URL; target is NULL then where it says "!". */
static int apply(apr_pool_t *p, const struct proxy_alias *rule, const char *url,
                 const char **target)
{
    ap_regmatch_t groups[AP_MAX_REG_MATCH];
    int excluded = strcmp(rule->real, "!") == 0;
    apr_size_t len = 0;

    if (rule->regex ? ap_regexec(rule->regex, url, AP_MAX_REG_MATCH, groups, 0) != 0
                    : (len = prefix_of(url, rule->fake)) == 0)
        return 0;
    *target = NULL;
    if (excluded)
        return 1;
    if (!rule->regex) {
        *target = apr_pstrcat(p, rule->real, url + len, NULL);
        return 1;
    }
    *target = ap_pregsub(p, rule->real, url, AP_MAX_REG_MATCH, groups);
    if (*target && strcmp(*target, rule->real) == 0)
        *target = apr_pstrcat(p, rule->real, url, NULL);
    return 1;
}

/* The last Location that has a ProxyPass counts. */
static const struct proxy_alias *rule_of_locations(const module *proxy,
                                                   const apr_array_header_t *locations)
{
    for (int i = locations->nelts - 1; i >= 0; i--) {
        const cg_section *section = APR_ARRAY_IDX(locations, i, const cg_section *);
        const proxy_dir_conf *conf = ap_get_module_config(section->config, proxy);

        if (conf && conf->alias)
            return conf->alias;
    }
    return NULL;
}

const char *cg_proxied_to(apr_pool_t *p, const cg_host *host, const char *url,
                          const apr_array_header_t *locations)
{
    const module *proxy = ap_find_linked_module("mod_proxy.c");
    const proxy_server_conf *conf;
    const struct proxy_alias *rule;
    const char *target = NULL;

    if (!proxy)
        return NULL;
    rule = rule_of_locations(proxy, locations);
    if (rule && apply(p, rule, url, &target))
        return target;
    conf = ap_get_module_config(host->server->module_config, proxy);
    for (int i = 0; conf && i < conf->aliases->nelts; i++) {
        if (apply(p, &APR_ARRAY_IDX(conf->aliases, i, struct proxy_alias), url, &target))
            return target;
    }
    return NULL;
}
