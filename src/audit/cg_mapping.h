/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_MAPPING_H
#define CG_MAPPING_H

#include "cg_tree.h"

/** How a virtual host finds a file for a URL: its DocumentRoot, Alias, ProxyPass, Redirect and
 *  RewriteRule, those in Location sections too, as far as they can be told from the
 *  configuration alone. */
typedef struct cg_mapping cg_mapping;

typedef enum cg_reach {
    CG_REACH_NONE,  /**< no file: proxied or redirected */
    CG_REACH_FILE,  /**< one file or directory, whether it exists or not */
    CG_REACH_UNSURE /**< decided at request time */
} cg_reach;

/** A URL and the directory that it is served from. */
typedef struct cg_route {
    const char *url;
    const char *path; /**< ends in "/" */
} cg_route;

/** Reads the mapping of a server.
 *  @param own the first directive of its part of the tree.
 *  @param main what a virtual host inherits from; NULL where this is the main server. */
cg_mapping *cg_mapping_read(apr_pool_t *p, const server_rec *server, const ap_directive_t *own,
                            const cg_mapping *main);

/** Where a URL leads. path is set where CG_REACH_FILE is returned. */
cg_reach cg_mapping_reach(apr_pool_t *p, const cg_mapping *mapping, const char *url,
                          const char **path);

/** The same once RewriteRules of the server are done with the URL. */
cg_reach cg_mapping_reach_rewritten(apr_pool_t *p, const cg_mapping *mapping, const char *url,
                                    const char **path);

/** Non-zero where Redirect or RedirectMatch answers a URL. */
int cg_mapping_is_redirected(apr_pool_t *p, const cg_mapping *mapping, const char *url);

/** The URLs under which a directory is served, or what is below it: an array of cg_route, empty
 *  where it is not served. directory: ends in "/". */
apr_array_header_t *cg_mapping_routes(apr_pool_t *p, const cg_mapping *mapping,
                                      const char *directory);

/** Where a host's requests may lead: its DocumentRoot, its aliases, what it proxies. An array of
 *  cg_route; path is NULL where no file is reached, and url where a regex tells what is proxied. */
apr_array_header_t *cg_mapping_roots(apr_pool_t *p, const cg_mapping *mapping);

/** Non-zero where directories may be served that no route leads to. */
int cg_mapping_is_open(const cg_mapping *mapping);

#endif
