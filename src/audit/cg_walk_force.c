/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_walk.h"

#include <http_core.h>
#include <string.h>

/* Where a section is merged, compared from the first number on. */
typedef struct rank {
    int kind;
    int depth; /* of a Directory: its components, those by regex behind all; of Files: where the
                  section is in the walk that they stand in, -1 outside of all */
    int turn;  /* in the order of the configuration; an .htaccess behind all of its depth */
} rank;

static int index_in(const apr_array_header_t *sections, const cg_section *section)
{
    for (int i = 0; i < sections->nelts; i++) {
        if (APR_ARRAY_IDX(sections, i, const cg_section *) == section)
            return i;
    }
    return -1;
}

static int slashes_in(const char *path)
{
    int count = 0;

    for (; *path; path++)
        count += *path == '/';
    return count;
}

static rank rank_of_directory(const cg_host *host, const cg_section *section)
{
    const core_dir_config *core =
        section->config ? ap_get_core_module_config(section->config) : NULL;
    int turn = index_in(host->directories, section);

    if (section->regex)
        return (rank){CG_SECTION_DIRECTORY, APR_INT32_MAX, turn};
    if (section->is_htaccess || !core)
        return (rank){CG_SECTION_DIRECTORY, slashes_in(section->path), APR_INT32_MAX};
    return (rank){CG_SECTION_DIRECTORY, (int)core->d_components, turn};
}

static rank rank_of(const cg_walk *walk, const cg_section *section)
{
    const cg_section *parent = section->parent;

    switch (section->kind) {
    case CG_SECTION_DIRECTORY:
        return rank_of_directory(walk->host, section);
    case CG_SECTION_FILES:
        return (rank){CG_SECTION_FILES, parent ? index_in(walk->sections, parent) : -1,
                      index_in(parent ? parent->files : walk->host->files, section)};
    case CG_SECTION_PROXY:
        return (rank){CG_SECTION_PROXY, 0, index_in(walk->host->proxies, section)};
    default:
        return (rank){section->kind, 0, index_in(walk->host->locations, section)};
    }
}

static int is_behind(rank a, rank b)
{
    if (a.kind != b.kind)
        return a.kind > b.kind;
    if (a.depth != b.depth)
        return a.depth > b.depth;
    return a.turn > b.turn;
}

void cg_walk_force(apr_pool_t *p, cg_walk *walk, const cg_section *section)
{
    const cg_section **sections;
    rank own;
    int at;

    if (section->parent)
        cg_walk_force(p, walk, section->parent);
    if (section->kind == CG_SECTION_IF || index_in(walk->sections, section) >= 0)
        return;
    own = rank_of(walk, section);
    apr_array_push(walk->sections);
    sections = (const cg_section **)walk->sections->elts;
    for (at = walk->sections->nelts - 1; at > 0; at--) {
        if (!is_behind(rank_of(walk, sections[at - 1]), own))
            break;
        sections[at] = sections[at - 1];
    }
    sections[at] = section;
}
