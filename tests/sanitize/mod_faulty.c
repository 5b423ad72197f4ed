/* SPDX-License-Identifier: Apache-2.0 */
/* A module with the faults that the checkers are there for: each is asked for by name, as the last part of the URL
 * (/faulty/leak), and must be reported. Loaded by tests/sanitize only. */
#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_time.h>
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <stdlib.h>

extern __attribute__((visibility("default"))) module AP_MODULE_DECLARE_DATA faulty_module;

/* volatile: no compiler may see through these, warn of them or leave them out. */
static volatile int count;
static char *volatile forgotten;

static void leak(request_rec *r)
{
    (void)r;
    forgotten = malloc(4321);
    forgotten = NULL;
}

static void overflow(request_rec *r)
{
    char *volatile block = malloc(16);
    volatile int beyond = 16;

    (void)r;
    ((volatile char *)block)[beyond] = 'x';
    free(block);
}

/* What APR's pools hide where each allocation is not by itself. */
static void pool_overflow(request_rec *r)
{
    char *volatile block = apr_palloc(r->pool, 16);
    volatile int beyond = 16;

    ((volatile char *)block)[beyond] = 'x';
}

static void use_after_clear(request_rec *r)
{
    apr_pool_t *pool;
    char *volatile text;

    apr_pool_create(&pool, r->pool);
    text = apr_pstrdup(pool, "gone with its pool");
    apr_pool_clear(pool);
    ap_rprintf(r, "%c\n", text[0]);
    apr_pool_destroy(pool);
}

static void undefined(request_rec *r)
{
    volatile int largest = 0x7fffffff;

    ap_rprintf(r, "%d\n", largest + 1);
}

static void uninitialised(request_rec *r)
{
    char *volatile block = malloc(16);

    ap_rputs(block[3] > 'a' ? "more\n" : "less\n", r);
    free(block);
}

/* Requests at once write it, and no lock is held. They rest, so that they do meet. */
static void race(request_rec *r)
{
    for (int i = 0; i < 100; i++) {
        count = count + 1;
        apr_sleep(1000);
    }
    ap_rprintf(r, "%d\n", count);
}

/* No leak for anybody who looks at the end: the pool of the configuration frees it. */
static void growth(request_rec *r)
{
    (void)apr_palloc(r->server->process->pconf, 8);
}

typedef struct fault {
    const char *name;
    void (*commit)(request_rec *r);
} fault;

static int handle(request_rec *r)
{
    static const fault faults[] = {{"leak", leak},
                                   {"overflow", overflow},
                                   {"pool-overflow", pool_overflow},
                                   {"use-after-clear", use_after_clear},
                                   {"undefined", undefined},
                                   {"uninitialised", uninitialised},
                                   {"race", race},
                                   {"growth", growth}};

    if (!r->handler || strcmp(r->handler, "faulty") != 0)
        return DECLINED;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (strcmp(apr_filepath_name_get(r->uri), faults[i].name) == 0) {
            faults[i].commit(r);
            return OK;
        }
    }
    return HTTP_NOT_FOUND;
}

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_handler(handle, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(faulty) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks, AP_MODULE_FLAG_NONE,
};
