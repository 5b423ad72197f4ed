/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_reading.h"
#include "cg_quote.h"

#include <apr_strings.h>
#include <string.h>

/* Far over the longest origin even where it is written in Unicode. */
#define TEXT_MAX 2048
/* So often a repair is repaired in its turn: "//a.com:080/x" has three errors. */
#define REPAIRS_MAX 6
/* A longer list is not repeated in a message. */
#define LIST_MAX 8

#define FORM "write scheme://host, such as https://example.com"

int cg_refuse(cg_reading *r, const char *why, const char *advice)
{
    r->why = why;
    r->advice = advice;
    r->write = NULL;
    return 0;
}

/* Reads a text that stands for the one of r. What it becomes is the result's write, NULL where
 * it comes to nothing. */
static cg_reading read_again(const cg_reading *r, const char *text, apr_size_t len)
{
    cg_reading again = {r->p, r->depth + 1, NULL, NULL, NULL};
    cg_pattern pattern;

    if (r->depth == REPAIRS_MAX)
        cg_refuse(&again, "more is wrong", FORM);
    else if (cg_read_text(&again, text, len, &pattern))
        again.write = pattern.text;
    return again;
}

int cg_repair(cg_reading *r, const char *why, const char *instead)
{
    cg_reading again = read_again(r, instead, strlen(instead));

    if (!again.write)
        why = apr_pstrcat(r->p, why, ", and ", again.why, NULL);
    cg_refuse(r, why, again.advice);
    r->write = again.write;
    return 0;
}

static int is_utf8(const unsigned char *text, apr_size_t len)
{
    for (apr_size_t i = 0; i < len;) {
        unsigned char lead = text[i++];
        int more = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        unsigned code;

        if (more < 0 || lead > 0xf4 || (apr_size_t)more > len - i)
            return 0;
        code = more ? lead & (0x3fU >> more) : lead;
        for (int rest = more; rest > 0; rest--, i++) {
            if ((text[i] & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (text[i] & 0x3f);
        }
        if ((more == 2 && (code < 0x800 || code >> 11 == 0x1b)) ||
            (more == 3 && (code < 0x10000 || code > 0x10ffff)))
            return 0;
    }
    return 1;
}

int cg_check_bytes(cg_reading *r, const char *text, apr_size_t len)
{
    if (len == 0)
        return cg_refuse(r, "an origin is empty", FORM);
    if (len > TEXT_MAX)
        return cg_refuse(r, apr_psprintf(r->p, "no origin has %" APR_SIZE_T_FMT " bytes", len),
                         FORM);
    for (apr_size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte < 0x20 || byte == 0x7f)
            return cg_refuse(r, apr_psprintf(r->p, "it holds the control byte \\x%02x", byte),
                             "remove it");
    }
    if (!is_utf8((const unsigned char *)text, len))
        return cg_refuse(r, "it is not UTF-8",
                         "save the file as UTF-8, or write the host as its A-label (xn--...)");
    return 1;
}

/* Takes the quotation marks out, also the ones that word processors write. */
static const char *unquoted(apr_pool_t *p, const char *text)
{
    static const char *const marks[] = {
        "\"", "'", "`", "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9c", "\xe2\x80\x9d"};
    char *bare = apr_palloc(p, strlen(text) + 1), *end = bare;

    while (*text) {
        apr_size_t skip = 0;

        for (apr_size_t i = 0; i < sizeof marks / sizeof *marks && !skip; i++) {
            if (strncmp(text, marks[i], strlen(marks[i])) == 0)
                skip = strlen(marks[i]);
        }
        if (!skip)
            *end++ = *text;
        text += skip ? skip : 1;
    }
    *end = '\0';
    return bare;
}

/* The members of a list, each repaired, with spaces between; NULL where one of them cannot be. */
static const char *respaced(cg_reading *r, const char *text)
{
    const char *list = NULL;

    for (int n = 0; *(text += strspn(text, ", ;")); n++) {
        apr_size_t len = strcspn(text, ", ;");
        const char *one = n < LIST_MAX ? read_again(r, text, len).write : NULL;

        if (!one)
            return NULL;
        list = list ? apr_pstrcat(r->p, list, " ", one, NULL) : one;
        text += len;
    }
    return list;
}

static int refuse_list(cg_reading *r, const char *text)
{
    int spaces = !strpbrk(text, ",;");

    cg_refuse(r,
              spaces ? "an origin has no space" : "origins are separated by spaces, nothing else",
              spaces ? "write each origin as an argument of its own, without quotes"
                     : "write them with only a space between them");
    r->write = respaced(r, text);
    return 0;
}

static int looks_like_regex(const char *text)
{
    static const char *const signs[] = {"\\.",   "\\/", "\\d", "\\w", "\\-", "?://",
                                        "://.*", "[^",  "[a-", "[0-", "]+",  "]*",
                                        ".+",    "(",   ")",   "|",   "{",   "}"};

    if (text[0] == '^' || text[strlen(text) - 1] == '$' || strncmp(text, ".*", 2) == 0)
        return 1;
    for (apr_size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (strstr(text, signs[i]))
            return 1;
    }
    return 0;
}

int cg_check_shape(cg_reading *r, const char *text)
{
    const char *bare = unquoted(r->p, text);

    if (strcmp(text, "null") == 0)
        return cg_repair(r, "browsers write it in lower case", "null");
    if (strcmp(text, "*") == 0 || strcmp(text, "none") == 0)
        return cg_refuse(r, "that is not one origin", FORM);
    if (strcmp(bare, text) != 0)
        return cg_repair(r, "an origin has no quotation marks", bare);
    if (strstr(text, "${"))
        return cg_refuse(r, "the variable in it is not defined", "Define it above this line");
    if (strpbrk(text, ", ;"))
        return refuse_list(r, text);
    if (looks_like_regex(text))
        return cg_refuse(r, "that is a regular expression", "give it to CorsAllowOriginMatch");
    return 1;
}
