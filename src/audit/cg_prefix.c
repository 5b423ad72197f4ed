/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_prefix.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <ap_config.h>
#include <httpd.h>
#include <string.h>

/* No more beginnings than this are followed; a pattern with more is cut where it would have
 * more. */
#define PREFIXES_MAX 64
/* Groups that are followed behind each other: each multiplies the work. */
#define GROUPS_MAX 3

/* One literal character of a regex. */
typedef struct literal {
    char value;
    apr_size_t len; /* bytes it takes in the pattern; 0: there is no literal here */
} literal;

static literal read_literal(const char *at, const char *end)
{
    literal none = {0, 0};

    if (at == end || strchr(".[]()|*+?{}^$", *at))
        return none;
    if (*at != '\\')
        return (literal){*at, 1};
    if (at + 1 == end || apr_isalnum(at[1]))
        return none;
    return (literal){at[1], 2};
}

static int is_quantifier(const char *at, const char *end, const char *set)
{
    return at < end && *at && strchr(set, *at);
}

/* Appends the literals at *at to buf; one that may be absent ends them. */
static void read_literals(const char **at, const char *end, char *buf)
{
    apr_size_t n = 0;

    for (;;) {
        literal next = read_literal(*at, end);

        if (!next.len || is_quantifier(*at + next.len, end, "*?{"))
            break;
        buf[n++] = next.value;
        *at += next.len;
        if (is_quantifier(*at, end, "+"))
            break;
    }
    buf[n] = '\0';
}

/* Where the group or class that begins at at ends, behind its bracket; end where it does not. */
static const char *skip_brackets(const char *at, const char *end)
{
    int depth = 0, in_class = 0;

    for (; at < end; at++) {
        if (*at == '\\' && at + 1 < end)
            at++;
        else if (in_class)
            in_class = *at != ']' || at[-1] == '[';
        else if (*at == '[')
            in_class = 1;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth <= 0)
            return at + 1;
        if (!depth && !in_class)
            return at + 1;
    }
    return end;
}

/* The end of the alternative that begins at at. */
static const char *alternative_end(const char *at, const char *end)
{
    while (at < end && *at != '|') {
        if (*at == '\\')
            at += at + 1 < end ? 2 : 1;
        else if (*at == '(' || *at == '[')
            at = skip_brackets(at, end);
        else
            at++;
    }
    return at;
}

static void add(apr_array_header_t *prefixes, const char *text, int exact)
{
    cg_prefix *prefix = apr_array_push(prefixes);

    prefix->text = text;
    prefix->exact = exact;
}

static int read_sequence(apr_array_header_t *out, const char *before, const char *at,
                         const char *end, int groups);

/* Follows each alternative of a group of plain alternatives, with what stands behind the group.
 * Returns 0, and adds nothing, where the group is more than that. */
static int read_group(apr_array_header_t *out, const char *before, const char *at, const char *end,
                      int groups)
{
    const char *behind = skip_brackets(at, end);
    const char *inside_end = behind - 1;

    if (behind[-1] != ')' || is_quantifier(behind, end, "*?{+"))
        return 0;
    at += strncmp(at, "(?:", 3) == 0 ? 3 : 1;
    if (is_quantifier(at, end, "?*"))
        return 0;
    for (;;) {
        const char *stop = alternative_end(at, inside_end);
        const char *whole =
            apr_pstrcat(out->pool, apr_pstrmemdup(out->pool, at, (apr_size_t)(stop - at)),
                        apr_pstrmemdup(out->pool, behind, (apr_size_t)(end - behind)), NULL);

        if (!read_sequence(out, before, whole, whole + strlen(whole), groups))
            return 0;
        if (stop == inside_end)
            return 1;
        at = stop + 1;
    }
}

/* What one alternative begins with, behind its "^". Returns 0 where there would be too many. */
static int read_sequence(apr_array_header_t *out, const char *before, const char *at,
                         const char *end, int groups)
{
    char *literals = apr_palloc(out->pool, (apr_size_t)(end - at) + 1);
    const char *text;
    int first = out->nelts;

    read_literals(&at, end, literals);
    text = apr_pstrcat(out->pool, before, literals, NULL);
    if (at < end && *at == '(') {
        if (groups && out->nelts < PREFIXES_MAX && read_group(out, text, at, end, groups - 1))
            return 1;
        out->nelts = first;
    }
    if (out->nelts >= PREFIXES_MAX)
        return 0;
    add(out, text, at < end && *at == '$');
    return 1;
}

apr_array_header_t *cg_prefixes_of_regex(apr_pool_t *p, const char *pattern)
{
    apr_array_header_t *prefixes = apr_array_make(p, 4, sizeof(cg_prefix));
    const char *end = pattern + strlen(pattern);

    for (const char *at = pattern;; at++) {
        const char *stop = alternative_end(at, end);

        if (at == stop || *at != '^' || !read_sequence(prefixes, "", at + 1, stop, GROUPS_MAX))
            return NULL;
        at = stop;
        if (at == end)
            return prefixes;
    }
}

apr_array_header_t *cg_prefixes_of_fnmatch(apr_pool_t *p, const char *pattern)
{
    apr_array_header_t *prefixes = apr_array_make(p, 1, sizeof(cg_prefix));

    add(prefixes, apr_pstrmemdup(p, pattern, strcspn(pattern, "*?[\\")), 0);
    return prefixes;
}

static int begins(const char *text, const char *start)
{
    return ap_cstr_casecmpn(text, start, strlen(start)) == 0;
}

static int is_at_or_below(const char *text, const char *path)
{
    apr_size_t len = strlen(path);

    return begins(text, path) &&
           (len == 0 || path[len - 1] == '/' || text[len] == '/' || text[len] == '\0');
}

int cg_prefixes_meet_path(const apr_array_header_t *prefixes, const char *path)
{
    for (int i = 0; prefixes && i < prefixes->nelts; i++) {
        const cg_prefix *prefix = &APR_ARRAY_IDX(prefixes, i, cg_prefix);

        if (is_at_or_below(prefix->text, path) || (!prefix->exact && begins(path, prefix->text)))
            return 1;
    }
    return !prefixes;
}

static int meet(const cg_prefix *a, const cg_prefix *b)
{
    if (a->exact && b->exact)
        return ap_cstr_casecmp(a->text, b->text) == 0;
    return (!a->exact && begins(b->text, a->text)) || (!b->exact && begins(a->text, b->text));
}

int cg_prefixes_meet(const apr_array_header_t *a, const apr_array_header_t *b)
{
    if (!a || !b)
        return 1;
    for (int i = 0; i < a->nelts; i++) {
        for (int j = 0; j < b->nelts; j++) {
            if (meet(&APR_ARRAY_IDX(a, i, cg_prefix), &APR_ARRAY_IDX(b, j, cg_prefix)))
                return 1;
        }
    }
    return 0;
}
