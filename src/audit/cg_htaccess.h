/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HTACCESS_H
#define CG_HTACCESS_H

#include "cg_inventory.h"
#include "cg_work.h"

/** A larger file is not read; httpd would, but nobody means it. */
#define CG_HTACCESS_SIZE_MAX 524288
/** Directories that are looked into for all hosts together; what is left is told in the coverage.
 */
#define CG_HTACCESS_DIRECTORIES_MAX 1000000
#define CG_HTACCESS_DEPTH_MAX 64
/** Things not read that are told one by one: whoever may make directories could make a report of
 *  any size. */
#define CG_HTACCESS_UNREAD_MAX 1000

/** One .htaccess (or whatever AccessFileName calls it). */
typedef struct cg_htaccess {
    const char *file;
    const char *directory;     /**< ends in "/" */
    const cg_section *section; /**< what it says, as a section of kind CG_SECTION_DIRECTORY with
                                    is_htaccess set; NULL where nothing could be read */
    const char *problem;       /**< NULL, or why httpd answers 500 there, or it could not be read */
    int status;                /**< 500 or 403: what httpd answers in the directory, by problem */
    unsigned is_unread : 1;    /**< problem is of this audit: no permission, too large */
    unsigned is_ignored : 1;   /**< AllowOverride None: httpd does not look at it for this host */
    unsigned mentions_cors : 1; /**< it is ignored, but says something about CORS all the same */
} cg_htaccess;

/** The .htaccess files of a configuration, each read once for all hosts that see it alike. */
typedef struct cg_htaccess_store cg_htaccess_store;

cg_htaccess_store *cg_htaccess_store_make(apr_pool_t *p, const module *self);

/** The file of one directory, as a host sees it (AccessFileName, AllowOverride, AllowOverrideList);
 *  read where it was not yet.
 *  @param directory ends in "/".
 *  @return NULL where there is none. */
const cg_htaccess *cg_htaccess_at(cg_htaccess_store *store, const cg_host *host,
                                  const char *directory);

/** What was spent on a file for a host: it begins with nothing. */
cg_work *cg_htaccess_work(cg_htaccess_store *store, const cg_host *host, const cg_section *file);

/** Walks what the hosts serve: document roots, aliases and plain Directory sections, each
 *  directory once. Symbolic links are not followed, but for the roots themselves. Tells how far it
 *  is on stderr where that is a terminal. */
void cg_htaccess_discover(cg_htaccess_store *store, const apr_array_header_t *hosts);

/** The directories of a host in which the walk found a file: an array of const cg_htaccess *, in
 *  the order of their names. */
apr_array_header_t *cg_htaccess_of_host(apr_pool_t *p, cg_htaccess_store *store,
                                        const cg_host *host);

/** Something that was not looked at. */
typedef struct cg_unread {
    const char *path;
    const char *reason; /**< a clause */
} cg_unread;

/** What the walk saw. */
typedef struct cg_htaccess_coverage {
    unsigned directories;
    unsigned files;             /**< .htaccess files found */
    unsigned links;             /**< symbolic links to directories that were not followed */
    apr_array_header_t *unread; /**< of cg_unread: directories and files */
} cg_htaccess_coverage;

const cg_htaccess_coverage *cg_htaccess_covered(const cg_htaccess_store *store);

#endif
