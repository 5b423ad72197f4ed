/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_VARY_H
#define CG_VARY_H

#include <httpd.h>

/** Completes a Vary that is there already (RFC 9110, 12.5.5): members that both header tables have
 *  stay, none stands twice, "*" stays alone.
 *  @param members a constant list like "Origin, Accept". */
void cg_vary_add(request_rec *r, const char *members);

#endif
