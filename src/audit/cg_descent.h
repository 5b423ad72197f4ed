/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_DESCENT_H
#define CG_DESCENT_H

#include "cg_walk.h"

/** Goes down to a file, directory by directory, as ap_directory_walk does: adds to walk the
 *  Directory sections and .htaccess files on the way, sets its path, path_info, type and status.
 *  What exists is looked up in the file system.
 *  @param path absolute. */
void cg_descent_walk(apr_pool_t *p, cg_walk *walk, const char *path, cg_htaccess_store *store);

#endif
