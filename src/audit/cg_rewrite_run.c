/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_place.h"
#include "cg_rewrite_server.h"

#include <apr_file_info.h>
#include <apr_strings.h>
#include <string.h>

static const cg_rewrite *rewrite_of(const cg_recipe *recipe)
{
    return recipe ? recipe->rewrite : NULL;
}

static const char passed[] = "passthrough:";

static int is_passed(const request_rec *r)
{
    return strncmp(r->filename, passed, sizeof passed - 1) == 0;
}

/* A query with a space or a control character is refused, unless it goes into a redirect that is
 * escaped. */
static int is_query_refused(const cg_rewriting *on)
{
    const request_rec *r = on->run->r;

    if (!r->args || (cg_rewrite_absolute(r->filename, NULL) && !on->no_escape))
        return 0;
    return *ap_scan_vchar_obstext(r->args) != '\0';
}

/* What makes it an answer of the rules themselves, or a proxied request.
 * @return 0 where it goes on to a file. */
static int is_answered(cg_rewriting *on)
{
    cg_run *run = on->run;
    request_rec *r = run->r;

    if (on->changed && is_query_refused(on))
        run->status = HTTP_FORBIDDEN;
    else if (on->stopped)
        run->status = on->status;
    else if (strncmp(r->filename, "proxy:", 6) == 0) {
        r->proxyreq = PROXYREQ_REVERSE;
        run->rewritten.proxy = apr_pstrdup(run->p, r->filename + 6);
    } else if (cg_rewrite_absolute(r->filename, NULL))
        run->status = ap_is_HTTP_REDIRECT(on->status) ? on->status : HTTP_MOVED_TEMPORARILY;
    else if (!is_passed(r) && *r->filename != '/')
        run->status = HTTP_BAD_REQUEST;
    else
        return 0;
    return 1;
}

static void begin(cg_rewriting *on, cg_run *run, const cg_rewrite *rewrite)
{
    memset(on, 0, sizeof *on);
    on->run = run;
    on->p = run->p;
    on->directory = rewrite->directory;
    on->rules = rewrite->rules;
}

/* A virtual host has the maps of the main server only where it inherits its rules. */
static void set_maps(cg_rewriting *on, const cg_rewrite *main, const cg_rewrite *own)
{
    const cg_rewrite *both = cg_rewrite_merged(on->p, main, own);

    on->maps[0] = own;
    if (!main || !own || both->rules == own->rules)
        return;
    on->maps[1] = main;
    if (!(both->options & CG_REWRITE_INHERIT) && both->options & CG_REWRITE_INHERIT_BEFORE) {
        on->maps[0] = main;
        on->maps[1] = own;
    }
}

/* Rules of the server */

/* RewriteEngine of a Location counts for the rules of the server too. */
static int is_engine_on(const cg_run *run, const cg_rewrite *main, const cg_rewrite *own)
{
    int engine = own->engine < 0 && main ? main->engine : own->engine;

    for (int i = 0; i < run->walk->sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(run->walk->sections, i, const cg_section *);
        const cg_rewrite *rewrite = rewrite_of(section->recipe);

        if (section->kind == CG_SECTION_LOCATION && rewrite && rewrite->engine >= 0)
            engine = rewrite->engine;
    }
    return engine == 1;
}

/* Whether a directive of mod_rewrite stands in a part of the tree, in sections too. */
static int mentions_rewriting(const ap_directive_t *node)
{
    for (; node; node = node->next) {
        if (ap_cstr_casecmpn(node->directive, "Rewrite", 7) == 0 ||
            mentions_rewriting(node->first_child))
            return 1;
    }
    return 0;
}

/* A virtual host without a directive of mod_rewrite, be it in a section, has no rules, whatever the
 * main server wants to hand down. */
static const cg_rewrite *rules_of_host(cg_run *run, const cg_rewrite *main, const cg_rewrite *own)
{
    cg_rewrite *none;

    if (own || !main || !mentions_rewriting(run->walk->host->inside))
        return own;
    none = apr_pcalloc(run->p, sizeof *none);
    none->engine = -1;
    none->rules = apr_array_make(run->p, 0, sizeof(const cg_rewrite_rule *));
    none->maps = apr_hash_make(run->p);
    return none;
}

static void set_script_variables(cg_run *run)
{
    request_rec *r = run->r;
    const char *url = apr_table_get(r->subprocess_env, "REDIRECT_SCRIPT_URL");
    unsigned port = cg_rewrite_server_port(run);
    const char *colon =
        port == cg_rewrite_default_port(run) ? "" : apr_psprintf(run->p, ":%u", port);

    if (!url)
        url = r->uri;
    apr_table_setn(r->subprocess_env, "SCRIPT_URL", url);
    apr_table_setn(r->subprocess_env, "SCRIPT_URI",
                   apr_pstrcat(run->p, cg_rewrite_scheme(run), "://", cg_rewrite_server_name(run),
                               colon, url, NULL));
}

/* Whether the first directory of a path exists, and the last substitution meant it: see prefix_stat
 * in mod_rewrite. */
static int is_file_path(const cg_rewriting *on, const char *path, unsigned options)
{
    const char *root = cg_rewrite_document_root(on->run);
    const char *first = apr_pstrmemdup(on->p, path, 1 + strcspn(path + 1, "/"));
    apr_finfo_t file;

    if (apr_stat(&file, first, APR_FINFO_MIN, on->p) != APR_SUCCESS)
        return 0;
    return options & CG_REWRITE_UNSAFE_PREFIX || !on->last || on->last->any_prefix ||
           strncmp(on->last->output, first, strlen(first)) == 0 ||
           strncmp(path, root, strlen(root)) == 0;
}

/* Where the URL leads now that the rules are done with it. */
static void map_again(cg_run *run, const char *url)
{
    const char *path = NULL;

    if (cg_mapping_reach_rewritten(run->p, run->walk->host->mapping, url, &path) == CG_REACH_FILE)
        run->rewritten.path = path;
}

static void go_to_file(cg_rewriting *on, unsigned options)
{
    cg_run *run = on->run;
    request_rec *r = run->r;

    if (is_passed(r)) {
        r->uri = apr_pstrdup(run->p, r->filename + sizeof passed - 1);
        run->rewritten.url = r->uri;
        map_again(run, r->uri);
    } else if (is_file_path(on, r->filename, options) &&
               (!run->rewritten.is_reduced || options & CG_REWRITE_LEGACY_PREFIX)) {
        run->rewritten.path = r->filename;
    } else {
        run->rewritten.path = apr_pstrcat(run->p, cg_rewrite_document_root(run), r->filename, NULL);
    }
    r->filename = run->rewritten.path ? apr_pstrdup(run->p, run->rewritten.path) : NULL;
    r->path_info = NULL;
}

void cg_rewrite_run_server(cg_run *run, const cg_rewrite *main, const cg_rewrite *own)
{
    request_rec *r = run->r;
    char *filename = r->filename, *path_info = r->path_info;
    const cg_rewrite *rewrite;
    cg_rewriting on;

    own = rules_of_host(run, main, own);
    if (!own || !is_engine_on(run, main, own) || run->rewritten.is_ended)
        return;
    rewrite = cg_rewrite_merged(run->p, main, own);
    begin(&on, run, rewrite);
    set_maps(&on, main, own);
    set_script_variables(run);
    r->filename = apr_pstrdup(run->p, r->uri);
    r->path_info = NULL;
    cg_rewrite_carry_out(&on);
    if (on.changed || on.stopped) {
        if (!is_answered(&on))
            go_to_file(&on, rewrite->options);
        return;
    }
    r->filename = filename;
    r->path_info = path_info;
    if (run->walk->reach == CG_REACH_UNSURE && !on.doubt)
        map_again(run, r->uri);
}

/* Rules of sections */

/* What ap_directory_walk leaves of a path: up to the first name that does not exist, or is no
 * directory. */
static void split_path_info(cg_run *run)
{
    request_rec *r = run->r;
    char *path = r->filename;

    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        apr_finfo_t file;
        int is_directory;

        *slash = '\0';
        is_directory = apr_stat(&file, path, APR_FINFO_TYPE, run->p) == APR_SUCCESS &&
                       file.filetype == APR_DIR;
        *slash = '/';
        if (!is_directory) {
            r->path_info = apr_pstrdup(run->p, slash);
            *slash = '\0';
            return;
        }
    }
}

static void set_file_name(cg_run *run)
{
    request_rec *r = run->r;

    if (!r->filename && run->walk->path)
        r->filename = apr_pstrdup(run->p, run->walk->path);
    if (r->filename && !r->path_info && *r->filename == '/')
        split_path_info(run);
}

/* A directory asked for without its slash is left to mod_dir, which redirects. */
static int lacks_slash(const cg_run *run, const cg_rewrite *rewrite)
{
    apr_size_t len = strlen(rewrite->directory) - 1;
    const char *file = run->r->filename;

    return file && !cg_rewrite_is_proxied(run) && !(rewrite->options & CG_REWRITE_ALLOW_NO_SLASH) &&
           strlen(file) == len && strncmp(file, rewrite->directory, len) == 0;
}

/* The path with to in place of from; NULL where from is not in front of it. */
static const char *replaced(apr_pool_t *p, const char *path, const char *from, const char *to)
{
    apr_size_t len = strlen(from), to_len = strlen(to);

    len -= len && from[len - 1] == '/';
    if (strncmp(path, from, len) != 0 || path[len] != '/')
        return NULL;
    return apr_pstrcat(p, to, to_len && to[to_len - 1] == '/' ? "" : "/", path + len + 1, NULL);
}

/* What mod_alias would have put down as the context: what is left of URL and path before what they
 * have in common at their ends. */
static const char *from_alias(cg_run *run, const char *path, const char *file)
{
    const char *url = run->r->uri;
    const char *real = apr_pstrcat(run->p, file, run->r->path_info, NULL);
    apr_size_t a = strlen(url), b = strlen(real);

    while (a > 0 && b > 0 && url[a - 1] == real[b - 1])
        a--, b--;
    while (url[a] && url[a] != '/')
        a++, b++;
    if (!a || !url[a])
        return NULL;
    return replaced(run->p, path, apr_pstrmemdup(run->p, real, b), apr_pstrmemdup(run->p, url, a));
}

/* The URL of a path, to which the request is redirected inside httpd. */
static const char *url_of(cg_run *run, const cg_rewrite *rewrite, const char *path,
                          const char *file)
{
    const char *root = cg_rewrite_document_root(run);
    const char *url;

    if (rewrite->base)
        url = replaced(run->p, path, rewrite->directory, rewrite->base);
    else
        url = *root ? replaced(run->p, path, root, "/") : NULL;
    if (!url && file && !(rewrite->options & CG_REWRITE_IGNORE_CONTEXT))
        url = from_alias(run, path, file);
    return url ? url : path;
}

static void redirect_inside(cg_run *run, const cg_rewrite *rewrite, char *file)
{
    request_rec *r = run->r;
    const char *path = r->filename + (is_passed(r) ? sizeof passed - 1 : 0);

    if (!file || strcmp(path, file) != 0)
        run->rewritten.redirect = apr_pstrcat(run->p, url_of(run, rewrite, path, file),
                                              r->args ? "?" : "", r->args, NULL);
    r->filename = file;
}

void cg_rewrite_run_sections(cg_run *run, const apr_array_header_t *places)
{
    const cg_host *host = run->walk->host;
    const cg_rewrite *main = rewrite_of(host->main_recipe), *own = rewrite_of(host->recipe);
    const cg_rewrite *rewrite =
        cg_rewrite_of_places(run->p, cg_rewrite_defaults(run->p, main, own), places);
    cg_rewriting on;
    char *file;

    if (!rewrite || rewrite->engine != 1 || !rewrite->directory || run->rewritten.is_ended)
        return;
    set_file_name(run);
    if (lacks_slash(run, rewrite))
        return;
    begin(&on, run, rewrite);
    set_maps(&on, main, own);
    file = run->r->filename;
    cg_rewrite_carry_out(&on);
    if (!on.changed && !on.stopped)
        run->r->filename = file;
    else if (!is_answered(&on))
        redirect_inside(run, rewrite, file);
}
