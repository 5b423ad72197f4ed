/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_audit_host.h"

#include <apr_strings.h>
#include <string.h>

const char *cg_audit_host_name(apr_pool_t *p, const cg_host *host)
{
    const server_rec *server = host->server;
    const char *name = server->server_hostname ? server->server_hostname : "";

    return server->port ? apr_psprintf(p, "%s:%u", name, (unsigned)server->port) : name;
}

const char *cg_audit_host_address(const cg_host *host, unsigned *port)
{
    const server_addr_rec *address = host->server->is_virtual ? host->server->addrs : NULL;

    *port = address ? address->host_port : host->server->port;
    return address && address->virthost ? address->virthost : "*";
}

/* Whether mod_ssl serves a host, as far as one place of the tree says so. */
static int is_on(apr_pool_t *p, const ap_directive_t *node, int inherited)
{
    int on = inherited;

    for (; node; node = node->next) {
        const char *args = node->args;
        const char *value;

        if (cg_tree_is(node, "SSLEngine") && (value = cg_tree_argument(p, &args)))
            on = ap_cstr_casecmp(value, "off") != 0;
    }
    return on;
}

int cg_audit_host_has_tls(apr_pool_t *p, const cg_host *host)
{
    const char *scheme = host->server->server_scheme;

    if (scheme && strcmp(scheme, "https") == 0)
        return 1;
    return is_on(p, host->inside, is_on(p, host->main_inside, 0));
}
