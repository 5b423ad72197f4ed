/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_command.h"

#include "cg_baseline.h"
#include "cg_document.h"
#include "cg_message.h"
#include "cg_output.h"
#include "cg_page.h"
#include "cg_server.h"

#include <apr_strings.h>
#include <string.h>

/* What nobody set a day for is looked at again after that. */
#define DAYS 90
#define DAY apr_time_from_sec(24 * 60 * 60)
#define NO_REASON "accepted without a reason"

/* A day that is in the calendar, and not over. */
static const char *read_day(apr_pool_t *p, const char *text, const char *today)
{
    apr_time_exp_t day = {.tm_mday = 1};
    apr_time_t when;
    unsigned year, month, day_of_month;

    if (strlen(text) != sizeof "2027-01-31" - 1 ||
        sscanf(text, "%4u-%2u-%2u", &year, &month, &day_of_month) != 3 || month < 1 || month > 12 ||
        year < 1970)
        return NULL;
    day.tm_year = (apr_int32_t)year - 1900;
    day.tm_mon = (apr_int32_t)month - 1;
    if (apr_time_exp_get(&when, &day) != APR_SUCCESS)
        return NULL;
    when += (apr_time_t)day_of_month * DAY - DAY;
    /* A day that its month lacks becomes another, and so does text that is not exactly a day. */
    if (strcmp(cg_document_day(p, when), text) != 0 || strcmp(text, today) < 0)
        return NULL;
    return text;
}

int cg_baseline_command(apr_pool_t *p, const cg_options *options)
{
    apr_time_t now = apr_time_now();
    const char *today = cg_document_day(p, now);
    const char *expires = options->expires ? read_day(p, options->expires, today)
                                           : cg_document_day(p, now + DAYS * DAY);
    json_t *report, *baseline;
    int result;

    if (!expires)
        return cg_say("--expires %s: write a day that is not over, as %s",
                      cg_page_printable(p, options->expires), cg_document_day(p, now + DAYS * DAY));
    report = cg_server_audit(p, options);
    if (!report)
        return CG_EXIT_FAILED;
    baseline = cg_baseline_make(report, options->reason ? options->reason : NO_REASON, expires);
    result = cg_output_json(p, options, baseline);
    if (cg_server_unread(p, report) != CG_EXIT_CLEAN)
        result = CG_EXIT_FAILED;
    json_decref(baseline);
    json_decref(report);
    return result;
}
