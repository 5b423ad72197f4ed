/* SPDX-License-Identifier: Apache-2.0 */
/* A CorsAllowOriginFile of any bytes: its members are those that a naive reader finds, and every
 * error stands at its line. */
#include "fuzz.h"

#include "cg_origins.h"

#include <apr_strings.h>
#include <string.h>

static const cg_place place = {"conf", 7};

/* What a naive reader finds. */
typedef struct found {
    apr_pool_t *p;
    apr_array_header_t *members; /* of const char *, each once */
    apr_array_header_t *lines;   /* of int: those that are refused */
    int null;
} found;

static void add_member(found *in, const char *text)
{
    for (int i = 0; i < in->members->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(in->members, i, const char *), text) == 0)
            return;
    }
    APR_ARRAY_PUSH(in->members, const char *) = apr_pstrdup(in->p, text);
}

static void read_line(found *in, const char *text, apr_size_t len, int number)
{
    const char *hash = len ? memchr(text, '#', len) : NULL;
    cg_pattern pattern;

    if (hash)
        len = (apr_size_t)(hash - text);
    for (; len && strchr(" \t\r", text[len - 1]) && text[len - 1]; len--)
        continue;
    for (; len && strchr(" \t\r", *text) && *text; len--)
        text++;
    if (!len)
        return;
    if (len > 4096 || *text == '+' || *text == '-' || cg_pattern_parse(in->p, text, len, &pattern))
        APR_ARRAY_PUSH(in->lines, int) = number;
    else if (pattern.null)
        in->null = 1;
    else
        add_member(in, pattern.text);
}

static found read_naively(apr_pool_t *p, const char *text, apr_size_t len)
{
    found in = {p, apr_array_make(p, 8, sizeof(const char *)), apr_array_make(p, 8, sizeof(int)),
                0};
    int number = 1;
    apr_size_t start = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    for (apr_size_t i = start; i <= len; i++) {
        if (i < len && text[i] != '\n')
            continue;
        read_line(&in, text + start, i - start, number++);
        start = i + 1;
    }
    return in;
}

/* The first errors, each with its place, and how many more there are. */
static void check_errors(apr_pool_t *p, const char *error, const apr_array_header_t *lines)
{
    int more = lines->nelts - CG_FILE_ERRORS_MAX;
    const char *ending = apr_psprintf(p, "; list: %d more lines are refused", more);
    apr_size_t len = strlen(ending);

    FUZZ_MUST(!error == !lines->nelts);
    if (!error)
        return;
    FUZZ_MUST(fuzz_is_plain(error) && strlen(error) < (CG_FILE_ERRORS_MAX + 1) * 8192);
    for (int i = 0; i < lines->nelts && i < CG_FILE_ERRORS_MAX; i++) {
        const char *where = apr_psprintf(p, "list:%d: ", APR_ARRAY_IDX(lines, i, int));

        error = strstr(error, where);
        FUZZ_MUST(error != NULL);
    }
    /* What is quoted may read like it, but nothing ends in it. */
    FUZZ_MUST((more > 0) ==
              (strlen(error) >= len && strcmp(error + strlen(error) - len, ending) == 0));
}

typedef struct remaining {
    const apr_array_header_t *members;
    int next;
} remaining;

static int take(void *ctx, const char *text, apr_size_t len)
{
    remaining *left = ctx;
    const char *member;

    FUZZ_MUST(left->next < left->members->nelts);
    member = APR_ARRAY_IDX(left->members, left->next, const char *);
    FUZZ_MUST(strlen(member) == len && memcmp(member, text, len) == 0);
    left->next++;
    return 1;
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    cg_origins *origins = cg_origins_make(p, &place);
    const char *error = cg_origins_add_lines(p, origins, "list", text, len);
    found in = read_naively(p, text, len);
    remaining left = {in.members, 0};

    check_errors(p, error, in.lines);
    FUZZ_MUST(origins->plain && origins->null == (unsigned)in.null);
    FUZZ_MUST(origins->allowed != NULL);
    cg_set_each(origins->allowed, take, &left);
    FUZZ_MUST(left.next == in.members->nelts);
    for (const cg_risk *risk = origins->risks; risk; risk = risk->next)
        FUZZ_MUST(strcmp(risk->place.file, "list") == 0 && risk->place.line > 0);
}
