/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_BROWSER_H
#define CG_BROWSER_H

#include <apr_pools.h>
#include <apr_tables.h>

/** What a browser makes of an answer. headers holds its header lines as they were sent: a name
 *  that was sent twice is there twice. */

/** Whether a page of origin may read the answer (Fetch, "CORS check").
 *  @param origin serialised, or "null".
 *  @param credentials non-zero where the request carries the user's (credentials mode "include").
 *  @return NULL where it may, else why not: one clause that begins in lower case, any bytes of the
 *      answer quoted (cg_quote). */
const char *cg_browser_check(apr_pool_t *p, const apr_table_t *headers, const char *origin,
                             int credentials);

/** Whether the answer to a preflight permits the request (Fetch, "CORS-preflight fetch").
 *  @param method as the script gave it and the browser normalised it.
 *  @param names the header names that need permission, lower case, separated by commas; NULL or
 *      empty: none.
 *  @return as cg_browser_check. */
const char *cg_browser_preflight(apr_pool_t *p, int status, const apr_table_t *headers,
                                 const char *origin, int credentials, const char *method,
                                 const char *names);

#endif
