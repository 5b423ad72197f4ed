/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define IS_DIGIT(c) ((c) >= '0' && (c) <= '9')

/* The bytes of a label. The underscore is in no host name of RFC 952, and on the web. */
static const unsigned char label_bytes[256] = {
    ['-'] = 1, ['_'] = 1, ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1,
    ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1,
    ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1,
    ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
    ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1};

/* The value of a digit, or 16 and more. */
static unsigned digit_value(char digit)
{
    if (IS_DIGIT(digit))
        return (unsigned)(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return (unsigned)(digit - 'a') + 10;
    if (digit >= 'A' && digit <= 'F')
        return (unsigned)(digit - 'A') + 10;
    return 16;
}

/* One part of an IPv4 address. Values over 32 bits stay at 2^32, which is too large everywhere. */
static int read_number(const char *text, apr_size_t len, apr_uint64_t *value)
{
    unsigned base = 10;

    if (len == 0)
        return 0;
    if (len >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
        len -= 2;
    } else if (len >= 2 && text[0] == '0') {
        base = 8;
    }
    *value = 0;
    for (apr_size_t i = 0; i < len; i++) {
        unsigned digit = digit_value(text[i]);

        if (digit >= base)
            return 0;
        *value = *value * base + digit;
        if (*value >> 32)
            *value = APR_UINT64_C(1) << 32;
    }
    return 1;
}

/* Digits alone count as a number even where they are none in their base: "08". */
static int is_number(const char *label, apr_size_t len)
{
    apr_uint64_t value;
    apr_size_t digits = 0;

    while (digits < len && IS_DIGIT(label[digits]))
        digits++;
    return digits == len || read_number(label, len, &value);
}

static int is_dotted_decimal(const char *text, apr_size_t len)
{
    unsigned parts = 0;
    apr_size_t i = 0;

    for (;;) {
        apr_size_t start = i;
        unsigned value = 0;

        while (i < len && i - start < 3 && IS_DIGIT(text[i]))
            value = value * 10 + (unsigned)(text[i++] - '0');
        if (i == start || value > 255 || (text[start] == '0' && i - start > 1))
            return 0;
        parts++;
        if (i == len)
            return parts == 4;
        if (text[i++] != '.')
            return 0;
    }
}

/* The last label is text[last..end); a trailing dot may follow. */
static cg_host_fault check_end(const char *text, apr_size_t used, apr_size_t last, apr_size_t end,
                               cg_host_kind *kind)
{
    if (end > CG_HOST_MAX)
        return CG_HOST_LONG;
    *kind = CG_HOST_NAME;
    if (!IS_DIGIT(text[last]) || !is_number(text + last, end - last))
        return CG_HOST_FINE;
    *kind = CG_HOST_IPV4;
    return is_dotted_decimal(text, used) ? CG_HOST_FINE : CG_HOST_NUMBER;
}

cg_host_fault cg_host_scan(const char *text, apr_size_t len, apr_size_t *used, cg_host_kind *kind)
{
    const unsigned char *bytes = (const unsigned char *)text;
    apr_size_t start = 0, last = 0, i = 0;

    for (;;) {
        while (i < len && label_bytes[bytes[i]])
            i++;
        if (i == start)
            break;
        *used = i;
        if (i - start > CG_LABEL_MAX)
            return CG_HOST_LONG_LABEL;
        last = start;
        if (i == len || bytes[i] != '.')
            break;
        start = ++i;
    }
    *used = i;
    if (i == start && i < len && bytes[i] == '.')
        return CG_HOST_EMPTY_LABEL;
    return i ? check_end(text, i, last, i - (i == start), kind) : CG_HOST_EMPTY;
}

int cg_host_ipv4(const char *text, apr_size_t len, apr_uint32_t *address)
{
    apr_uint64_t sum = 0;
    unsigned parts = 0;

    if (len && text[len - 1] == '.')
        len--;
    for (apr_size_t start = 0;; parts++) {
        const char *dot = memchr(text + start, '.', len - start);
        apr_size_t end = dot ? (apr_size_t)(dot - text) : len;
        apr_uint64_t value;

        if (!read_number(text + start, end - start, &value))
            return 0;
        if (!dot) {
            /* The last part fills all the bytes that the others left. */
            if (value >> (8 * (4 - parts)))
                return 0;
            *address = (apr_uint32_t)(sum | value);
            return 1;
        }
        if (value > 255 || parts == 3)
            return 0;
        sum |= value << (8 * (3 - parts));
        start = end + 1;
    }
}

int cg_host_ipv6(const char *text, apr_size_t len, cg_ipv6 *address)
{
    char copy[INET6_ADDRSTRLEN];
    struct in6_addr bytes;

    if (len >= sizeof copy || memchr(text, '\0', len))
        return 0;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (inet_pton(AF_INET6, copy, &bytes) != 1)
        return 0;
    for (apr_size_t i = 0; i < 8; i++)
        address->piece[i] = (apr_uint16_t)(bytes.s6_addr[2 * i] << 8 | bytes.s6_addr[2 * i + 1]);
    return 1;
}

/* The first longest run of zero pieces; its length is 0 where none is longer than one. */
static unsigned find_zeros(const cg_ipv6 *address, unsigned *length)
{
    unsigned best = 0, run = 0;

    *length = 0;
    for (unsigned i = 0; i < 8; i++) {
        run = address->piece[i] ? 0 : run + 1;
        if (run > 1 && run > *length) {
            best = i + 1 - run;
            *length = run;
        }
    }
    return best;
}

static char *write_piece(char *at, unsigned piece)
{
    int started = 0;

    for (int shift = 12; shift >= 0; shift -= 4) {
        unsigned digit = piece >> shift & 15;

        if (digit || started || shift == 0) {
            *at++ = "0123456789abcdef"[digit];
            started = 1;
        }
    }
    return at;
}

apr_size_t cg_host_ipv6_text(const cg_ipv6 *address, char text[CG_IPV6_TEXT])
{
    unsigned zeros_len, zeros = find_zeros(address, &zeros_len);
    char *at = text;

    for (unsigned i = 0; i < 8;) {
        if (zeros_len && i == zeros) {
            *at++ = ':';
            if (i == 0)
                *at++ = ':';
            i += zeros_len;
            continue;
        }
        at = write_piece(at, address->piece[i++]);
        if (i < 8)
            *at++ = ':';
    }
    *at = '\0';
    return (apr_size_t)(at - text);
}

int cg_host_ipv6_mapped(const cg_ipv6 *address)
{
    for (unsigned i = 0; i < 5; i++) {
        if (address->piece[i])
            return 0;
    }
    return address->piece[5] == 0xffff;
}

int cg_host_loopback(const char *host, apr_size_t len, cg_host_kind kind)
{
    static const char name[] = "localhost";
    const apr_size_t name_len = sizeof name - 1;

    if (kind == CG_HOST_IPV4)
        return memcmp(host, "127.", 4) == 0;
    if (kind == CG_HOST_IPV6)
        return len == 5 && memcmp(host, "[::1]", 5) == 0;
    if (len && host[len - 1] == '.')
        len--;
    if (len < name_len || memcmp(host + len - name_len, name, name_len) != 0)
        return 0;
    return len == name_len || host[len - name_len - 1] == '.';
}
