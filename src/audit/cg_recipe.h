/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_RECIPE_H
#define CG_RECIPE_H

#include <httpd.h>
#include <http_config.h>
#include <util_cfgtree.h>

/** Where directives stand. */
typedef enum cg_recipe_scope {
    CG_RECIPE_SERVER,  /**< the main server, or a <VirtualHost>, outside all sections */
    CG_RECIPE_SECTION, /**< <Directory>, <Location>, <Files>, <If>, ... */
    CG_RECIPE_HTACCESS
} cg_recipe_scope;

/** What one place of the configuration says with other modules' directives that may have a part
 *  in CORS headers, by module, each in the order written. Sections inside it are places of their
 *  own. Everything is parsed and compiled once; read-only afterwards. Shared by the files that
 *  read it (cg_recipe.c) and that carry it out (cg_setenvif.c, cg_env.c, cg_rewrite.c,
 *  cg_header.c). */
typedef struct cg_recipe {
    const struct cg_setenvif *setenvif; /**< NULL: no such directive; so are those below */
    const struct cg_env *env;           /**< SetEnv, UnsetEnv, PassEnv */
    const struct cg_rewrite *rewrite;
    const struct cg_header *header;  /**< Header, RequestHeader */
    const apr_array_header_t *nodes; /**< of const ap_directive_t *: all those directives, in the
                                          order written */
    unsigned writes_cors : 1;        /**< a Header directive names Access-Control-* */
    unsigned is_local : 1; /**< what comes of it may depend on the host and URL that are asked */
    unsigned matters : 1;  /**< it can change an Access-Control-* header: see cg_recipe_read */
} cg_recipe;

/** Non-zero where a condition, pattern or value may depend on the host and URL of a request: it
 *  names something of them, or we are not sure. */
int cg_recipe_is_local(const char *text);

/** Reads a place.
 *  @param first its first directive; may be NULL.
 *  @param directory what a <Directory> or .htaccess is for, with "/" at its end, for RewriteRule;
 *      else NULL.
 *  @return NULL where no directive there has a part in CORS headers, whatever stands elsewhere. A
 *      place whose directives only may have one (SetEnv API_ORIGIN ..., RewriteRule without E=) is
 *      read too; its "matters" is 0. */
const cg_recipe *cg_recipe_read(apr_pool_t *p, const ap_directive_t *first, cg_recipe_scope scope,
                                const char *directory);

#endif
