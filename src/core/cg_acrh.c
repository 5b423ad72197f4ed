/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_acrh.h"

#include "cg_token.h"

#include <string.h>

typedef struct element {
    const char *text;
    apr_size_t len;
} element;

static int is_space(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* Cuts the next element off *rest and moves *rest behind its comma, or to NULL behind the last
 * one. */
static element next_element(const char **rest, const char *end)
{
    const char *start = *rest;
    const char *comma = memchr(start, ',', (apr_size_t)(end - start));
    const char *stop = comma ? comma : end;

    *rest = comma ? comma + 1 : NULL;
    while (start < stop && is_space(*start))
        start++;
    while (stop > start && is_space(stop[-1]))
        stop--;
    return (element){start, (apr_size_t)(stop - start)};
}

/* "*" covers every name but Authorization (Fetch, "CORS non-wildcard request-header name"). */
static int is_allowed(const cg_names *allowed, element name)
{
    if (cg_names_has(allowed, name.text, name.len))
        return 1;
    return allowed->any && cg_token_valid(name.text, name.len) &&
           !cg_token_is(name.text, name.len, "Authorization");
}

int cg_acrh_allowed(const cg_names *allowed, const char *value)
{
    apr_size_t len = value ? strnlen(value, CG_ACRH_MAX + 1) : 0;
    const char *rest = value;
    int empty = 0;

    if (len == 0)
        return 1;
    if (len > CG_ACRH_MAX)
        return 0;
    while (rest) {
        element name = next_element(&rest, value + len);

        if (name.len == 0 ? ++empty > CG_ACRH_EMPTY_MAX : !allowed || !is_allowed(allowed, name))
            return 0;
    }
    return 1;
}

const char *cg_acrh_list(apr_pool_t *p, const char *value)
{
    apr_size_t len = value ? strlen(value) : 0;
    const char *rest = value;
    char *list = apr_palloc(p, 2 * len + 1); /* each element needs ", " where it had "," */
    char *end = list;

    while (len > 0 && rest) {
        element name = next_element(&rest, value + len);

        if (name.len == 0)
            continue;
        if (end > list) {
            *end++ = ',';
            *end++ = ' ';
        }
        memcpy(end, name.text, name.len);
        end += name.len;
    }
    *end = '\0';
    return end > list ? list : NULL;
}
