/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REWRITE_H
#define CG_REWRITE_H

#include "cg_run.h"

/** RewriteEngine, RewriteOptions, RewriteBase, RewriteMap, RewriteCond and RewriteRule of one
 *  place. */
typedef struct cg_rewrite cg_rewrite;

/** Adds a directive.
 *  @param rewrite NULL for the first of a place.
 *  @return rewrite; NULL where it was and the directive is not of mod_rewrite. */
cg_rewrite *cg_rewrite_read(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node,
                            cg_recipe_scope scope, const char *directory);

/** Non-zero where a rule sets variables. */
int cg_rewrite_sets_variables(const cg_rewrite *rewrite);

/** The rules of the server, at translate_name. main and own may be NULL. */
void cg_rewrite_run_server(cg_run *run, const cg_rewrite *main, const cg_rewrite *own);

/** The rules of sections, at fixups: the innermost place that has any, with those it inherits.
 *  @param places of const cg_rewrite *, in the order of merging; of Directory, .htaccess, Files,
 *      Location and If. */
void cg_rewrite_run_sections(cg_run *run, const apr_array_header_t *places);

#endif
