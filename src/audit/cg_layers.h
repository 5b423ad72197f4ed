/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_LAYERS_H
#define CG_LAYERS_H

#include "cg_inventory.h"

/** Header directives on Access-Control-* where a policy is in effect: the guard replaces what they
 *  write. Each line once, however many hosts have it. */
typedef struct cg_layers cg_layers;

cg_layers *cg_layers_make(apr_pool_t *p);

/** Looks for those of a host. A line in a section by regex, in Files or If counts where some
 *  request that we can think of meets it and a policy; lines of .htaccess files are not seen.
 *  @param scratch nothing is kept in it. */
void cg_layers_find(cg_layers *layers, const cg_host *host, apr_pool_t *scratch);

/** Logs them as warnings, at most CG_FINDINGS_LOGGED_MAX of them, and how many more there are. */
void cg_layers_log(const cg_layers *layers, const server_rec *server, const module *self);

#endif
