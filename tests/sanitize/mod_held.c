/* SPDX-License-Identifier: Apache-2.0 */
/* The handler "held" tells what this process holds when a request of its is answered: the bytes of the configuration's
 * pool, those of all pools below it, and those of everything that malloc gave out. For an APR with pool debugging, under
 * AddressSanitizer: nothing else counts exactly. */
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <unistd.h>

extern __attribute__((visibility("default"))) module AP_MODULE_DECLARE_DATA held_module;

/* Of the sanitizer's runtime; gcc has no header for it. */
extern size_t __sanitizer_get_current_allocated_bytes(void);

static int handle(request_rec *r)
{
    apr_pool_t *pconf = r->server->process->pconf;

    if (!r->handler || strcmp(r->handler, "held") != 0)
        return DECLINED;
    ap_set_content_type(r, "text/plain");
    ap_rprintf(r, "%d %" APR_SIZE_T_FMT " %" APR_SIZE_T_FMT " %" APR_SIZE_T_FMT "\n", (int)getpid(),
               apr_pool_num_bytes(pconf, 0), apr_pool_num_bytes(pconf, 1),
               __sanitizer_get_current_allocated_bytes());
    return OK;
}

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_handler(handle, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(held) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks, AP_MODULE_FLAG_NONE,
};
