/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_subcommand.h"

#include "cg_baseline.h"
#include "cg_document.h"
#include "cg_message.h"
#include "cg_output.h"
#include "cg_server.h"

#include <apr_strings.h>
#include <string.h>

/* What nobody set a day for is looked at again after that. */
#define DAYS 90
#define DAY apr_time_from_sec(24 * 60 * 60)
#define NO_REASON "accepted without a reason"

int cg_baseline_command(apr_pool_t *p, const cg_options *options)
{
    apr_time_t now = apr_time_now();
    const char *today = cg_document_day(p, now);
    const char *usual = cg_document_day(p, now + DAYS * DAY);
    const char *expires = options->expires ? options->expires : usual;
    json_t *report, *baseline;
    int result;

    if (!cg_baseline_is_day(expires) || strcmp(expires, today) < 0)
        return cg_say("--expires %s: write a day that is not over, as %s", expires, usual);
    report = cg_server_audit(p, options);
    if (!report)
        return CG_EXIT_FAILED;
    baseline = cg_baseline_make(report, options->reason ? options->reason : NO_REASON, expires);
    result = cg_output_json(options, baseline);
    if (cg_server_unread(p, report) != CG_EXIT_CLEAN)
        result = CG_EXIT_FAILED;
    json_decref(baseline);
    json_decref(report);
    return result;
}
