/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_subcommand.h"

#include "cg_document.h"
#include "cg_member.h"
#include "cg_message.h"
#include "cg_output.h"
#include "cg_page.h"
#include "cg_report.h"
#include "cg_text.h"
#include "cg_trial.h"

#include <apr_strings.h>
#include <string.h>

/* As in localhost:8080 and [::1]:8080. */
static int has_port(const char *text)
{
    const char *colon = strrchr(text, ':');

    return colon && colon > text && colon[1] && !colon[1 + strspn(colon + 1, "0123456789")];
}

/* Zero where a URL is none, and it was said why: before anything is sent. */
static int read_sites(apr_pool_t *p, const cg_options *options, apr_array_header_t *sites)
{
    for (int i = 0; i < options->arguments->nelts; i++) {
        const char *url = APR_ARRAY_IDX(options->arguments, i, const char *);
        const char *problem = cg_site_read(p, url, apr_array_push(sites));

        if (problem) {
            cg_say("%s: %s", url, problem);
            return 0;
        }
    }
    if (options->connect_to && !has_port(options->connect_to)) {
        cg_say("--connect-to %s: write HOST:PORT", options->connect_to);
        return 0;
    }
    return 1;
}

/* The hosts of the report: each once. */
static int add_host(json_t *report, const cg_trial *trial)
{
    static const cg_place nowhere = {NULL, 0};
    const json_t *hosts = json_object_get(report, "hosts");
    const cg_reply *reply;

    for (size_t i = 0; i < json_array_size(hosts); i++) {
        if (strcmp(cg_member_text(json_array_get(hosts, i), "name"), trial->site.name) == 0)
            return 0;
    }
    if (trial->replies->nelts == 0)
        return 0;
    reply = APR_ARRAY_IDX(trial->replies, 0, const cg_reply *);
    cg_report_add_host(report, trial->site.name, reply->address ? reply->address : "",
                       trial->site.port, &nowhere);
    return 1;
}

static json_t *report_of(apr_pool_t *p, const apr_array_header_t *trials)
{
    json_t *report = cg_report_make(cg_document_moment(p, apr_time_now()));
    json_t *probes = json_array();
    unsigned hosts = 0, answered = 0;

    for (int i = 0; i < trials->nelts; i++) {
        const cg_trial *trial = APR_ARRAY_IDX(trials, i, const cg_trial *);

        hosts += (unsigned)add_host(report, trial);
        answered += trial->replies->nelts > 0;
        cg_trial_judge(p, trial, report);
        json_array_append_new(probes, cg_trial_json(trial));
        if (trial->problem)
            cg_report_add_unread(report, trial->site.url, trial->problem);
    }
    cg_report_cover(report, hosts, answered, 0, 0, 0);
    json_object_set_new(report, "probes", probes);
    cg_report_finish(report);
    return report;
}

static int write_text(apr_pool_t *p, const cg_options *options, const apr_array_header_t *trials,
                      const json_t *report)
{
    cg_output output;
    cg_page page;

    if (!cg_output_open(options, &output))
        return CG_EXIT_FAILED;
    cg_page_begin(&page, output.file, output.colour);
    for (int i = 0; i < trials->nelts; i++) {
        if (i > 0)
            cg_page_empty_line(&page);
        cg_trial_write_text(p, APR_ARRAY_IDX(trials, i, const cg_trial *), &page);
    }
    cg_text_findings(&page, report);
    cg_text_summary(&page, report, cg_text_count(page.p, trials->nelts, "URL|URLs"));
    cg_page_end(&page);
    return cg_output_close(&output, cg_output_judge(options, report));
}

static int say_unreached(const apr_array_header_t *trials)
{
    int result = CG_EXIT_CLEAN;

    for (int i = 0; i < trials->nelts; i++) {
        const cg_trial *trial = APR_ARRAY_IDX(trials, i, const cg_trial *);

        if (trial->problem)
            result = cg_say("%s could not be probed%s: %s", trial->site.url,
                            trial->replies->nelts ? " to the end" : "", trial->problem);
    }
    return result;
}

int cg_probe_command(apr_pool_t *p, const cg_options *options)
{
    apr_array_header_t *sites = apr_array_make(p, 4, sizeof(cg_site));
    apr_array_header_t *trials = apr_array_make(p, 4, sizeof(cg_trial *));
    cg_client *client;
    json_t *report;
    int result;

    if (!read_sites(p, options, sites))
        return CG_EXIT_FAILED;
    client = cg_client_make(p, options);
    if (!client)
        return cg_say("libcurl could not be set up");
    for (int i = 0; i < sites->nelts; i++)
        APR_ARRAY_PUSH(trials, cg_trial *) =
            cg_trial_run(p, client, options, &APR_ARRAY_IDX(sites, i, cg_site));
    report = report_of(p, trials);
    result = options->format == CG_FORMAT_TEXT ? write_text(p, options, trials, report)
                                               : cg_output_report(options, report);
    if (say_unreached(trials) != CG_EXIT_CLEAN)
        result = CG_EXIT_FAILED;
    json_decref(report);
    return result;
}
