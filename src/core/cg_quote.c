/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_quote.h"

#include <apr_strings.h>

const char *cg_quote(apr_pool_t *p, const char *text, apr_size_t len)
{
    static const char hex[] = "0123456789abcdef";
    apr_size_t shown = !text ? 0 : len > CG_QUOTE_MAX ? CG_QUOTE_MAX : len;
    char *quoted = apr_palloc(p, 4 * shown + sizeof "\"\"...");
    char *end = quoted;

    *end++ = '"';
    for (apr_size_t i = 0; i < shown; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
            *end++ = (char)byte;
            continue;
        }
        *end++ = '\\';
        *end++ = 'x';
        *end++ = hex[byte >> 4];
        *end++ = hex[byte & 15];
    }
    apr_cpystrn(end, text && shown < len ? "\"..." : "\"", sizeof "\"...");
    return quoted;
}
