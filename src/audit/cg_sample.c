/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_sample.h"

#include "cg_htaccess_store.h"
#include "cg_spot.h"

#include <apr_strings.h>
#include <string.h>

/* Returns 0 where there is no room. */
static int has_room(const cg_sampler *in)
{
    if (in->samples->nelts < CG_SAMPLES_MAX)
        return 1;
    if (in->store)
        cg_htaccess_tell_unread(
            in->store, in->host->name,
            apr_psprintf(in->p, "only its first %d sections were judged", CG_SAMPLES_MAX));
    return 0;
}

static void add_section(const cg_sampler *in, const cg_section *section,
                        const apr_array_header_t *spots);

static void add_inside(const cg_sampler *in, const apr_array_header_t *sections,
                       const apr_array_header_t *around)
{
    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);

        if (section->has_policy || section->has_recipe)
            add_section(in, section, cg_spots_inside(in, section, around));
    }
}

static void add_section(const cg_sampler *in, const cg_section *section,
                        const apr_array_header_t *spots)
{
    for (int i = 0; cg_section_is_set(section) && i < spots->nelts && has_room(in); i++) {
        cg_sample *added = apr_array_push(in->samples);

        *added = APR_ARRAY_IDX(spots, i, cg_sample);
        added->section = section;
    }
    add_inside(in, section->files, spots);
    add_inside(in, section->ifs, spots);
}

/* The parts of a host */

static void add_sections(const cg_sampler *in, const apr_array_header_t *sections)
{
    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);

        if (section->has_policy || section->has_recipe)
            add_section(in, section, cg_spots_of(in, section));
    }
}

static int has_room_for_files(const cg_sampler *in)
{
    if (in->store->sampled < CG_SAMPLES_OF_HTACCESS_MAX)
        return 1;
    cg_htaccess_tell_unread(
        in->store, in->host->name,
        apr_psprintf(in->p, "its .htaccess files were not all judged: more than %d in all hosts",
                     CG_SAMPLES_OF_HTACCESS_MAX));
    return 0;
}

static void add_htaccess(const cg_sampler *in)
{
    const apr_array_header_t *files = cg_htaccess_of_host(in->p, in->store, in->host);

    for (int i = 0; i < files->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(files, i, const cg_htaccess *)->section;
        int before = in->samples->nelts;

        if (!section || (!section->has_policy && !section->has_recipe))
            continue;
        if (!has_room_for_files(in))
            return;
        add_section(in, section, cg_spots_of_htaccess(in, section));
        in->store->sampled += in->samples->nelts - before;
    }
}

static int matters(const cg_recipe *recipe)
{
    return recipe && recipe->matters;
}

static void add_outside(const cg_sampler *in)
{
    static const cg_policy empty;
    const cg_host *host = in->host;

    if (memcmp(host->policy, &empty, sizeof empty) == 0 && !matters(host->recipe) &&
        !matters(host->main_recipe))
        return;
    for (int i = 0; i < in->roots->nelts && has_room(in); i++)
        APR_ARRAY_PUSH(in->samples, cg_sample) =
            (cg_sample){.url = APR_ARRAY_IDX(in->roots, i, cg_route).url};
}

/* Where a regex tells what is proxied, no URL is known. */
static const apr_array_header_t *roots_of(apr_pool_t *p, const cg_host *host)
{
    apr_array_header_t *roots = cg_mapping_roots(p, host->mapping);

    if (!roots->nelts)
        APR_ARRAY_PUSH(roots, cg_route) = (cg_route){"/", NULL};
    for (int i = 0; i < roots->nelts; i++) {
        cg_route *root = &APR_ARRAY_IDX(roots, i, cg_route);

        if (!root->url || *root->url != '/')
            root->url = "/";
    }
    return roots;
}

apr_array_header_t *cg_samples_of(apr_pool_t *p, const cg_host *host, cg_htaccess_store *store)
{
    apr_array_header_t *samples = apr_array_make(p, 8, sizeof(cg_sample));
    cg_sampler in = {p, NULL, host, store, roots_of(p, host), samples};

    apr_pool_create(&in.scratch, p);
    add_outside(&in);
    add_sections(&in, host->proxies);
    add_sections(&in, host->directories);
    if (store)
        add_htaccess(&in);
    add_sections(&in, host->files);
    add_sections(&in, host->locations);
    add_sections(&in, host->ifs);
    apr_pool_destroy(in.scratch);
    return in.samples;
}
