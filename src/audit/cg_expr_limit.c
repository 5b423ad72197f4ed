/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_expr_limit.h"

#include "cg_limited.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

/* Behind the delimiter that ends what text stands in; the end of the text where none does. */
static const char *behind(const char *text, char delimiter)
{
    for (; *text && *text != delimiter; text++) {
        if (*text == '\\' && text[1])
            text++;
    }
    return *text ? text + 1 : text;
}

/* The same for "%{", others in it. */
static const char *behind_variable(const char *text)
{
    int depth = 0;

    for (; *text; text++) {
        if (text[0] == '%' && text[1] == '{')
            depth++;
        else if (*text == '}' && text[-1] != '\\' && --depth == 0)
            return text + 1;
    }
    return text;
}

static int is_operator(const char *text)
{
    return (*text == '=' || *text == '!') && text[1] == '~';
}

/* What a regex begins with: /.../ or m#...#.
 * @return behind its delimiter; NULL where there is none that the limit may stand behind */
static const char *behind_delimiter(const char *text)
{
    while (apr_isspace(*text))
        text++;
    if (*text == '/')
        return text + 1;
    return *text == 'm' && text[1] && !strchr(CG_LIMITED_PATIENT, text[1]) ? text + 2 : NULL;
}

/* Operators in the text, in strings too. */
static int count_operators(const char *text)
{
    int count = 0;

    for (; *text; text++)
        count += is_operator(text);
    return count;
}

/* An expression while it is written anew. */
typedef struct limiting {
    apr_pool_t *p;
    apr_array_header_t *pieces;  /* of const char * */
    apr_array_header_t *regexes; /* of cg_limited * */
    const char *copied;          /* up to here */
} limiting;

/* Flags stand behind a regex. */
static int is_caseless(const char *flags)
{
    return memchr(flags, 'i', strspn(flags, "imsgn")) != NULL;
}

/* @return behind the regex that begins at inside */
static const char *limit_one(limiting *to, const char *inside)
{
    const char *end = behind(inside, inside[-1]);
    apr_size_t len = (apr_size_t)(end - inside) - (end[-1] == inside[-1] && end > inside);
    cg_limited *regex = cg_limited_compile(to->p, apr_pstrmemdup(to->p, inside, len),
                                           is_caseless(end) ? AP_REG_ICASE : 0);

    if (regex)
        APR_ARRAY_PUSH(to->regexes, cg_limited *) = regex;
    APR_ARRAY_PUSH(to->pieces, const char *) =
        apr_pstrmemdup(to->p, to->copied, (apr_size_t)(inside - to->copied));
    APR_ARRAY_PUSH(to->pieces, const char *) = CG_LIMITED_PATIENT;
    to->copied = inside;
    return end;
}

cg_expr_limit cg_expr_limit_of(apr_pool_t *p, const char *text)
{
    int left = count_operators(text);
    limiting to = {p, NULL, NULL, text};

    if (!left)
        return (cg_expr_limit){text, NULL, NULL};
    to.pieces = apr_array_make(p, 4, sizeof(const char *));
    to.regexes = apr_array_make(p, 1, sizeof(cg_limited *));
    for (const char *at = text; *at;) {
        const char *inside = is_operator(at) ? behind_delimiter(at + 2) : NULL;

        if (*at == '\'' || *at == '"') {
            at = behind(at + 1, *at);
        } else if (at[0] == '%' && at[1] == '{') {
            at = behind_variable(at);
        } else if (inside) {
            at = limit_one(&to, inside);
            left--;
        } else {
            at++;
        }
    }
    if (left)
        return (cg_expr_limit){text, NULL, "it cannot be told where its regular expressions begin"};
    APR_ARRAY_PUSH(to.pieces, const char *) = to.copied;
    return (cg_expr_limit){apr_array_pstrcat(p, to.pieces, '\0'), to.regexes, NULL};
}

/* As ap_getword_conf takes it apart again. */
static const char *quoted(apr_pool_t *p, const char *text)
{
    char *made = apr_palloc(p, 2 * strlen(text) + 3), *to = made;

    *to++ = '"';
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            *to++ = '\\';
        *to++ = *text;
    }
    *to++ = '"';
    *to = '\0';
    return made;
}

cg_expr_limit cg_expr_limit_of_section(apr_pool_t *p, const char *args)
{
    const char *rest = args;
    cg_expr_limit made;

    while (apr_isspace(*rest))
        rest++;
    if (*rest != '"' && *rest != '\'')
        return cg_expr_limit_of(p, args);
    made = cg_expr_limit_of(p, ap_getword_conf(p, &rest));
    made.text = made.why_not ? args : apr_pstrcat(p, quoted(p, made.text), rest, NULL);
    return made;
}
