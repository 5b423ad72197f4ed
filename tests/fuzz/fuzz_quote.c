/* SPDX-License-Identifier: Apache-2.0 */
/* What messages quote: no byte that a terminal or a log would take for something else, and the text
 * can be told from the quotation. */
#include "fuzz.h"

#include "cg_page.h"
#include "cg_quote.h"
#include "cg_utf8.h"

#include <apr_strings.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Reads a quotation back. */
static void check_quote(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *quoted = cg_quote(p, text, len), *at = quoted;
    apr_size_t shown = len < CG_QUOTE_MAX ? len : CG_QUOTE_MAX;

    FUZZ_MUST(fuzz_is_plain(quoted) && *at++ == '"');
    for (apr_size_t i = 0; i < shown; i++) {
        unsigned char byte = (unsigned char)*at++;

        FUZZ_MUST(byte && byte != '"');
        if (byte == '\\') {
            char digits[] = {at[0] == 'x' ? at[1] : '\0', at[0] == 'x' ? at[2] : '\0', '\0'};

            FUZZ_MUST(isxdigit((unsigned char)digits[0]) && isxdigit((unsigned char)digits[1]));
            byte = (unsigned char)strtoul(digits, NULL, 16);
            at += 3;
        }
        FUZZ_MUST(byte == (unsigned char)text[i]);
    }
    FUZZ_MUST(strcmp(at, shown < len ? "\"..." : "\"") == 0);
}

/* What reaches a terminal is valid and shows. */
static void check_printable(apr_pool_t *p, const char *text)
{
    const char *shown = cg_page_printable(p, text);

    while (*shown) {
        apr_uint32_t code;
        apr_size_t len = cg_utf8_next(shown, &code);

        FUZZ_MUST(len > 0 && cg_utf8_is_printable(code));
        FUZZ_MUST(code >= 0x20 && code != 0x7f && !(code >= 0x80 && code < 0xa0));
        shown += len;
    }
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    check_quote(p, text, len);
    check_printable(p, apr_pstrmemdup(p, text, len));
}
