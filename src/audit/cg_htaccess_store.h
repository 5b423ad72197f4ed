/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HTACCESS_STORE_H
#define CG_HTACCESS_STORE_H

#include "cg_command.h"
#include "cg_htaccess.h"
#include "cg_identity.h"
#include "cg_override.h"

#include <apr_hash.h>

/* Shared by cg_htaccess.c, which reads files for a host and keeps them, cg_htaccess_root.c, which
 * tells where a host's files are, and cg_htaccess_discover.c, which looks for them. */

/** Hosts that see all files alike. */
typedef struct cg_htaccess_view {
    const cg_overrides *overrides;
    apr_hash_t *known;    /**< directory -> cg_htaccess, or one without a file where none is */
    apr_hash_t *searched; /**< roots that discover has read the files of */
} cg_htaccess_view;

/** A directory from which a host serves. */
typedef struct cg_htaccess_root {
    const char *path; /**< as configured; ends in "/" */
    const char *real; /**< without symbolic links; ends in "/" */
} cg_htaccess_root;

struct cg_htaccess_store {
    apr_pool_t *p;
    apr_pool_t *scratch; /**< cleared after each file */
    cg_identity *identity;
    cg_commands commands;
    apr_hash_t *views;        /**< cg_overrides' key -> cg_htaccess_view */
    apr_hash_t *hosts;        /**< server_rec * -> cg_htaccess_view */
    apr_hash_t *files;        /**< cg_override_key and directory -> cg_htaccess */
    apr_hash_t *counted;      /**< paths of files that were found */
    apr_hash_t *told;         /**< what is in covered.unread */
    apr_hash_t *roots;        /**< server_rec * -> array of cg_htaccess_root */
    apr_array_header_t *seen; /**< const char *: directories with files, without symbolic links, in
                                   the order of their names */
    apr_hash_t *works;        /**< server_rec * and section of a file -> cg_work */
    int sampled;              /**< how many samples there are for files, see cg_sample.h */
    cg_htaccess_coverage covered;
};

cg_htaccess_view *cg_htaccess_view_of(cg_htaccess_store *store, const cg_host *host);

/** Notes in the coverage what could not be read, once. */
void cg_htaccess_tell_unread(cg_htaccess_store *store, const char *path, const char *reason);

/** Where the hosts serve from, for cg_htaccess_store.roots: document roots, aliases, and Directory
 *  sections elsewhere if httpd may find a way to them that the configuration does not show (then
 *  for a section of the main server the first such host has it). */
void cg_htaccess_find_roots(cg_htaccess_store *store, const apr_array_header_t *hosts);

/** Looks for files below a directory.
 *  @param names of AccessFileName: a set.
 *  @param found of const char *: adds each directory that has one, in no order. */
void cg_htaccess_search(cg_htaccess_store *store, const char *directory, apr_hash_t *names,
                        apr_array_header_t *found);

/** Erases what a search has shown on a terminal. */
void cg_htaccess_end_progress(void);

#endif
