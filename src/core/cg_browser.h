/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_BROWSER_H
#define CG_BROWSER_H

#include <apr_pools.h>
#include <apr_tables.h>

/** What a browser makes of an answer. headers holds its header lines as they were sent: a name
 *  that was sent twice is there twice. */

/** A value without the space, tabs and line ends around it, which are no part of it (Fetch,
 *  "normalize").
 *  @param value len bytes, without NUL. */
const char *cg_browser_trimmed(apr_pool_t *p, const char *value, apr_size_t len);

/** A header's value as a browser reads it: its lines joined with ", " (Fetch, "get").
 *  @param lines how many there are; may be NULL.
 *  @return NULL where there is none. */
const char *cg_browser_value(apr_pool_t *p, const apr_table_t *headers, const char *name,
                             int *lines);

/** The members of the list in a header, over all its lines, in their order (Fetch, "get, decode, and
 *  split").
 *  @return an array of const char *. */
apr_array_header_t *cg_browser_members(apr_pool_t *p, const apr_table_t *headers, const char *name);

/** Whether the list in a header has a member, such as "Origin" in Vary.
 *  @param ignores_case non-zero for members that are header names; methods are compared byte for
 *      byte. */
int cg_browser_lists(apr_pool_t *p, const apr_table_t *headers, const char *name,
                     const char *member, int ignores_case);

/** Whether a page of origin may read the answer (Fetch, "CORS check").
 *  @param origin serialised, or "null".
 *  @param credentials non-zero where the request carries the user's (credentials mode "include").
 *  @return NULL where it may, else why not: one clause that begins in lower case, any bytes of the
 *      answer quoted (cg_quote). */
const char *cg_browser_check(apr_pool_t *p, const apr_table_t *headers, const char *origin,
                             int credentials);

/** A request that a page wants to make. */
typedef struct cg_browser_request {
    const char *origin; /**< of the page; this and credentials as for cg_browser_check */
    int credentials;
    const char *method; /**< as the script gave it and the browser normalised it */
    const char *names;  /**< the header names that need permission (cg_safelist_unsafe): lower case,
                             separated by commas; NULL or empty: none */
} cg_browser_request;

/** Whether the answer to its preflight permits a request (Fetch, "CORS-preflight fetch").
 *  @return as cg_browser_check. */
const char *cg_browser_preflight(apr_pool_t *p, int status, const apr_table_t *headers,
                                 const cg_browser_request *request);

#endif
