/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_WALK_H
#define CG_WALK_H

#include "cg_htaccess.h"
#include "cg_inventory.h"

/** What httpd would apply to one request of a host, as far as its URL and path tell: what
 *  ap_directory_walk, ap_file_walk and ap_location_walk would merge. Read-only once made. */
typedef struct cg_walk {
    const cg_host *host;
    cg_htaccess_store *store; /**< as given to cg_walk_make */
    const char *url;          /**< the path of the URL, without its query */
    cg_reach reach;
    const char *path;      /**< of the file or directory, where reach is CG_REACH_FILE; else NULL.
                                As ap_directory_walk leaves it: without path_info */
    const char *path_info; /**< what the URL has behind a file, or behind the first name that does
                                not exist; "" where there is nothing */
    apr_filetype_e type;   /**< of path; APR_NOFILE: it does not exist */
    const char *proxy;     /**< where the request is proxied to, as Proxy sections compare it; NULL:
                                it is not, or that cannot be told */
    unsigned is_redirected : 1; /**< Redirect answers, before Directory and Files sections count */
    int status; /**< 0, or with what httpd answers before any section counts: 403 for a symbolic link
                     that Options does not permit, 500 for an .htaccess with an error */
    apr_array_header_t *sections; /**< of const cg_section *, in the order in which httpd merges
                                       them: Proxy; Directory and .htaccess by depth; Files;
                                       Location. No If */
    apr_array_header_t *unsure;   /**< of const char *: why sections may be missing, each a clause
                                       ("it is decided at request time where /x leads") */
    const struct cg_walk *before; /**< where mod_dir serves another file in place of what was asked
                                       for (cg_walk_served): the request as it came. SetEnvIf ran on
                                       its sections, and its policy counts where it is in effect;
                                       NULL else */
} cg_walk;

/** Directories on the way to a file that are looked at; no file system lets a path have more by
 *  much, and each may cost reading an .htaccess. */
#define CG_WALK_DEPTH_MAX 256

/** @param url begins with "/", as httpd compares it (cg_target_read); without a query.
 *  @param path in place of what the host's mapping says; NULL: as mapped.
 *  @param store NULL: no .htaccess is looked for. */
cg_walk *cg_walk_make(apr_pool_t *p, const cg_host *host, const char *url, const char *path,
                      cg_htaccess_store *store);

/** The walk of a request that a rule hands to another server: Proxy sections in place of Directory
 *  and Files.
 *  @param proxy what they compare. */
cg_walk *cg_walk_proxied(apr_pool_t *p, const cg_walk *from, const char *url, const char *proxy);

/** Gives a walk the Directory sections and .htaccess files of another one: httpd keeps those for a
 *  subrequest to a file of the same directory, even where its name would bring others. */
void cg_walk_reuse(apr_pool_t *p, cg_walk *walk, const cg_walk *before);

/** What mod_dir makes of it: the walk of the file that it serves instead (DirectoryIndex,
 *  FallbackResource), with before set, or walk itself. */
cg_walk *cg_walk_served(apr_pool_t *p, cg_walk *walk, cg_htaccess_store *store);

/** Adds a section, with those it stands in, that the walk did not meet: for a section no URL is
 *  known for. It is put where httpd would merge it. Of an If only what it stands in is added. */
void cg_walk_force(apr_pool_t *p, cg_walk *walk, const cg_section *section);

/** Which host answers, as httpd finds it (ap_update_vhost_given_ip, ap_update_vhost_from_headers).
 *  The address connected to is what name says where it is one, or else one that the server listens
 *  to or that a host of this name is bound to.
 *  @param hosts of cg_host.
 *  @param name the Host header without its port, an IPv6 address without brackets; in lower case.
 *  @param port the port connected to. */
const cg_host *cg_walk_host(apr_pool_t *p, const apr_array_header_t *hosts, const char *name,
                            unsigned port);

/** The same where the Host header is not that of the URL.
 *  @param at the URL's host, as name. */
const cg_host *cg_walk_host_at(apr_pool_t *p, const apr_array_header_t *hosts, const char *at,
                               const char *name, unsigned port);

#endif
