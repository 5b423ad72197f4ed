/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POLICY_H
#define POLICY_H

#include "cg_decide.h"

/* A policy and a request out of lines of text, for fuzz_decide.c. */

/** Reads sections up to an empty line, the outermost first, and merges them. A line is a letter and
 *  what follows it: o origins, c credentials, m methods, h headers, e exposed headers, a max-age, d
 *  mode, s this site's own origins, l lifts, f forward, p status of preflights; "-" begins the next
 *  section.
 *  @return NULL where a directive is refused, as httpd would not start. */
const cg_policy *policy_read(apr_pool_t *p, const char **rest, const char *end);

/** A request, and the response headers that somebody else made for it. */
typedef struct policy_request {
    cg_facts facts;
    const char *own; /**< this site's origin as browsers serialise it; NULL: not known */
    const char *host, *asked, *names, *site, *scheme;
    apr_table_t *out, *err;
} policy_request;

/** Reads the rest: M method, O Origin, H Host, S scheme, R Access-Control-Request-Method, N
 *  Access-Control-Request-Headers, F Sec-Fetch-Site, 1 and 2 "name: value" in either table. */
void policy_read_request(apr_pool_t *p, const char *rest, const char *end, policy_request *request);

#endif
