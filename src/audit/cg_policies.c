/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_policies.h"

#include "cg_audit_host.h"
#include "cg_kept_policy.h"
#include "cg_members.h"
#include "cg_policy_findings.h"
#include "cg_report.h"

#include <apr_strings.h>
#include <string.h>

/* A host of the report. */
typedef struct audited {
    const cg_host *host;
    json_t *json;
    cg_finding_place place;   /* outside all sections */
    apr_array_header_t *rows; /* of row * */
} audited;

/* A policy of the report. */
typedef struct row {
    const cg_section *section;
    const cg_policy *policy;
    const cg_host *last;         /* the host that noted it last */
    apr_array_header_t *further; /* of const char *: hosts besides the one that has the row */
} row;

struct cg_policies {
    apr_pool_t *p;
    apr_pool_t *scratch; /* cleared behind each call */
    json_t *report;
    apr_array_header_t *hosts; /* of audited * */
    apr_hash_t *by_host;       /* the same by the address of a cg_host */
    apr_hash_t *known;         /* cg_kept_policy_key -> cg_policy, cg_kept_policy_make */
    apr_hash_t *rows;          /* section and policy -> row */
    cg_policy_findings *findings;
    apr_hash_t *written; /* cg_kept_policy_origins_key of lists that were written whole */
    apr_size_t members;  /* of such lists */
};

cg_policies *cg_policies_make(apr_pool_t *p, json_t *report)
{
    cg_policies *made = apr_pcalloc(p, sizeof *made);

    made->p = p;
    apr_pool_create(&made->scratch, p);
    made->report = report;
    made->hosts = apr_array_make(p, 16, sizeof(audited *));
    made->by_host = apr_hash_make(p);
    made->known = apr_hash_make(p);
    made->rows = apr_hash_make(p);
    made->written = apr_hash_make(p);
    made->findings = cg_policy_findings_make(p, report);
    return made;
}

static audited *host_of(cg_policies *policies, const cg_host *host)
{
    audited *made = apr_hash_get(policies->by_host, &host, sizeof host);

    if (made)
        return made;
    made = apr_pcalloc(policies->p, sizeof *made);
    made->host = host;
    made->place = cg_finding_place_of(policies->p, host);
    made->json = cg_report_add_host(policies->report, made->place.name, made->place.address,
                                    made->place.port, &host->place);
    made->rows = apr_array_make(policies->p, 4, sizeof(row *));
    apr_hash_set(policies->by_host, &made->host, sizeof made->host, made);
    APR_ARRAY_PUSH(policies->hosts, audited *) = made;
    return made;
}

json_t *cg_policies_host(cg_policies *policies, const cg_host *host)
{
    return host_of(policies, host)->json;
}

/* Noting */

static const cg_policy *kept(cg_policies *policies, const cg_policy *policy)
{
    apr_size_t len;
    const void *key = cg_kept_policy_key(policies->scratch, policy, &len);
    const cg_policy *known = apr_hash_get(policies->known, key, (apr_ssize_t)len);

    if (known)
        return known;
    known = cg_kept_policy_make(policies->p, policy);
    apr_hash_set(policies->known, apr_pmemdup(policies->p, key, len), (apr_ssize_t)len, known);
    return known;
}

/* Returns 0 where it was noted before. */
static int note_row(cg_policies *policies, audited *at, const cg_section *section,
                    const cg_policy *policy)
{
    const void *key[] = {section, policy};
    row *found = apr_hash_get(policies->rows, key, sizeof key);

    if (found && found->last == at->host)
        return 0;
    if (!found) {
        found = apr_pcalloc(policies->p, sizeof *found);
        found->section = section;
        found->policy = policy;
        APR_ARRAY_PUSH(at->rows, row *) = found;
        apr_hash_set(policies->rows, apr_pmemdup(policies->p, key, sizeof key), sizeof key, found);
    } else {
        if (!found->further)
            found->further = apr_array_make(policies->p, 2, sizeof(const char *));
        APR_ARRAY_PUSH(found->further, const char *) = at->place.name;
    }
    found->last = at->host;
    return 1;
}

/* Where a section sets a policy, what is outside all sections governs nothing; each section has
 * requests of its own. */
static int is_governed(const apr_array_header_t *sections)
{
    static const cg_policy empty;

    for (int i = 0; i < sections->nelts; i++) {
        if (memcmp(APR_ARRAY_IDX(sections, i, const cg_section *)->policy, &empty, sizeof empty) !=
            0)
            return 1;
    }
    return 0;
}

void cg_policies_note(cg_policies *policies, const cg_host *host, const cg_section *section,
                      const cg_policy *effective, const apr_array_header_t *sections)
{
    audited *at = host_of(policies, host);
    cg_finding_place place = at->place;
    int in_effect, is_new;

    apr_pool_clear(policies->scratch);
    if (!section)
        effective = host->policy;
    in_effect = cg_policy_in_effect(effective);
    if (!in_effect && !effective->lifted)
        return;
    effective = kept(policies, effective);
    is_new = !in_effect || note_row(policies, at, section, effective);
    if (!section && is_governed(sections))
        return;
    place.section = section;
    place.sections = sections;
    if (is_new || !section)
        cg_policy_findings_add(policies->findings, &place, effective);
    if (in_effect)
        cg_policy_findings_add_company(policies->findings, &place, effective);
}

/* Writing */

/* How many members of a list are written. */
static int most_of(cg_policies *policies, const cg_origins *origins)
{
    apr_size_t left = CG_POLICIES_MEMBERS_MAX - policies->members, len;
    const void *key = cg_kept_policy_origins_key(policies->scratch, origins, &len);

    if (left < CG_POLICIES_SHOWN_MAX || apr_hash_get(policies->written, key, (apr_ssize_t)len))
        return CG_POLICIES_SHOWN_MAX;
    return (int)left;
}

static apr_array_header_t *origins_of(cg_policies *policies, const cg_origins *origins,
                                      apr_size_t *left_out)
{
    apr_array_header_t *list =
        cg_members_of_origins(policies->scratch, origins, most_of(policies, origins), left_out);
    apr_size_t len;
    const void *key;

    if (list->nelts <= CG_POLICIES_SHOWN_MAX)
        return list;
    key = cg_kept_policy_origins_key(policies->p, origins, &len);
    apr_hash_set(policies->written, key, (apr_ssize_t)len, "");
    policies->members += (apr_size_t)list->nelts;
    return list;
}

static void add_field(apr_array_header_t *fields, const char *directive, const cg_place *place)
{
    if (place)
        APR_ARRAY_PUSH(fields, cg_report_field) = (cg_report_field){directive, *place};
}

static apr_array_header_t *fields_of(apr_pool_t *p, const cg_policy *policy)
{
    apr_array_header_t *fields = apr_array_make(p, 8, sizeof(cg_report_field));

#define ADD(directive, field) add_field(fields, directive, (field) ? &(field)->place : NULL)
    ADD("CorsGuard", policy->mode);
    ADD("CorsAllowOrigin", policy->origins);
    ADD("CorsAllowOriginMatch", policy->origins ? policy->origins->matchers : NULL);
    ADD("CorsAllowCredentials", policy->credentials);
    ADD("CorsAllowMethods", policy->methods);
    ADD("CorsAllowHeaders", policy->headers);
    ADD("CorsExposeHeaders", policy->expose);
    ADD("CorsMaxAge", policy->max_age);
    ADD("CorsPreflightStatus", policy->preflight_status);
    ADD("CorsPreflight", policy->forward);
    ADD("CorsSelfOrigin", policy->self);
    ADD("CorsDangerouslyAllow", policy->lifted);
#undef ADD
    return fields;
}

static void write_row(cg_policies *policies, const audited *at, const row *each)
{
    static const char *const modes[] = {[CG_MODE_ON] = "On",
                                        [CG_MODE_OFF] = "Off",
                                        [CG_MODE_REPORT] = "Report",
                                        [CG_MODE_ENFORCE] = "Enforce"};
    const cg_policy *policy = each->policy;
    apr_pool_t *p = policies->scratch;
    cg_report_policy written = {.section = each->section ? each->section->text : "",
                                .place = each->section ? each->section->place : at->host->place,
                                .mode = modes[cg_policy_mode(policy)],
                                .credentials = cg_policy_credentials(policy),
                                .methods = cg_members_of_names(p, policy->methods),
                                .headers = cg_members_of_names(p, policy->headers),
                                .expose = cg_members_of_names(p, policy->expose),
                                .max_age = policy->max_age ? policy->max_age->seconds : -1,
                                .fields = fields_of(p, policy),
                                .hosts = each->further};

    written.origins = origins_of(policies, policy->origins, &written.origins_left_out);
    cg_report_add_policy(at->json, &written);
}

void cg_policies_finish(cg_policies *policies)
{
    for (int i = 0; i < policies->hosts->nelts; i++) {
        const audited *at = APR_ARRAY_IDX(policies->hosts, i, const audited *);

        for (int j = 0; j < at->rows->nelts; j++) {
            apr_pool_clear(policies->scratch);
            write_row(policies, at, APR_ARRAY_IDX(at->rows, j, const row *));
        }
    }
}
