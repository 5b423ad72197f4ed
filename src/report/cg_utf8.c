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

/* Unicode's categories Cc, Cf, Zl, Zp, Co and the noncharacters, without the prefixes of numbers in
 * some scripts, which are seen. */
int cg_utf8_is_printable(apr_uint32_t code)
{
    static const struct {
        apr_uint32_t first, last;
    } unfit[] = {{0x0, 0x1f},          {0x7f, 0x9f},       {0xad, 0xad},       {0x61c, 0x61c},
                 {0x180e, 0x180e},     {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
                 {0xd800, 0xf8ff},     {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},   {0xfff0, 0xfffb},
                 {0xfffe, 0xffff},     {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
                 {0xf0000, 0xffffffff}};

    for (apr_size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        if (code >= unfit[i].first && code <= unfit[i].last)
            return 0;
    }
    return 1;
}
