/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_subcommand.h"

#include "cg_diff.h"
#include "cg_document.h"
#include "cg_message.h"
#include "cg_output.h"
#include "cg_writer.h"

static int write_diff(const cg_options *options, const json_t *diff)
{
    cg_output output;

    if (!cg_output_open(options, &output))
        return CG_EXIT_FAILED;
    if (options->format == CG_FORMAT_JSON)
        cg_write_json(diff, output.file);
    else
        cg_diff_write_text(diff, output.file, output.colour);
    return cg_output_close(&output, cg_diff_widened(diff) ? CG_EXIT_FOUND : CG_EXIT_CLEAN);
}

int cg_diff_command(apr_pool_t *p, const cg_options *options)
{
    json_t *old = cg_document_report(p, APR_ARRAY_IDX(options->arguments, 0, const char *));
    json_t *new = cg_document_report(p, APR_ARRAY_IDX(options->arguments, 1, const char *));
    json_t *diff = old && new ? cg_diff_make(p, old, new) : NULL;
    int result = diff ? write_diff(options, diff) : CG_EXIT_FAILED;

    json_decref(diff);
    json_decref(old);
    json_decref(new);
    return result;
}
