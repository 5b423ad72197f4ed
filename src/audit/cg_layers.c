/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_layers.h"

#include "cg_findings.h"
#include "cg_header.h"
#include "cg_logno.h"
#include "cg_unit.h"

#include <apr_strings.h>
#include <http_log.h>

/* A Header line. */
typedef struct layer {
    cg_place place;
    cg_place policy;     /* of the first that it met */
    const cg_host *host; /* the first that has it */
    const cg_host *last_host;
    int hosts;
} layer;

struct cg_layers {
    apr_pool_t *p;
    apr_hash_t *by_place;     /* cg_findings_place_key -> layer */
    apr_array_header_t *list; /* of layer *, in the order found */
};

cg_layers *cg_layers_make(apr_pool_t *p)
{
    cg_layers *made = apr_pcalloc(p, sizeof *made);

    made->p = p;
    made->by_place = apr_hash_make(p);
    made->list = apr_array_make(p, 2, sizeof(layer *));
    return made;
}

/* Finding */

/* One host while it is looked through. */
typedef struct search {
    cg_layers *layers;
    apr_pool_t *p; /* for this host */
    const cg_host *host;
    const cg_units *units;
} search;

static void note(const search *in, const ap_directive_t *node, const cg_policy *policy)
{
    cg_layers *layers = in->layers;
    const cg_place place = {node->filename, node->line_num};
    const char *key = cg_findings_place_key(in->p, &place);
    layer *found = apr_hash_get(layers->by_place, key, APR_HASH_KEY_STRING);

    if (!found) {
        found = apr_pcalloc(layers->p, sizeof *found);
        found->place = place;
        found->policy = *cg_policy_place(policy);
        found->host = in->host;
        apr_hash_set(layers->by_place, apr_pstrdup(layers->p, key), APR_HASH_KEY_STRING, found);
        APR_ARRAY_PUSH(layers->list, layer *) = found;
    }
    if (found->last_host != in->host)
        found->hosts++;
    found->last_host = in->host;
}

static int writes_cors(const cg_recipe *recipe)
{
    return recipe && recipe->writes_cors;
}

static void note_recipe(const search *in, const cg_recipe *recipe, const cg_policy *policy)
{
    const apr_array_header_t *lines;

    if (!writes_cors(recipe))
        return;
    lines = cg_header_cors_lines(in->p, recipe->header);
    for (int i = 0; i < lines->nelts; i++)
        note(in, APR_ARRAY_IDX(lines, i, const ap_directive_t *), policy);
}

/* A policy that only reports leaves what others write. */
static void look_at(const search *in, const cg_context *request)
{
    const cg_pile *pile = request->pile;
    cg_policy policy;

    cg_steps_policy(in->units->steps, pile, -1, &policy);
    if (!cg_policy_in_effect(&policy) || cg_policy_mode(&policy) == CG_MODE_REPORT)
        return;
    note_recipe(in, in->host->main_recipe, &policy);
    note_recipe(in, in->host->recipe, &policy);
    for (int i = 0; i < pile->nelts; i++) {
        const cg_step *step = cg_steps_at(in->units->steps, APR_ARRAY_IDX(pile, i, int));

        note_recipe(in, step->section->recipe, &policy);
    }
}

static int any_writes_cors(const apr_array_header_t *sections)
{
    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *each = APR_ARRAY_IDX(sections, i, const cg_section *);

        if (each->has_recipe && (writes_cors(each->recipe) || any_writes_cors(each->files) ||
                                 any_writes_cors(each->ifs)))
            return 1;
    }
    return 0;
}

static int any_has_policy(const apr_array_header_t *sections)
{
    for (int i = 0; i < sections->nelts; i++) {
        if (APR_ARRAY_IDX(sections, i, const cg_section *)->has_policy)
            return 1;
    }
    return 0;
}

/* Most hosts have only the one or the other. */
static int is_worth_it(const cg_host *host)
{
    const apr_array_header_t *const sections[] = {host->proxies, host->directories, host->files,
                                                  host->locations, host->ifs};
    int writes = writes_cors(host->main_recipe) || writes_cors(host->recipe);
    int has_policy = cg_policy_in_effect(host->policy);

    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        writes = writes || any_writes_cors(sections[i]);
        has_policy = has_policy || any_has_policy(sections[i]);
    }
    return writes && has_policy;
}

void cg_layers_find(cg_layers *layers, const cg_host *host, apr_pool_t *scratch)
{
    search in = {layers, scratch, host, NULL};

    if (!is_worth_it(host))
        return;
    in.units = cg_units_make(scratch, host, 1);
    for (int i = 0; i < in.units->roots->nelts; i++)
        look_at(&in, &APR_ARRAY_IDX(in.units->roots, i, cg_context));
    for (int i = 0; i < in.units->all->nelts; i++) {
        const cg_unit *each = &APR_ARRAY_IDX(in.units->all, i, cg_unit);

        for (int j = 0; j < each->contexts->nelts; j++)
            look_at(&in, &APR_ARRAY_IDX(each->contexts, j, cg_context));
    }
}

/* Logging */

static const char *more_of(apr_pool_t *p, int hosts)
{
    if (hosts == 1)
        return "";
    return apr_psprintf(p, "; and %d more virtual host%s", hosts - 1, hosts == 2 ? "" : "s");
}

static const char *text_of(apr_pool_t *p, const layer *found)
{
    return apr_psprintf(p,
                        CG_LOG_LAYERS
                        "%s: Header (%s:%d) writes Access-Control-* where the policy of %s:%d is "
                        "in effect, which replaces it: remove the Header line%s",
                        found->host->name, found->place.file, found->place.line, found->policy.file,
                        found->policy.line, more_of(p, found->hosts));
}

void cg_layers_log(const cg_layers *layers, const server_rec *server, const module *self)
{
    int unlisted = layers->list->nelts - CG_FINDINGS_LOGGED_MAX;

    for (int i = 0; i < layers->list->nelts && i < CG_FINDINGS_LOGGED_MAX; i++)
        ap_log_error(__FILE__, __LINE__, self->module_index, APLOG_WARNING, 0, server, "%s",
                     text_of(layers->p, APR_ARRAY_IDX(layers->list, i, const layer *)));
    if (unlisted > 0)
        ap_log_error(__FILE__, __LINE__, self->module_index, APLOG_WARNING, 0, server,
                     CG_LOG_LAYERS "%d more like these are not listed", unlisted);
}
