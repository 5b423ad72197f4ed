/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_override.h"

#include <apr_fnmatch.h>
#include <apr_strings.h>
#include <http_core.h>
#include <string.h>

/* See core_opts_merge. */
static void merge(cg_override *override, const core_dir_config *core)
{
    if (!(core->override & OR_UNSET)) {
        override->directives = (int)core->override;
        override->options = (int)core->override_opts;
    }
    if (core->override_list)
        override->list = core->override_list;
}

static const core_dir_config *core_of(const cg_section *section)
{
    return section->config ? ap_get_core_module_config(section->config) : NULL;
}

static int is_rule(const core_dir_config *core)
{
    return core && !core->r && (!(core->override & OR_UNSET) || core->override_list);
}

/* The sections have their part in the key by what they compare. */
static void read_rules(apr_pool_t *p, cg_overrides *made, const apr_array_header_t *directories)
{
    for (int i = 0; i < directories->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(directories, i, const cg_section *);
        const core_dir_config *core = core_of(section);
        cg_override own = {OR_UNSET, 0, NULL};

        if (!is_rule(core))
            continue;
        merge(&own, core);
        APR_ARRAY_PUSH(made->rules, const cg_section *) = section;
        made->key = apr_psprintf(p, "%s\n%u %s %s", made->key, core->d_components, core->d,
                                 cg_override_key(p, &own));
    }
}

const cg_overrides *cg_overrides_read(apr_pool_t *p, const cg_host *host)
{
    const core_server_config *server = ap_get_core_module_config(host->server->module_config);
    const core_dir_config *outside = ap_get_core_module_config(host->server->lookup_defaults);
    cg_overrides *made = apr_pcalloc(p, sizeof *made);

    made->names = server->access_name ? server->access_name : "";
    if (outside)
        made->outside = (cg_override){(int)outside->override, (int)outside->override_opts,
                                      outside->override_list};
    made->rules = apr_array_make(p, 4, sizeof(const cg_section *));
    made->key = apr_pstrcat(p, made->names, "\n", cg_override_key(p, &made->outside), NULL);
    read_rules(p, made, host->directories);
    return made;
}

/* Whether the wildcards match the part of a directory that has as many slashes (ap_count_dirs). */
static int matches_wildcards(const core_dir_config *core, const char *directory)
{
    char part[APR_PATH_MAX];
    const char *end = directory;

    for (unsigned count = 1; count < core->d_components && end; count++)
        end = strchr(end + 1, '/');
    if (!end || (apr_size_t)(end - directory) + 2 > sizeof part)
        return 0;
    apr_cpystrn(part, directory, (apr_size_t)(end - directory) + 2);
    return apr_fnmatch(core->d, part, APR_FNM_PATHNAME) == APR_SUCCESS;
}

static int applies(const core_dir_config *core, const char *directory)
{
    if (!core->d_components)
        return 1;
    if (core->d_is_fnmatch)
        return matches_wildcards(core, directory);
    return strncmp(directory, core->d, strlen(core->d)) == 0;
}

/* httpd's list has those of fewer segments first. */
cg_override cg_overrides_at(const cg_overrides *overrides, const char *directory)
{
    cg_override found = overrides->outside;

    for (int i = 0; i < overrides->rules->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(overrides->rules, i, const cg_section *);
        const core_dir_config *core = core_of(section);

        if (applies(core, directory))
            merge(&found, core);
    }
    return found;
}

int cg_override_is_none(const cg_override *override)
{
    return !override->directives && (!override->list || apr_is_empty_table(override->list));
}

const char *cg_override_key(apr_pool_t *p, const cg_override *override)
{
    const apr_array_header_t *list = override->list ? apr_table_elts(override->list) : NULL;
    const char *key =
        apr_psprintf(p, "%x %x%s", override->directives, override->options, list ? " list" : "");

    for (int i = 0; list && i < list->nelts; i++)
        key = apr_pstrcat(p, key, " ", APR_ARRAY_IDX(list, i, apr_table_entry_t).key, NULL);
    return key;
}

int cg_override_permits(const cg_override *override, const char *directive, int places)
{
    return (override->directives & places) != 0 ||
           (override->list && apr_table_get(override->list, directive));
}
