/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_page.h"

#include "cg_utf8.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

void cg_page_begin(cg_page *page, FILE *out, int colour)
{
    page->out = out;
    page->colour = colour;
    apr_pool_create(&page->p, NULL);
}

int cg_page_end(cg_page *page)
{
    apr_pool_destroy(page->p);
    return fflush(page->out) == 0 && !ferror(page->out);
}

/* What fails here, ferror tells at the end. */
static void put(cg_page *page, const char *text, apr_size_t len)
{
    (void)!fwrite(text, 1, len, page->out);
}

static void indent(cg_page *page, int columns)
{
    static const char spaces[] = "                                ";

    put(page, spaces, columns < (int)sizeof spaces ? (apr_size_t)columns : sizeof spaces - 1);
}

/* \xNN and \uNNNN, or \uNNNNNN: at most four times as long as what it stands for. */
static char *escape(char *end, apr_uint32_t code, const char *letter, int digits)
{
    static const char hex[] = "0123456789abcdef";

    *end++ = '\\';
    *end++ = *letter;
    for (digits = code > 0xffff ? 6 : digits; digits > 0; digits--)
        *end++ = hex[code >> 4 * (digits - 1) & 15];
    return end;
}

const char *cg_page_printable(apr_pool_t *p, const char *text)
{
    char *printable = apr_palloc(p, 4 * strlen(text) + 1), *end = printable;

    while (*text) {
        apr_uint32_t code = 0;
        apr_size_t len = cg_utf8_next(text, &code);

        if (len == 0) {
            end = escape(end, (unsigned char)*text++, "x", 2);
            continue;
        }
        if (cg_utf8_is_printable(code)) {
            memcpy(end, text, len);
            end += len;
        } else {
            end = escape(end, code, code < 0x80 ? "x" : "u", code < 0x80 ? 2 : 4);
        }
        text += len;
    }
    *end = '\0';
    return printable;
}

/* Of text that is printable, and so UTF-8; a wide character counts as one. */
static apr_size_t columns_of(const char *text, apr_size_t len)
{
    apr_size_t columns = 0;

    for (apr_size_t i = 0; i < len; i++)
        columns += ((unsigned char)text[i] & 0xc0U) != 0x80;
    return columns;
}

static void wrap(cg_page *page, int level, int hang, const char *text)
{
    apr_size_t column = (apr_size_t)level * CG_PAGE_INDENT, begin = column;

    indent(page, (int)column);
    while (*text) {
        apr_size_t len = strcspn(text, " "), width = columns_of(text, len);

        if (column > begin && column + 1 + width > CG_PAGE_WIDTH) {
            begin = column = (apr_size_t)(level + hang) * CG_PAGE_INDENT;
            put(page, "\n", 1);
            indent(page, (int)column);
        } else if (column > begin) {
            put(page, " ", 1);
            column++;
        }
        put(page, text, len);
        column += width;
        text += len + (text[len] == ' ');
    }
    put(page, "\n", 1);
    apr_pool_clear(page->p);
}

void cg_page_put(cg_page *page, int level, const char *format, ...)
{
    const char *text;
    va_list arguments;

    va_start(arguments, format);
    text = apr_pvsprintf(page->p, format, arguments);
    va_end(arguments);
    wrap(page, level, 1, cg_page_printable(page->p, text));
}

void cg_page_block(cg_page *page, int level, const char *text)
{
    wrap(page, level, 0, cg_page_printable(page->p, text));
}

void cg_page_paste(cg_page *page, int level, const char *lines)
{
    while (*lines) {
        apr_size_t len = strcspn(lines, "\n");
        const char *line = cg_page_printable(page->p, apr_pstrmemdup(page->p, lines, len));

        indent(page, level * CG_PAGE_INDENT);
        put(page, line, strlen(line));
        put(page, "\n", 1);
        lines += len + (lines[len] == '\n');
    }
    apr_pool_clear(page->p);
}

void cg_page_severity(cg_page *page, const char *severity, const char *rest)
{
    /* Select Graphic Rendition (ECMA-48): bold red, red, yellow, cyan, none. */
    static const char *const colours[] = {"0", "36", "33", "31", "1;31"};
    int known = cg_severity_named(severity);
    char *name = apr_pstrdup(page->p, cg_page_printable(page->p, severity));
    const char *line;

    for (char *letter = name; *letter; letter++)
        *letter = (char)apr_toupper(*letter);
    if (page->colour && known >= 0)
        name = apr_psprintf(page->p, "\x1b[%sm%s\x1b[0m", colours[known], name);
    line = apr_pstrcat(page->p, name, " ", cg_page_printable(page->p, rest), "\n", NULL);
    put(page, line, strlen(line));
    apr_pool_clear(page->p);
}

void cg_page_empty_line(cg_page *page)
{
    put(page, "\n", 1);
}
