/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include <stddef.h>

/* What src/core does fast, done again from the standards: simple and slow, and sharing no code with
 * it. */

typedef enum reference_kind { REFERENCE_MALFORMED, REFERENCE_NULL, REFERENCE_TUPLE } reference_kind;

/** An origin in pieces. */
typedef struct reference_origin {
    char scheme[65];
    char host[256]; /**< with brackets */
    unsigned port;  /**< 0: none */
} reference_origin;

/** Reads what a browser serialises (HTML, "ASCII serialisation of an origin"; URL, "host
 *  serializer"), within the bounds of cg_origin.h. */
reference_kind reference_parse(const char *text, size_t len, reference_origin *out);

/** Writes it as a browser does. text: room for 512 bytes. */
void reference_write(const reference_origin *origin, char *text);

/** The IPv6 parser and serializer of the URL standard, without brackets.
 *  @return non-zero where text is an address. */
int reference_ipv6(const char *text, unsigned piece[8]);
void reference_ipv6_write(const unsigned piece[8], char *text);

/** The IPv4 parser of the URL standard. @return non-zero where host is an address. */
int reference_ipv4(const char *host, unsigned long *address);

#endif
