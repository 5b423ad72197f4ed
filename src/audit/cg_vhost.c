/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_walk.h"

#include <ap_listen.h>
#include <apr_strings.h>
#include <http_vhost.h>
#include <string.h>

/* A request that asks for a host by its name, as far as finding the host takes it. */
typedef struct caller {
    apr_pool_t *p;
    const apr_array_header_t *hosts;
    const char *name;
    const char *at; /* the address, or a name of it, that is connected to */
    apr_port_t port;
} caller;

static server_rec *main_server(const caller *by)
{
    const cg_host *main = &APR_ARRAY_IDX(by->hosts, 0, cg_host);

    return (server_rec *)(apr_uintptr_t)main->server; /* httpd's functions only read it */
}

/* The server that answers at an address.
 * @param named set where the name is that of the server, and not only its address. */
static const server_rec *ask(const caller *by, apr_sockaddr_t *address, int *named)
{
    conn_rec *connection = apr_pcalloc(by->p, sizeof *connection);
    request_rec *r = apr_pcalloc(by->p, sizeof *r);
    int is_ipv6 = strchr(by->name, ':') != NULL;

    connection->pool = by->p;
    connection->local_addr = address;
    connection->base_server = main_server(by);
    ap_update_vhost_given_ip(connection);
    r->pool = by->p;
    r->connection = connection;
    r->server = connection->base_server;
    r->status = HTTP_OK;
    r->headers_in = apr_table_make(by->p, 1);
    apr_table_setn(r->headers_in, "Host",
                   apr_psprintf(by->p, "%s%s%s:%u", is_ipv6 ? "[" : "", by->name,
                                is_ipv6 ? "]" : "", (unsigned)by->port));
    *named = (connection->vhost_lookup_data || r->server->server_hostname) &&
             ap_update_vhost_from_headers_ex(r, 1) == HTTP_OK && r->hostname;
    return r->server;
}

static apr_sockaddr_t *address_of(const caller *by, const char *text)
{
    apr_sockaddr_t *address;
    int family = strchr(text, ':') ? APR_INET6 : APR_INET;

    if (apr_sockaddr_info_get(&address, text, family, by->port, 0, by->p) != APR_SUCCESS)
        return NULL;
    return address;
}

/* Such text is never looked up in DNS. */
static int is_address(const char *name)
{
    return strchr(name, ':') != NULL || name[strspn(name, "0123456789.")] == '\0';
}

static int is_any(const apr_sockaddr_t *address)
{
    return apr_sockaddr_is_wildcard(address);
}

static void add_address(const caller *by, apr_array_header_t *addresses, const apr_sockaddr_t *from)
{
    char *text = NULL;
    apr_sockaddr_t *address = NULL;

    if (apr_sockaddr_ip_get(&text, (apr_sockaddr_t *)(apr_uintptr_t)from) == APR_SUCCESS)
        address = address_of(by, text);
    if (address)
        APR_ARRAY_PUSH(addresses, apr_sockaddr_t *) = address;
}

/* Every address that a host is bound to. */
static void add_hosts(const caller *by, apr_array_header_t *addresses)
{
    for (int i = 0; i < by->hosts->nelts; i++) {
        const server_rec *server = APR_ARRAY_IDX(by->hosts, i, cg_host).server;

        for (const server_addr_rec *at = server->addrs; at; at = at->next) {
            if ((at->host_port == 0 || at->host_port == by->port) && at->host_addr &&
                !is_any(at->host_addr))
                add_address(by, addresses, at->host_addr);
        }
    }
}

/* The addresses that a connection to this port may arrive at. */
static apr_array_header_t *addresses_of(const caller *by)
{
    apr_array_header_t *addresses = apr_array_make(by->p, 4, sizeof(apr_sockaddr_t *));
    apr_sockaddr_t *any = address_of(by, "0.0.0.0");
    int everywhere = 1;

    for (const ap_listen_rec *at = ap_listeners; at; at = at->next) {
        if (at->bind_addr && at->bind_addr->port == by->port) {
            everywhere = is_any(at->bind_addr);
            if (everywhere)
                break;
            add_address(by, addresses, at->bind_addr);
        }
    }
    if (everywhere && any) {
        apr_array_clear(addresses);
        APR_ARRAY_PUSH(addresses, apr_sockaddr_t *) = any;
        add_hosts(by, addresses);
    }
    return addresses;
}

static const server_rec *find(const caller *by)
{
    const char *text = strcmp(by->at, "localhost") == 0 ? "127.0.0.1" : by->at;
    apr_array_header_t *addresses;
    const server_rec *first = NULL;
    apr_sockaddr_t *address;
    int named;

    if (is_address(text) && (address = address_of(by, text)))
        return ask(by, address, &named);
    addresses = addresses_of(by);
    for (int i = 0; i < addresses->nelts; i++) {
        const server_rec *server = ask(by, APR_ARRAY_IDX(addresses, i, apr_sockaddr_t *), &named);

        if (named)
            return server;
        if (!first)
            first = server;
    }
    return first ? first : main_server(by);
}

const cg_host *cg_walk_host_at(apr_pool_t *p, const apr_array_header_t *hosts, const char *at,
                               const char *name, unsigned port)
{
    const caller by = {p, hosts, name, at, (apr_port_t)port};
    const server_rec *server = find(&by);

    for (int i = 0; i < hosts->nelts; i++) {
        if (APR_ARRAY_IDX(hosts, i, cg_host).server == server)
            return &APR_ARRAY_IDX(hosts, i, cg_host);
    }
    return &APR_ARRAY_IDX(hosts, 0, cg_host);
}

const cg_host *cg_walk_host(apr_pool_t *p, const apr_array_header_t *hosts, const char *name,
                            unsigned port)
{
    return cg_walk_host_at(p, hosts, name, name, port);
}
