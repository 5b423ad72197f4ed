/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_findings.h"

#include "cg_logno.h"

#include <apr_strings.h>
#include <http_log.h>
#include <string.h>

/* What decides whether a policy is refused; the fields of two such policies are compared by
 * address. */
typedef struct judged {
    const void *origins, *credentials, *expose, *lifted;
} judged;

struct cg_findings {
    apr_pool_t *p;
    apr_hash_t *judged;       /* struct judged -> array of cg_problem */
    apr_hash_t *by_text;      /* what tells a problem from others -> cg_finding */
    apr_array_header_t *list; /* of cg_finding * */
    int cut;                  /* some were left out by CG_FINDINGS_OF_POLICY_MAX */
};

cg_findings *cg_findings_make(apr_pool_t *p)
{
    cg_findings *findings = apr_pcalloc(p, sizeof *findings);

    findings->p = p;
    findings->judged = apr_hash_make(p);
    findings->by_text = apr_hash_make(p);
    findings->list = apr_array_make(p, 8, sizeof(cg_finding *));
    return findings;
}

static apr_array_header_t *problems_of(cg_findings *findings, apr_pool_t *p,
                                       const cg_policy *policy)
{
    apr_array_header_t *problems = cg_policy_problems(p, policy, CG_FINDINGS_OF_POLICY_MAX + 1);

    if (problems->nelts > CG_FINDINGS_OF_POLICY_MAX) {
        findings->cut = 1;
        problems->nelts = CG_FINDINGS_OF_POLICY_MAX;
    }
    return problems;
}

/* Origins that were merged live as long as p, and their address may come again; others as long
 * as the configuration. */
const apr_array_header_t *cg_findings_judge(cg_findings *findings, apr_pool_t *p,
                                            const cg_policy *policy)
{
    static const apr_array_header_t none;
    judged key = {policy->origins, policy->credentials, policy->expose, policy->lifted};
    apr_array_header_t *problems;
    cg_problem first;

    if (!cg_policy_in_effect(policy) || !cg_policy_problem(policy, &first))
        return &none;
    if (policy->origins && policy->origins->parent)
        return problems_of(findings, p, policy);
    problems = apr_hash_get(findings->judged, &key, sizeof key);
    if (!problems) {
        problems = problems_of(findings, findings->p, policy);
        apr_hash_set(findings->judged, apr_pmemdup(findings->p, &key, sizeof key), sizeof key,
                     problems);
    }
    return problems;
}

static int same_place(const cg_place *a, const cg_place *b)
{
    if (!a || !b)
        return a == b;
    return a->line == b->line && strcmp(a->file, b->file) == 0;
}

static int same_problem(const cg_problem *a, const cg_problem *b)
{
    return a->rule == b->rule && strcmp(a->subject, b->subject) == 0 &&
           same_place(a->first, b->first) && same_place(a->second, b->second);
}

int cg_findings_hold(const apr_array_header_t *problems, const cg_problem *problem)
{
    for (int i = 0; i < problems->nelts; i++) {
        if (same_problem(&APR_ARRAY_IDX(problems, i, cg_problem), problem))
            return 1;
    }
    return 0;
}

static const char *place_text(apr_pool_t *p, const cg_place *place)
{
    return place ? apr_psprintf(p, "%s:%d", place->file, place->line) : "";
}

/* A place in a macro is the same wherever the macro is used (mod_macro names such a file "macro
 * 'x' (defined on line 1 of ...) used on line 9 of ..."). */
const char *cg_findings_place_key(apr_pool_t *p, const cg_place *place)
{
    const char *use = place && strncmp(place->file, "macro ", 6) == 0
                          ? strstr(place->file, ") used on line ")
                          : NULL;

    if (!use)
        return place_text(p, place);
    return apr_psprintf(p, "%.*s:%d", (int)(use - place->file), place->file, place->line);
}

static const char *key_of(apr_pool_t *p, const cg_problem *problem)
{
    return apr_psprintf(p, "%d %s %s %s", (int)problem->rule,
                        cg_findings_place_key(p, problem->first),
                        cg_findings_place_key(p, problem->second), problem->subject);
}

cg_finding *cg_findings_note(cg_findings *findings, const cg_host *host, const cg_problem *problem,
                             int certain)
{
    const char *key = key_of(findings->p, problem);
    cg_finding *finding = apr_hash_get(findings->by_text, key, APR_HASH_KEY_STRING);
    int is_better = finding && certain && !finding->certain;

    if (!finding) {
        finding = apr_pcalloc(findings->p, sizeof *finding);
        finding->problem = *problem;
        apr_hash_set(findings->by_text, key, APR_HASH_KEY_STRING, finding);
        APR_ARRAY_PUSH(findings->list, cg_finding *) = finding;
        is_better = 1;
    }
    if (is_better) {
        finding->certain = certain;
        finding->host = host;
        finding->hosts = 0;
        finding->last_host = NULL;
    }
    if (finding->certain == certain && finding->last_host != host) {
        finding->last_host = host;
        finding->hosts++;
    }
    return is_better ? finding : NULL;
}

static const char *text_of(apr_pool_t *p, const cg_finding *finding)
{
    const cg_host *host = finding->host;
    const char *where =
        host->place.file ? apr_psprintf(p, " (%s)", place_text(p, &host->place)) : "";
    const char *more = "";

    if (finding->hosts > 1)
        more = apr_psprintf(p, "; and %d more virtual host%s", finding->hosts - 1,
                            finding->hosts == 2 ? "" : "s");
    return apr_psprintf(p, "%s%s%s%s: %s%s", host->name, where, finding->sections ? ", " : "",
                        finding->sections ? finding->sections : "",
                        cg_problem_text(p, &finding->problem), more);
}

/* An error is shown whatever LogLevel says: a refusal must have its reason. Without a server it
 * goes to the terminal, as what is wrong before the log is open does. */
static void log_text(const server_rec *server, int index, int level, const char *text)
{
    if (level == APLOG_ERR && ap_get_server_module_loglevel(server, index) < APLOG_ERR)
        server = NULL;
    ap_log_error(__FILE__, __LINE__, index, level | (server ? 0 : APLOG_STARTUP), 0, server, "%s",
                 text);
}

static void log_finding(apr_pool_t *p, const cg_finding *finding, const server_rec *server,
                        int index)
{
    const char *text = text_of(p, finding);

    if (finding->certain)
        log_text(server, index, APLOG_ERR, apr_pstrcat(p, CG_LOG_REFUSED, text, NULL));
    else
        log_text(server, index, APLOG_WARNING,
                 apr_pstrcat(p, CG_LOG_MAY_MEET, text,
                             "; a request that meets all of these would get no CORS headers "
                             "(policy-invalid)",
                             NULL));
}

/* How the list above the number of problems falls short. */
static const char *rest_of(apr_pool_t *p, const cg_findings *findings, int certain)
{
    if (certain > CG_FINDINGS_LOGGED_MAX)
        return apr_psprintf(p, ", of which the first %d are listed", CG_FINDINGS_LOGGED_MAX);
    return findings->cut ? ", and more like those listed" : "";
}

static void log_numbers(const cg_findings *findings, const server_rec *server, int index,
                        int certain, int unlisted)
{
    apr_pool_t *p = findings->p;

    if (unlisted > 0)
        log_text(server, index, APLOG_WARNING,
                 apr_psprintf(p, CG_LOG_MAY_MEET "%d more like these are not listed", unlisted));
    if (certain)
        log_text(server, index, APLOG_ERR,
                 apr_psprintf(p,
                              CG_LOG_REFUSED_COUNT
                              "the configuration is refused: %d problem%s in its CORS policies%s",
                              certain, certain == 1 ? "" : "s", rest_of(p, findings, certain)));
}

int cg_findings_log(cg_findings *findings, const server_rec *server, const module *self,
                    int warnings)
{
    int found[2] = {0, 0}; /* warnings, errors */

    for (int i = 0; i < findings->list->nelts; i++) {
        const cg_finding *finding = APR_ARRAY_IDX(findings->list, i, const cg_finding *);

        if (found[finding->certain]++ < CG_FINDINGS_LOGGED_MAX && (finding->certain || warnings))
            log_finding(findings->p, finding, server, self->module_index);
    }
    log_numbers(findings, server, self->module_index, found[1],
                warnings ? found[0] - CG_FINDINGS_LOGGED_MAX : 0);
    return found[1];
}
