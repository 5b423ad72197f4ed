/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_VARY_H
#define CG_VARY_H

#include <apr_tables.h>

/** Completes a Vary that is there already (RFC 9110, 12.5.5): members that both header tables have
 *  stay, in lower case, none stands twice, "*" stays alone. The result is one line of out.
 *  @param out     httpd's headers_out; what is made lives in its pool.
 *  @param err     httpd's err_headers_out: its Vary lines are taken away.
 *  @param members a constant list like "Origin, Accept". */
void cg_vary_add(apr_table_t *out, apr_table_t *err, const char *members);

#endif
