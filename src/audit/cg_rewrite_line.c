/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite_rule.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

/* Cuts the word at *at off and moves *at behind it. A backslash keeps a space in the word, and
 * stays there; it does not save a quote. */
static char *cut(char **at)
{
    char *word, *end;
    char quote;

    while (apr_isspace(**at))
        ++*at;
    quote = **at == '"' || **at == '\'' ? *(*at)++ : '\0';
    word = *at;
    for (end = word; *end; end++) {
        if ((apr_isspace(*end) && !quote) || *end == quote)
            break;
        if (*end == '\\' && apr_isspace(end[1]))
            end++;
    }
    *at = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

const char *cg_rewrite_words(apr_pool_t *p, const char *line, char *words[3])
{
    apr_size_t len = strlen(line);
    char *at;

    if (len > CG_REWRITE_WRITTEN_MAX)
        return "the line is longer than this audit reads";
    at = apr_pstrmemdup(p, line, len);
    words[0] = cut(&at);
    if (!*at)
        return "it needs two arguments";
    words[1] = cut(&at);
    while (apr_isspace(*at))
        at++;
    words[2] = *at ? cut(&at) : NULL;
    if (words[2] && (words[2][0] != '[' || words[2][strlen(words[2]) - 1] != ']'))
        return "its flags do not stand in brackets";
    return NULL;
}

static char *trimmed(char *text)
{
    apr_size_t len;

    while (apr_isspace(*text))
        text++;
    for (len = strlen(text); len > 0 && apr_isspace(text[len - 1]); len--)
        text[len - 1] = '\0';
    return text;
}

const char *cg_rewrite_flags(char *flags, const char *(*set)(void *to, char *name, char *value),
                             void *to)
{
    char *next = flags + 1;

    flags[strlen(flags) - 1] = ',';
    while (*next) {
        char *comma = strchr(next, ',');
        const char *problem;
        char *name, *value;

        *comma = '\0';
        name = trimmed(next);
        next = comma + 1;
        if (!*name && !*next)
            break;
        value = strchr(name, '=');
        if (value)
            *value++ = '\0';
        problem = set(to, name, value ? value : name + strlen(name));
        if (problem)
            return problem;
    }
    return NULL;
}

cg_limited *cg_rewrite_regex(apr_pool_t *p, const char *pattern, int ignores_case)
{
    return cg_limited_compile(p, pattern, AP_REG_EXTENDED | (ignores_case ? AP_REG_ICASE : 0));
}
