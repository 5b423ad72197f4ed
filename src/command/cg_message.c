/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_message.h"

#include "cg_page.h"

#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

/* Where stderr is closed nobody can be told. */
static void say(apr_pool_t *p, const char *before, const char *text)
{
    (void)fprintf(stderr, "%s%s\n", before, cg_page_printable(p, text));
}

int cg_say(const char *format, ...)
{
    va_list arguments;
    apr_pool_t *p;

    apr_pool_create(&p, NULL);
    va_start(arguments, format);
    say(p, "cors-audit: ", apr_pvsprintf(p, format, arguments));
    va_end(arguments);
    apr_pool_destroy(p);
    return CG_EXIT_FAILED;
}

void cg_say_lines(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *end = text + len;

    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));

        if (!stop)
            stop = end;
        say(p, "  ", apr_pstrmemdup(p, text, (apr_size_t)(stop - text)));
        text = stop + 1;
    }
}
