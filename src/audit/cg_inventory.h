/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_INVENTORY_H
#define CG_INVENTORY_H

#include "cg_mapping.h"
#include "cg_section.h"

/** The main server or a virtual host, with its sections in the order in which httpd merges them,
 *  those it inherits from the main server included. */
typedef struct cg_host {
    const server_rec *server;
    const char *name;        /**< "main server", or "virtual host www.example.com:443" */
    cg_place place;          /**< of its <VirtualHost>; file is NULL for the main server */
    const cg_policy *policy; /**< outside all sections: the main server's and its own, merged */
    const cg_recipe *main_recipe; /**< outside all sections: the main server's, which a virtual host
                                       inherits; NULL: none, and for the main server itself */
    const cg_recipe *recipe;      /**< its own; NULL: none */
    apr_array_header_t *proxies;  /**< of cg_section *, as those below */
    apr_array_header_t *directories;
    apr_array_header_t *files;
    apr_array_header_t *locations;
    apr_array_header_t *ifs;
    const cg_mapping *mapping;
    const ap_directive_t *main_inside; /**< the first directive of the main server's part of the
                                            tree; NULL for the main server itself */
    const ap_directive_t *inside;      /**< of its own part; either may be NULL */
} cg_host;

/** Every host of a configuration that was read, the main server first, then in the order of the
 *  configuration.
 *  @param root ap_conftree.
 *  @return an array of cg_host. */
apr_array_header_t *cg_inventory_read(apr_pool_t *p, server_rec *main, const ap_directive_t *root,
                                      const module *self);

#endif
