/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_htaccess_store.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(apr_array_header_t *strings)
{
    if (strings->nelts > 1)
        qsort(strings->elts, (size_t)strings->nelts, sizeof(const char *), compare_strings);
}

static int is_below(const char *path, const char *directory)
{
    return strncmp(path, directory, strlen(directory)) == 0;
}

static const apr_array_header_t *roots_of(cg_htaccess_store *store, const cg_host *host)
{
    static const apr_array_header_t none;
    const apr_array_header_t *roots =
        apr_hash_get(store->roots, &host->server, sizeof(const server_rec *));

    return roots ? roots : &none;
}

/* Every name that any host gives such files. */
static apr_hash_t *names_of(cg_htaccess_store *store, const apr_array_header_t *hosts)
{
    apr_hash_t *names = apr_hash_make(store->p);

    for (int i = 0; i < hosts->nelts; i++) {
        const cg_host *host = &APR_ARRAY_IDX(hosts, i, cg_host);
        const char *rest = cg_htaccess_view_of(store, host)->overrides->names;

        while (*rest) {
            const char *name = ap_getword_conf(store->p, &rest);

            apr_hash_set(names, name, APR_HASH_KEY_STRING, name);
        }
    }
    return names;
}

/* Roots without symbolic links, in order: what is below one comes right behind it. */
static apr_array_header_t *real_roots(cg_htaccess_store *store, const apr_array_header_t *hosts)
{
    apr_array_header_t *reals = apr_array_make(store->p, hosts->nelts, sizeof(const char *));

    for (int i = 0; i < hosts->nelts; i++) {
        const apr_array_header_t *roots = roots_of(store, &APR_ARRAY_IDX(hosts, i, cg_host));

        for (int j = 0; j < roots->nelts; j++)
            APR_ARRAY_PUSH(reals, const char *) = APR_ARRAY_IDX(roots, j, cg_htaccess_root).real;
    }
    sort(reals);
    return reals;
}

static void search_all(cg_htaccess_store *store, const apr_array_header_t *hosts)
{
    const apr_array_header_t *reals = real_roots(store, hosts);
    apr_hash_t *names = names_of(store, hosts);
    const char *searched = NULL;

    for (int i = 0; i < reals->nelts; i++) {
        const char *real = APR_ARRAY_IDX(reals, i, const char *);

        if (searched && is_below(real, searched))
            continue;
        cg_htaccess_search(store, real, names, store->seen);
        searched = real;
    }
    cg_htaccess_end_progress();
    sort(store->seen);
}

/* The first of the directories seen that is not before path. */
static int first_seen(const cg_htaccess_store *store, const char *path)
{
    int low = 0, high = store->seen->nelts;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (strcmp(APR_ARRAY_IDX(store->seen, middle, const char *), path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Adds the directories in which httpd may look for a file on the way to what a root serves, as it
 * would call them: those around it, and those in it that have one. */
static void add_directories(apr_array_header_t *directories, const cg_htaccess_store *store,
                            const cg_htaccess_root *root)
{
    apr_pool_t *p = directories->pool;

    for (const char *at = strchr(root->path, '/'); at && at[1]; at = strchr(at + 1, '/'))
        APR_ARRAY_PUSH(directories, const char *) =
            apr_pstrmemdup(p, root->path, (apr_size_t)(at - root->path) + 1);
    for (int i = first_seen(store, root->real); i < store->seen->nelts; i++) {
        const char *seen = APR_ARRAY_IDX(store->seen, i, const char *);

        if (!is_below(seen, root->real))
            break;
        APR_ARRAY_PUSH(directories, const char *) =
            apr_pstrcat(p, root->path, seen + strlen(root->real), NULL);
    }
}

/* Hosts that see the files of a root alike need not ask for them again. */
static void read_root(cg_htaccess_store *store, const cg_host *host, const cg_htaccess_root *root,
                      apr_pool_t *p)
{
    cg_htaccess_view *view = cg_htaccess_view_of(store, host);
    apr_array_header_t *directories;

    if (apr_hash_get(view->searched, root->path, APR_HASH_KEY_STRING))
        return;
    apr_hash_set(view->searched, root->path, APR_HASH_KEY_STRING, root);
    directories = apr_array_make(p, 16, sizeof(const char *));
    add_directories(directories, store, root);
    for (int i = 0; i < directories->nelts; i++)
        cg_htaccess_at(store, host, APR_ARRAY_IDX(directories, i, const char *));
}

void cg_htaccess_discover(cg_htaccess_store *store, const apr_array_header_t *hosts)
{
    apr_pool_t *p;

    cg_htaccess_find_roots(store, hosts);
    search_all(store, hosts);
    apr_pool_create(&p, store->p);
    for (int i = 0; i < hosts->nelts; i++) {
        const cg_host *host = &APR_ARRAY_IDX(hosts, i, cg_host);
        const apr_array_header_t *roots = roots_of(store, host);

        for (int j = 0; j < roots->nelts; j++) {
            read_root(store, host, &APR_ARRAY_IDX(roots, j, cg_htaccess_root), p);
            apr_pool_clear(p);
        }
    }
    apr_pool_destroy(p);
}

apr_array_header_t *cg_htaccess_of_host(apr_pool_t *p, cg_htaccess_store *store,
                                        const cg_host *host)
{
    const apr_array_header_t *roots = roots_of(store, host);
    apr_array_header_t *directories = apr_array_make(p, 16, sizeof(const char *));
    apr_array_header_t *files = apr_array_make(p, 16, sizeof(const cg_htaccess *));
    const char *last = "";

    for (int i = 0; i < roots->nelts; i++)
        add_directories(directories, store, &APR_ARRAY_IDX(roots, i, cg_htaccess_root));
    sort(directories);
    for (int i = 0; i < directories->nelts; i++) {
        const char *directory = APR_ARRAY_IDX(directories, i, const char *);
        const cg_htaccess *file =
            strcmp(directory, last) != 0 ? cg_htaccess_at(store, host, directory) : NULL;

        last = directory;
        if (file)
            APR_ARRAY_PUSH(files, const cg_htaccess *) = file;
    }
    return files;
}
