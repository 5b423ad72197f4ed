/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_regex_atom.h"

#include <string.h>

void cg_regex_unclear(cg_regex_reader *r, const char *why)
{
    if (!r->unclear)
        r->unclear = why;
}

void cg_regex_give_up(cg_regex_reader *r, const char *why)
{
    cg_regex_unclear(r, why);
    r->at = r->end;
}

void cg_regex_skip_behind(cg_regex_reader *r, char c)
{
    const char *found = memchr(r->at, c, (size_t)(r->end - r->at));

    if (found)
        r->at = found + 1;
    else
        cg_regex_give_up(r, CG_REGEX_NOT_CLOSED);
}

int cg_regex_take(cg_regex_reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return 0;
    r->at++;
    return 1;
}

int cg_regex_sees(const cg_regex_reader *r, const char *text)
{
    apr_size_t len = strlen(text);

    return (apr_size_t)(r->end - r->at) >= len && memcmp(r->at, text, len) == 0;
}

static void set_byte(cg_bytes *out, unsigned byte)
{
    cg_bytes_add(out, (unsigned char)byte, (unsigned char)byte);
}

/* The value of a digit of base 8 or 16, or -1. */
static int digit_at(const cg_regex_reader *r, int base)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = r->at < r->end ? strchr(digits, *r->at) : NULL;
    int value = found ? (int)((found - digits) & 15) : base;

    return value < base ? value : -1;
}

/* A number of at most max digits; 256 and more all read as 256, which is no byte. */
static unsigned read_number(cg_regex_reader *r, int base, unsigned max)
{
    unsigned value = 0;
    int digit;

    for (; max && (digit = digit_at(r, base)) >= 0; max--, r->at++) {
        value = value * (unsigned)base + (unsigned)digit;
        if (value > 256)
            value = 256;
    }
    return value;
}

static int set_number(cg_bytes *out, unsigned value)
{
    if (value < 256)
        set_byte(out, value);
    return 1;
}

/* \xhh, \x{...}, \o{...} */
static int read_coded(cg_regex_reader *r, int base, cg_bytes *out)
{
    unsigned value;

    if (!cg_regex_take(r, '{'))
        return set_number(out, read_number(r, base, 2));
    value = read_number(r, base, 32);
    cg_regex_skip_behind(r, '}');
    return set_number(out, value);
}

/* \d, \W and the like. @return 0 where letter names no class */
static int read_named_class(char letter, cg_bytes *out)
{
    static const struct {
        char letter;
        const char *name;
    } classes[] = {{'d', "digit"}, {'w', "word"}, {'s', "space"}, {'h', "blank"}, {'v', "space"}};

    for (apr_size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (letter != classes[i].letter && letter != classes[i].letter - 'a' + 'A')
            continue;
        cg_bytes_add_class(out, classes[i].name, strlen(classes[i].name));
        if (letter != classes[i].letter)
            cg_bytes_invert(out);
        return 1;
    }
    return 0;
}

/* A control byte by its letter. @return 0 where letter names none */
static int read_control(char letter, cg_bytes *out)
{
    static const char letters[] = "aefnrt", bytes[] = "\a\x1b\f\n\r\t";
    const char *found = strchr(letters, letter);

    if (!found)
        return 0;
    set_byte(out, (unsigned char)bytes[found - letters]);
    return 1;
}

/* \p{...}, \pL: which bytes it matches, the real regex says. */
static int read_property(cg_regex_reader *r, cg_bytes *out)
{
    if (cg_regex_take(r, '{'))
        cg_regex_skip_behind(r, '}');
    else if (r->at < r->end)
        r->at++;
    cg_bytes_add(out, 0, 255);
    return 1;
}

/* What a back reference or a call matches is not known. */
static int read_reference(cg_regex_reader *r)
{
    static const char open[] = "{<'", close[] = "}>'";
    const char *found = r->at < r->end ? strchr(open, *r->at) : NULL;

    cg_regex_unclear(r, CG_REGEX_NOT_JUDGED);
    if (found) {
        r->at++;
        cg_regex_skip_behind(r, close[found - open]);
        return 0;
    }
    while (r->at < r->end && ((*r->at >= '0' && *r->at <= '9') || *r->at == '-' || *r->at == '+'))
        r->at++;
    return 0;
}

static int read_letter_escape(cg_regex_reader *r, char letter, cg_bytes *out)
{
    if (read_named_class(letter, out) || read_control(letter, out))
        return 1;
    switch (letter) {
    case 'N':
    case 'C':
    case 'X':
        cg_bytes_add(out, 0, 255);
        return 1;
    case 'R':
        set_byte(out, '\n');
        return 1;
    case 'c':
        r->at += r->at < r->end;
        return 1;
    case 'x':
        return read_coded(r, 16, out);
    case 'o':
        return read_coded(r, 8, out);
    case 'p':
    case 'P':
        return read_property(r, out);
    case 'Q':
        r->quoting = 1;
        return 0;
    case 'g':
    case 'k':
        return read_reference(r);
    default:
        if (!strchr("AzZbBGKE", letter))
            cg_regex_unclear(r, CG_REGEX_NOT_JUDGED);
        return 0;
    }
}

int cg_regex_read_escape(cg_regex_reader *r, cg_bytes *out)
{
    char c;

    memset(out, 0, sizeof *out);
    if (r->at == r->end) {
        cg_regex_unclear(r, CG_REGEX_NOT_CLOSED);
        return 0;
    }
    c = *r->at++;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return read_letter_escape(r, c, out);
    if (c == '0')
        return set_number(out, read_number(r, 8, 2));
    if (c >= '1' && c <= '9')
        return read_reference(r);
    set_byte(out, (unsigned char)c);
    return 1;
}

/* [:alpha:], [:^alpha:] behind "[:". @return 0 where it is none and nothing was read */
static int read_posix(cg_regex_reader *r, cg_bytes *out)
{
    const char *name = r->at, *close = name;
    cg_bytes set = {{0}};
    int inverted = cg_regex_take(r, '^');

    name += inverted;
    while (close + 1 < r->end && !(close[0] == ':' && close[1] == ']'))
        close++;
    if (close + 1 >= r->end || !cg_bytes_add_class(&set, name, (apr_size_t)(close - name))) {
        r->at = name - inverted;
        return 0;
    }
    if (inverted)
        cg_bytes_invert(&set);
    cg_bytes_join(out, &set);
    r->at = close + 2;
    return 1;
}

/* An escape of a class: \b is backspace there, and digits are octal.
 * @return as read_member */
static int read_class_escape(cg_regex_reader *r, cg_bytes *out)
{
    cg_bytes set = {{0}};
    char c = r->at < r->end ? *r->at : '\0';

    if (c == 'b' || c == 'E') {
        r->at++;
        return c == 'b' ? '\b' : -1;
    }
    if (c >= '0' && c <= '7')
        return (int)(read_number(r, 8, 3) & 255);
    if (!cg_regex_read_escape(r, &set))
        return -1;
    if (cg_bytes_count(&set) == 1) {
        for (unsigned byte = 0; byte < 256; byte++) {
            if (cg_bytes_has(&set, (unsigned char)byte))
                return (int)byte;
        }
    }
    cg_bytes_join(out, &set);
    return -1;
}

/* Reads one thing of a class.
 * @return the byte that it is, which may begin a range and is not yet in out; -1: none */
static int read_member(cg_regex_reader *r, cg_bytes *out)
{
    char c = *r->at++;

    if (r->quoting) {
        if (c != '\\' || !cg_regex_take(r, 'E'))
            return (unsigned char)c;
        r->quoting = 0;
        return -1;
    }
    if (r->extended_more && (c == ' ' || c == '\t'))
        return -1;
    if (c == '[' && r->at < r->end && *r->at == ':') {
        r->at++;
        if (read_posix(r, out))
            return -1;
        r->at--;
    }
    return c == '\\' ? read_class_escape(r, out) : (unsigned char)c;
}

/* Reads \Q and \E, which may stand inside a range. */
static void read_quotes(cg_regex_reader *r)
{
    while (cg_regex_sees(r, "\\E") || (!r->quoting && cg_regex_sees(r, "\\Q"))) {
        r->quoting = r->at[1] == 'Q';
        r->at += 2;
    }
}

/* A member, and the range it begins. */
static void read_range(cg_regex_reader *r, cg_bytes *out)
{
    int from = read_member(r, out), to;
    cg_regex_reader hyphen;

    if (from < 0)
        return;
    set_byte(out, (unsigned)from);
    read_quotes(r);
    if (r->quoting || !cg_regex_sees(r, "-"))
        return;
    hyphen = *r;
    r->at++;
    read_quotes(r);
    if (r->at == r->end || (!r->quoting && *r->at == ']')) {
        *r = hyphen;
        return;
    }
    to = read_member(r, out);
    if (to < 0)
        set_byte(out, '-');
    else if (to >= from)
        cg_bytes_add(out, (unsigned char)from, (unsigned char)to);
}

/* Reads what may stand before the first member. @return whether there is a "^" */
static int read_inversion(cg_regex_reader *r)
{
    int inverted = 0;

    for (;;) {
        if (!inverted && cg_regex_take(r, '^'))
            inverted = 1;
        else if (cg_regex_sees(r, "\\E"))
            r->at += 2;
        else if (cg_regex_sees(r, "\\Q\\E"))
            r->at += 4;
        else if (!r->extended_more || !(cg_regex_take(r, ' ') || cg_regex_take(r, '\t')))
            return inverted;
    }
}

void cg_regex_read_class(cg_regex_reader *r, cg_bytes *out)
{
    int inverted = read_inversion(r);

    memset(out, 0, sizeof *out);
    /* A "]" that comes first is a member. */
    for (int first = 1; r->at < r->end && (first || r->quoting || *r->at != ']'); first = 0)
        read_range(r, out);
    if (!cg_regex_take(r, ']'))
        cg_regex_unclear(r, CG_REGEX_NOT_CLOSED);
    if (r->caseless)
        cg_bytes_fold(out);
    if (inverted)
        cg_bytes_invert(out);
}
