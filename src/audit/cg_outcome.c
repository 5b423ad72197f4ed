/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_outcome.h"

#include "cg_env.h"
#include "cg_header.h"
#include "cg_rewrite.h"
#include "cg_setenvif.h"

#include <apr_strings.h>
#include <http_core.h>
#include <stdlib.h>
#include <string.h>

/* As httpd's own bound on internal redirects (LimitInternalRecursion). */
#define CG_OUTCOME_REDIRECTS_MAX 10

/* Which module's part of a recipe. */
typedef enum part { SETENVIF, ENV, REWRITE, HEADER } part;

static const void *part_of(const cg_recipe *recipe, part which)
{
    if (!recipe)
        return NULL;
    switch (which) {
    case SETENVIF:
        return recipe->setenvif;
    case ENV:
        return recipe->env;
    case REWRITE:
        return recipe->rewrite;
    default:
        return recipe->header;
    }
}

static void add_part(apr_array_header_t *parts, const cg_recipe *recipe, part which)
{
    const void *found = part_of(recipe, which);

    if (found)
        APR_ARRAY_PUSH(parts, const void *) = found;
}

/* What the server says outside all sections. */
static apr_array_header_t *of_server(const cg_run *run, part which)
{
    apr_array_header_t *parts = apr_array_make(run->p, 4, sizeof(const void *));

    add_part(parts, run->walk->host->main_recipe, which);
    add_part(parts, run->walk->host->recipe, which);
    return parts;
}

static void add_sections(apr_array_header_t *parts, const apr_array_header_t *sections, part which)
{
    for (int i = 0; i < sections->nelts; i++)
        add_part(parts, APR_ARRAY_IDX(sections, i, const cg_section *)->recipe, which);
}

/* If sections */

static int is_in(const apr_array_header_t *list, const cg_section *section)
{
    for (int i = 0; list && i < list->nelts; i++) {
        if (APR_ARRAY_IDX(list, i, const cg_section *) == section)
            return 1;
    }
    return 0;
}

/* Its text begins with "<If" and may ask what only a real request can. */
static int condition_holds(cg_run *run, const cg_section *section)
{
    const core_dir_config *core = ap_get_core_module_config(section->config);
    cg_expr condition = {core ? core->condition : NULL, "its condition is not known",
                         section->regexes};

    if (section->is_last)
        return 1;
    if (section->why_not)
        condition = (cg_expr){NULL, section->why_not, NULL};
    return cg_run_holds(run, section->node, &condition);
}

/* As ap_if_walk goes through one list: of If, ElseIf and Else the first that holds. */
static void take_ifs(cg_run *run, const apr_array_header_t *ifs, const apr_array_header_t *assumed,
                     apr_array_header_t *holding)
{
    int is_taken = 0;

    for (int i = 0; i < ifs->nelts; i++) {
        const cg_section *each = APR_ARRAY_IDX(ifs, i, const cg_section *);
        int holds;

        if (each->is_else && is_taken)
            continue;
        holds =
            (cg_run_may(run, each->node, 0) && condition_holds(run, each)) || is_in(assumed, each);
        is_taken = each->is_else ? is_taken || holds : holds;
        if (holds)
            APR_ARRAY_PUSH(holding, const cg_section *) = each;
    }
}

/* Those of all sections first, then those inside the ones that hold. */
static apr_array_header_t *holding_ifs(cg_run *run, const cg_walk *walk,
                                       const apr_array_header_t *assumed)
{
    apr_array_header_t *holding = apr_array_make(run->p, 2, sizeof(const cg_section *));
    apr_array_header_t *ifs = apr_array_copy(run->p, walk->host->ifs);

    for (int i = 0; i < walk->sections->nelts; i++)
        apr_array_cat(ifs, APR_ARRAY_IDX(walk->sections, i, const cg_section *)->ifs);
    take_ifs(run, ifs, assumed, holding);
    for (int i = 0; i < holding->nelts; i++)
        take_ifs(run, APR_ARRAY_IDX(holding, i, const cg_section *)->ifs, assumed, holding);
    return holding;
}

/* What came of it */

static int is_cors(const char *name)
{
    return ap_cstr_casecmpn(name, "Access-Control-", 15) == 0 || ap_cstr_casecmp(name, "Vary") == 0;
}

static apr_table_t *cors_of(apr_pool_t *p, const apr_table_t *table)
{
    const apr_array_header_t *lines = apr_table_elts(table);
    apr_table_t *found = apr_table_make(p, 4);

    for (int i = 0; i < lines->nelts; i++) {
        const apr_table_entry_t *each = &APR_ARRAY_IDX(lines, i, apr_table_entry_t);

        if (is_cors(each->key))
            apr_table_addn(found, each->key, each->val);
    }
    return found;
}

static void add_nodes(apr_array_header_t *nodes, const apr_array_header_t *makers)
{
    if (makers)
        apr_array_cat(nodes, makers);
}

static int compare_places(const void *a, const void *b)
{
    const ap_directive_t *x = *(const ap_directive_t *const *)a,
                         *y = *(const ap_directive_t *const *)b;
    int order = strcmp(x->filename, y->filename);

    if (order == 0)
        order = x->line_num - y->line_num;
    if (order == 0) /* a macro may have two in one line */
        order = ((apr_uintptr_t)x > (apr_uintptr_t)y) - ((apr_uintptr_t)x < (apr_uintptr_t)y);
    return order;
}

/* By place, each once. */
static void sort(apr_array_header_t *nodes)
{
    const ap_directive_t **all = (const ap_directive_t **)nodes->elts;
    int kept = 0;

    qsort(all, (size_t)nodes->nelts, sizeof *all, compare_places);
    for (int i = 0; i < nodes->nelts; i++) {
        if (!kept || all[i] != all[kept - 1])
            all[kept++] = all[i];
    }
    nodes->nelts = kept;
}

/* The lines of both tables, as cg_header.c names them. */
static void add_makers(apr_array_header_t *nodes, apr_hash_t *makers, const char *header)
{
    apr_pool_t *p = nodes->pool;

    add_nodes(nodes, apr_hash_get(makers, apr_pstrcat(p, "a", header, NULL), APR_HASH_KEY_STRING));
    add_nodes(nodes, apr_hash_get(makers, apr_pstrcat(p, "s", header, NULL), APR_HASH_KEY_STRING));
}

apr_array_header_t *cg_outcome_nodes(apr_pool_t *p, const cg_outcome *outcome, const char *header)
{
    apr_array_header_t *nodes = apr_array_make(p, 4, sizeof(const ap_directive_t *));

    add_makers(nodes, outcome->makers, header);
    sort(nodes);
    return nodes;
}

static apr_array_header_t *nodes_of(cg_run *run)
{
    apr_array_header_t *nodes = apr_array_make(run->p, 4, sizeof(const ap_directive_t *));

    add_makers(nodes, run->makers, "access-control-allow-origin");
    add_makers(nodes, run->makers, "access-control-allow-credentials");
    sort(nodes);
    return nodes;
}

/* The phases */

static void run_server(cg_run *run)
{
    const cg_host *host = run->walk->host;

    cg_header_run(run, of_server(run, HEADER), CG_HEADER_EARLY);
    cg_setenvif_run(run, of_server(run, SETENVIF));
    cg_rewrite_run_server(run, part_of(host->main_recipe, REWRITE), part_of(host->recipe, REWRITE));
}

static apr_array_header_t *parts_of(const cg_run *run, const apr_array_header_t *sections,
                                    part which)
{
    apr_array_header_t *parts = apr_array_make(run->p, 4, sizeof(const void *));

    add_sections(parts, sections, which);
    return parts;
}

/* Where mod_dir serves another file, SetEnvIf and rules have run for the directory that was asked
 * for; then the rules do once more, those of the server too, for a subrequest. */
static int run_directory(cg_run *run)
{
    const cg_walk *served = run->walk, *asked = served->before;

    cg_run_move(run, asked);
    cg_setenvif_run(run, parts_of(run, asked->sections, SETENVIF));
    cg_rewrite_run_sections(run, parts_of(run, asked->sections, REWRITE));
    if (run->status || run->rewritten.redirect)
        return 0;
    cg_run_move(run, served);
    run->r->main = apr_pmemdup(run->p, run->r, sizeof *run->r);
    cg_rewrite_run_server(run, part_of(served->host->main_recipe, REWRITE),
                          part_of(served->host->recipe, REWRITE));
    return !run->status;
}

static void run_sections(cg_run *run, const apr_array_header_t *sections)
{
    apr_array_header_t *env = of_server(run, ENV);

    if (!run->walk->before)
        cg_setenvif_run(run, parts_of(run, sections, SETENVIF));
    else if (!run_directory(run))
        return;
    cg_rewrite_run_sections(run, parts_of(run, sections, REWRITE));
    add_sections(env, sections, ENV);
    cg_env_run(run, env);
}

/* An error's answer has only what is set always. */
static int is_error(const cg_run *run)
{
    return run->status || (run->question->is_literal && run->walk->reach == CG_REACH_FILE &&
                           run->walk->type == APR_NOFILE);
}

static void run_headers(cg_run *run, const apr_array_header_t *sections, cg_outcome *outcome)
{
    apr_array_header_t *headers = of_server(run, HEADER);

    add_sections(headers, sections, HEADER);
    cg_header_run(run, headers, CG_HEADER_REQUEST);
    outcome->early = cors_of(run->p, run->r->headers_out);
    cg_header_run(run, headers, CG_HEADER_ALWAYS);
    outcome->always = cors_of(run->p, run->r->err_headers_out);
    outcome->headers = apr_table_copy(run->p, outcome->always);
    if (is_error(run))
        return;
    cg_header_run(run, headers, CG_HEADER_SUCCESS);
    outcome->headers =
        apr_table_overlay(run->p, outcome->always, cors_of(run->p, run->r->headers_out));
}

static void merge_policy(apr_pool_t *p, cg_outcome *outcome, const cg_host *host)
{
    outcome->policy = *host->policy;
    for (int i = 0; i < outcome->sections->nelts; i++)
        cg_policy_merge(p, &outcome->policy,
                        APR_ARRAY_IDX(outcome->sections, i, const cg_section *)->policy,
                        &outcome->policy);
}

/* Rules of the server may lead elsewhere. */
static void walk_again(cg_run *run)
{
    const cg_rewritten *to = &run->rewritten;
    const char *url = to->url ? to->url : run->walk->url;
    cg_walk *walk;

    if (to->proxy)
        cg_run_move(run, cg_walk_proxied(run->p, run->walk, url, to->proxy));
    if (to->proxy || (!to->url && !to->path))
        return;
    walk = cg_walk_make(run->p, run->walk->host, url, to->path, run->walk->store);
    cg_run_move(run, cg_walk_served(run->p, walk, run->walk->store));
}

/* Where rules of the server answer, httpd knows of Locations only. */
static apr_array_header_t *locations_of(const cg_run *run)
{
    const apr_array_header_t *all = run->walk->sections;
    apr_array_header_t *found = apr_array_make(run->p, 4, sizeof(const cg_section *));

    for (int i = 0; i < all->nelts; i++) {
        const cg_section *each = APR_ARRAY_IDX(all, i, const cg_section *);

        if (each->kind == CG_SECTION_LOCATION)
            APR_ARRAY_PUSH(found, const cg_section *) = each;
    }
    return found;
}

/* One request of those that httpd makes of the client's.
 *  @return the path and query of the one that it is redirected to, or NULL */
static const char *run_once(cg_run *run, cg_outcome *outcome, const apr_array_header_t *assumed)
{
    run_server(run);
    if (!run->status) {
        walk_again(run);
        outcome->sections =
            apr_array_append(run->p, run->walk->sections, holding_ifs(run, run->walk, assumed));
        run_sections(run, outcome->sections);
    } else {
        outcome->sections = locations_of(run);
    }
    return run->status ? NULL : run->rewritten.redirect;
}

cg_outcome *cg_outcome_of(apr_pool_t *p, const cg_walk *walk, const cg_question *question,
                          const apr_array_header_t *assumed)
{
    cg_outcome *outcome = apr_pcalloc(p, sizeof *outcome);
    cg_run *run = cg_run_make(p, walk, question);
    const char *redirect;

    outcome->sections = walk->sections;
    redirect = run_once(run, outcome, assumed);
    merge_policy(p, outcome, walk->host);
    for (int round = 0; redirect; round++) {
        if (round == CG_OUTCOME_REDIRECTS_MAX) {
            run->status = HTTP_INTERNAL_SERVER_ERROR;
            break;
        }
        cg_run_redirect(run, redirect);
        redirect = run_once(run, outcome, assumed);
        if (!cg_policy_in_effect(&outcome->policy))
            merge_policy(p, outcome, walk->host);
    }
    run_headers(run, outcome->sections, outcome);
    outcome->status = run->status;
    outcome->nodes = nodes_of(run);
    outcome->unresolved = run->unresolved;
    outcome->variables = run->r->subprocess_env;
    outcome->makers = run->makers;
    return outcome;
}
