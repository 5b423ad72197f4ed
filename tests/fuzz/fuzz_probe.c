/* SPDX-License-Identifier: Apache-2.0 */
/* cors-audit probe, as it runs, of a server that answers any bytes (server.h). What it writes, in
 * each format and to stderr, is whole and shows on a terminal as it is; all formats say the same;
 * what an answer shows of its header is about CORS, and each request is told or counted. */
#include "fuzz.h"
#include "server.h"
#include "written.h"

#include "cg_catalogue.h"
#include "cg_member.h"
#include "cg_message.h"
#include "cg_suffix.h"
#include "cg_trial.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define URL "https://www.example.com/api"

/* A run of the command. */
typedef struct ran {
    written out, err;
    int code;
    int requests;
} ran;

/* stdout and stderr are variables in glibc: what writes to the descriptors, as sanitizers do, is not
 * kept. */
static void run(apr_pool_t *p, cg_format format, const char *text, apr_size_t len, ran *done)
{
    cg_options options = {.format = format, .fail_on = CG_SEVERITY_MEDIUM};
    FILE *out = stdout, *err = stderr;

    options.origins = apr_array_make(p, 1, sizeof(const char *));
    options.arguments = apr_array_make(p, 1, sizeof(const char *));
    APR_ARRAY_PUSH(options.arguments, const char *) = URL;
    written_begin(&done->out);
    written_begin(&done->err);
    server_begin(p, text, text + len);
    stdout = done->out.out;
    stderr = done->err.out;
    done->code = cg_probe_command(p, &options);
    stdout = out;
    stderr = err;
    done->requests = server_requests();
    FUZZ_MUST((done->code == CG_EXIT_FAILED) == (ftell(done->err.out) > 0));
    written_end_with_lines(&done->err);
}

static void check_headers(const json_t *headers)
{
    for (size_t i = 0; i < json_array_size(headers); i++) {
        const char *name = json_string_value(json_array_get(json_array_get(headers, i), 0));

        FUZZ_MUST(name && (strncasecmp(name, "Access-Control-", 15) == 0 ||
                           strcasecmp(name, "Vary") == 0 || strcasecmp(name, "Location") == 0));
    }
    FUZZ_MUST(json_array_size(headers) <= CG_CLIENT_LINES_MAX);
}

static void check_probe(const json_t *report, const ran *done)
{
    const json_t *probe = json_array_get(json_object_get(report, "probes"), 0);
    const json_t *answers = json_object_get(probe, "answers");
    const char *problem = json_string_value(json_object_get(probe, "problem"));
    int count = (int)json_array_size(answers);

    FUZZ_MUST(json_is_array(answers) && count <= CG_TRIAL_REQUESTS_MAX);
    FUZZ_MUST(count == done->requests || (problem && count == done->requests - 1));
    FUZZ_MUST((problem != NULL) == (done->code == CG_EXIT_FAILED));
    for (int i = 0; i < count; i++)
        check_headers(json_object_get(json_array_get(answers, (size_t)i), "headers"));
}

/* Non-zero where a finding is of the level that the options name, or above. */
static int has_found(const json_t *report)
{
    const json_t *findings = json_object_get(report, "findings");

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const char *severity = cg_member_text(json_array_get(findings, i), "severity");

        if (strcmp(severity, "medium") == 0 || strcmp(severity, "high") == 0 ||
            strcmp(severity, "critical") == 0)
            return 1;
    }
    return 0;
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    ran lines, json, sarif;
    json_t *report, *log;

    cg_suffix_open(apr_pool_parent_get(p));
    (void)setenv("NO_COLOR", "1", 1);
    run(p, CG_FORMAT_TEXT, text, len, &lines);
    written_end_with_lines(&lines.out);
    run(p, CG_FORMAT_JSON, text, len, &json);
    report = written_end_with_json(&json.out);
    run(p, CG_FORMAT_SARIF, text, len, &sarif);
    log = written_end_with_json(&sarif.out);
    FUZZ_MUST(lines.code == json.code && json.code == sarif.code);
    FUZZ_MUST(lines.requests == json.requests && json.requests == sarif.requests);
    check_probe(report, &json);
    FUZZ_MUST(json.code == CG_EXIT_FAILED ||
              (json.code == CG_EXIT_FOUND) == (has_found(report) != 0));
    FUZZ_MUST(json_array_size(
                  json_object_get(json_array_get(json_object_get(log, "runs"), 0), "results")) ==
              json_array_size(json_object_get(report, "findings")));
    json_decref(log);
    json_decref(report);
}
