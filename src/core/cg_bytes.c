/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_bytes.h"

#include <string.h>

#define ORIGIN_BYTES "abcdefghijklmnopqrstuvwxyz0123456789-._:/+[]"

void cg_bytes_add(cg_bytes *set, unsigned char from, unsigned char to)
{
    for (unsigned byte = from; byte <= to; byte++)
        set->bits[byte >> 3] |= (unsigned char)(1u << (byte & 7));
}

void cg_bytes_join(cg_bytes *set, const cg_bytes *other)
{
    for (unsigned i = 0; i < sizeof set->bits; i++)
        set->bits[i] |= other->bits[i];
}

void cg_bytes_invert(cg_bytes *set)
{
    for (unsigned i = 0; i < sizeof set->bits; i++)
        set->bits[i] = (unsigned char)~set->bits[i];
}

int cg_bytes_has(const cg_bytes *set, unsigned char byte)
{
    return set->bits[byte >> 3] >> (byte & 7) & 1;
}

void cg_bytes_fold(cg_bytes *set)
{
    for (unsigned lower = 'a'; lower <= 'z'; lower++) {
        unsigned upper = lower - 'a' + 'A';

        if (cg_bytes_has(set, lower))
            cg_bytes_add(set, upper, upper);
        else if (cg_bytes_has(set, upper))
            cg_bytes_add(set, lower, lower);
    }
}

void cg_bytes_keep_origin(cg_bytes *set)
{
    cg_bytes origin = {{0}};

    for (const char *byte = ORIGIN_BYTES; *byte; byte++)
        cg_bytes_add(&origin, (unsigned char)*byte, (unsigned char)*byte);
    for (unsigned i = 0; i < sizeof set->bits; i++)
        set->bits[i] &= origin.bits[i];
}

unsigned cg_bytes_count(const cg_bytes *set)
{
    unsigned count = 0;

    for (unsigned i = 0; i < sizeof set->bits; i++)
        count += (unsigned)__builtin_popcount(set->bits[i]);
    return count;
}

int cg_bytes_has_all(const cg_bytes *set, const char *text, apr_size_t len)
{
    for (apr_size_t i = 0; i < len; i++) {
        if (!cg_bytes_has(set, (unsigned char)text[i]))
            return 0;
    }
    return 1;
}

unsigned char cg_bytes_typical(const cg_bytes *set)
{
    /* 1 before 0: a port and an address do not begin with 0. */
    for (const char *byte = "abcdefghijklmnopqrstuvwxyz1234567890.-_:/+[]"; *byte; byte++) {
        if (cg_bytes_has(set, (unsigned char)*byte))
            return (unsigned char)*byte;
    }
    return 0;
}

unsigned char cg_bytes_take(cg_bytes *set)
{
    unsigned char byte = cg_bytes_typical(set);

    set->bits[byte >> 3] &= (unsigned char)~(1u << (byte & 7));
    return byte;
}

unsigned char cg_bytes_last(const cg_bytes *set)
{
    for (const char *byte = "zyxwvutsrqponmlkjihgfedcba9876543210"; *byte; byte++) {
        if (cg_bytes_has(set, (unsigned char)*byte))
            return (unsigned char)*byte;
    }
    return cg_bytes_typical(set);
}

int cg_bytes_add_class(cg_bytes *set, const char *name, apr_size_t len)
{
    static const struct {
        const char *name;
        const char *ranges; /* pairs of bytes: from, to */
    } known[] = {{"alnum", "azAZ09"},
                 {"alpha", "azAZ"},
                 {"ascii", "\x01\x7f"},
                 {"blank", "\t\t  "},
                 {"cntrl", "\x01\x1f\x7f\x7f"},
                 {"digit", "09"},
                 {"graph", "!~"},
                 {"lower", "az"},
                 {"print", " ~"},
                 {"punct", "!/:@[`{~"},
                 {"space", "\t\r  "},
                 {"upper", "AZ"},
                 {"word", "azAZ09__"},
                 {"xdigit", "09afAF"}};

    for (apr_size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].name) != len || memcmp(known[i].name, name, len) != 0)
            continue;
        for (const char *range = known[i].ranges; *range; range += 2)
            cg_bytes_add(set, (unsigned char)range[0], (unsigned char)range[1]);
        return 1;
    }
    return 0;
}
