/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_inventory.h"

#include <apr_strings.h>
#include <http_core.h>
#include <mod_proxy.h>
#include <string.h>

static const char *name_of(apr_pool_t *p, const server_rec *server)
{
    const char *name = server->server_hostname ? server->server_hostname : "without ServerName";
    apr_port_t port = server->port;

    if (!server->is_virtual)
        return "main server";
    if (!port && server->addrs)
        port = server->addrs->host_port;
    if (!port)
        return apr_psprintf(p, "virtual host %s", name);
    return apr_psprintf(p, "virtual host %s:%u", name, (unsigned)port);
}

static const apr_array_header_t *proxy_sections(const cg_section_maker *maker,
                                                const server_rec *server)
{
    const proxy_server_conf *conf = NULL;

    if (maker->proxy)
        conf = ap_get_module_config(server->module_config, maker->proxy);
    return conf ? conf->sec_proxy : NULL;
}

/* A host's arrays begin with the main server's sections, which were made before
 * (merge_core_server_configs). */
static void read_host(const cg_section_maker *maker, cg_host *host, const server_rec *server,
                      const ap_directive_t *inside)
{
    const core_server_config *core = ap_get_core_module_config(server->module_config);
    const core_dir_config *defaults = ap_get_core_module_config(server->lookup_defaults);
    cg_scope *scope = cg_scope_read(maker->p, inside);

    host->server = server;
    host->name = name_of(maker->p, server);
    if (server->is_virtual)
        host->place = (cg_place){server->defn_name, (int)server->defn_line_number};
    host->policy = cg_section_policy(server->lookup_defaults, maker->self);
    host->proxies = cg_sections_make(maker, CG_SECTION_PROXY, proxy_sections(maker, server), scope,
                                     server, NULL);
    host->directories =
        cg_sections_make(maker, CG_SECTION_DIRECTORY, core->sec_dir, scope, server, NULL);
    host->files = cg_sections_make(maker, CG_SECTION_FILES, defaults ? defaults->sec_file : NULL,
                                   scope, server, NULL);
    host->locations =
        cg_sections_make(maker, CG_SECTION_LOCATION, core->sec_url, scope, server, NULL);
    host->ifs = cg_sections_make(maker, CG_SECTION_IF, defaults ? defaults->sec_if : NULL, scope,
                                 server, NULL);
}

/* httpd's list runs against the order of the configuration. */
static void reverse(apr_array_header_t *hosts)
{
    for (int i = 1, j = hosts->nelts - 1; i < j; i++, j--) {
        cg_host kept = APR_ARRAY_IDX(hosts, i, cg_host);

        APR_ARRAY_IDX(hosts, i, cg_host) = APR_ARRAY_IDX(hosts, j, cg_host);
        APR_ARRAY_IDX(hosts, j, cg_host) = kept;
    }
}

apr_array_header_t *cg_inventory_read(apr_pool_t *p, server_rec *main, const ap_directive_t *root,
                                      const module *self)
{
    apr_array_header_t *hosts = apr_array_make(p, 16, sizeof(cg_host));
    cg_section_maker maker = {p, self, ap_find_linked_module("mod_proxy.c"), apr_hash_make(p)};
    cg_tree *tree = cg_tree_read(p, root);
    const cg_mapping *main_mapping = NULL;
    const cg_recipe *main_recipe = NULL;
    const ap_directive_t *main_inside = NULL;

    for (const server_rec *server = main; server; server = server->next) {
        const ap_directive_t *inside = cg_tree_of(tree, server);
        cg_host *host = memset(apr_array_push(hosts), 0, sizeof *host);

        read_host(&maker, host, server, inside);
        host->mapping = cg_mapping_read(p, server, inside, main_mapping);
        host->recipe = cg_recipe_read(p, inside, CG_RECIPE_SERVER, NULL);
        host->main_recipe = main_recipe;
        host->main_inside = main_inside;
        host->inside = inside;
        if (!server->is_virtual) {
            main_mapping = host->mapping;
            main_recipe = host->recipe;
            main_inside = inside;
        }
    }
    reverse(hosts);
    return hosts;
}
