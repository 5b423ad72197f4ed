/* SPDX-License-Identifier: Apache-2.0 */
/* cors-audit probe, as it runs, of a server that answers any bytes (server.h). What it writes, in
 * each format and to stderr, is whole and shows on a terminal as it is; all formats say the same;
 * what is told of each answer's header is what a simple reader finds in it. */
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
#define STRANGER "https://evil.example"

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

static int is_about_cors(const char *name)
{
    return (strncasecmp(name, "Access-Control-", 15) == 0 && name[15]) ||
           strcasecmp(name, "Vary") == 0 || strcasecmp(name, "Location") == 0;
}

static char *trimmed(char *text)
{
    apr_size_t len;

    text += strspn(text, " \t\r\n");
    len = strlen(text);
    while (len && strchr(" \t\r\n", text[len - 1]))
        len--;
    text[len] = '\0';
    return text;
}

/* What is about CORS in the header of the last answer in some header lines, simply: a name, its
 * value, a name... A line that begins with a blank goes on with the one before it. */
static apr_array_header_t *read_header(apr_pool_t *p, const char *text, apr_size_t len)
{
    apr_array_header_t *found = apr_array_make(p, 8, sizeof(char *));
    const char *rest = text, *end = text + len;
    int goes_on = 0;
    char *line;

    while ((line = fuzz_line(p, &rest, end)) != NULL) {
        char *colon = strchr(line, ':');

        if (strncmp(line, "HTTP/", 5) == 0) {
            apr_array_clear(found);
            goes_on = 0;
        } else if (goes_on && (*line == ' ' || *line == '\t')) {
            char **last = &APR_ARRAY_IDX(found, found->nelts - 1, char *);

            *last = apr_pstrcat(p, *last, " ", trimmed(line), NULL);
        } else if (*line && *line != '\r') {
            if (colon)
                *colon = '\0';
            goes_on = colon && is_about_cors(line);
            if (goes_on) {
                APR_ARRAY_PUSH(found, char *) = line;
                APR_ARRAY_PUSH(found, char *) = trimmed(colon + 1);
            }
        }
    }
    return found;
}

/* Every line of the header is told. Text that is not ASCII is shown otherwise. */
static void check_headers(apr_pool_t *p, const json_t *headers, int request)
{
    apr_size_t len;
    const char *sent = server_header(request, &len);
    const apr_array_header_t *found;

    if (memchr(sent, '\0', len))
        return;
    found = read_header(p, sent, len);
    FUZZ_MUST(json_array_size(headers) == (size_t)found->nelts / 2);
    for (int i = 0; i < found->nelts; i++) {
        const json_t *line = json_array_get(headers, (size_t)i / 2);
        const char *said = json_string_value(json_array_get(line, (size_t)i % 2));
        const char *meant = APR_ARRAY_IDX(found, i, const char *);

        FUZZ_MUST(said && (!fuzz_is_plain(meant) || strcmp(said, meant) == 0));
    }
    FUZZ_MUST(json_array_size(headers) <= CG_CLIENT_LINES_MAX);
}

static void check_probe(apr_pool_t *p, const json_t *report, const ran *done)
{
    const json_t *probe = json_array_get(json_object_get(report, "probes"), 0);
    const json_t *answers = json_object_get(probe, "answers");
    const char *problem = json_string_value(json_object_get(probe, "problem"));
    int count = (int)json_array_size(answers);

    FUZZ_MUST(json_is_array(answers) && count <= CG_TRIAL_REQUESTS_MAX);
    FUZZ_MUST(count == done->requests || (problem && count == done->requests - 1));
    FUZZ_MUST((problem != NULL) == (done->code == CG_EXIT_FAILED));
    for (int i = 0; i < count; i++)
        check_headers(p, json_object_get(json_array_get(answers, (size_t)i), "headers"), i);
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

static int has_line(const json_t *headers, const char *name, const char *value)
{
    int count = 0, same = 0;

    for (size_t i = 0; i < json_array_size(headers); i++) {
        const json_t *line = json_array_get(headers, i);

        if (strcasecmp(json_string_value(json_array_get(line, 0)), name) == 0) {
            count++;
            same += strcmp(json_string_value(json_array_get(line, 1)), value) == 0;
        }
    }
    return count == 1 && same == 1;
}

/* Who lets an origin that it cannot know read with the user's credentials is told so. A server that
 * names it to others knows it. */
static void check_findings(const json_t *report)
{
    const json_t *probe = json_array_get(json_object_get(report, "probes"), 0);
    const json_t *answers = json_object_get(probe, "answers");

    for (size_t i = 0; i < json_array_size(answers); i++) {
        const json_t *answer = json_array_get(answers, i);
        const json_t *headers = json_object_get(answer, "headers");

        if (strcmp(cg_member_text(answer, "method"), "GET") == 0 &&
            strcmp(cg_member_text(answer, "origin"), STRANGER) == 0 &&
            cg_member_number(answer, "status") == 200 &&
            has_line(headers, "Access-Control-Allow-Origin", STRANGER) &&
            has_line(headers, "Access-Control-Allow-Credentials", "true"))
            FUZZ_MUST(has_found(report));
    }
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
    check_probe(p, report, &json);
    if (!strstr(apr_pstrmemdup(p, text, len), STRANGER) && !memchr(text, '\0', len))
        check_findings(report);
    run(p, CG_FORMAT_SARIF, text, len, &sarif);
    log = written_end_with_json(&sarif.out);
    FUZZ_MUST(lines.code == json.code && json.code == sarif.code);
    FUZZ_MUST(lines.requests == json.requests && json.requests == sarif.requests);
    FUZZ_MUST(json.code == CG_EXIT_FAILED ||
              (json.code == CG_EXIT_FOUND) == (has_found(report) != 0));
    FUZZ_MUST(json_array_size(
                  json_object_get(json_array_get(json_object_get(log, "runs"), 0), "results")) ==
              json_array_size(json_object_get(report, "findings")));
    json_decref(log);
    json_decref(report);
}
