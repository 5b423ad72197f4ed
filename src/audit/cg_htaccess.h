/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HTACCESS_H
#define CG_HTACCESS_H

#include "cg_inventory.h"

/** A larger file is not read; httpd would, but nobody means it. */
#define CG_HTACCESS_SIZE_MAX 524288

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

#endif
