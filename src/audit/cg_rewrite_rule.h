/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REWRITE_RULE_H
#define CG_REWRITE_RULE_H

#include "cg_limited.h"
#include "cg_rewrite.h"

/* Shared by the files cg_rewrite*.c: what they read, and the state while they carry it out. */

/** A longer line is not carried out, only told: httpd's own limit for one line of a request, which
 *  nobody's rule comes near. Bounds the search for closing braces, which is quadratic. */
#define CG_REWRITE_WRITTEN_MAX 8192
/** No longer text is made: twice what httpd takes for a URL, where it gives up as well. */
#define CG_REWRITE_TEXT_MAX 16380
/** Maps in keys of maps. */
#define CG_REWRITE_NESTING_MAX 16

/** What a condition compares. */
typedef enum cg_rewrite_test {
    CG_REWRITE_TEST_REGEX,
    CG_REWRITE_TEST_EXPR,
    CG_REWRITE_TEST_FILE,       /**< -f */
    CG_REWRITE_TEST_SIZE,       /**< -s */
    CG_REWRITE_TEST_LINK,       /**< -h -l -L */
    CG_REWRITE_TEST_DIRECTORY,  /**< -d */
    CG_REWRITE_TEST_EXECUTABLE, /**< -x */
    CG_REWRITE_TEST_SUBREQUEST, /**< -U -F */
    CG_REWRITE_TEST_TEXT,       /**< =x <x <=x >x >=x */
    CG_REWRITE_TEST_NUMBER      /**< -eq -ne -lt -le -gt -ge */
} cg_rewrite_test;

/** Which results of a comparison fulfil a condition: bits. */
typedef enum cg_rewrite_order {
    CG_REWRITE_LESS = 1,
    CG_REWRITE_EQUAL = 2,
    CG_REWRITE_MORE = 4
} cg_rewrite_order;

/** A RewriteCond. */
typedef struct cg_rewrite_condition {
    const ap_directive_t *node;
    const char *problem; /**< NULL, or why it cannot be told: a clause */
    const char *text;    /**< TestString as written */
    cg_rewrite_test test;
    cg_limited *regex;
    const cg_expr *expr;
    const char *operand; /**< of TEXT and NUMBER */
    unsigned orders : 3; /**< of cg_rewrite_order */
    unsigned is_negated : 1;
    unsigned ignores_case : 1;
    unsigned or_next : 1;
    unsigned adds_no_vary : 1;
} cg_rewrite_condition;

/** A RewriteRule. */
typedef struct cg_rewrite_rule {
    const ap_directive_t *node;
    const char *problem;
    const apr_array_header_t *conditions; /**< of cg_rewrite_condition */
    cg_limited *regex;
    const char *output;      /**< as written; NULL: "-", or of no account beside a status */
    apr_array_header_t *env; /**< of const char *: "VAR:VAL" as written */
    int status;              /**< of [R], [F], [G]: what is answered */
    int skip;
    int rounds;            /**< of [N] */
    const char *escapes;   /**< of [B=...]; NULL: everything */
    const char *noescapes; /**< of [BNE=...]; NULL: nothing */
    unsigned is_negated : 1;
    unsigned ignores_case : 1;
    unsigned answers : 1;       /**< [F], [G], or [R] with a status that is no redirect */
    unsigned redirects : 1;     /**< [R] */
    unsigned no_subrequest : 1; /**< [NS] */
    unsigned is_last : 1;       /**< [L] */
    unsigned is_end : 1;        /**< [END] */
    unsigned is_next : 1;       /**< [N] */
    unsigned is_chained : 1;    /**< [C] */
    unsigned proxies : 1;       /**< [P] */
    unsigned passes : 1;        /**< [PT] */
    unsigned escapes_captures : 1;
    unsigned escapes_control : 1;
    unsigned no_plus : 1;
    unsigned no_escape : 1;    /**< [NE] */
    unsigned drops_info : 1;   /**< [DPI] */
    unsigned query_append : 1; /**< [QSA] */
    unsigned query_discard : 1;
    unsigned query_last : 1; /**< [QSL] */
    unsigned query_none : 1; /**< nothing behind a "?" counts */
    unsigned any_prefix : 1; /**< [UnsafePrefixStat] */
    unsigned any_query : 1;  /**< [UnsafeAllow3F] */
    unsigned keeps_slashes : 1;
} cg_rewrite_rule;

/** Places that httpd merges with each other before it merges them with others. */
typedef enum cg_rewrite_group {
    CG_REWRITE_OF_SERVER,
    CG_REWRITE_OF_DIRECTORY,
    CG_REWRITE_OF_FILES,
    CG_REWRITE_OF_LOCATION,
    CG_REWRITE_OF_IF
} cg_rewrite_group;

/** RewriteOptions: bits. */
typedef enum cg_rewrite_option {
    CG_REWRITE_INHERIT = 1 << 0,
    CG_REWRITE_INHERIT_BEFORE = 1 << 1,
    CG_REWRITE_INHERIT_DOWN = 1 << 2,
    CG_REWRITE_INHERIT_DOWN_BEFORE = 1 << 3,
    CG_REWRITE_IGNORE_INHERIT = 1 << 4,
    CG_REWRITE_ALLOW_NO_SLASH = 1 << 5,
    CG_REWRITE_MERGE_BASE = 1 << 6,
    CG_REWRITE_UNSAFE_PREFIX = 1 << 7,
    CG_REWRITE_LEGACY_PREFIX = 1 << 8,
    CG_REWRITE_IGNORE_CONTEXT = 1 << 9
} cg_rewrite_option;

struct cg_rewrite {
    cg_rewrite_group group;
    const char *directory; /**< what httpd takes off the file's name, ends in "/"; NULL for a
                                         server */
    int engine;            /**< -1: nothing is said */
    unsigned options;      /**< of cg_rewrite_option */
    int has_options;       /**< RewriteOptions stands there */
    const char *base;      /**< RewriteBase; NULL: none */
    apr_array_header_t *conditions;  /**< while reading: of the next rule */
    apr_array_header_t *own_rules;   /**< while reading */
    const apr_array_header_t *rules; /**< of const cg_rewrite_rule *: own_rules, or with those
                                          inherited */
    apr_hash_t *maps;                /**< name -> what it was made from, as written */
};

/** Whether something holds, where not everything can be told. */
typedef enum cg_rewrite_answer {
    CG_REWRITE_NO,
    CG_REWRITE_YES,
    CG_REWRITE_MAYBE
} cg_rewrite_answer;

/** What a regex captured, for $N or %N. */
typedef struct cg_rewrite_captures {
    const char *source;  /**< NULL: nothing */
    const char *unclear; /**< why it cannot be told, or NULL */
    ap_regmatch_t matches[AP_MAX_REG_MATCH];
} cg_rewrite_captures;

/** Rules while they are carried out. The file name and the query are those of run->r. */
typedef struct cg_rewriting {
    cg_run *run;
    apr_pool_t *p;
    const char *directory; /**< as of cg_rewrite; NULL: rules of the server */
    const apr_array_header_t *rules;
    const cg_rewrite *maps[2]; /**< whose maps count, the first before the second; NULL: none */
    const char *uri;           /**< what patterns are compared with; NULL: it cannot be told */
    const char *uri_filename;  /**< what uri was made from */
    const char *uri_path_info;
    cg_rewrite_captures rule_captures;
    cg_rewrite_captures condition_captures;
    const char *unclear;   /**< why what was just asked cannot be told, or NULL */
    const char *vary_this; /**< header fields of the condition */
    const char *vary;      /**< of the rule */
    const char *doubt;     /**< why rules before doubts_end may not be reached, or NULL */
    int doubts_end;
    const ap_directive_t *node; /**< what is carried out: a rule */
    int nesting;
    int status;                  /**< 0, or what is answered, or a redirect's */
    int changed;                 /**< a substitution took place */
    int no_escape;               /**< and the last one said [NE] */
    int stopped;                 /**< status is the answer, whatever the file name is */
    const cg_rewrite_rule *last; /**< the last that substituted, or NULL */
} cg_rewriting;

/** Cuts a line into TestString, CondPattern and flags, or Pattern, Substitution and flags, by
 *  mod_rewrite's own rules for quotes and backslashes.
 *  @param words three of them; the third is NULL where it is missing.
 *  @return NULL, or what is wrong. */
const char *cg_rewrite_words(apr_pool_t *p, const char *line, char *words[3]);

/** Calls set for each flag of "[NC,E=VAR:VAL]"; value is "" where there is none.
 *  @return NULL, or what is wrong: what set returned. */
const char *cg_rewrite_flags(char *flags, const char *(*set)(void *to, char *name, char *value),
                             void *to);

/** Compiles as mod_rewrite does; NULL where it does not compile. */
cg_limited *cg_rewrite_regex(apr_pool_t *p, const char *pattern, int ignores_case);

/** Reads a RewriteCond. */
void cg_rewrite_condition_read(apr_pool_t *p, const ap_directive_t *node,
                               cg_rewrite_condition *out);

/** Reads a RewriteRule. Its conditions are the caller's to set. */
cg_rewrite_rule *cg_rewrite_rule_read(apr_pool_t *p, const ap_directive_t *node);

/** Whether the conditions of a rule hold. With CG_REWRITE_MAYBE, unclear says why. Adds to vary. */
cg_rewrite_answer cg_rewrite_conditions_hold(cg_rewriting *on, const cg_rewrite_rule *rule);

/** Expands $N, %N, ${map:key} and %{variable}. What cannot be told is left out; unclear says why,
 *  and is left alone otherwise.
 *  @param rule by which captures are escaped; NULL: they are not.
 *  @param query where not NULL, set to 1 where the "?" that begins the query came out of an
 *      expansion, which httpd does not permit. */
const char *cg_rewrite_expand(cg_rewriting *on, const char *text, const cg_rewrite_rule *rule,
                              int *query);

/** A variable's value, never NULL; as cg_rewrite_expand where it cannot be told. */
const char *cg_rewrite_variable(cg_rewriting *on, const char *name);

/** What a map makes of a key; NULL: nothing. */
const char *cg_rewrite_map(cg_rewriting *on, const char *name, const char *key);

/** As cg_run_may, for what is carried out; where there was too much, unclear says so. */
int cg_rewrite_may(cg_rewriting *on, apr_size_t bytes);

/** Notes why something cannot be told, unless something was noted before. */
void cg_rewrite_obscure(cg_rewriting *on, const char *reason);

/** The length of "https://" and the like in front of a URL; 0 where it has none that mod_rewrite
 *  knows.
 *  @param has_query where not NULL, set to whether "?" begins a query in such a URL. */
apr_size_t cg_rewrite_absolute(const char *url, int *has_query);

/** Puts a substitution in place of the file name. Sets status where it makes a redirect. */
void cg_rewrite_substitute(cg_rewriting *on, const cg_rewrite_rule *rule, const char *text);

/** Non-zero where the request is handed to mod_proxy, as far as the file name tells. */
int cg_rewrite_is_proxied(const cg_run *run);

/** Carries out the rules. Afterwards status, changed, stopped, and run->r's file name, query and
 *  path_info, say what came of them. */
void cg_rewrite_carry_out(cg_rewriting *on);

#endif
