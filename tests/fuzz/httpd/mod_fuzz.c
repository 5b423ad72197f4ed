/* SPDX-License-Identifier: Apache-2.0 */
/* The audit reads configurations with httpd's own functions, so its target runs inside a real httpd
 * that has read a real configuration: httpd -t -D FUZZ. This module is linked with mod_cors_guard
 * and with libFuzzer or replay.c into one shared object, which is loaded as both modules. What the
 * driver is told stands in the environment. */
#include "mod_fuzz.h"

#include "../fuzz.h"

#include <http_config.h>
#include <http_core.h>

#include <stdlib.h>

/* libFuzzer's entry for programs with a main of their own; replay.c has one too. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));

server_rec *fuzz_server;

static void run(apr_pool_t *pconf, server_rec *s)
{
    const char *arguments = getenv("FUZZ_ARGUMENTS");
    apr_array_header_t *words = fuzz_words(pconf, arguments ? arguments : "");
    apr_array_header_t *argv = apr_array_make(pconf, words->nelts + 2, sizeof(const char *));
    char **first;
    int argc;

    if (!ap_exists_config_define("FUZZ"))
        return;
    fuzz_server = s;
    APR_ARRAY_PUSH(argv, const char *) = "httpd";
    apr_array_cat(argv, words);
    argc = argv->nelts;
    *(const char **)apr_array_push(argv) = NULL;
    first = (char **)argv->elts;
    exit(LLVMFuzzerRunDriver(&argc, &first, LLVMFuzzerTestOneInput));
}

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_test_config(run, NULL, NULL, APR_HOOK_LAST);
}

/* httpd looks for it by its name. */
extern __attribute__((visibility("default"))) module AP_MODULE_DECLARE_DATA fuzz_module;

AP_DECLARE_MODULE(fuzz) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks, AP_MODULE_FLAG_NONE,
};
