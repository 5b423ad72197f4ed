/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HOOKS_H
#define CG_HOOKS_H

#include <httpd.h>

/** The hooks of a request, in the order httpd calls them; mod_cors_guard.c registers them. */

/** header_parser, last: the sections are merged and authentication has not run. Decides; answers
 *  a preflight (DONE); refuses what CorsGuard Enforce denies (HTTP_FORBIDDEN). */
int cg_hooks_decide(request_rec *r);

/** fixups, behind mod_dir: a fast redirect (DirectoryIndex, FallbackResource) may have brought a
 *  policy where there was none. That is acted upon as above. */
int cg_hooks_redirected(request_rec *r);

/** insert_filter and insert_error_filter: the filter that writes the response headers. */
void cg_hooks_insert(request_rec *r);
void cg_hooks_insert_error(request_rec *r);

#endif
