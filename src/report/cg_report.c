/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_report.h"

#include "cg_utf8.h"
#include "cg_version.h"

#include <stdlib.h>
#include <string.h>

json_t *cg_report_make(void)
{
    return json_pack("{s:{s:s, s:s}, s:i}", "tool", "name", CG_TOOL, "version", CG_VERSION,
                     "schema", CG_REPORT_SCHEMA);
}

/* Each byte that is part of no character as \xNN. */
static char *escape(const char *text)
{
    static const char hex[] = "0123456789abcdef";
    char *escaped = malloc(4 * strlen(text) + 1), *end = escaped;

    if (!escaped)
        return NULL;
    while (*text) {
        apr_uint32_t code;
        apr_size_t len = cg_utf8_next(text, &code);

        if (len == 0) {
            unsigned char byte = (unsigned char)*text++;

            *end++ = '\\';
            *end++ = 'x';
            *end++ = hex[byte >> 4];
            *end++ = hex[byte & 15];
        }
        for (; len > 0; len--)
            *end++ = *text++;
    }
    *end = '\0';
    return escaped;
}

json_t *cg_report_text(const char *text)
{
    json_t *string = json_string(text ? text : "");
    char *escaped;

    if (string)
        return string;
    escaped = escape(text);
    string = json_string(escaped);
    free(escaped);
    return string;
}
