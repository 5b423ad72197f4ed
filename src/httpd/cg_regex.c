/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_regex.h"

#include "cg_quote.h"

#include <apr_strings.h>
#include <httpd.h>

/* Backtracking steps that one match may take, on an origin of at most CG_ORIGIN_MAX bytes. PCRE
 * counts them; a regex that needs more denies. */
#define MATCH_LIMIT "(*LIMIT_MATCH=20000)"

/* The match must be the whole text: (*ACCEPT) and \K can end or begin it elsewhere, in spite of
 * the anchors. */
static int match_whole(const void *regex, const char *text, apr_size_t len)
{
    ap_regmatch_t match[1];

    return ap_regexec_len(regex, text, len, 1, match, 0) == 0 && match[0].rm_so == 0 &&
           (apr_size_t)match[0].rm_eo == len;
}

const char *cg_regex_compile(apr_pool_t *p, const char *pattern, const cg_place *place,
                             cg_matcher *matcher)
{
    const ap_regex_t *regex = NULL;

    /* Alone first: "a)|(b" is no regex, but would be one between our anchors' brackets. */
    if (ap_pregcomp(p, pattern, 0))
        regex = ap_pregcomp(p, apr_pstrcat(p, MATCH_LIMIT "\\A(?:", pattern, ")\\z", NULL), 0);
    if (!regex)
        return apr_psprintf(p,
                            "\"%.*s\" does not compile as a regular expression (PCRE) for a whole "
                            "origin: write one like https://(dev|qa)[0-9]+\\.example\\.com",
                            CG_QUOTE_MAX, pattern);
    *matcher = (cg_matcher){
        .text = apr_pstrdup(p, pattern), .match = match_whole, .regex = regex, .place = *place};
    return NULL;
}
