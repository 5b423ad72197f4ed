/* SPDX-License-Identifier: Apache-2.0 */
/* Has callgrind count from the moment at which httpd is ready for requests, so that reading a million
 * origins is not simulated instruction by instruction. Loaded in every measured configuration; does
 * nothing during a request. */
#include <apr_pools.h>
#include <httpd.h>
#include <http_config.h>
#include <valgrind/callgrind.h>

static apr_status_t stop(void *unused)
{
    (void)unused;
    CALLGRIND_STOP_INSTRUMENTATION;
    return APR_SUCCESS;
}

static void start(apr_pool_t *child, server_rec *s)
{
    (void)s;
    apr_pool_pre_cleanup_register(child, NULL, stop);
    CALLGRIND_START_INSTRUMENTATION;
}

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_child_init(start, NULL, NULL, APR_HOOK_REALLY_LAST);
}

AP_DECLARE_MODULE(bench_count) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks, AP_MODULE_FLAG_NONE,
};
