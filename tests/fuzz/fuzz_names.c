/* SPDX-License-Identifier: Apache-2.0 */
/* CorsAllowMethods, CorsAllowHeaders and CorsExposeHeaders: what is accepted is a header's value as
 * it is to be, what is refused is explained in a line. The input: arguments, a line each; the first
 * byte says whose. */
#include "fuzz.h"

#include "cg_names.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>
#include <strings.h>

static const cg_place place = {"conf", 1};

static int is_among(const apr_array_header_t *list, const char *name, int ignores_case)
{
    for (int i = 0; i < list->nelts; i++) {
        const char *each = APR_ARRAY_IDX(list, i, const char *);

        if ((ignores_case ? strcasecmp(each, name) : strcmp(each, name)) == 0)
            return 1;
    }
    return 0;
}

/* What browsers upper-case (Fetch, "normalize"). */
static const char *as_sent(const cg_names *names, const char *word)
{
    static const char *const methods[] = {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"};

    for (int i = 0; i < 6 && names->kind == CG_NAMES_METHODS; i++) {
        if (strcasecmp(word, methods[i]) == 0)
            return methods[i];
    }
    return word;
}

static void check_member(const cg_names *names, const char *word)
{
    FUZZ_MUST(cg_token_valid(word, strlen(word)));
    FUZZ_MUST(cg_names_has(names, as_sent(names, word), strlen(word)));
    if (names->kind == CG_NAMES_METHODS)
        FUZZ_MUST(strcasecmp(word, "CONNECT") != 0 && strcasecmp(word, "TRACE") != 0);
    if (names->kind == CG_NAMES_HEADERS)
        FUZZ_MUST(strncasecmp(word, "Sec-", 4) != 0 && strcasecmp(word, "Cookie") != 0);
    if (names->kind == CG_NAMES_EXPOSE)
        FUZZ_MUST(strcasecmp(word, "Set-Cookie") != 0);
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    cg_names_kind kind = (cg_names_kind)(len ? (unsigned char)*text % 3 : 0);
    const char *rest = apr_pstrmemdup(p, text + (len > 0), len - (len > 0));
    const char *end = rest + len - (len > 0), *word;
    cg_names *names = cg_names_make(p, kind, &place);
    apr_array_header_t *members = apr_array_make(p, 8, sizeof(const char *));

    while ((word = fuzz_line(p, &rest, end))) {
        const char *error = cg_names_add(p, names, word);

        FUZZ_MUST(!error || (fuzz_is_plain(error) && strlen(error) < 2 * FUZZ_INPUT_MAX));
        if (error)
            continue;
        check_member(names, word);
        if (!is_among(members, as_sent(names, word), kind != CG_NAMES_METHODS))
            APR_ARRAY_PUSH(members, const char *) = as_sent(names, word);
    }
    FUZZ_MUST(names->count == (unsigned)members->nelts);
    FUZZ_MUST(names->any == (unsigned)is_among(members, "*", 0));
    FUZZ_MUST(!names->any || kind == CG_NAMES_HEADERS || members->nelts == 1);
    word = "";
    for (int i = 0; i < members->nelts; i++)
        word = apr_pstrcat(p, word, i ? ", " : "", APR_ARRAY_IDX(members, i, const char *), NULL);
    FUZZ_MUST(names->value ? strcmp(names->value, word) == 0 : !*word);
    for (int i = 0; i < members->nelts; i++) {
        word = apr_pstrcat(p, APR_ARRAY_IDX(members, i, const char *), "x", NULL);
        FUZZ_MUST((cg_names_has(names, word, strlen(word)) != 0) ==
                  is_among(members, word, kind != CG_NAMES_METHODS));
    }
}
