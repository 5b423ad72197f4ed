/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HEADER_VALUE_H
#define CG_HEADER_VALUE_H

#include "cg_run.h"

/** No longer value is made, though httpd would: nobody means one, and lines that double it again
 *  and again would take all memory. */
#define CG_HEADER_VALUE_MAX 16384
/** What new text of headers takes, for cg_run_may: it is looked at again and again. */
#define CG_HEADER_BYTES(len) (8 * (len))

/** The value of a Header or RequestHeader directive: text with %{...} in it, or expr=. */
typedef struct cg_header_value cg_header_value;

/** Reads one (see parse_format_string in mod_headers). Never NULL. */
const cg_header_value *cg_header_value_read(apr_pool_t *p, const ap_directive_t *node,
                                            const char *text, cg_recipe_scope scope);

/** What is sent for a request.
 *  @param used the names of variables in it are pushed there, of const char *. */
const char *cg_header_value_of(cg_run *run, const ap_directive_t *node,
                               const cg_header_value *value, apr_array_header_t *used);

#endif
