/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_browser.h"

const char *cg_browser_check(apr_pool_t *p, const apr_table_t *headers, const char *origin,
                             int credentials)
{
    (void)p;
    (void)headers;
    (void)origin;
    (void)credentials;
    return NULL;
}

const char *cg_browser_preflight(apr_pool_t *p, int status, const apr_table_t *headers,
                                 const char *origin, int credentials, const char *method,
                                 const char *names)
{
    (void)status;
    (void)method;
    (void)names;
    return cg_browser_check(p, headers, origin, credentials);
}
