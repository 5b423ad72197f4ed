/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_writer.h"

/* In ASCII, so that no byte of a name reaches a terminal as it is; a reader gets the name back. */
int cg_write_json(const json_t *report, FILE *out)
{
    int whole = json_dumpf(report, out, JSON_INDENT(2) | JSON_ENSURE_ASCII) == 0;

    whole = fputc('\n', out) != EOF && whole;
    return fflush(out) == 0 && !ferror(out) && whole;
}
