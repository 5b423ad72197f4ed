/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_ACCESS_H
#define CG_ACCESS_H

#include "cg_section.h"

/** The directive that lets only some addresses in: Require ip, host, local or forward-dns, or
 *  Allow from.
 *  @param sections of const cg_section *: those of a request, in the order of merging.
 *  @return NULL where there is none, where something else is asked for too (a login, a variable),
 *      or where that depends on the method, or cannot be told. */
const ap_directive_t *cg_access_by_address(apr_pool_t *p, const apr_array_header_t *sections);

#endif
