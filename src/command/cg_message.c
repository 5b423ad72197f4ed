/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_message.h"

#include "cg_page.h"

#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

int cg_say(const char *format, ...)
{
    va_list arguments;

    fputs("cors-audit: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return CG_EXIT_FAILED;
}

void cg_say_lines(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *end = text + len;

    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));

        if (!stop)
            stop = end;
        fprintf(stderr, "  %s\n",
                cg_page_printable(p, apr_pstrmemdup(p, text, (apr_size_t)(stop - text))));
        text = stop + 1;
    }
}
