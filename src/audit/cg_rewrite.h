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

/** Non-zero where a rule sets variables, or may since it cannot be read. */
int cg_rewrite_sets_variables(const cg_rewrite *rewrite);

/** The rules of the server, at translate_name: behind SetEnvIf of the server, before anything is known
 *  of a file. Asks run->walk for Location sections, whose RewriteEngine counts here too. main and
 *  own may be NULL; without own there are none.
 *
 *  Reads run->r: uri (decoded), args, headers_in, subprocess_env, notes, main; filename, path_info
 *  and proxyreq are as before unless a rule changed the URL. Leaves:
 *  - variables (SCRIPT_URL and SCRIPT_URI without a setter), run->unknown, run->unresolved, Vary in
 *    headers_out;
 *  - run->status where a rule answers: nothing else is to be carried out, "Header always" counts, and
 *    headers_out as it is now is not sent;
 *  - run->rewritten.url or .path: the request is walked again, with both;
 *  - run->rewritten.proxy: the Proxy sections that match it apply, with the Locations. */
void cg_rewrite_run_server(cg_run *run, const cg_rewrite *main, const cg_rewrite *own);

/** The rules of sections, at fixups, behind SetEnvIf of sections and before SetEnv: those of the
 *  innermost place that has a directive of mod_rewrite, with those it inherits.
 *
 *  Reads of run->r, besides the above: filename as ap_directory_walk leaves it, with path_info; where
 *  filename is NULL, that of the walk; "proxy:..." with proxyreq where the request is proxied. Leaves
 *  the same, but that run->rewritten.redirect stands for url and path: the request ends there, and
 *  another begins (ap_internal_redirect) that is served in its place. It has this path and query, the
 *  same headers_in and err_headers_out, is_ended, variables with REDIRECT_ in front of their names,
 *  REDIRECT_STATUS, Vary of headers_out, and nothing else. httpd gives up after LimitInternalRecursion
 *  (10) of them, with 500.
 *
 *  A directory for which mod_dir serves an index file: the rules are carried out for the directory,
 *  and then, unless they answered or redirected, once more for the file, those of the server too, with
 *  the same variables and r->main set.
 *  @param places of const cg_rewrite *, in the order of merging; of Proxy, Directory, .htaccess,
 *      Files, Location and If. */
void cg_rewrite_run_sections(cg_run *run, const apr_array_header_t *places);

#endif
