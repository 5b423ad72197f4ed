/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REGEX_H
#define REGEX_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <apr_strings.h>
#include <pcre2.h>

/** A regex compiled as the module has httpd compile it: alone, then between anchors. */
typedef struct regex {
    pcre2_code *code;
    pcre2_match_data *match;
    unsigned matches; /**< how often it was asked */
} regex;

static inline pcre2_code *regex_code(const char *pattern)
{
    int error;
    PCRE2_SIZE offset;

    return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_DOLLAR_ENDONLY, &error,
                         &offset, NULL);
}

/** What stands before the regexes that the module compiles. */
#define REGEX_LIMIT "(*LIMIT_MATCH=20000)"

/** limit: REGEX_LIMIT, or "".
 *  @return 0 where pattern is no regex. */
static inline int regex_compile(apr_pool_t *p, regex *out, const char *limit, const char *pattern)
{
    pcre2_code *alone = regex_code(pattern);

    *out = (regex){NULL, NULL, 0};
    if (!alone)
        return 0;
    pcre2_code_free(alone);
    out->code = regex_code(apr_pstrcat(p, limit, "\\A(?:", pattern, ")\\z", (char *)NULL));
    if (!out->code)
        return 0;
    out->match = pcre2_match_data_create(1, NULL);
    return 1;
}

/** A cg_match_fn. */
static inline int regex_matches(const void *compiled, const char *text, apr_size_t len)
{
    union {
        const void *in;
        regex *out;
    } cast = {compiled};
    regex *self = cast.out;
    PCRE2_SIZE *span = pcre2_get_ovector_pointer(self->match);

    self->matches++;
    return pcre2_match(self->code, (PCRE2_SPTR)text, len, 0, 0, self->match, NULL) >= 0 &&
           span[0] == 0 && span[1] == len;
}

static inline void regex_free(regex *self)
{
    pcre2_match_data_free(self->match);
    pcre2_code_free(self->code);
}

#endif
