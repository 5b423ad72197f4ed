/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SUFFIX_H
#define CG_SUFFIX_H

#include <apr_pools.h>

/** Loads the public suffix list (libpsl: the newer of the system's file and the built-in one),
 *  for as long as p lives. Call before any thread runs; the list is read-only afterwards. */
void cg_suffix_open(apr_pool_t *p);

/** Non-zero where host itself is listed, in the ICANN or the private section: "com", "co.uk",
 *  "github.io". An unlisted top-level domain ("internal", "test") is not public. host: lower
 *  case, A-labels. */
int cg_suffix_is_public(const char *host);

/** The part of host that somebody registers, or is given, as a whole: "example.com" of
 *  "a.example.com", "me.github.io" of "x.me.github.io". Points into host. NULL where nobody can:
 *  an address, a public suffix itself, a name under an unlisted top-level domain. */
const char *cg_suffix_registrable(const char *host);

#endif
