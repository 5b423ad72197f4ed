/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_check.h"

#include "cg_findings.h"
#include "cg_layers.h"
#include "cg_unit.h"

#include <apr_strings.h>
#include <http_core.h>

/* One host while it is judged. */
typedef struct judge {
    apr_pool_t *p;    /* for this host */
    apr_pool_t *kept; /* for the findings */
    const cg_host *host;
    const cg_units *units;
    cg_steps *steps;
    cg_findings *findings;
    cg_pile *both; /* scratch of judge_union, which may be called a million times */
} judge;

/* Findings */

static const apr_array_header_t *problems_without(const judge *in, const cg_pile *pile, int step)
{
    cg_policy policy;

    cg_steps_policy(in->steps, pile, step, &policy);
    return cg_findings_judge(in->findings, in->p, &policy);
}

static const apr_array_header_t *problems_of(const judge *in, const cg_pile *pile)
{
    return problems_without(in, pile, -1);
}

/* The sections without which the problem would not be; NULL where it is there without any. */
static const char *sections_of(const judge *in, const cg_pile *pile, const cg_problem *problem)
{
    const char *text = NULL;

    for (int i = 0; i < pile->nelts; i++) {
        int step = APR_ARRAY_IDX(pile, i, int);

        if (!cg_findings_hold(problems_without(in, pile, step), problem))
            text = apr_pstrcat(in->kept, text ? text : "", text ? " and " : "",
                               cg_steps_at(in->steps, step)->section->text, NULL);
    }
    return text;
}

static void note(const judge *in, const cg_pile *pile, const cg_problem *problem, int certain)
{
    cg_finding *finding = cg_findings_note(in->findings, in->host, problem, certain);

    if (finding)
        finding->sections = sections_of(in, pile, problem);
}

/* Judging */

/* Whether the section is for a file that a path may lead to: any part of it may be the file's
 * name, with what follows as PATH_INFO (see ap_directory_walk). A directory's name is empty. */
static int is_for_file(const judge *in, const cg_section *files, const char *path)
{
    char *rest = apr_pstrdup(in->p, path), *last, *name;

    if (cg_section_matches(in->p, files, ""))
        return 1;
    for (name = apr_strtok(rest, "/", &last); name; name = apr_strtok(NULL, "/", &last)) {
        if (cg_section_matches(in->p, files, name))
            return 1;
    }
    return 0;
}

/* Whether a section may be for a request, as far as that is known. */
static int is_for(const judge *in, const cg_section *section, const cg_context *at)
{
    int is_plain = cg_section_is_plain(section);

    switch (section->kind) {
    case CG_SECTION_PROXY:
        return !at->path;
    case CG_SECTION_DIRECTORY:
        return at->is_unsure ||
               (!is_plain && at->path && cg_section_matches_about(in->p, section, at->path));
    case CG_SECTION_FILES:
        return at->is_unsure || (at->path && is_for_file(in, section, at->path));
    case CG_SECTION_LOCATION:
        return !at->url || (is_plain ? cg_section_matches(in->p, section, at->url)
                                     : cg_section_matches_about(in->p, section, at->url));
    default:
        return 1;
    }
}

/* A step that may apply to a request too, with those that it stands in; NULL where it cannot. */
static cg_pile *addition(const judge *in, const cg_context *at, int step)
{
    cg_pile *added = cg_pile_make(in->p);

    for (; step >= 0 && !cg_pile_has(at->pile, step); step = cg_steps_at(in->steps, step)->parent) {
        if (!is_for(in, cg_steps_at(in->steps, step)->section, at))
            return NULL;
        cg_pile_add(added, step);
    }
    return added->nelts && cg_steps_meet(in->steps, at->pile, added) ? added : NULL;
}

/* For each step the problems that it leaves where it may apply to a request too; NULL where it
 * cannot. */
static const apr_array_header_t **outcomes(const judge *in, const cg_context *at)
{
    int count = cg_steps_count(in->steps);
    const apr_array_header_t **left = apr_pcalloc(in->p, (apr_size_t)count * sizeof *left);

    for (int i = 0; i < count; i++) {
        cg_pile *with = addition(in, at, i);

        if (!with)
            continue;
        cg_pile_add_all(with, at->pile);
        left[i] = problems_of(in, with);
    }
    return left;
}

/* A section that may apply too takes the problem away, or all branches do of which one always
 * applies. */
static int is_rescued(const judge *in, const apr_array_header_t **left, const cg_problem *problem)
{
    int branches;

    for (int i = 0; i < cg_steps_count(in->steps); i += branches) {
        int taken = 0;

        branches = cg_steps_at(in->steps, i)->branches;
        if (!branches)
            branches = 1;
        while (taken < branches && left[i + taken] && !cg_findings_hold(left[i + taken], problem))
            taken++;
        if (taken == branches)
            return 1;
    }
    return 0;
}

/* at_home: the problems that are certain wherever the context shows them; NULL: all. */
static void judge_context(const judge *in, const cg_context *at, const apr_array_header_t *at_home)
{
    const apr_array_header_t *problems = problems_of(in, at->pile);
    const apr_array_header_t **left = problems->nelts ? outcomes(in, at) : NULL;

    for (int i = 0; i < problems->nelts; i++) {
        const cg_problem *problem = &APR_ARRAY_IDX(problems, i, cg_problem);
        int certain =
            (!at_home || cg_findings_hold(at_home, problem)) && !is_rescued(in, left, problem);

        note(in, at->pile, problem, certain);
    }
}

static void warn_of(const judge *in, const cg_pile *pile)
{
    const apr_array_header_t *problems = problems_of(in, pile);

    for (int i = 0; i < problems->nelts; i++)
        note(in, pile, &APR_ARRAY_IDX(problems, i, cg_problem), 0);
}

/* What the contexts of a plain section show is certain, unless no known URL leads to it. A section
 * that no request could be found for is only warned of; one that none can reach is not. */
static void judge_unit(const judge *in, const cg_unit *each)
{
    static const apr_array_header_t none;
    const apr_array_header_t *at_home =
        each->is_plain && !each->is_unrouted ? NULL : problems_of(in, each->home);
    cg_section_kind kind = cg_steps_at(in->steps, each->step)->section->kind;

    if (each->is_doubtful)
        at_home = &none;
    for (int i = 0; i < each->contexts->nelts; i++)
        judge_context(in, &APR_ARRAY_IDX(each->contexts, i, cg_context), at_home);
    if (!each->contexts->nelts && !each->is_doubtful && kind != CG_SECTION_FILES)
        warn_of(in, each->home);
}

/* What is set outside all sections: it governs some request at least where no section governs
 * all of them. */
static void judge_outside(const judge *in)
{
    const apr_array_header_t *at_home = problems_of(in, in->units->everywhere);

    for (int i = 0; at_home->nelts && i < in->units->roots->nelts; i++)
        judge_context(in, &APR_ARRAY_IDX(in->units->roots, i, cg_context), at_home);
}

static int has_problem(const judge *in, const cg_pile *pile)
{
    cg_policy policy;
    cg_problem first;

    cg_steps_policy(in->steps, pile, -1, &policy);
    return cg_policy_in_effect(&policy) && cg_policy_problem(&policy, &first);
}

static void judge_union(const judge *in, const cg_pile *a, const cg_pile *b)
{
    cg_pile *both = in->both;

    both->nelts = 0;
    cg_pile_add_all(both, a);
    cg_pile_add_all(both, b);
    if (both->nelts > a->nelts && both->nelts > b->nelts && has_problem(in, both) &&
        cg_steps_meet(in->steps, a, b))
        warn_of(in, both);
}

static void judge_pair(const judge *in, const cg_unit *a, const cg_unit *b)
{
    for (int i = 0; i < a->partners->nelts; i++) {
        for (int j = 0; j < b->partners->nelts; j++)
            judge_union(in, APR_ARRAY_IDX(a->partners, i, cg_context).pile,
                        APR_ARRAY_IDX(b->partners, j, cg_context).pile);
    }
}

/* Two plain sections of one kind meet by their paths, which their contexts show; so do a
 * Location and a Directory, unless it is decided at request time where the Location leads. */
static int may_meet_unseen(const judge *in, const cg_unit *a, const cg_unit *b)
{
    const cg_step *first = cg_steps_at(in->steps, a->step),
                  *second = cg_steps_at(in->steps, b->step);

    if (!a->is_plain || !b->is_plain)
        return 1;
    return first->section->kind == CG_SECTION_DIRECTORY &&
           second->section->kind == CG_SECTION_LOCATION && second->reach == CG_REACH_UNSURE;
}

static void judge_pairs(const judge *in)
{
    for (int j = 1; j < in->units->all->nelts; j++) {
        for (int i = 0; i < j; i++) {
            const cg_unit *a = &APR_ARRAY_IDX(in->units->all, i, cg_unit),
                          *b = &APR_ARRAY_IDX(in->units->all, j, cg_unit);

            if (may_meet_unseen(in, a, b))
                judge_pair(in, a, b);
        }
    }
}

/* What the policies of a host hold anywhere; without the one or the other none can be refused. */
typedef struct outlook {
    unsigned risks; /* bits: 1 << rule */
    int credentials;
} outlook;

static void look_at(outlook *seen, const cg_policy *policy)
{
    for (const cg_origins *origins = policy->origins; origins; origins = origins->parent)
        seen->risks |= origins->risk_mask;
    if (policy->expose && policy->expose->any)
        seen->risks |= 1u << CG_RULE_EXPOSE_ALL_WITH_CREDENTIALS;
    seen->credentials |= cg_policy_credentials(policy);
}

static void look_at_sections(outlook *seen, const apr_array_header_t *sections)
{
    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);

        if (!section->has_policy)
            continue;
        look_at(seen, section->policy);
        look_at_sections(seen, section->files);
        look_at_sections(seen, section->ifs);
    }
}

/* Most hosts are sound at a glance. */
static int needs_judging(const cg_host *host)
{
    static const unsigned without_credentials =
        1u << CG_RULE_NULL_ORIGIN | 1u << CG_RULE_OPEN_PATTERN;
    outlook seen = {0};

    look_at(&seen, host->policy);
    look_at_sections(&seen, host->proxies);
    look_at_sections(&seen, host->directories);
    look_at_sections(&seen, host->files);
    look_at_sections(&seen, host->locations);
    look_at_sections(&seen, host->ifs);
    return (seen.credentials && seen.risks) || (seen.risks & without_credentials);
}

static void judge_host(cg_findings *findings, const cg_host *host, apr_pool_t *kept, apr_pool_t *p)
{
    const cg_units *units = cg_units_make(p, host, 0);
    judge in = {p, kept, host, units, units->steps, findings, cg_pile_make(p)};

    judge_outside(&in);
    for (int i = 0; i < units->all->nelts; i++)
        judge_unit(&in, &APR_ARRAY_IDX(units->all, i, cg_unit));
    judge_pairs(&in);
}

/* At startup httpd reads the configuration twice; once is enough for a warning. */
static int is_first_of_two_passes(void)
{
    return ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG &&
           ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_NORMAL;
}

int cg_check_config(apr_pool_t *ptemp, server_rec *s, const module *self)
{
    apr_array_header_t *hosts = cg_inventory_read(ptemp, s, ap_conftree, self);
    cg_findings *findings = cg_findings_make(ptemp);
    cg_layers *layers = cg_layers_make(ptemp);
    int warnings = !is_first_of_two_passes(), errors;
    apr_pool_t *p;

    apr_pool_create(&p, ptemp);
    for (int i = 0; i < hosts->nelts; i++) {
        const cg_host *host = &APR_ARRAY_IDX(hosts, i, cg_host);

        if (needs_judging(host))
            judge_host(findings, host, ptemp, p);
        if (warnings)
            cg_layers_find(layers, host, p);
        apr_pool_clear(p);
    }
    apr_pool_destroy(p);
    errors = cg_findings_log(findings, s, self, warnings);
    cg_layers_log(layers, s, self);
    return errors ? HTTP_INTERNAL_SERVER_ERROR : OK;
}
