/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* IPv6: URL, "IPv6 parser", 2. to 8., told as it is told there. */

/* Reads a dotted ending into two pieces. Returns 0 where it is none. */
static int read_dotted(const char *text, unsigned *high, unsigned *low)
{
    unsigned bytes[4];

    for (int i = 0; i < 4; i++) {
        size_t len = strspn(text, DIGITS);

        if (len < 1 || len > 3 || (len > 1 && *text == '0'))
            return 0;
        bytes[i] = (unsigned)strtoul(text, NULL, 10);
        text += len;
        if (bytes[i] > 255 || *text != (i < 3 ? '.' : '\0'))
            return 0;
        text += i < 3;
    }
    *high = bytes[0] << 8 | bytes[1];
    *low = bytes[2] << 8 | bytes[3];
    return 1;
}

/* Puts the pieces behind "::" at the end. */
static void spread(unsigned piece[8], int count, int compress)
{
    int tail = count - compress;

    for (int i = 1; i <= tail; i++) {
        piece[8 - i] = piece[count - i];
        if (8 - i != count - i)
            piece[count - i] = 0;
    }
}

/* One piece, and what separates it from the next. Returns where to go on; NULL: this is no address. */
static const char *read_piece(const char *text, unsigned *value)
{
    size_t len = strspn(text, DIGITS "abcdefABCDEF");

    if (len < 1 || len > 4)
        return NULL;
    *value = (unsigned)strtoul(text, NULL, 16);
    return text + len;
}

int reference_ipv6(const char *text, unsigned piece[8])
{
    int count = 0, compress = -1;

    memset(piece, 0, 8 * sizeof *piece);
    if (*text == ':' && *++text != ':')
        return 0;
    while (*text) {
        const char *end;

        if (count == 8)
            return 0;
        if (*text == ':') {
            if (compress >= 0)
                return 0;
            compress = count;
            text++;
            continue;
        }
        if (count <= 6 && read_dotted(text, &piece[count], &piece[count + 1])) {
            count += 2;
            break;
        }
        end = read_piece(text, &piece[count]);
        if (!end || (*end && *end != ':') || (*end && !end[1]))
            return 0;
        count++;
        text = end + (*end == ':');
    }
    if (compress < 0)
        return count == 8;
    spread(piece, count, compress);
    return count < 8;
}

void reference_ipv6_write(const unsigned piece[8], char *text)
{
    int best = -1, length = 1;

    for (int i = 0; i < 8; i++) {
        int run = 0;

        while (i + run < 8 && piece[i + run] == 0)
            run++;
        if (run > length) {
            best = i;
            length = run;
        }
    }
    *text = '\0';
    for (int i = 0; i < 8; i++) {
        if (i == best) {
            strcat(text, i ? ":" : "::");
            i += length - 1;
            continue;
        }
        sprintf(text + strlen(text), i < 7 ? "%x:" : "%x", piece[i]);
    }
}

/* IPv4: URL, "IPv4 number parser", "IPv4 parser", "ends in a number checker". */

static int read_number(const char *text, size_t len, unsigned long *value)
{
    char copy[300], *end;
    int base = 10;

    if (len == 0 || len >= sizeof copy)
        return 0;
    memcpy(copy, text, len);
    copy[len] = '\0';
    text = copy;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        text += 2;
        base = 16;
    } else if (text[0] == '0' && text[1]) {
        text++;
        base = 8;
    }
    if (strspn(text, base == 16  ? DIGITS "abcdefABCDEF"
                     : base == 8 ? "01234567"
                                 : DIGITS) != strlen(text))
        return 0;
    *value = 0;
    if (!*text)
        return 1;
    *value = strtoul(text, &end, base);
    return 1;
}

static int ends_in_number(const char *host)
{
    size_t len = strlen(host);
    const char *last;
    unsigned long value;

    if (len && host[len - 1] == '.')
        len--;
    for (last = host + len; last > host && last[-1] != '.';)
        last--;
    len -= (size_t)(last - host);
    if (len && strspn(last, DIGITS) >= len)
        return 1;
    return read_number(last, len, &value);
}

int reference_ipv4(const char *host, unsigned long *address)
{
    unsigned long parts[4], sum = 0;
    size_t len = strlen(host);
    int count = 0;

    if (len && host[len - 1] == '.')
        len--;
    for (size_t start = 0; start <= len; count++) {
        size_t end = start;

        while (end < len && host[end] != '.')
            end++;
        if (count == 4 || !read_number(host + start, end - start, &parts[count]))
            return 0;
        start = end + 1;
    }
    for (int i = 0; i < count - 1; i++) {
        if (parts[i] > 255)
            return 0;
        sum += parts[i] << 8 * (3 - i);
    }
    if (parts[count - 1] >= 1UL << 8 * (5 - count))
        return 0;
    *address = sum + parts[count - 1];
    return 1;
}

/* Hosts. */

static int is_ipv6_host(const char *host)
{
    char inner[256], canonical[64];
    unsigned piece[8];
    size_t len = strlen(host);

    if (len < 2 || host[len - 1] != ']')
        return 0;
    memcpy(inner, host + 1, len - 2);
    inner[len - 2] = '\0';
    if (!reference_ipv6(inner, piece))
        return 0;
    /* An IPv4 address in disguise: this project's own refusal. */
    if (!piece[0] && !piece[1] && !piece[2] && !piece[3] && !piece[4] && piece[5] == 0xffff)
        return 0;
    reference_ipv6_write(piece, canonical);
    return strcmp(canonical, inner) == 0;
}

static int has_fine_labels(const char *host)
{
    size_t total = strlen(host);

    for (const char *label = host;;) {
        size_t len = strspn(label, LOWER DIGITS "-_");

        if (len < 1 || len > 63)
            return 0;
        label += len;
        if (!*label)
            return total <= 253;
        if (*label != '.')
            return 0;
        if (!*++label)
            return total <= 254;
    }
}

static int is_host(const char *host)
{
    char dotted[32];
    unsigned long address;

    if (*host == '[')
        return is_ipv6_host(host);
    if (!has_fine_labels(host))
        return 0;
    if (!ends_in_number(host))
        return 1;
    if (!reference_ipv4(host, &address))
        return 0;
    sprintf(dotted, "%lu.%lu.%lu.%lu", address >> 24 & 255, address >> 16 & 255, address >> 8 & 255,
            address & 255);
    return strcmp(dotted, host) == 0;
}

/* Schemes whose pages have no origin that is sent, or not this one. */
static int is_scheme(const char *scheme)
{
    static const char *const others[] = {"ws",         "wss",   "file",       "data",
                                         "blob",       "about", "javascript", "mailto",
                                         "filesystem", "ftp",   NULL};

    if (!islower((unsigned char)*scheme) || strspn(scheme, LOWER DIGITS "+-.") != strlen(scheme))
        return 0;
    for (int i = 0; others[i]; i++) {
        if (strcmp(scheme, others[i]) == 0)
            return 0;
    }
    return 1;
}

/* Cuts s at a port. Returns 0 where what is behind the colon is not one that browsers write. */
static int cut_port(char *authority, const char *scheme, unsigned *port)
{
    char *from = *authority == '[' ? strchr(authority, ']') : authority, *colon;
    char again[16];

    *port = 0;
    colon = from ? strchr(from, ':') : NULL;
    if (!colon)
        return 1;
    *colon = '\0';
    *port = (unsigned)strtoul(colon + 1, NULL, 10);
    sprintf(again, "%u", *port % 100000);
    return *port > 0 && *port < 65536 && strcmp(again, colon + 1) == 0 &&
           !(*port == 80 && strcmp(scheme, "http") == 0) &&
           !(*port == 443 && strcmp(scheme, "https") == 0);
}

reference_kind reference_parse(const char *text, size_t len, reference_origin *out)
{
    char copy[512], *separator;

    if (len > 326 || memchr(text, '\0', len))
        return REFERENCE_MALFORMED;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (strcmp(copy, "null") == 0)
        return REFERENCE_NULL;
    separator = strstr(copy, "://");
    if (!separator || separator - copy > 64)
        return REFERENCE_MALFORMED;
    *separator = '\0';
    strcpy(out->scheme, copy);
    if (!is_scheme(out->scheme) || !cut_port(separator + 3, out->scheme, &out->port) ||
        strlen(separator + 3) > 255 || !is_host(separator + 3))
        return REFERENCE_MALFORMED;
    strcpy(out->host, separator + 3);
    return REFERENCE_TUPLE;
}

void reference_write(const reference_origin *origin, char *text)
{
    sprintf(text, "%s://%s", origin->scheme, origin->host);
    if (origin->port)
        sprintf(text + strlen(text), ":%u", origin->port);
}
