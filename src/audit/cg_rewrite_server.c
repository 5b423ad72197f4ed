/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_server.h"

#include <apr_strings.h>
#include <http_core.h>
#include <stdlib.h>
#include <string.h>

static const server_rec *server_of(const cg_run *run)
{
    return run->walk->host->server;
}

/* mod_ssl is asked on a connection, which there is none of. */
const char *cg_rewrite_scheme(const cg_run *run)
{
    const server_rec *server = server_of(run);

    if (server->server_scheme)
        return server->server_scheme;
    return server->port == 443 || (server->addrs && server->addrs->host_port == 443) ? "https"
                                                                                     : "http";
}

unsigned cg_rewrite_default_port(const cg_run *run)
{
    return strcmp(cg_rewrite_scheme(run), "https") == 0 ? 443 : 80;
}

/* Where the port begins in the Host header; its end where there is none. */
static apr_size_t port_at(const char *host)
{
    const char *colon = strrchr(host, ':');

    return colon && !strchr(colon, ']') ? (apr_size_t)(colon - host) : strlen(host);
}

static int is_canonical(const cg_run *run)
{
    const core_dir_config *core = ap_get_core_module_config(server_of(run)->lookup_defaults);

    return core->use_canonical_name == USE_CANONICAL_NAME_ON;
}

const char *cg_rewrite_server_name(const cg_run *run)
{
    const char *host = run->question->host;
    char *name;

    if (is_canonical(run) || !host)
        return server_of(run)->server_hostname;
    name = apr_pstrmemdup(run->p, host, port_at(host));
    ap_str_tolower(name);
    return name;
}

unsigned cg_rewrite_server_port(const cg_run *run)
{
    const char *host = run->question->host;
    const char *port = host && !is_canonical(run) ? host + port_at(host) : "";

    if (*port)
        return (unsigned)strtoul(port + 1, NULL, 10);
    return server_of(run)->port ? server_of(run)->port : cg_rewrite_default_port(run);
}

const char *cg_rewrite_document_root(const cg_run *run)
{
    const core_server_config *core = ap_get_core_module_config(server_of(run)->module_config);

    return core->ap_document_root ? core->ap_document_root : "";
}
