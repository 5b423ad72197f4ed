/* SPDX-License-Identifier: Apache-2.0 */
/* A set of origins and patterns against a linear scan. The input: members, a line each; behind an
 * empty line what is looked for, origins and patterns. */
#include "fuzz.h"
#include "naive.h"

#include "../unit/fenced.h"
#include "cg_set.h"

#include <apr_strings.h>
#include <string.h>

static int is_there(const apr_array_header_t *members, const char *text)
{
    for (int i = 0; i < members->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(members, i, cg_pattern).text, text) == 0)
            return 1;
    }
    return 0;
}

static void check_origin(const cg_set *set, const apr_array_header_t *members, const char *text)
{
    apr_size_t len = strlen(text);
    cg_origin origin;
    int expected = 0;

    if (len > CG_ORIGIN_MAX ||
        cg_origin_parse(unit_fenced(text, len), len, &origin) != CG_ORIGIN_TUPLE)
        return;
    for (int i = 0; i < members->nelts; i++)
        expected |= naive_matches(&APR_ARRAY_IDX(members, i, cg_pattern), &origin);
    FUZZ_MUST((cg_set_matches(set, &origin) != 0) == expected);
}

static void check_pattern(apr_pool_t *p, const cg_set *set, const apr_array_header_t *members,
                          const char *text)
{
    cg_pattern pattern;
    int expected = 0;

    if (cg_pattern_parse(p, text, strlen(text), &pattern) != NULL)
        return;
    for (int i = 0; i < members->nelts; i++)
        expected |= naive_covers(&APR_ARRAY_IDX(members, i, cg_pattern), &pattern);
    FUZZ_MUST((cg_set_covers(set, &pattern) != 0) == expected);
}

/* What is left of the members, while the set shows them in their order. */
typedef struct remaining {
    const cg_pattern *next;
    int count;
} remaining;

static int take(void *ctx, const char *text, apr_size_t len)
{
    remaining *left = ctx;

    FUZZ_MUST(left->count-- > 0 && left->next->len == len);
    FUZZ_MUST(memcmp(left->next++->text, text, len) == 0);
    return 1;
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *rest = apr_pstrmemdup(p, text, len), *end = rest + len, *line;
    apr_array_header_t *members = apr_array_make(p, 8, sizeof(cg_pattern));
    cg_set *set = cg_set_make(p, len % 3 ? len % 16 : 0, len % 512);
    remaining left;

    while ((line = fuzz_line(p, &rest, end)) && *line) {
        cg_pattern pattern;

        if (cg_pattern_parse(p, line, strlen(line), &pattern) || pattern.null)
            continue;
        cg_set_add(set, &pattern);
        if (!is_there(members, pattern.text))
            APR_ARRAY_PUSH(members, cg_pattern) = pattern;
        FUZZ_MUST(cg_set_count(set) == (apr_size_t)members->nelts);
    }
    left = (remaining){(const cg_pattern *)members->elts, members->nelts};
    cg_set_each(set, take, &left);
    FUZZ_MUST(left.count == 0);
    for (int i = 0; i < members->nelts; i++)
        check_pattern(p, set, members, APR_ARRAY_IDX(members, i, cg_pattern).text);
    while ((line = fuzz_line(p, &rest, end))) {
        check_origin(set, members, line);
        check_pattern(p, set, members, line);
    }
}
