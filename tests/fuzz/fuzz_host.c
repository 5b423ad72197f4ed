/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in any form that browsers take, as the reference reads and writes them; what a loopback
 * is. */
#include "fuzz.h"
#include "reference.h"

#include "cg_host.h"

#include <apr_strings.h>
#include <string.h>

static void check_ipv4(const char *host, const char *text, apr_size_t len)
{
    unsigned long expected = 0;
    apr_uint32_t got = 0;
    int found = cg_host_ipv4(text, len, &got);

    FUZZ_MUST((found != 0) == (strlen(host) == len && reference_ipv4(host, &expected)));
    FUZZ_MUST(!found || got == expected);
}

static void check_ipv6(const char *host, const char *text, apr_size_t len)
{
    unsigned expected[8];
    char canonical[CG_IPV6_TEXT], written[64];
    cg_ipv6 got, again;
    int found = cg_host_ipv6(text, len, &got);

    FUZZ_MUST((found != 0) == (strlen(host) == len && reference_ipv6(host, expected)));
    if (!found)
        return;
    for (int i = 0; i < 8; i++)
        FUZZ_MUST(got.piece[i] == expected[i]);
    FUZZ_MUST(cg_host_ipv6_text(&got, canonical) == strlen(canonical));
    reference_ipv6_write(expected, written);
    FUZZ_MUST(strcmp(canonical, written) == 0);
    FUZZ_MUST(cg_host_ipv6(canonical, strlen(canonical), &again));
    FUZZ_MUST(memcmp(&got, &again, sizeof got) == 0);
}

/* Only what is localhost, or below it, is. */
static int is_loopback(const char *name)
{
    const char *end = strrchr(name, 'l');
    apr_size_t len = strlen(name);

    if (len && name[len - 1] == '.')
        len--;
    return end && len >= 9 && strncmp(name + len - 9, "localhost", 9) == 0 &&
           (len == 9 || name[len - 10] == '.');
}

static void check_name(const char *host, const char *text, apr_size_t len)
{
    apr_size_t used = 0;
    cg_host_kind kind;

    if (cg_host_scan(text, len, &used, &kind) != CG_HOST_FINE)
        return;
    FUZZ_MUST(used > 0 && used <= len && used <= CG_HOST_MAX + 1);
    if (used == len && kind == CG_HOST_NAME)
        FUZZ_MUST((cg_host_loopback(text, len, kind) != 0) == is_loopback(host));
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *host = apr_pstrmemdup(p, text, len);

    /* The reference is slow. */
    if (len > 300)
        return;
    check_ipv4(host, text, len);
    check_ipv6(host, text, len);
    check_name(host, text, len);
}
