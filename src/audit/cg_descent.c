/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_descent.h"

#include <apr_file_info.h>
#include <apr_fnmatch.h>
#include <apr_strings.h>
#include <http_core.h>
#include <string.h>

/* Where the descent is. name is what ap_directory_walk has in r->filename. */
typedef struct descent {
    apr_pool_t *p;
    cg_walk *walk;
    cg_htaccess_store *store;
    char *name; /* with room for one slash more */
    apr_size_t len;
    const char *rest;     /* of the path, behind name */
    unsigned depth;       /* directories in name, "/" counted */
    int next;             /* Directory sections before this one were looked at */
    apr_filetype_e known; /* what the whole path is, APR_NOFILE where it does not exist */
    apr_filetype_e type;  /* what name is */
    int options, added, removed;
} descent;

typedef enum step { DOWN, STOP } step;

/* As core_opts_merge does. */
static void merge_options(descent *at, ap_conf_vector_t *config)
{
    const core_dir_config *core = config ? ap_get_core_module_config(config) : NULL;

    if (!core)
        return;
    if (core->opts & OPT_UNSET) {
        at->added = (at->added & ~core->opts_remove) | core->opts_add;
        at->removed = (at->removed & ~core->opts_add) | core->opts_remove;
        at->options = (at->options & ~at->removed) | at->added;
    } else {
        at->options = core->opts;
        at->added = core->opts_add;
        at->removed = core->opts_remove;
    }
}

static void take(descent *at, const cg_section *section)
{
    APR_ARRAY_PUSH(at->walk->sections, const cg_section *) = section;
    merge_options(at, section->config);
}

/* Ends the walk: none of what was merged so far counts. */
static step refuse(descent *at, int status, const char *why)
{
    apr_array_clear(at->walk->sections);
    at->walk->status = status;
    APR_ARRAY_PUSH(at->walk->unsure, const char *) =
        apr_psprintf(at->p, "httpd answers %d: %s", status, why);
    return STOP;
}

/* Sections stand in the order of their components, those by regex last; see
 * ap_core_reorder_directories. A path of none ("/") always matches. */
static void take_directories(descent *at, const char *directory)
{
    const apr_array_header_t *all = at->walk->host->directories;

    for (; at->next < all->nelts; at->next++) {
        const cg_section *section = APR_ARRAY_IDX(all, at->next, const cg_section *);
        const core_dir_config *core = ap_get_core_module_config(section->config);

        if (section->regex || core->d_components > at->depth)
            break;
        if (core->d_components == 0 ||
            (core->d_components == at->depth &&
             (section->is_fnmatch
                  ? apr_fnmatch(section->path, directory, APR_FNM_PATHNAME) == APR_SUCCESS
                  : strcmp(section->path, directory) == 0)))
            take(at, section);
    }
}

static void take_regexes(descent *at)
{
    const apr_array_header_t *all = at->walk->host->directories;

    for (; at->next < all->nelts; at->next++) {
        const cg_section *section = APR_ARRAY_IDX(all, at->next, const cg_section *);

        if (section->regex && cg_section_matches(at->p, section, at->name))
            take(at, section);
    }
}

static step take_htaccess(descent *at, const char *directory)
{
    const cg_htaccess *found =
        at->store ? cg_htaccess_at(at->store, at->walk->host, directory) : NULL;

    if (!found || found->is_ignored)
        return DOWN;
    if (found->section) {
        take(at, found->section);
        return DOWN;
    }
    if (!found->is_unread)
        return refuse(at, found->status,
                      apr_psprintf(at->p, "%s: %s", found->file, found->problem));
    APR_ARRAY_PUSH(at->walk->unsure, const char *) =
        apr_psprintf(at->p, "%s could not be read: %s", found->file, found->problem);
    return DOWN;
}

static step enter(descent *at)
{
    const char *directory = at->name[at->len - 1] == '/' ? apr_pstrdup(at->p, at->name)
                                                         : apr_pstrcat(at->p, at->name, "/", NULL);

    take_directories(at, directory);
    return take_htaccess(at, directory);
}

/* Adds the next name of the path, with the slash in front; a slash at the end of all is added by
 * itself. */
static step add_name(descent *at)
{
    apr_size_t slash = *at->rest == '/';
    apr_size_t len = slash + strcspn(at->rest + slash, "/");

    if (len == 0)
        return STOP;
    memcpy(at->name + at->len, at->rest, len);
    at->len += len;
    at->name[at->len] = '\0';
    at->rest += len;
    return len == slash ? STOP : DOWN;
}

/* See resolve_symlink in httpd's request.c. */
static step follow(descent *at, const apr_finfo_t *link)
{
    apr_int32_t wanted = APR_FINFO_TYPE | APR_FINFO_OWNER;
    int only_owner = !(at->options & OPT_SYM_LINKS);
    apr_finfo_t target;
    apr_status_t status;

    if (!(at->options & (OPT_SYM_LINKS | OPT_SYM_OWNER)))
        return refuse(
            at, HTTP_FORBIDDEN,
            apr_psprintf(at->p, "%s is a symbolic link, which Options does not permit", at->name));
    status = apr_stat(&target, at->name, wanted, at->p);
    if (status != APR_SUCCESS && status != APR_INCOMPLETE)
        return refuse(at, HTTP_FORBIDDEN,
                      apr_psprintf(at->p, "the symbolic link %s leads nowhere", at->name));
    if (only_owner && apr_uid_compare(link->user, target.user) != APR_SUCCESS)
        return refuse(
            at, HTTP_FORBIDDEN,
            apr_psprintf(at->p, "%s and what it links to have different owners", at->name));
    at->type = target.filetype;
    return DOWN;
}

/* What name is. STOP where the walk ends there. */
static step look(descent *at)
{
    apr_finfo_t info;
    apr_status_t status;

    if (at->known != APR_NOFILE &&
        (at->options & (OPT_SYM_LINKS | OPT_SYM_OWNER)) == OPT_SYM_LINKS) {
        at->type = APR_DIR; /* httpd does not look either: even of a file */
        return DOWN;
    }
    status = apr_stat(&info, at->name, APR_FINFO_TYPE | APR_FINFO_OWNER | APR_FINFO_LINK, at->p);
    at->type = APR_NOFILE;
    if (APR_STATUS_IS_ENOENT(status))
        return STOP;
    if (status != APR_SUCCESS && status != APR_INCOMPLETE)
        return refuse(at, HTTP_FORBIDDEN,
                      apr_psprintf(at->p, "%s cannot be looked up: %pm", at->name, &status));
    at->type = info.filetype;
    if (at->type == APR_LNK && follow(at, &info) == STOP)
        return STOP;
    if (at->type == APR_DIR)
        return DOWN;
    if (at->type != APR_REG)
        return refuse(at, HTTP_FORBIDDEN,
                      apr_psprintf(at->p, "%s is neither a file nor a directory", at->name));
    return STOP;
}

static void go_down(descent *at)
{
    while (enter(at) == DOWN && add_name(at) == DOWN && look(at) == DOWN) {
        if (++at->depth > CG_WALK_DEPTH_MAX) {
            APR_ARRAY_PUSH(at->walk->unsure, const char *) =
                apr_psprintf(at->p, "no more than %d directories are looked at", CG_WALK_DEPTH_MAX);
            return;
        }
    }
}

/* What the path as a whole is: a file with a slash behind it does not exist. */
static apr_filetype_e type_of(apr_pool_t *p, const char *path)
{
    apr_finfo_t info;
    apr_status_t status = apr_stat(&info, path, APR_FINFO_TYPE, p);

    if (status != APR_SUCCESS && status != APR_INCOMPLETE)
        return APR_NOFILE;
    if (info.filetype != APR_DIR && path[strlen(path) - 1] == '/')
        return APR_NOFILE;
    return info.filetype;
}

void cg_descent_walk(apr_pool_t *p, cg_walk *walk, const char *path, cg_htaccess_store *store)
{
    const core_dir_config *core = ap_get_core_module_config(walk->host->server->lookup_defaults);
    descent at = {.p = p, .walk = walk, .store = store, .depth = 1, .type = APR_DIR};
    char *canonical;

    if (apr_filepath_merge(&canonical, NULL, path, APR_FILEPATH_NOTRELATIVE, p) != APR_SUCCESS)
        return;
    at.name = apr_palloc(p, strlen(canonical) + 2);
    at.name[0] = '/';
    at.name[1] = '\0';
    at.len = 1;
    at.rest = canonical + 1;
    at.known = type_of(p, canonical);
    at.options = core->opts;
    at.added = core->opts_add;
    at.removed = core->opts_remove;
    go_down(&at);
    walk->path = at.name;
    walk->path_info = at.rest;
    walk->type = at.known != APR_NOFILE ? at.known : at.type;
    if (!walk->status)
        take_regexes(&at);
}
