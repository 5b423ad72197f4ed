/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "../unit/fenced.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static apr_pool_t *root;
    size_t len = size < FUZZ_INPUT_MAX ? size : FUZZ_INPUT_MAX;
    apr_pool_t *p;

    if (!root && (apr_initialize() != APR_SUCCESS || apr_pool_create(&root, NULL) != APR_SUCCESS))
        fuzz_fail("APR begins", __FILE__, __LINE__);
    apr_pool_create(&p, root);
    fuzz_one(p, unit_fenced(len ? (const char *)data : "", len), len);
    apr_pool_destroy(p);
    return 0;
}

void fuzz_fail(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: this must hold: %s\n", file, line, condition);
    abort();
}

char *fuzz_line(apr_pool_t *p, const char **rest, const char *end)
{
    const char *start = *rest, *feed;
    apr_size_t left = (apr_size_t)(end - start);

    if (!left)
        return NULL;
    feed = memchr(start, '\n', left);
    *rest = feed ? feed + 1 : end;
    return apr_pstrmemdup(p, start, feed ? (apr_size_t)(feed - start) : left);
}

apr_array_header_t *fuzz_words(apr_pool_t *p, const char *text)
{
    apr_array_header_t *words = apr_array_make(p, 4, sizeof(const char *));
    char *rest = apr_pstrdup(p, text), *word;

    while ((word = apr_strtok(rest, " ", &rest)) != NULL)
        APR_ARRAY_PUSH(words, const char *) = word;
    return words;
}

int fuzz_is_plain(const char *text)
{
    for (; *text; text++) {
        if (*text < 0x20 || *text > 0x7e)
            return 0;
    }
    return 1;
}
