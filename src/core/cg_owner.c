/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_owner.h"
#include "cg_host.h"
#include "cg_suffix.h"

#include <apr_strings.h>
#include <string.h>

/* Probes are names under it, so that a message never names somebody's site. */
#define RESERVED ".example"

static int is_public_ipv4(apr_uint32_t address)
{
    static const struct {
        apr_uint32_t network;
        unsigned bits;
    } closed[] = {{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},
                  {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0a80000, 16}, {0xe0000000, 3}};

    for (apr_size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        if ((address ^ closed[i].network) >> (32 - closed[i].bits) == 0)
            return 0;
    }
    return 1;
}

static int owner_of_ipv4(const cg_origin *origin, char *owner)
{
    apr_uint32_t address;

    if (!cg_host_ipv4(origin->host, origin->host_len, &address) || !is_public_ipv4(address))
        return 0;
    apr_snprintf(owner, CG_OWNER_MAX, "%u.%u.%u", address >> 24, address >> 16 & 255,
                 address >> 8 & 255);
    return 1;
}

/* Only 2000::/3 is routed in public (RFC 4291, 2.4). */
static int owner_of_ipv6(const cg_origin *origin, char *owner)
{
    cg_ipv6 address;

    if (!cg_host_ipv6(origin->host + 1, origin->host_len - 2, &address) ||
        address.piece[0] >> 13 != 1)
        return 0;
    apr_snprintf(owner, CG_OWNER_MAX, "%x:%x:%x", address.piece[0], address.piece[1],
                 address.piece[2]);
    return 1;
}

/* Whether the first label of a name is letters, digits and inner hyphens: what registries sell. */
static int can_be_registered(const char *name, apr_size_t len)
{
    const char *dot = memchr(name, '.', len);

    if (dot)
        len = (apr_size_t)(dot - name);
    return len && name[0] != '-' && name[len - 1] != '-' && !memchr(name, '_', len);
}

/* The last two labels of a name under .example. */
static const char *reserved(const char *name)
{
    apr_size_t len = strlen(name), tail = sizeof RESERVED - 1;
    const char *label;

    if (len <= tail || strcmp(name + len - tail, RESERVED) != 0)
        return NULL;
    for (label = name + len - tail; label > name && label[-1] != '.';)
        label--;
    return label;
}

static int owner_of_name(const cg_origin *origin, char *owner)
{
    char name[CG_HOST_MAX + 2];
    apr_size_t len = origin->host_len;
    const char *registrable;

    if (origin->host[len - 1] == '.')
        len--;
    memcpy(name, origin->host, len);
    name[len] = '\0';
    registrable = reserved(name);
    if (!registrable)
        registrable = cg_suffix_registrable(name);
    if (!registrable || !can_be_registered(registrable, strlen(registrable)))
        return 0;
    apr_cpystrn(owner, registrable, CG_OWNER_MAX);
    return 1;
}

int cg_owner_of(const cg_origin *origin, char owner[CG_OWNER_MAX])
{
    int owned;

    if (origin->host_kind == CG_HOST_IPV4)
        return owner_of_ipv4(origin, owner);
    if (origin->host_kind == CG_HOST_IPV6)
        return owner_of_ipv6(origin, owner);
    owned = owner_of_name(origin, owner);
    if (owned || cg_scheme_of(origin->text, origin->scheme_len) != CG_SCHEME_CUSTOM)
        return owned;
    if (!can_be_registered(origin->host, origin->host_len))
        return 0;
    apr_cpystrn(owner, origin->host,
                origin->host_len < CG_OWNER_MAX ? origin->host_len + 1 : CG_OWNER_MAX);
    return 1;
}
