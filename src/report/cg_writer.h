/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_WRITER_H
#define CG_WRITER_H

#include <jansson.h>
#include <stdio.h>

/** Writers of a report (cg_report.h), each a file of its own. A report that was read from a file
 *  may lack or add keys: what a writer does not find it leaves out. Nothing of a report reaches a
 *  terminal unescaped.
 *
 *  Each returns non-zero where all of it was written, and zero where the disk is full, say: then
 *  nobody may take the output for a whole one. */

/** For people: at most 80 columns where words allow it, worst first, a summary in the last line.
 *  @param colour non-zero for a terminal. */
int cg_write_text(const json_t *report, FILE *out, int colour);

/** The document itself. */
int cg_write_json(const json_t *report, FILE *out);

/** SARIF 2.1.0. */
int cg_write_sarif(const json_t *report, FILE *out);

#endif
