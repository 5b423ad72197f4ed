/* SPDX-License-Identifier: Apache-2.0 */
/* Access-Control-Request-Headers against a naive splitter. The input: the arguments of
 * CorsAllowHeaders on the first line, then the header's value. */
#include "fuzz.h"

#include "../unit/fenced.h"
#include "cg_acrh.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>
#include <strings.h>

static const cg_place place = {"conf", 1};

/* The elements without the blanks around them. */
static apr_array_header_t *elements_of(apr_pool_t *p, const char *value)
{
    apr_array_header_t *elements = apr_array_make(p, 8, sizeof(const char *));

    for (;;) {
        apr_size_t len = strcspn(value, ",");
        char *element = apr_pstrmemdup(p, value, len);

        element += strspn(element, " \t");
        while (*element && strchr(" \t", element[strlen(element) - 1]))
            element[strlen(element) - 1] = '\0';
        APR_ARRAY_PUSH(elements, const char *) = element;
        if (!value[len])
            return elements;
        value += len + 1;
    }
}

static int is_among(const apr_array_header_t *names, const char *name)
{
    for (int i = 0; i < names->nelts; i++) {
        if (strcasecmp(APR_ARRAY_IDX(names, i, const char *), name) == 0)
            return 1;
    }
    return 0;
}

static int is_name(const char *text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (const char *at = text; *at; at++) {
        int letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');

        if (!letter && !(*at >= '0' && *at <= '9') && !strchr(others, *at))
            return 0;
    }
    return *text != '\0';
}

static int expected(const apr_array_header_t *names, const apr_array_header_t *elements)
{
    int empty = 0, any = is_among(names, "*");

    for (int i = 0; i < elements->nelts; i++) {
        const char *name = APR_ARRAY_IDX(elements, i, const char *);

        if (!*name)
            empty++;
        else if (!is_among(names, name) &&
                 !(any && is_name(name) && strcasecmp(name, "Authorization") != 0))
            return 0;
    }
    return empty <= CG_ACRH_EMPTY_MAX;
}

/* The list written anew holds the same names, and nothing else. */
static void check_list(apr_pool_t *p, const char *value, const apr_array_header_t *elements)
{
    const char *list = cg_acrh_list(p, value), *text = NULL;

    for (int i = 0; i < elements->nelts; i++) {
        const char *name = APR_ARRAY_IDX(elements, i, const char *);

        FUZZ_MUST(!*name || (is_name(name) && cg_token_valid(name, strlen(name))));
        if (*name)
            text = text ? apr_pstrcat(p, text, ", ", name, NULL) : name;
    }
    FUZZ_MUST(list ? text && strcmp(list, text) == 0 : !text);
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *end = text + len;
    cg_names *allowed = cg_names_make(p, CG_NAMES_HEADERS, &place);
    apr_array_header_t *names = apr_array_make(p, 8, sizeof(const char *)), *elements;
    const char *line = fuzz_line(p, &text, end);
    char *value = apr_pstrmemdup(p, text, (apr_size_t)(end - text));
    apr_array_header_t *words = fuzz_words(p, line ? line : "");
    int got;

    for (int i = 0; i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);
        const char *error = cg_names_add(p, allowed, word);

        FUZZ_MUST(!error || fuzz_is_plain(error));
        if (!error)
            APR_ARRAY_PUSH(names, const char *) = word;
    }
    elements = elements_of(p, value);
    value = unit_fenced(value, strlen(value) + 1);
    got = cg_acrh_allowed(allowed, value);
    FUZZ_MUST((got != 0) ==
              (!*value || (strlen(value) <= CG_ACRH_MAX && expected(names, elements))));
    if (got)
        check_list(p, value, elements);
    FUZZ_MUST(!cg_acrh_allowed(NULL, value) || !strpbrk(value, "abcdefghijklmnopqrstuvwxyz"));
}
