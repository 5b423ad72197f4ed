/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_server.h"

#include "cg_baseline.h"
#include "cg_child.h"
#include "cg_document.h"
#include "cg_member.h"
#include "cg_message.h"
#include "cg_report.h"

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

/* A million directories are walked in that time. */
#define TIMEOUT apr_time_from_sec(600)
/* So many gaps of the coverage are said; the report has them all. */
#define UNREAD_SHOWN_MAX 5

/* The program that runs httpd. */
static const char *find_program(apr_pool_t *p, const char *wanted)
{
    static const char *const names[] = {"apache2ctl", "apachectl", "httpd", "apache2"};
    const char *found = wanted ? cg_child_find(p, wanted) : NULL;

    for (apr_size_t i = 0; !wanted && !found && i < sizeof names / sizeof *names; i++)
        found = cg_child_find(p, names[i]);
    if (found)
        return found;
    if (wanted)
        cg_say("--httpd %s: there is no such program that you may run", wanted);
    else
        cg_say("no httpd was found: neither apache2ctl, apachectl, httpd nor apache2 is in PATH or "
               "/usr/sbin; name it with --httpd PROGRAM");
    return NULL;
}

/* httpd takes a relative name as one below its ServerRoot; whoever types one means what is in the
 * current folder. */
static const char *config_of(apr_pool_t *p, const char *config)
{
    apr_finfo_t info;
    char *full;

    if (apr_stat(&info, config, APR_FINFO_TYPE, p) == APR_SUCCESS &&
        apr_filepath_merge(&full, NULL, config, APR_FILEPATH_NATIVE, p) == APR_SUCCESS)
        return full;
    return config;
}

static const char *const *arguments_of(apr_pool_t *p, const char *program,
                                       const cg_options *options, const char *define)
{
    apr_array_header_t *list = apr_array_make(p, 12, sizeof(const char *));

    APR_ARRAY_PUSH(list, const char *) = program;
    if (options->config) {
        APR_ARRAY_PUSH(list, const char *) = "-f";
        APR_ARRAY_PUSH(list, const char *) = config_of(p, options->config);
    }
    for (int i = 0; i < options->defines->nelts; i++) {
        APR_ARRAY_PUSH(list, const char *) = "-D";
        APR_ARRAY_PUSH(list, const char *) = APR_ARRAY_IDX(options->defines, i, const char *);
    }
    APR_ARRAY_PUSH(list, const char *) = "-t";
    APR_ARRAY_PUSH(list, const char *) = "-D";
    APR_ARRAY_PUSH(list, const char *) = define;
    APR_ARRAY_PUSH(list, const char *) = NULL;
    return (const char *const *)list->elts;
}

/* As somebody would type it, to try it. */
static const char *command_of(apr_pool_t *p, const char *const *arguments)
{
    const char *text = *arguments++;

    for (; *arguments; arguments++)
        text = apr_pstrcat(p, text, " ", *arguments, NULL);
    return text;
}

/* Runs it; zero where it did not end well, and it was said why. */
static int run(apr_pool_t *p, cg_child *child)
{
    const char *problem = cg_child_run(p, child);
    const char *command = command_of(p, child->arguments);

    if (problem) {
        cg_say("%s could not be run: %s", command, problem);
        return 0;
    }
    if (child->out->is_full)
        cg_say("%s was ended: it wrote more than %lu MiB, which no report has", command,
               CG_CHILD_OUTPUT_MAX / 1024 / 1024);
    else if (child->is_late)
        cg_say("%s was ended: it had not finished after %" APR_TIME_T_FMT
               " seconds; give it more with --timeout",
               command, apr_time_sec(child->timeout));
    else if (child->is_killed)
        cg_say("%s was ended by signal %d", command, child->exit_code);
    else if (child->exit_code != 0)
        cg_say("%s failed with %d, so that there is nothing to audit%s", command, child->exit_code,
               child->err->len ? "; correct what it says:" : "; it does not say why");
    else
        return 1;
    cg_say_lines(p, child->err->bytes, child->err->len);
    return 0;
}

/* Nothing came where a report should: says what httpd has to say of its modules. */
static void say_silent(apr_pool_t *p, const cg_options *options, const cg_child *silent)
{
    cg_child child = {.program = silent->program, .timeout = silent->timeout};
    const char *command = command_of(p, silent->arguments);

    child.arguments = arguments_of(p, silent->program, options, "DUMP_MODULES");
    if (cg_child_run(p, &child) != NULL || !child.out->bytes ||
        !strstr(child.out->bytes, "core_module"))
        cg_say("%s wrote no report and seems not to be httpd; name httpd with --httpd PROGRAM",
               command);
    else if (strstr(child.out->bytes, "cors_guard_module"))
        cg_say("%s wrote no report: its mod_cors_guard is older than this cors-audit; install "
               "those that belong together",
               command);
    else
        cg_say("%s wrote no report: mod_cors_guard is not loaded in this configuration; load it "
               "(a2enmod cors_guard), and look for a misspelt name%s",
               command,
               options->defines->nelts ? " behind -D, or an IfDefine that is not met"
                                       : " in an IfDefine or IfModule around LoadModule");
    cg_say_lines(p, silent->err->bytes, silent->err->len);
}

json_t *cg_server_ask(apr_pool_t *p, const cg_options *options, const char *define,
                      const char *input)
{
    cg_child child = {.program = find_program(p, options->program), .input = input};
    const char *from;
    json_t *document;

    if (!child.program)
        return NULL;
    child.arguments = arguments_of(p, child.program, options, define);
    child.timeout = options->timeout ? options->timeout : TIMEOUT;
    if (!run(p, &child))
        return NULL;
    if (child.out->len == 0) {
        say_silent(p, options, &child);
        return NULL;
    }
    from = apr_pstrcat(p, "what ", command_of(p, child.arguments), " wrote", NULL);
    document = cg_document_parse(from, child.out->bytes, child.out->len);
    if (document && cg_document_check(from, document))
        return document;
    json_decref(document);
    return NULL;
}

/* Zero where the baseline cannot be used, and it was said why. */
static int apply_baseline(apr_pool_t *p, const cg_options *options, json_t *report)
{
    json_t *baseline;
    const char *problem;

    if (!options->baseline)
        return 1;
    baseline = cg_document_read(p, options->baseline);
    if (!baseline)
        return 0;
    problem = cg_baseline_apply(p, report, baseline, cg_document_day(p, apr_time_now()));
    json_decref(baseline);
    if (!problem)
        return 1;
    cg_say("the baseline %s cannot be used:", options->baseline);
    cg_say_lines(p, problem, strlen(problem));
    return 0;
}

json_t *cg_server_audit(apr_pool_t *p, const cg_options *options)
{
    json_t *report = cg_server_ask(p, options, "DUMP_CORS_JSON", NULL);

    if (report && cg_document_check_report("what httpd wrote", report) &&
        apply_baseline(p, options, report)) {
        cg_report_count(report); /* the exit code is that of what is listed */
        return report;
    }
    json_decref(report);
    return NULL;
}

int cg_server_unread(apr_pool_t *p, const json_t *report)
{
    const json_t *unread = json_object_get(json_object_get(report, "coverage"), "unread");
    size_t count = json_array_size(unread);

    if (count == 0)
        return CG_EXIT_CLEAN;
    cg_say("the report is not complete: %" APR_SIZE_T_FMT " of what there is was not read:", count);
    for (size_t i = 0; i < count && i < UNREAD_SHOWN_MAX; i++) {
        const json_t *gap = json_array_get(unread, i);
        const char *line =
            apr_psprintf(p, "%s: %s", cg_member_text(gap, "path"), cg_member_text(gap, "reason"));

        cg_say_lines(p, line, strlen(line));
    }
    if (count > UNREAD_SHOWN_MAX)
        cg_say_lines(p, "...", 3);
    return CG_EXIT_FAILED;
}
