/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SETENVIF_H
#define CG_SETENVIF_H

#include "cg_run.h"

/** SetEnvIf, SetEnvIfNoCase, BrowserMatch, BrowserMatchNoCase and SetEnvIfExpr of one place. */
typedef struct cg_setenvif cg_setenvif;

/** Adds a directive.
 *  @param lines NULL for the first of a place.
 *  @return lines; NULL where it was and the directive is not of mod_setenvif. */
cg_setenvif *cg_setenvif_read(apr_pool_t *p, cg_setenvif *lines, const ap_directive_t *node,
                              cg_recipe_scope scope);

/** Carries out the lines of several places, outermost first: those of the server at
 *  post_read_request, those of sections at header_parser (see match_headers in mod_setenvif).
 *  @param places of const cg_setenvif *. */
void cg_setenvif_run(cg_run *run, const apr_array_header_t *places);

#endif
