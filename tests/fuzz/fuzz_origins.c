/* SPDX-License-Identifier: Apache-2.0 */
/* Nested sections with lists that replace, add to and take away from each other: however httpd
 * merges neighbours, the result is that of asking one section after the other, the innermost first.
 * The input: sections, the outermost first, each the arguments of CorsAllowOrigin on a line of its
 * own; behind an empty line origins. The first byte says in which order sections are merged. */
#include "fuzz.h"
#include "naive.h"

#include "cg_origins.h"

#include <apr_strings.h>
#include <string.h>

#define SECTIONS_MAX 8

/* A section's lists, as they were written. */
typedef struct section {
    cg_origins *origins;                   /* NULL: it says nothing of origins */
    apr_array_header_t *allowed, *removed; /* of cg_pattern */
    int plain, any, null, removes_null;
} section;

static void note(section *in, const char *word, const cg_pattern *pattern)
{
    apr_array_header_t *list = *word == '-' ? in->removed : in->allowed;

    if (pattern->null && *word == '-')
        in->removes_null = 1;
    else if (pattern->null)
        in->null = 1;
    else
        APR_ARRAY_PUSH(list, cg_pattern) = *pattern;
}

/* Returns 0 where the section is not sound: httpd does not start. */
static int add_word(apr_pool_t *p, section *in, const char *word, const cg_place *place)
{
    int is_signed = *word == '+' || *word == '-';
    const char *error = cg_origins_add(p, in->origins, word, place);
    cg_pattern pattern;

    FUZZ_MUST(!error || fuzz_is_plain(error));
    if (error)
        return 0;
    in->plain |= !is_signed;
    if (strcmp(word, "*") == 0)
        in->any = 1;
    else if (strcmp(word, "none") != 0) {
        FUZZ_MUST(!cg_pattern_parse(p, word + is_signed, strlen(word + is_signed), &pattern));
        note(in, word, &pattern);
    }
    return 1;
}

static int read_section(apr_pool_t *p, section *in, const char *line, int number)
{
    const cg_place place = {"conf", number};
    apr_array_header_t *words = fuzz_words(p, line);

    *in = (section){.allowed = apr_array_make(p, 4, sizeof(cg_pattern)),
                    .removed = apr_array_make(p, 4, sizeof(cg_pattern))};
    if (words->nelts)
        in->origins = cg_origins_make(p, &place);
    for (int i = 0; i < words->nelts; i++) {
        if (!add_word(p, in, APR_ARRAY_IDX(words, i, const char *), &place))
            return 0;
    }
    return 1;
}

static int is_among(const apr_array_header_t *list, const cg_origin *origin)
{
    for (int i = 0; i < list->nelts; i++) {
        if (naive_matches(&APR_ARRAY_IDX(list, i, cg_pattern), origin))
            return 1;
    }
    return 0;
}

static int is_allowed(const section *all, int count, const cg_origin *origin)
{
    for (int i = count - 1; i >= 0; i--) {
        if (is_among(all[i].removed, origin))
            return 0;
        if (all[i].any || is_among(all[i].allowed, origin))
            return 1;
        if (all[i].plain)
            return 0;
    }
    return 0;
}

static int is_null_allowed(const section *all, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        if (all[i].removes_null || all[i].null)
            return !all[i].removes_null;
        if (all[i].plain)
            return 0;
    }
    return 0;
}

/* Without any exception. */
static int are_all_allowed(const section *all, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        if (all[i].removed->nelts || all[i].removes_null)
            return 0;
        if (all[i].any || all[i].plain)
            return all[i].any;
    }
    return 0;
}

/* As httpd may: neighbours, in the order that choices says. */
static cg_origins *merge(apr_pool_t *p, const section *all, int count, unsigned choices)
{
    cg_origins *left[SECTIONS_MAX];

    for (int i = 0; i < count; i++)
        left[i] = all[i].origins;
    for (; count > 1; count--) {
        int at = (int)(choices % (unsigned)(count - 1));

        /* A field that is not set is the inherited one (cg_policy_merge). */
        if (left[at + 1])
            left[at] = cg_origins_over(p, left[at], left[at + 1]);
        memmove(left + at + 1, left + at + 2, (size_t)(count - at - 2) * sizeof *left);
        choices = choices / 7 + 3 * choices;
    }
    return left[0];
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    unsigned choices = len ? (unsigned char)*text : 0;
    const char *rest = apr_pstrmemdup(p, text + (len > 0), len - (len > 0));
    const char *end = rest + len - (len > 0), *line;
    section all[SECTIONS_MAX];
    cg_origins *merged, *inwards;
    int count = 0;

    while (count < SECTIONS_MAX && (line = fuzz_line(p, &rest, end)) && *line) {
        if (!read_section(p, &all[count], line, count + 1))
            return;
        count++;
    }
    if (!count)
        return;
    merged = merge(p, all, count, choices);
    inwards = merge(p, all, count, 0);
    FUZZ_MUST(!merged == !inwards);
    FUZZ_MUST((cg_origins_any(merged) != 0) == are_all_allowed(all, count));
    FUZZ_MUST((cg_origins_any(inwards) != 0) == are_all_allowed(all, count));
    FUZZ_MUST((cg_origins_allow_null(merged) != 0) == is_null_allowed(all, count));
    FUZZ_MUST((cg_origins_allow_null(inwards) != 0) == is_null_allowed(all, count));
    while ((line = fuzz_line(p, &rest, end))) {
        cg_origin origin;

        if (cg_origin_parse(line, strlen(line), &origin) != CG_ORIGIN_TUPLE)
            continue;
        FUZZ_MUST((cg_origins_allow(merged, &origin) != 0) == is_allowed(all, count, &origin));
        FUZZ_MUST((cg_origins_allow(inwards, &origin) != 0) == is_allowed(all, count, &origin));
    }
}
