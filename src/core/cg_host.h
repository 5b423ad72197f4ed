/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HOST_H
#define CG_HOST_H

#include "cg_origin.h"

/** What is wrong with a host name. */
typedef enum cg_host_fault {
    CG_HOST_FINE,
    CG_HOST_EMPTY,       /**< there is none */
    CG_HOST_EMPTY_LABEL, /**< "a..b", ".a" */
    CG_HOST_LONG_LABEL,  /**< over CG_LABEL_MAX */
    CG_HOST_LONG,        /**< over CG_HOST_MAX, a trailing dot not counted */
    CG_HOST_NUMBER       /**< it ends in a number (URL, "ends in a number checker") and is not
                              dotted decimal */
} cg_host_fault;

/** Reads a host name or IPv4 address as browsers serialise them: bytes a-z 0-9 - _ in labels; one
 *  trailing dot is part of a name. It ends at the first other byte or at len.
 *  @param used set to the bytes read with CG_HOST_FINE and CG_HOST_EMPTY.
 *  @param kind set with CG_HOST_FINE: CG_HOST_NAME or CG_HOST_IPV4. */
cg_host_fault cg_host_scan(const char *text, apr_size_t len, apr_size_t *used, cg_host_kind *kind);

/** Reads an IPv4 address in any form that browsers accept: 1 to 4 parts, decimal, octal or
 *  hexadecimal (URL, "IPv4 parser").
 *  @return non-zero where address was set, in host byte order. */
int cg_host_ipv4(const char *text, apr_size_t len, apr_uint32_t *address);

/** An IPv6 address as its eight pieces, in host byte order. */
typedef struct cg_ipv6 {
    apr_uint16_t piece[8];
} cg_ipv6;

/** The longest text of an IPv6 address without its brackets, and a NUL. */
#define CG_IPV6_TEXT 40

/** Reads an IPv6 address without brackets in any form of RFC 4291, 2.2; no zone.
 *  @return non-zero where address was set. */
int cg_host_ipv6(const char *text, apr_size_t len, cg_ipv6 *address);

/** Writes an address as browsers serialise it (URL, "IPv6 serializer"): lower case, the first
 *  longest run of two or more zero pieces compressed, never dotted.
 *  @return the length; text is NUL-terminated. */
apr_size_t cg_host_ipv6_text(const cg_ipv6 *address, char text[CG_IPV6_TEXT]);

/** Non-zero for ::ffff:0:0/96, an IPv4 address in the clothes of IPv6. */
int cg_host_ipv6_mapped(const cg_ipv6 *address);

/** Non-zero where a host can only be this machine: localhost, *.localhost, both with or without
 *  a trailing dot, 127.0.0.0/8, [::1] (Secure Contexts, "is origin potentially trustworthy"). */
int cg_host_loopback(const char *host, apr_size_t len, cg_host_kind kind);

#endif
