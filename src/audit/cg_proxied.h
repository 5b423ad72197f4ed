/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_PROXIED_H
#define CG_PROXIED_H

#include "cg_inventory.h"

/** Where ProxyPass and ProxyPassMatch take a URL: "http://backend:8080/x", as Proxy sections
 *  compare it. NULL where they do not (ap_proxy_trans_match).
 *  @param locations of const cg_section *: those that apply to the URL, in order. */
const char *cg_proxied_to(apr_pool_t *p, const cg_host *host, const char *url,
                          const apr_array_header_t *locations);

#endif
