/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SAFELIST_H
#define CG_SAFELIST_H

#include <apr_pools.h>
#include <apr_tables.h>

/** The longest value of one request header that needs no permission, and of all of them together,
 *  in bytes (Fetch, "CORS-safelisted request-header", "CORS-unsafe request-header names"). */
#define CG_SAFELIST_VALUE_MAX 128
#define CG_SAFELIST_VALUES_MAX 1024

/** Whether a page of another origin may send this header without being allowed to. It depends on
 *  the value too: Content-Type: text/plain passes, Content-Type: application/json does not. */
int cg_safelist_has(const char *name, const char *value);

/** The names that a browser asks permission for, as it sends them in
 *  Access-Control-Request-Headers: lower case, sorted, each once, separated by commas.
 *  @param headers the request's, as a script sets them.
 *  @return NULL where there is none. */
const char *cg_safelist_unsafe(apr_pool_t *p, const apr_table_t *headers);

/** Whether a browser sends a preflight in front of a request.
 *  @param method as the browser normalised it (cg_method_normalised).
 *  @param unsafe from cg_safelist_unsafe. */
int cg_safelist_needs_preflight(const char *method, const char *unsafe);

#endif
