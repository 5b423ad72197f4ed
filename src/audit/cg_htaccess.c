/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_htaccess_parse.h"
#include "cg_htaccess_store.h"

#include <apr_strings.h>
#include <string.h>

/* There is no file in this directory. */
static const cg_htaccess none;

cg_htaccess_store *cg_htaccess_store_make(apr_pool_t *p, const module *self)
{
    cg_htaccess_store *store = apr_pcalloc(p, sizeof *store);

    store->p = p;
    apr_pool_create(&store->scratch, p);
    store->identity = cg_identity_read(p);
    store->commands = (cg_commands){apr_hash_make(p), self};
    store->views = apr_hash_make(p);
    store->hosts = apr_hash_make(p);
    store->files = apr_hash_make(p);
    store->counted = apr_hash_make(p);
    store->told = apr_hash_make(p);
    store->roots = apr_hash_make(p);
    store->works = apr_hash_make(p);
    store->seen = apr_array_make(p, 16, sizeof(const char *));
    store->covered.unread = apr_array_make(p, 4, sizeof(cg_unread));
    return store;
}

void cg_htaccess_tell_unread(cg_htaccess_store *store, const char *path, const char *reason)
{
    const char *key;

    if (store->covered.unread->nelts > CG_HTACCESS_UNREAD_MAX)
        return;
    key = apr_pstrcat(store->p, path, "\n", reason, NULL);
    if (apr_hash_get(store->told, key, APR_HASH_KEY_STRING))
        return;
    apr_hash_set(store->told, key, APR_HASH_KEY_STRING, key);
    if (store->covered.unread->nelts == CG_HTACCESS_UNREAD_MAX)
        reason = apr_psprintf(store->p, "and more: only the first %d are told one by one",
                              CG_HTACCESS_UNREAD_MAX);
    APR_ARRAY_PUSH(store->covered.unread, cg_unread) =
        (cg_unread){apr_pstrdup(store->p, path), apr_pstrdup(store->p, reason)};
}

static cg_htaccess_view *make_view(cg_htaccess_store *store, const cg_host *host)
{
    const cg_overrides *overrides = cg_overrides_read(store->p, host);
    cg_htaccess_view *view = apr_hash_get(store->views, overrides->key, APR_HASH_KEY_STRING);

    if (view)
        return view;
    view = apr_palloc(store->p, sizeof *view);
    *view = (cg_htaccess_view){overrides, apr_hash_make(store->p), apr_hash_make(store->p)};
    apr_hash_set(store->views, overrides->key, APR_HASH_KEY_STRING, view);
    return view;
}

cg_htaccess_view *cg_htaccess_view_of(cg_htaccess_store *store, const cg_host *host)
{
    const server_rec *server = host->server;
    cg_htaccess_view *view = apr_hash_get(store->hosts, &server, sizeof server);

    if (!view) {
        view = make_view(store, host);
        apr_hash_set(store->hosts, apr_pmemdup(store->p, &server, sizeof server), sizeof server,
                     view);
    }
    return view;
}

/* Reading */

static int says_something(const cg_section *section)
{
    int says = section->has_policy || section->recipe;

    for (int i = 0; i < section->files->nelts && !says; i++)
        says = says_something(APR_ARRAY_IDX(section->files, i, const cg_section *));
    for (int i = 0; i < section->ifs->nelts && !says; i++)
        says = says_something(APR_ARRAY_IDX(section->ifs, i, const cg_section *));
    return says;
}

/* Most files say nothing about CORS, and what modules keep of one is large: then only an empty
 * section is left of it. */
static const cg_section *empty_section(const cg_htaccess_store *store, const cg_htaccess *made,
                                       const cg_section *section)
{
    const cg_section_maker maker = {store->p, store->commands.self, NULL, NULL};
    const cg_section_file file = {apr_pstrdup(store->p, section->text), made->file, made->directory,
                                  section->server};

    return cg_section_of_htaccess(&maker, &file, NULL, NULL);
}

static void parse(cg_htaccess_store *store, const cg_host *host, const cg_override *override,
                  const cg_htaccess_text *text, cg_htaccess *made)
{
    cg_htaccess_parse parsed = {.commands = &store->commands,
                                .server = host->server,
                                .override = *override,
                                .directory = made->directory};
    cg_htaccess_text kept = *text;

    apr_pool_create(&parsed.p, store->p);
    kept.file = made->file;
    kept.name = apr_pstrdup(parsed.p, text->name);
    parsed.text = &kept;
    cg_htaccess_parse_text(&parsed);
    if (parsed.problem)
        made->problem = apr_pstrdup(store->p, parsed.problem);
    made->status = parsed.status;
    made->section = parsed.section;
    if (parsed.section && says_something(parsed.section))
        return;
    if (parsed.section)
        made->section = empty_section(store, made, parsed.section);
    apr_pool_destroy(parsed.p);
}

static const cg_htaccess *read_file(cg_htaccess_store *store, const cg_host *host,
                                    const cg_override *override, const char *directory)
{
    const char *names = cg_htaccess_view_of(store, host)->overrides->names;
    const cg_htaccess_text *text =
        cg_htaccess_text_read(store->scratch, store->identity, directory, names);
    cg_htaccess *made;

    if (!text)
        return &none;
    made = apr_pcalloc(store->p, sizeof *made);
    made->file = apr_pstrdup(store->p, text->file);
    made->directory = apr_pstrdup(store->p, directory);
    made->is_ignored = cg_override_is_none(override) != 0;
    if (made->is_ignored) {
        made->mentions_cors = cg_htaccess_text_mentions_cors(text) != 0;
    } else if (text->problem) {
        made->problem = apr_pstrdup(store->p, text->problem);
        made->status = text->status;
    } else {
        parse(store, host, override, text, made);
    }
    if (!apr_hash_get(store->counted, made->file, APR_HASH_KEY_STRING)) {
        apr_hash_set(store->counted, made->file, APR_HASH_KEY_STRING, made);
        store->covered.files++;
    }
    made->is_unread = made->problem && !made->status;
    if (made->problem)
        cg_htaccess_tell_unread(store, made->file, made->problem);
    return made;
}

/* Views that agree about this directory share the file. */
static const cg_htaccess *shared_file(cg_htaccess_store *store, const cg_host *host,
                                      const cg_overrides *overrides, const char *directory)
{
    cg_override override = cg_overrides_at(overrides, directory);
    const char *key = apr_pstrcat(store->scratch, cg_override_key(store->scratch, &override), "\n",
                                  overrides->names, "\n", directory, NULL);
    const cg_htaccess *found = apr_hash_get(store->files, key, APR_HASH_KEY_STRING);

    if (!found) {
        found = read_file(store, host, &override, directory);
        apr_hash_set(store->files, apr_pstrdup(store->p, key), APR_HASH_KEY_STRING, found);
    }
    return found;
}

const cg_htaccess *cg_htaccess_at(cg_htaccess_store *store, const cg_host *host,
                                  const char *directory)
{
    cg_htaccess_view *view = cg_htaccess_view_of(store, host);
    const cg_htaccess *found = apr_hash_get(view->known, directory, APR_HASH_KEY_STRING);

    if (!found) {
        found = shared_file(store, host, view->overrides, directory);
        apr_hash_set(view->known, apr_pstrdup(store->p, directory), APR_HASH_KEY_STRING, found);
        apr_pool_clear(store->scratch);
    }
    return found == &none ? NULL : found;
}

const cg_htaccess_coverage *cg_htaccess_covered(const cg_htaccess_store *store)
{
    return &store->covered;
}

cg_work *cg_htaccess_work(cg_htaccess_store *store, const cg_host *host, const cg_section *file)
{
    const void *key[] = {host->server, file};
    cg_work *work = apr_hash_get(store->works, key, sizeof key);

    if (!work) {
        work = apr_pcalloc(store->p, sizeof *work);
        apr_hash_set(store->works, apr_pmemdup(store->p, key, sizeof key), sizeof key, work);
    }
    return work;
}
