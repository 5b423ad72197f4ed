/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_TOKEN_H
#define CG_TOKEN_H

#include <apr.h>

/** Non-zero where the byte may stand in a token (RFC 9110, 5.6.2). */
int cg_token_byte(unsigned char byte);

/** Non-zero where text is a token: not empty, token bytes only. */
int cg_token_valid(const char *text, apr_size_t len);

/** Non-zero where text is word, without ASCII case; word is NUL-terminated. */
int cg_token_is(const char *text, apr_size_t len, const char *word);

/** ASCII lower case of one byte, in any locale. */
unsigned char cg_token_lower(unsigned char byte);

/** Methods that a script can never send: CONNECT, TRACE, TRACK, in any case (Fetch, "forbidden
 *  method"). */
int cg_method_forbidden(const char *method);

/** GET, HEAD, POST: allowed without being asked for (Fetch, "CORS-safelisted method"). Byte for
 *  byte. */
int cg_method_safelisted(const char *method, apr_size_t len);

/** The upper-case form that browsers give a method (Fetch, "normalize"), or NULL where they send
 *  it as it is. */
const char *cg_method_normalised(const char *method);

/** Request headers that a script can never set (Fetch, "forbidden request-header"). */
int cg_header_forbidden(const char *name);

/** Response headers that are of no use, or never readable, to a script: Set-Cookie and the CORS
 *  request headers. */
int cg_header_unexposable(const char *name);

#endif
