/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_host.h"
#include "cg_quote.h"
#include "cg_reading.h"

#include <apr_strings.h>
#include <idn2.h>
#include <string.h>

/* The normalised text, with another host. */
char *cg_parts_text(cg_reading *r, const cg_parts *parts, const char *host)
{
    const char *port = parts->any_port ? ":*" : "";

    if (parts->port)
        port = apr_psprintf(r->p, ":%u", parts->port);
    return apr_pstrcat(r->p, parts->scheme, parts->subdomains ? "://*." : "://", host, port, NULL);
}

static int repair_host(cg_reading *r, const cg_parts *parts, const char *why, const char *host)
{
    return cg_repair(r, why, cg_parts_text(r, parts, host));
}

static const char *dotted(apr_pool_t *p, apr_uint32_t address)
{
    return apr_psprintf(p, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
                        address & 255);
}

static int read_ipv6(cg_reading *r, cg_parts *parts)
{
    static const char form[] = "write it as in http://[2001:db8::1]";
    apr_size_t len = strlen(parts->host) - 2;
    const char *text = apr_pstrmemdup(r->p, parts->host + 1, len);
    apr_size_t zone = strcspn(text, "%");
    char canonical[CG_IPV6_TEXT];
    apr_uint32_t ipv4;
    cg_ipv6 address;

    parts->host_kind = CG_HOST_IPV6;
    if (zone < len)
        return repair_host(r, parts, "an origin's address has no zone",
                           apr_pstrcat(r->p, "[", apr_pstrmemdup(r->p, text, zone), "]", NULL));
    if (cg_host_ipv4(text, len, &ipv4))
        return repair_host(r, parts, "brackets are for IPv6 addresses", text);
    if (!cg_host_ipv6(text, len, &address))
        return cg_refuse(r, "that is not an IPv6 address", form);
    if (cg_host_ipv6_mapped(&address))
        return repair_host(r, parts, "an IPv4 address is not written as IPv6",
                           dotted(r->p, (apr_uint32_t)address.piece[6] << 16 | address.piece[7]));
    cg_host_ipv6_text(&address, canonical);
    if (strcmp(canonical, text) != 0)
        return repair_host(r, parts, "browsers send another form of this address",
                           apr_pstrcat(r->p, "[", canonical, "]", NULL));
    return 1;
}

/* A star that is not "*." in front. */
static int refuse_star(cg_reading *r, cg_parts *parts)
{
    static const char advice[] =
        "write it as in https://*.example.com, or use CorsAllowOriginMatch";
    const char *rest = parts->host + strspn(parts->host, "*.");

    if (!*rest)
        return cg_refuse(
            r, "that is every host",
            "write * alone for every origin, or https://*.example.com for the subdomains "
            "of one host");
    if (parts->host[0] == '*' && *rest != '-' && strchr(rest, '.') && !strchr(rest, '*')) {
        parts->subdomains = 1;
        return repair_host(r, parts, "* stands once, for whole labels before a dot", rest);
    }
    return cg_refuse(r, "* stands only for whole labels in front", advice);
}

/* To A-labels, as browsers do (UTS 46, non-transitional). */
static int read_idn(cg_reading *r, cg_parts *parts)
{
    uint8_t *ascii = NULL;
    int code =
        idn2_lookup_u8((const uint8_t *)parts->host, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

    if (code != IDN2_OK)
        return cg_refuse(
            r, apr_pstrcat(r->p, "its host has no A-label (", idn2_strerror_name(code), ")", NULL),
            "write the form that browsers send (xn--...)");
    parts->host = apr_pstrdup(r->p, (const char *)ascii);
    idn2_free(ascii);
    return 1;
}

static int check_alabels(cg_reading *r, const char *host)
{
    char *unicode = NULL;
    int code;

    if (strncmp(host, "xn--", 4) != 0 && !strstr(host, ".xn--"))
        return 1;
    code = idn2_to_unicode_8z8z(host, &unicode, 0);
    idn2_free(unicode);
    if (code == IDN2_OK)
        return 1;
    return cg_refuse(r, "its xn-- label is not a valid A-label", "write the host name in Unicode");
}

/* A name that ends in a number, and so is an address to browsers. */
static int refuse_number(cg_reading *r, const cg_parts *parts)
{
    apr_uint32_t ipv4;

    if (!cg_host_ipv4(parts->host, strlen(parts->host), &ipv4))
        return cg_refuse(r, "a host that ends in a number is an IPv4 address",
                         "write four decimal numbers up to 255, such as http://192.0.2.1");
    if (parts->subdomains)
        return cg_refuse(r, "an address has no subdomains", "write each address by itself");
    return repair_host(r, parts, "browsers send this address in dotted decimal",
                       dotted(r->p, ipv4));
}

static int refuse_name(cg_reading *r, const cg_parts *parts, cg_host_fault fault, char byte)
{
    static const char form[] = "write scheme://host, such as https://example.com";

    switch (fault) {
    case CG_HOST_EMPTY_LABEL:
        return cg_refuse(r, "the host name has an empty label", "write one dot between two labels");
    case CG_HOST_LONG_LABEL:
        return cg_refuse(
            r, "a label of a host name has at most " APR_STRINGIFY(CG_LABEL_MAX) " bytes", form);
    case CG_HOST_LONG:
        return cg_refuse(r, "a host name has at most " APR_STRINGIFY(CG_HOST_MAX) " bytes", form);
    case CG_HOST_NUMBER:
        return refuse_number(r, parts);
    case CG_HOST_FINE:
    case CG_HOST_EMPTY:
        break;
    }
    if (!byte)
        return cg_refuse(r, "the host is missing", form);
    return cg_refuse(
        r, apr_pstrcat(r->p, cg_quote(r->p, &byte, 1), " is no part of a host name", NULL), form);
}

static int read_name(cg_reading *r, cg_parts *parts)
{
    cg_host_fault fault;
    apr_size_t len, used = 0;

    for (len = 0; parts->host[len]; len++) {
        if ((unsigned char)parts->host[len] >= 0x80)
            break;
    }
    if (parts->host[len] && !read_idn(r, parts))
        return 0;
    len = strlen(parts->host);
    fault = cg_host_scan(parts->host, len, &used, &parts->host_kind);
    if (fault == CG_HOST_FINE && parts->subdomains && used + 2 > CG_HOST_MAX)
        fault = CG_HOST_LONG;
    if (fault != CG_HOST_FINE || used < len)
        return refuse_name(r, parts, fault, parts->host[used]);
    return check_alabels(r, parts->host);
}

int cg_read_host(cg_reading *r, cg_parts *parts)
{
    if (strncmp(parts->host, "*.", 2) == 0 && parts->host[2] && !strchr(parts->host + 2, '*')) {
        parts->subdomains = 1;
        parts->host += 2;
    }
    if (strchr(parts->host, '*'))
        return refuse_star(r, parts);
    if (!(parts->host[0] == '[' ? read_ipv6(r, parts) : read_name(r, parts)))
        return 0;
    if (parts->subdomains && parts->host_kind != CG_HOST_NAME) {
        parts->subdomains = 0;
        return repair_host(r, parts, "an address has no subdomains", parts->host);
    }
    return 1;
}
