/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_ORIGIN_H
#define CG_ORIGIN_H

#include <apr.h>

/** The longest origin a browser can serialise: a scheme of 64 bytes, "://", a host of 253,
 *  ":65535". */
#define CG_ORIGIN_MAX 326
/** RFC 1035: a whole host name and one label of it, in bytes. */
#define CG_HOST_MAX 253
#define CG_LABEL_MAX 63
#define CG_SCHEME_MAX 64

typedef enum cg_origin_kind {
    CG_ORIGIN_MALFORMED, /**< no browser can have serialised this */
    CG_ORIGIN_NULL,      /**< the four bytes "null": an opaque origin */
    CG_ORIGIN_TUPLE      /**< scheme://host[:port] */
} cg_origin_kind;

typedef enum cg_host_kind { CG_HOST_NAME, CG_HOST_IPV4, CG_HOST_IPV6 } cg_host_kind;

/** A request's Origin, cut up in place: every pointer points into the text that was parsed. */
typedef struct cg_origin {
    const char *text; /**< the whole value; not necessarily NUL-terminated */
    apr_size_t len;
    apr_size_t scheme_len; /**< the scheme is text[0..scheme_len) */
    const char *host;      /**< behind "://"; an IPv6 host with its brackets */
    apr_size_t host_len;
    unsigned port; /**< 0 where none was sent */
    cg_host_kind host_kind;
} cg_origin;

/** What a scheme means for an origin. */
typedef enum cg_scheme_kind {
    CG_SCHEME_HTTP,
    CG_SCHEME_HTTPS,
    CG_SCHEME_CUSTOM,    /**< an application's or extension's own */
    CG_SCHEME_WEBSOCKET, /**< ws, wss: the page that opens a socket has an http or https origin */
    CG_SCHEME_UNSENT,    /**< file, data, about, ...: a browser sends null, if anything */
    CG_SCHEME_MALFORMED  /**< not a scheme in lower case of at most CG_SCHEME_MAX bytes */
} cg_scheme_kind;

cg_scheme_kind cg_scheme_of(const char *scheme, apr_size_t len);

/** The port that browsers leave out behind a scheme, 0 where there is none. */
unsigned cg_scheme_port(cg_scheme_kind kind);

/** Parses the value of a request's Origin header in one pass, without allocating. Only what a
 *  browser serialises passes (HTML "ASCII serialisation of an origin"): lower case, one origin, no
 *  path, no userinfo, no default port, canonical IPv4 and IPv6.
 *  @param text the header's value, len bytes of it; it need not end in a NUL.
 *  @param out filled only where CG_ORIGIN_TUPLE is returned. */
cg_origin_kind cg_origin_parse(const char *text, apr_size_t len, cg_origin *out);

#endif
