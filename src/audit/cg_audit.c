/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_audit.h"

#include "cg_audit_host.h"
#include "cg_opinion.h"
#include "cg_outcome.h"
#include "cg_policies.h"
#include "cg_report.h"
#include "cg_sample.h"

#include <apr_strings.h>
#include <apr_time.h>

/* An audit under way. */
typedef struct audit {
    apr_pool_t *p;
    json_t *report;
    cg_htaccess_store *store;
    cg_policies *policies;
    cg_opinions *opinions;
    apr_hash_t *sections; /* that were met, by their address */
} audit;

/* If sections are taken to hold that the sample was chosen for. */
static apr_array_header_t *assumed_of(apr_pool_t *p, const cg_section *section)
{
    apr_array_header_t *assumed = apr_array_make(p, 2, sizeof(const cg_section *));

    for (; section; section = section->parent) {
        if (section->kind == CG_SECTION_IF)
            APR_ARRAY_PUSH(assumed, const cg_section *) = section;
    }
    return assumed;
}

/* Where the guard writes the headers, no recipe does. */
static int is_guarded(const cg_policy *policy)
{
    return cg_policy_in_effect(policy) && cg_policy_mode(policy) != CG_MODE_REPORT;
}

static void tell_unsure(const audit *a, const cg_host *host, const cg_sample *sample,
                        const cg_walk *walk)
{
    const cg_place *place =
        sample->section && sample->section->place.file ? &sample->section->place : &host->place;

    for (int i = 0; i < walk->unsure->nelts; i++)
        cg_report_add_unresolved(a->report, place, APR_ARRAY_IDX(walk->unsure, i, const char *));
}

/* Whoever may write the innermost .htaccess file decides what its directives take. */
static cg_work *work_of(const audit *a, apr_pool_t *p, const cg_walk *walk)
{
    for (int i = walk->sections->nelts - 1; i >= 0; i--) {
        const cg_section *section = APR_ARRAY_IDX(walk->sections, i, const cg_section *);

        if (section->is_htaccess)
            return cg_htaccess_work(a->store, walk->host, section);
    }
    return apr_pcalloc(p, sizeof(cg_work));
}

static void audit_sample(const audit *a, apr_pool_t *p, const cg_host *host,
                         const cg_sample *sample)
{
    cg_question question = {
        .method = "GET", .target = sample->url, .host = host->server->server_hostname};
    cg_walk *walk =
        cg_walk_served(p, cg_walk_make(p, host, sample->url, sample->path, a->store), a->store);
    const cg_outcome *outcome;

    if (sample->section && sample->is_forced)
        cg_walk_force(p, walk, sample->section);
    question.work = work_of(a, p, walk);
    outcome = cg_outcome_of(p, walk, &question, assumed_of(p, sample->section));
    cg_policies_note(a->policies, host, sample->section, &outcome->policy, outcome->sections);
    if (!is_guarded(&outcome->policy))
        cg_opinions_note(a->opinions, p, sample, walk, outcome, question.work);
    tell_unsure(a, host, sample, walk);
}

/* A file that AllowOverride hides, and that says something about CORS. */
static void audit_ignored(const audit *a, apr_pool_t *p, const cg_host *host,
                          const cg_htaccess *file)
{
    cg_report_finding finding = {.id = CG_FIND_UNREACHABLE_HTACCESS};
    apr_array_header_t *lines = apr_array_make(p, 1, sizeof(cg_place));

    if (!file->is_ignored || !file->mentions_cors)
        return;
    APR_ARRAY_PUSH(lines, cg_place) = (cg_place){file->file, 1};
    finding.confidence = CG_CONFIDENCE_CERTAIN;
    finding.summary = "httpd does not read this file, since AllowOverride does not let it.";
    finding.lines = lines;
    finding.host = cg_audit_host_name(p, host);
    finding.address = cg_audit_host_address(host, &finding.port);
    finding.section = apr_pstrcat(p, "<Directory \"", file->directory, "\">", NULL);
    finding.remedy =
        "# In the configuration of the server, where such a policy is wanted; in place\n"
        "# of none: the origins whose pages may read this.\n"
        "CorsAllowOrigin none\n";
    cg_report_add_finding(a->report, &finding);
}

static void count_sections(const audit *a, const apr_array_header_t *sections)
{
    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);

        if (apr_hash_get(a->sections, &section->config, sizeof section->config))
            continue;
        apr_hash_set(a->sections, &section->config, sizeof section->config, section);
        count_sections(a, section->files);
        count_sections(a, section->ifs);
    }
}

static void audit_host(const audit *a, apr_pool_t *p, const cg_host *host)
{
    const apr_array_header_t *files = cg_htaccess_of_host(p, a->store, host);
    const apr_array_header_t *samples = cg_samples_of(p, host, a->store);
    apr_pool_t *each;

    cg_policies_host(a->policies, host);
    count_sections(a, host->proxies);
    count_sections(a, host->directories);
    count_sections(a, host->files);
    count_sections(a, host->locations);
    count_sections(a, host->ifs);
    apr_pool_create(&each, p);
    for (int i = 0; i < files->nelts; i++)
        audit_ignored(a, each, host, APR_ARRAY_IDX(files, i, const cg_htaccess *));
    for (int i = 0; i < samples->nelts; i++) {
        audit_sample(a, each, host, &APR_ARRAY_IDX(samples, i, const cg_sample));
        apr_pool_clear(each);
    }
    apr_pool_destroy(each);
}

/* Behind all else: walking reads further files. */
static void cover(const audit *a, const apr_array_header_t *hosts)
{
    const cg_htaccess_coverage *covered = cg_htaccess_covered(a->store);

    cg_report_cover(a->report, (unsigned)hosts->nelts, apr_hash_count(a->sections), covered->files,
                    covered->directories, covered->links);
    for (int i = 0; i < covered->unread->nelts; i++) {
        const cg_unread *each = &APR_ARRAY_IDX(covered->unread, i, const cg_unread);

        cg_report_add_unread(a->report, each->path, each->reason);
    }
}

static json_t *make_report(void)
{
    char now[sizeof "2000-01-01T00:00:00Z"];
    apr_time_exp_t time;
    apr_size_t len;

    apr_time_exp_gmt(&time, apr_time_now());
    apr_strftime(now, &len, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &time);
    return cg_report_make(now);
}

json_t *cg_audit_report(apr_pool_t *p, const apr_array_header_t *hosts, cg_htaccess_store *store)
{
    audit a = {.p = p, .report = make_report(), .store = store, .sections = apr_hash_make(p)};
    apr_pool_t *each;

    a.policies = cg_policies_make(p, a.report);
    a.opinions = cg_opinions_make(p, a.report);
    apr_pool_create(&each, p);
    for (int i = 0; i < hosts->nelts; i++) {
        audit_host(&a, each, &APR_ARRAY_IDX(hosts, i, const cg_host));
        apr_pool_clear(each);
    }
    apr_pool_destroy(each);
    cg_policies_finish(a.policies);
    cover(&a, hosts);
    cg_report_finish(a.report);
    return a.report;
}
