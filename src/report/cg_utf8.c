/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_utf8.h"

/* The bytes that follow a first one, and the least character that needs so many. */
static int tail_of(unsigned char first, apr_uint32_t *bits, apr_uint32_t *least)
{
    if (first < 0x80) {
        *bits = first;
        *least = 0;
        return 0;
    }
    if (first >= 0xc0 && first < 0xe0) {
        *bits = first & 0x1fU;
        *least = 0x80;
        return 1;
    }
    if (first >= 0xe0 && first < 0xf0) {
        *bits = first & 0x0fU;
        *least = 0x800;
        return 2;
    }
    *bits = first & 0x07U;
    *least = 0x10000;
    return first >= 0xf0 && first < 0xf8 ? 3 : -1;
}

apr_size_t cg_utf8_next(const char *text, apr_uint32_t *code)
{
    apr_uint32_t bits, least;
    int tail = tail_of((unsigned char)text[0], &bits, &least);

    if (tail < 0 || text[0] == '\0')
        return 0;
    for (int i = 1; i <= tail; i++) {
        unsigned char byte = (unsigned char)text[i];

        if ((byte & 0xc0U) != 0x80)
            return 0;
        bits = bits << 6 | (byte & 0x3fU);
    }
    if (bits < least || bits > 0x10ffff || (bits >= 0xd800 && bits <= 0xdfff))
        return 0;
    *code = bits;
    return (apr_size_t)tail + 1;
}
