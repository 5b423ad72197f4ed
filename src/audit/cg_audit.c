/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_audit.h"

#include "cg_outcome.h"
#include "cg_policies.h"
#include "cg_report.h"
#include "cg_sample.h"

static void note_sample(apr_pool_t *p, cg_policies *policies, const cg_host *host,
                        const cg_sample *sample, cg_htaccess_store *store)
{
    apr_array_header_t *assumed = apr_array_make(p, 2, sizeof(const cg_section *));
    cg_question question = {.method = "GET", .target = sample->url, .host = "www.example.com"};
    cg_walk *walk =
        cg_walk_served(p, cg_walk_make(p, host, sample->url, sample->path, store), store);
    const cg_outcome *outcome;

    for (const cg_section *each = sample->section; each; each = each->parent) {
        if (each->kind == CG_SECTION_IF)
            APR_ARRAY_PUSH(assumed, const cg_section *) = each;
    }
    if (sample->section && sample->is_forced)
        cg_walk_force(p, walk, sample->section);
    outcome = cg_outcome_of(p, walk, &question, assumed);
    cg_policies_note(policies, host, sample->section, &outcome->policy, outcome->sections);
}

static void note_host(apr_pool_t *p, cg_policies *policies, const cg_host *host,
                      cg_htaccess_store *store)
{
    const apr_array_header_t *samples = cg_samples_of(p, host, store);
    apr_pool_t *each;

    cg_policies_host(policies, host);
    apr_pool_create(&each, p);
    for (int i = 0; i < samples->nelts; i++) {
        note_sample(each, policies, host, &APR_ARRAY_IDX(samples, i, const cg_sample), store);
        apr_pool_clear(each);
    }
    apr_pool_destroy(each);
}

static void cover(json_t *report, const apr_array_header_t *hosts, cg_htaccess_store *store)
{
    const cg_htaccess_coverage *covered = cg_htaccess_covered(store);

    cg_report_cover(report, (unsigned)hosts->nelts, 0, covered->files, covered->directories,
                    covered->links);
    for (int i = 0; i < covered->unread->nelts; i++) {
        const cg_unread *each = &APR_ARRAY_IDX(covered->unread, i, const cg_unread);

        cg_report_add_unread(report, each->path, each->reason);
    }
}

json_t *cg_audit_report(apr_pool_t *p, const apr_array_header_t *hosts, cg_htaccess_store *store)
{
    json_t *report = cg_report_make("1970-01-01T00:00:00Z");
    cg_policies *policies = cg_policies_make(p, report);
    apr_pool_t *each;

    apr_pool_create(&each, p);
    for (int i = 0; i < hosts->nelts; i++) {
        note_host(each, policies, &APR_ARRAY_IDX(hosts, i, const cg_host), store);
        apr_pool_clear(each);
    }
    apr_pool_destroy(each);
    cg_policies_finish(policies);
    cover(report, hosts, store);
    cg_report_finish(report);
    return report;
}
