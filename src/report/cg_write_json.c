/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_writer.h"

#include <string.h>

/* jansson escapes every control character but DEL, which stands in strings only. */
static int put(const char *text, size_t len, void *out)
{
    const char *del;

    for (; (del = memchr(text, 0x7f, len)) != NULL; text = del + 1) {
        size_t before = (size_t)(del - text);

        if (fwrite(text, 1, before, out) != before || fputs("\\u007f", out) == EOF)
            return -1;
        len -= before + 1;
    }
    return fwrite(text, 1, len, out) == len ? 0 : -1;
}

/* In ASCII, so that no byte of a name reaches a terminal as it is; a reader gets the name back. */
int cg_write_value(const json_t *value, FILE *out, size_t flags)
{
    return json_dump_callback(value, put, out, flags | JSON_ENSURE_ASCII | JSON_ENCODE_ANY) == 0;
}

int cg_write_json(const json_t *report, FILE *out)
{
    int whole = cg_write_value(report, out, JSON_INDENT(2)) && fputc('\n', out) != EOF;

    return fflush(out) == 0 && !ferror(out) && whole;
}
