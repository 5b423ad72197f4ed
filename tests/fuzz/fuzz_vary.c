/* SPDX-License-Identifier: Apache-2.0 */
/* Vary: what is there stays, nothing stands twice, "*" stands alone, and adding again changes
 * nothing. The input: a line each, of httpd's table or of its error table as its first byte says;
 * the last letter of the whole says what is added. */
#include "fuzz.h"

#include "cg_vary.h"

#include <apr_strings.h>
#include <string.h>
#include <strings.h>

static const char *const added[] = {
    "Origin", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"};

static void add_members(apr_pool_t *p, apr_array_header_t *list, const char *value)
{
    for (;;) {
        apr_size_t len = strcspn(value, ",");
        char *member = apr_pstrmemdup(p, value, len);

        member += strspn(member, " \t");
        while (*member && strchr(" \t", member[strlen(member) - 1]))
            member[strlen(member) - 1] = '\0';
        if (*member)
            APR_ARRAY_PUSH(list, const char *) = member;
        if (!value[len])
            return;
        value += len + 1;
    }
}

static int count_of(const apr_array_header_t *list, const char *member)
{
    int count = 0;

    for (int i = 0; i < list->nelts; i++)
        count += strcasecmp(APR_ARRAY_IDX(list, i, const char *), member) == 0;
    return count;
}

static void check(apr_pool_t *p, const char *value, const apr_array_header_t *before)
{
    apr_array_header_t *after = apr_array_make(p, 8, sizeof(const char *));
    int at = 0;

    if (count_of(before, "*")) {
        FUZZ_MUST(strcmp(value, "*") == 0);
        return;
    }
    add_members(p, after, value);
    for (int i = 0; i < after->nelts; i++) {
        const char *member = APR_ARRAY_IDX(after, i, const char *);

        FUZZ_MUST(count_of(after, member) == 1 && count_of(before, member) >= 1);
    }
    /* All are there, in the order of their first. */
    for (int i = 0; i < before->nelts; i++) {
        const char *member = APR_ARRAY_IDX(before, i, const char *);

        FUZZ_MUST(count_of(after, member) == 1);
        if (at < after->nelts && strcasecmp(APR_ARRAY_IDX(after, at, const char *), member) == 0)
            at++;
    }
    FUZZ_MUST(at == after->nelts);
}

static int count_lines(void *count, const char *name, const char *value)
{
    (void)name;
    (void)value;
    ++*(int *)count;
    return 1;
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *rest = apr_pstrmemdup(p, text, len), *end = rest + len, *line, *value;
    const char *members = added[len && text[len - 1] & 1];
    apr_table_t *out = apr_table_make(p, 4), *err = apr_table_make(p, 4);
    apr_array_header_t *before = apr_array_make(p, 8, sizeof(const char *));
    int lines = 0;

    while ((line = fuzz_line(p, &rest, end))) {
        if (*line)
            apr_table_addn(*line & 1 ? out : err, *line & 2 ? "Vary" : "vary", line + 1);
    }
    for (int i = 0; i < 2; i++) {
        const apr_array_header_t *all = apr_table_elts(i ? err : out);

        for (int j = 0; j < all->nelts; j++)
            add_members(p, before, APR_ARRAY_IDX(all, j, apr_table_entry_t).val);
    }
    add_members(p, before, members);
    cg_vary_add(out, err, members);
    FUZZ_MUST(!apr_table_get(err, "Vary"));
    apr_table_do(count_lines, &lines, out, "Vary", NULL);
    FUZZ_MUST(lines == 1);
    value = apr_table_get(out, "Vary");
    check(p, value, before);
    cg_vary_add(out, err, members);
    FUZZ_MUST(strcmp(apr_table_get(out, "Vary"), value) == 0);
}
