/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SITE_H
#define CG_SITE_H

#include <apr_pools.h>

/** What a URL of the command line names. */
typedef struct cg_site {
    const char *url; /**< without its fragment, which is never sent */
    const char *scheme;
    const char *host;   /**< as written; an IPv6 address in brackets */
    unsigned port;      /**< the scheme's own where none was written */
    const char *path;   /**< without the query; at least "/" */
    const char *name;   /**< the host, with ":port" where it is not the scheme's own */
    const char *origin; /**< as browsers serialise it */
} cg_site;

/** Reads an http or https URL.
 *  @return NULL, or what is wrong with it and what to write. */
const char *cg_site_read(apr_pool_t *p, const char *url, cg_site *site);

#endif
