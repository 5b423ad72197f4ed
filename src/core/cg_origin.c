/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_origin.h"
#include "cg_host.h"

#include <string.h>

static int is_scheme_byte(unsigned char byte, int first)
{
    if (byte >= 'a' && byte <= 'z')
        return 1;
    return !first && ((byte >= '0' && byte <= '9') || byte == '+' || byte == '-' || byte == '.');
}

static cg_scheme_kind kind_of_rare(const char *scheme, apr_size_t len)
{
    static const struct {
        const char *name;
        cg_scheme_kind kind;
    } known[] = {{"ws", CG_SCHEME_WEBSOCKET},      {"wss", CG_SCHEME_WEBSOCKET},
                 {"file", CG_SCHEME_UNSENT},       {"data", CG_SCHEME_UNSENT},
                 {"blob", CG_SCHEME_UNSENT},       {"about", CG_SCHEME_UNSENT},
                 {"javascript", CG_SCHEME_UNSENT}, {"mailto", CG_SCHEME_UNSENT},
                 {"filesystem", CG_SCHEME_UNSENT}, {"ftp", CG_SCHEME_UNSENT}};

    if (len == 0 || len > CG_SCHEME_MAX)
        return CG_SCHEME_MALFORMED;
    for (apr_size_t i = 0; i < len; i++) {
        if (!is_scheme_byte((unsigned char)scheme[i], i == 0))
            return CG_SCHEME_MALFORMED;
    }
    for (apr_size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].name) == len && memcmp(known[i].name, scheme, len) == 0)
            return known[i].kind;
    }
    return CG_SCHEME_CUSTOM;
}

cg_scheme_kind cg_scheme_of(const char *scheme, apr_size_t len)
{
    if (len == 5 && memcmp(scheme, "https", 5) == 0)
        return CG_SCHEME_HTTPS;
    if (len == 4 && memcmp(scheme, "http", 4) == 0)
        return CG_SCHEME_HTTP;
    return kind_of_rare(scheme, len);
}

unsigned cg_scheme_port(cg_scheme_kind kind)
{
    return kind == CG_SCHEME_HTTPS ? 443 : kind == CG_SCHEME_HTTP ? 80 : 0;
}

/* The bytes before the first colon within the reach of a scheme; 0 where "://" does not follow. */
static apr_size_t find_scheme(const char *text, apr_size_t len)
{
    apr_size_t reach = len < CG_SCHEME_MAX + 1 ? len : CG_SCHEME_MAX + 1;
    const char *colon = memchr(text, ':', reach);

    if (!colon || len - (apr_size_t)(colon - text) < 3 || memcmp(colon, "://", 3) != 0)
        return 0;
    return (apr_size_t)(colon - text);
}

/* Most origins are https. */
static cg_scheme_kind scan_scheme(const char *text, apr_size_t len, apr_size_t *scheme_len)
{
    if (len > 8 && memcmp(text, "https://", 8) == 0) {
        *scheme_len = 5;
        return CG_SCHEME_HTTPS;
    }
    *scheme_len = find_scheme(text, len);
    return cg_scheme_of(text, *scheme_len);
}

/* A port as browsers write it, to the end of the text; 0 where it is not one. */
static unsigned read_port(const char *text, apr_size_t len)
{
    unsigned port = 0;

    if (len == 0 || len > 5 || text[0] == '0')
        return 0;
    for (apr_size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    return port > 65535 ? 0 : port;
}

/* An IPv6 host with its brackets, byte for byte as a browser serialises it. */
static int scan_ipv6(const char *text, apr_size_t len, apr_size_t *used)
{
    char canonical[CG_IPV6_TEXT];
    const char *close = memchr(text, ']', len < CG_IPV6_TEXT + 1 ? len : CG_IPV6_TEXT + 1);
    apr_size_t inner;
    cg_ipv6 address;

    if (!close)
        return 0;
    inner = (apr_size_t)(close - text) - 1;
    if (!cg_host_ipv6(text + 1, inner, &address) || cg_host_ipv6_mapped(&address))
        return 0;
    *used = inner + 2;
    return cg_host_ipv6_text(&address, canonical) == inner &&
           memcmp(canonical, text + 1, inner) == 0;
}

static int scan_host(cg_origin *origin, const char *end)
{
    apr_size_t len = (apr_size_t)(end - origin->host);

    if (len && origin->host[0] == '[') {
        origin->host_kind = CG_HOST_IPV6;
        return scan_ipv6(origin->host, len, &origin->host_len);
    }
    return cg_host_scan(origin->host, len, &origin->host_len, &origin->host_kind) == CG_HOST_FINE;
}

cg_origin_kind cg_origin_parse(const char *text, apr_size_t len, cg_origin *out)
{
    const char *end, *tail;
    cg_scheme_kind scheme;
    cg_origin origin;

    if (len > CG_ORIGIN_MAX)
        return CG_ORIGIN_MALFORMED;
    if (len == 4 && memcmp(text, "null", 4) == 0)
        return CG_ORIGIN_NULL;
    end = text + len;
    origin.text = text;
    origin.len = len;
    scheme = scan_scheme(text, len, &origin.scheme_len);
    if (scheme > CG_SCHEME_CUSTOM)
        return CG_ORIGIN_MALFORMED;
    origin.host = text + origin.scheme_len + 3;
    if (!scan_host(&origin, end))
        return CG_ORIGIN_MALFORMED;
    tail = origin.host + origin.host_len;
    origin.port = 0;
    if (tail < end) {
        origin.port = *tail == ':' ? read_port(tail + 1, (apr_size_t)(end - tail - 1)) : 0;
        if (origin.port == 0 || origin.port == cg_scheme_port(scheme))
            return CG_ORIGIN_MALFORMED;
    }
    *out = origin;
    return CG_ORIGIN_TUPLE;
}
