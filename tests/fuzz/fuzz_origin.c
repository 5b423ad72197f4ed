/* SPDX-License-Identifier: Apache-2.0 */
/* A request's Origin: cg_origin_parse finds what the reference finds, and cuts it up inside its
 * bytes. */
#include "fuzz.h"
#include "reference.h"

#include "cg_origin.h"

#include <string.h>

static void check_tuple(const cg_origin *got, const reference_origin *expected, const char *text,
                        apr_size_t len)
{
    char again[512];

    FUZZ_MUST(got->text == text && got->len == len);
    FUZZ_MUST(got->scheme_len == strlen(expected->scheme));
    FUZZ_MUST(memcmp(text, expected->scheme, got->scheme_len) == 0);
    FUZZ_MUST(got->host == text + got->scheme_len + 3);
    FUZZ_MUST(got->host_len == strlen(expected->host));
    FUZZ_MUST(got->host + got->host_len <= text + len);
    FUZZ_MUST(memcmp(got->host, expected->host, got->host_len) == 0);
    FUZZ_MUST(got->port == expected->port);
    FUZZ_MUST((got->host_kind == CG_HOST_IPV6) == (expected->host[0] == '['));
    reference_write(expected, again);
    FUZZ_MUST(strlen(again) == len && memcmp(again, text, len) == 0);
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    reference_origin expected;
    cg_origin got;
    cg_origin_kind kind = cg_origin_parse(text, len, &got);

    (void)p;
    switch (reference_parse(text, len, &expected)) {
    case REFERENCE_MALFORMED:
        FUZZ_MUST(kind == CG_ORIGIN_MALFORMED);
        break;
    case REFERENCE_NULL:
        FUZZ_MUST(kind == CG_ORIGIN_NULL);
        break;
    case REFERENCE_TUPLE:
        FUZZ_MUST(kind == CG_ORIGIN_TUPLE);
        check_tuple(&got, &expected, text, len);
        break;
    }
}
