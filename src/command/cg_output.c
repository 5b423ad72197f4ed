/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_output.h"

#include "cg_catalogue.h"
#include "cg_member.h"
#include "cg_message.h"
#include "cg_report.h"
#include "cg_writer.h"

#include <stdlib.h>
#include <unistd.h>

int cg_output_open(const cg_options *options, cg_output *output)
{
    const char *no_colour = getenv("NO_COLOR");

    *output = (cg_output){stdout, "standard output", 0};
    if (!options->output) {
        output->colour = isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
        return 1;
    }
    output->name = options->output;
    output->file = fopen(options->output, "w");
    if (output->file)
        return 1;
    cg_say("--output %s: the file cannot be written; name one in a folder that you may write to",
           output->name);
    return 0;
}

int cg_output_close(cg_output *output, int result)
{
    int failed = fflush(output->file) != 0 || ferror(output->file);

    if (output->file != stdout && fclose(output->file) != 0)
        failed = 1;
    if (!failed)
        return result;
    return cg_say("%s: not all of it could be written; what is there is not whole", output->name);
}

int cg_output_judge(const cg_options *options, const json_t *report)
{
    const json_t *summary = json_object_get(report, "summary");

    for (int level = options->fail_on; level <= CG_SEVERITY_CRITICAL; level++) {
        if (cg_member_number(summary, cg_severity_name((cg_severity)level)) > 0)
            return CG_EXIT_FOUND;
    }
    return CG_EXIT_CLEAN;
}

int cg_output_report(const cg_options *options, const json_t *report)
{
    cg_output output;

    if (!cg_output_open(options, &output))
        return CG_EXIT_FAILED;
    if (options->format == CG_FORMAT_JSON)
        cg_write_json(report, output.file);
    else if (options->format == CG_FORMAT_SARIF)
        cg_write_sarif(report, output.file);
    else
        cg_write_text(report, output.file, output.colour);
    return cg_output_close(&output, cg_output_judge(options, report));
}

json_t *cg_output_text(const char *text)
{
    return text ? cg_report_text(text) : json_null();
}

int cg_output_json(const cg_options *options, const json_t *document)
{
    cg_output output;

    if (!cg_output_open(options, &output))
        return CG_EXIT_FAILED;
    cg_write_json(document, output.file);
    return cg_output_close(&output, CG_EXIT_CLEAN);
}
