/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_WALK_H
#define CG_WALK_H

#include "cg_htaccess.h"
#include "cg_inventory.h"

/** What httpd would apply to one request of a host, as far as its URL and path tell: what
 *  ap_directory_walk, ap_file_walk and ap_location_walk would merge. Read-only once made. */
typedef struct cg_walk {
    const cg_host *host;
    const char *url; /**< the path of the URL, without its query */
    cg_reach reach;
    const char *path; /**< of the file or directory, where reach is CG_REACH_FILE; else NULL */
    apr_array_header_t *sections; /**< of const cg_section *, in the order in which httpd merges
                                       them: Proxy; Directory and .htaccess by depth; Files;
                                       Location. No If */
    apr_array_header_t *unsure;   /**< of const char *: why sections may be missing, each a clause
                                       ("it is decided at request time where /x leads") */
} cg_walk;

/** @param url begins with "/"; without a query.
 *  @param path in place of what the host's mapping says; NULL: as mapped.
 *  @param store NULL: no .htaccess is looked for. */
cg_walk *cg_walk_make(apr_pool_t *p, const cg_host *host, const char *url, const char *path,
                      cg_htaccess_store *store);

/** Adds a section, with those it stands in, that the walk did not meet: for a section no URL is
 *  known for. It is put where httpd would merge it. */
void cg_walk_force(apr_pool_t *p, cg_walk *walk, const cg_section *section);

/** Which host answers, as httpd finds it (ap_update_vhost_given_ip, ap_update_vhost_from_headers).
 *  @param hosts of cg_host.
 *  @param name the Host header without its port; in lower case.
 *  @param port the port connected to. */
const cg_host *cg_walk_host(apr_pool_t *p, const apr_array_header_t *hosts, const char *name,
                            unsigned port);

#endif
