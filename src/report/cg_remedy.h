/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REMEDY_H
#define CG_REMEDY_H

#include "cg_catalogue.h"

#include <apr_pools.h>
#include <apr_tables.h>

/** More origins, methods or headers are not written into one remedy; how many are left out is told
 *  in a comment. */
#define CG_REMEDY_NAMES_MAX 200

/** A policy in Cors* directives, to be pasted in place of what was found. It passes configtest:
 *  what a policy cannot hold is left out.
 *  @param replies of const cg_reply *: what was answered tells methods, headers and credentials.
 *  @param meant of const char *: the origins that are meant, as far as they are known.
 *  @return lines that end in \n. */
const char *cg_remedy_of(apr_pool_t *p, cg_find_id id, const apr_array_header_t *replies,
                         const apr_array_header_t *meant);

#endif
