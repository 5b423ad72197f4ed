/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_OWNER_H
#define CG_OWNER_H

#include "cg_origin.h"

/** What names an owner, and its NUL. */
#define CG_OWNER_MAX (CG_HOST_MAX + 1)

/** What of an origin's host has one owner, whom everybody can become for some other value of it:
 *  the registrable domain ("example.com"), the network of a public address ("203.0.113", the /24
 *  or /48 that is the smallest that routers announce), the whole host under a scheme other than
 *  http and https (an extension's id). The reserved names under .example and the addresses of
 *  documentation (RFC 2606, 5737, 3849) count as anybody's.
 *  @param owner set to a text that is the same for the same owner.
 *  @return 0 where nobody can come to own it: a public suffix, a name under an unlisted top-level
 *      domain, a loopback or private address, a label that cannot be registered. */
int cg_owner_of(const cg_origin *origin, char owner[CG_OWNER_MAX]);

#endif
