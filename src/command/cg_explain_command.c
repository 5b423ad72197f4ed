/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_subcommand.h"

#include "cg_message.h"
#include "cg_output.h"
#include "cg_server.h"
#include "cg_whatif.h"

#include <apr_strings.h>
#include <stdlib.h>

static int write_whatif(const cg_options *options, const json_t *document, const cg_whatif *whatif)
{
    cg_output output;

    if (options->format == CG_FORMAT_JSON) {
        json_t *made = cg_whatif_json(document, whatif);
        int result = cg_output_json(options, made);

        json_decref(made);
        return result;
    }
    if (!cg_output_open(options, &output))
        return CG_EXIT_FAILED;
    cg_whatif_write_text(whatif, output.file, output.colour);
    return cg_output_close(&output, CG_EXIT_CLEAN);
}

static const char *questions_text(apr_pool_t *p, const cg_whatif *whatif)
{
    json_t *questions = cg_whatif_questions(whatif);
    size_t wanted = whatif->has_preflight ? 2 : 1;
    char *dumped =
        json_array_size(questions) == wanted ? json_dumps(questions, JSON_COMPACT) : NULL;
    const char *text = dumped ? apr_pstrdup(p, dumped) : NULL;

    free(dumped);
    json_decref(questions);
    return text;
}

int cg_explain_command(apr_pool_t *p, const cg_options *options)
{
    cg_whatif whatif;
    const char *questions;
    json_t *document;
    int result = CG_EXIT_FAILED;

    if (!cg_whatif_read(p, options, &whatif))
        return CG_EXIT_FAILED;
    questions = questions_text(p, &whatif);
    if (!questions)
        return cg_say("the URL and the headers must be UTF-8; percent-encode other bytes");
    document = cg_server_ask(p, options, "DUMP_CORS_EXPLAIN", questions);
    if (document && cg_whatif_judge(p, document, &whatif))
        result = write_whatif(options, document, &whatif);
    json_decref(document);
    return result;
}
