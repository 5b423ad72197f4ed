/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_OUTPUT_H
#define CG_OUTPUT_H

#include "cg_subcommand.h"

#include <jansson.h>
#include <stdio.h>

/** Where a result goes: standard output, or the file of --output. */
typedef struct cg_output {
    FILE *file;
    const char *name;
    int colour; /**< non-zero for a terminal whose user wants it (NO_COLOR) */
} cg_output;

/** @return zero where the file cannot be written, and it was said why. */
int cg_output_open(const cg_options *options, cg_output *output);

/** Ends the output.
 *  @return result; CG_EXIT_FAILED where not all was written, and it was said. */
int cg_output_close(cg_output *output, int result);

/** Writes a report in the format that the options ask for.
 *  @return CG_EXIT_FOUND where a finding is of the level of --fail-on or above, CG_EXIT_CLEAN
 *      where none is, CG_EXIT_FAILED where it could not be written. */
int cg_output_report(const cg_options *options, const json_t *report);

/** A text of a JSON document (cg_report_text), null where text is NULL; the caller's. */
json_t *cg_output_text(const char *text);

/** Writes a JSON document. @return CG_EXIT_CLEAN or CG_EXIT_FAILED. */
int cg_output_json(const cg_options *options, const json_t *document);

/** Whether a report has a finding of that level or above that is not accepted, as an exit code. */
int cg_output_judge(const cg_options *options, const json_t *report);

#endif
