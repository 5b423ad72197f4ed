/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_writer.h"

int cg_write_text(const json_t *report, FILE *out, int colour)
{
    (void)colour;
    return json_dumpf(report, out, JSON_INDENT(2)) == 0;
}
