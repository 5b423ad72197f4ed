/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_policy_findings.h"

#include "cg_access.h"
#include "cg_audit_host.h"
#include "cg_header.h"
#include "cg_policy_judge.h"

#include <apr_strings.h>

#define HTTPS_PORT 443

/* What a judged policy is known by. */
typedef struct judged_key {
    const cg_policy *policy;
    apr_uintptr_t has_tls; /* as wide as the address, so that there is no padding */
} judged_key;

struct cg_policy_findings {
    apr_pool_t *p;
    apr_pool_t *scratch; /* cleared behind each call */
    json_t *report;
    cg_policy_judge *judge;
    apr_hash_t *judged; /* judged_key -> array of cg_report_finding */
    apr_hash_t *layers; /* the address of a recipe -> its Header lines: array of cg_place */
};

cg_policy_findings *cg_policy_findings_make(apr_pool_t *p, json_t *report)
{
    cg_policy_findings *made = apr_pcalloc(p, sizeof *made);

    made->p = p;
    apr_pool_create(&made->scratch, p);
    made->report = report;
    made->judge = cg_policy_judge_make(p);
    made->judged = apr_hash_make(p);
    made->layers = apr_hash_make(p);
    return made;
}

cg_finding_place cg_finding_place_of(apr_pool_t *p, const cg_host *host)
{
    cg_finding_place place = {.host = host, .name = cg_audit_host_name(p, host)};

    place.address = cg_audit_host_address(host, &place.port);
    place.has_tls = cg_audit_host_has_tls(p, host) || place.port == HTTPS_PORT ||
                    host->server->port == HTTPS_PORT;
    return place;
}

/* Whether an If decides on what governs the request. */
static int is_conditional(const cg_finding_place *at)
{
    for (const cg_section *each = at->section; each; each = each->parent) {
        if (each->kind == CG_SECTION_IF)
            return 1;
    }
    for (int i = 0; i < at->sections->nelts; i++) {
        const cg_section *each = APR_ARRAY_IDX(at->sections, i, const cg_section *);

        if (each->kind == CG_SECTION_IF && each->has_policy)
            return 1;
    }
    return 0;
}

static void add(cg_policy_findings *findings, const cg_finding_place *at,
                const cg_report_finding *found)
{
    cg_report_finding placed = *found;

    placed.host = at->name;
    placed.address = at->address;
    placed.port = at->port;
    placed.section = at->section ? at->section->text : "";
    if (placed.confidence == CG_CONFIDENCE_CERTAIN && is_conditional(at))
        placed.confidence = CG_CONFIDENCE_LIKELY;
    cg_report_add_finding(findings->report, &placed);
}

/* Of the policy itself */

/* Judging leaves more behind than what it found. */
static void keep(apr_pool_t *p, cg_report_finding *found)
{
    found->summary = apr_pstrdup(p, found->summary);
    found->remedy = apr_pstrdup(p, found->remedy);
    found->witness.origin = apr_pstrdup(p, found->witness.origin);
    found->witness.acao = apr_pstrdup(p, found->witness.acao);
    found->lines = apr_array_copy(p, found->lines);
}

static const apr_array_header_t *judged(cg_policy_findings *findings, const cg_policy *policy,
                                        int has_tls)
{
    const judged_key key = {policy, has_tls != 0};
    apr_array_header_t *found = apr_hash_get(findings->judged, &key, sizeof key);

    if (found)
        return found;
    found = apr_array_copy(
        findings->p, cg_policy_judge_policy(findings->judge, findings->scratch, policy, has_tls));
    for (int i = 0; i < found->nelts; i++)
        keep(findings->p, &APR_ARRAY_IDX(found, i, cg_report_finding));
    apr_hash_set(findings->judged, apr_pmemdup(findings->p, &key, sizeof key), sizeof key, found);
    return found;
}

void cg_policy_findings_add(cg_policy_findings *findings, const cg_finding_place *place,
                            const cg_policy *policy)
{
    const apr_array_header_t *found;
    cg_problem problem;

    apr_pool_clear(findings->scratch);
    found = judged(findings, policy, place->has_tls);
    for (int i = 0; i < found->nelts; i++)
        add(findings, place, &APR_ARRAY_IDX(found, i, const cg_report_finding));
    if (cg_policy_in_effect(policy) && cg_policy_problem(policy, &problem))
        cg_report_add_unresolved(
            findings->report, problem.first,
            apr_pstrcat(findings->scratch,
                        "requests for which these lines meet get no CORS headers: ",
                        cg_problem_text(findings->scratch, &problem), NULL));
}

/* Of what stands beside it */

static void add_wildcard(cg_policy_findings *findings, const cg_finding_place *at,
                         const cg_policy *policy)
{
    const ap_directive_t *node = cg_access_by_address(findings->scratch, at->sections);
    cg_place by = {node ? node->filename : NULL, node ? node->line_num : 0};
    cg_report_finding found;

    if (cg_policy_judge_wildcard(findings->scratch, policy, node ? &by : NULL, &found))
        add(findings, at, &found);
}

static const apr_array_header_t *lines_of(cg_policy_findings *findings, const cg_recipe *recipe)
{
    apr_array_header_t *lines = apr_hash_get(findings->layers, &recipe, sizeof recipe);
    const apr_array_header_t *nodes;

    if (lines)
        return lines;
    lines = apr_array_make(findings->p, 2, sizeof(cg_place));
    nodes = cg_header_cors_lines(findings->scratch, recipe->header);
    for (int i = 0; i < nodes->nelts && i < CG_POLICY_JUDGE_MEMBERS_MAX; i++) {
        const ap_directive_t *node = APR_ARRAY_IDX(nodes, i, const ap_directive_t *);

        cg_policy_judge_add_line(lines, &(cg_place){node->filename, node->line_num});
    }
    apr_hash_set(findings->layers, apr_pmemdup(findings->p, &recipe, sizeof recipe), sizeof recipe,
                 lines);
    return lines;
}

static void add_layer(cg_policy_findings *findings, const cg_finding_place *at,
                      const cg_policy *policy, const cg_recipe *recipe)
{
    cg_report_finding found = {
        .id = CG_FIND_TWO_LAYERS,
        .confidence = CG_CONFIDENCE_CERTAIN,
        .summary =
            "Header writes Access-Control-* where a policy is in effect, which replaces it."};

    if (!recipe || !recipe->writes_cors)
        return;
    found.lines = lines_of(findings, recipe);
    if (!found.lines->nelts)
        return;
    found.remedy = apr_pstrcat(findings->scratch, "# without the Header lines\n",
                               cg_correction_of(findings->scratch, policy, CG_FIX_NONE), NULL);
    add(findings, at, &found);
}

/* A policy that only reports leaves what others write. */
static void add_layers(cg_policy_findings *findings, const cg_finding_place *at,
                       const cg_policy *policy)
{
    if (cg_policy_mode(policy) == CG_MODE_REPORT)
        return;
    add_layer(findings, at, policy, at->host->main_recipe);
    add_layer(findings, at, policy, at->host->recipe);
    for (int i = 0; i < at->sections->nelts; i++)
        add_layer(findings, at, policy, APR_ARRAY_IDX(at->sections, i, const cg_section *)->recipe);
}

void cg_policy_findings_add_company(cg_policy_findings *findings, const cg_finding_place *place,
                                    const cg_policy *policy)
{
    apr_pool_clear(findings->scratch);
    add_wildcard(findings, place, policy);
    add_layers(findings, place, policy);
}
