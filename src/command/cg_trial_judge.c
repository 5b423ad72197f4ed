/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_trial.h"

#include "cg_judge.h"
#include "cg_remedy.h"
#include "cg_report.h"

#include <string.h>

static void note(apr_pool_t *p, const cg_trial *trial, const cg_fault *fault, json_t *report)
{
    cg_report_finding finding = {.id = fault->id, .summary = fault->summary};
    apr_array_header_t *lines = apr_array_make(p, 1, sizeof(cg_place));
    apr_array_header_t *meant = apr_array_make(p, 4, sizeof(const char *));
    const char *acao = cg_reply_acao(p, fault->reply, NULL);

    /* The first is the site's own, which needs no policy. */
    for (int i = 1; i < trial->trusted->nelts; i++)
        APR_ARRAY_PUSH(meant, const char *) = APR_ARRAY_IDX(trial->trusted, i, const char *);
    APR_ARRAY_PUSH(lines, cg_place) = (cg_place){NULL, 0};
    finding.confidence = CG_CONFIDENCE_CERTAIN;
    finding.witness.origin = fault->reply->origin;
    finding.witness.acao = acao ? acao : "";
    finding.witness.credentials =
        cg_reply_permits(p, fault->reply) == CG_PERMISSION_READ_CREDENTIALS;
    finding.host = trial->site.name;
    finding.section = trial->site.path;
    finding.lines = lines;
    finding.remedy = cg_remedy_of(p, fault->id, trial->replies, meant);
    cg_report_add_finding(report, &finding);
}

/* What a probe finds is in no file that is known. */
static void take_places_out(json_t *findings)
{
    for (size_t i = 0; i < json_array_size(findings); i++) {
        json_t *finding = json_array_get(findings, i);
        json_t *places = json_object_get(finding, "places");

        json_object_set_new(finding, "lines", json_array());
        for (size_t place = 0; place < json_array_size(places); place++) {
            json_object_del(json_array_get(places, place), "file");
            json_object_del(json_array_get(places, place), "line");
        }
    }
}

void cg_trial_judge(apr_pool_t *p, const cg_trial *trial, json_t *report)
{
    /* A report of its own: what has no lines would otherwise be one finding for all URLs. */
    json_t *own = cg_report_make(""), *findings = json_object_get(own, "findings");
    apr_array_header_t *replies = apr_array_make(p, 32, sizeof(const cg_reply *));
    const apr_array_header_t *faults;

    for (int i = 0; i < trial->replies->nelts; i++) {
        const cg_reply *reply = APR_ARRAY_IDX(trial->replies, i, const cg_reply *);

        if (reply->asked_method || cg_trial_is_ordinary(reply))
            APR_ARRAY_PUSH(replies, const cg_reply *) = reply;
    }
    faults = cg_judge(p, replies, strcmp(trial->site.scheme, "https") == 0);
    for (int i = 0; i < faults->nelts; i++)
        note(p, trial, &APR_ARRAY_IDX(faults, i, cg_fault), own);
    take_places_out(findings);
    json_array_extend(json_object_get(report, "findings"), findings);
    json_decref(own);
}
