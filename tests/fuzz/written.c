/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include "fuzz.h"

#include "cg_utf8.h"

#include <stdlib.h>
#include <string.h>

void written_begin(written *in)
{
    *in = (written){.text = NULL};
    in->out = open_memstream(&in->text, &in->len);
    FUZZ_MUST(in->out != NULL);
}

/* Whole, and printable but for the ends of its lines. */
static void end(written *in)
{
    FUZZ_MUST(fclose(in->out) == 0 && strlen(in->text) == in->len);
    for (const char *at = in->text; *at;) {
        apr_uint32_t code;
        apr_size_t len;

        /* Nearly all of it. */
        if (*at >= ' ' && *at <= '~') {
            at++;
            continue;
        }
        len = cg_utf8_next(at, &code);
        FUZZ_MUST(len > 0 && (code == '\n' || cg_utf8_is_printable(code)));
        at += len;
    }
}

void written_end_with_lines(written *in)
{
    end(in);
    free(in->text);
}

json_t *written_end_with_json(written *in)
{
    json_t *read;

    end(in);
    read = json_loadb(in->text, in->len, 0, NULL);
    FUZZ_MUST(read != NULL);
    free(in->text);
    return read;
}
