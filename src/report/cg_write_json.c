/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_writer.h"

void cg_write_json(const json_t *report, FILE *out)
{
    json_dumpf(report, out, JSON_INDENT(2));
}
