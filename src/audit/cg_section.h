/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SECTION_H
#define CG_SECTION_H

#include "cg_policy.h"
#include "cg_recipe.h"
#include "cg_tree.h"

#include <ap_regex.h>
#include <apr_hash.h>
#include <http_config.h>

/** In the order in which httpd merges them; Proxy sections take the place of Directory and Files
 *  where a request is proxied. */
typedef enum cg_section_kind {
    CG_SECTION_PROXY,
    CG_SECTION_DIRECTORY,
    CG_SECTION_FILES,
    CG_SECTION_LOCATION,
    CG_SECTION_IF
} cg_section_kind;

/** One section of the configuration, with those that stand in it. Made once, however many hosts
 *  inherit it, and read-only afterwards. */
typedef struct cg_section {
    cg_section_kind kind;
    const char *text;           /**< as written: <Location "/api"> */
    cg_place place;             /**< file is NULL where the tree does not show it */
    const server_rec *server;   /**< in which it was written */
    const char *path;           /**< as httpd compares it; a Directory ends in "/" */
    const ap_regex_t *regex;    /**< NULL: path is compared */
    struct cg_limited *limited; /**< asked in place of regex, in an .htaccess file; else NULL */
    unsigned *insisted;         /**< how often limited was not decided fast: counts on */
    const apr_array_header_t *regexes; /**< of an If's condition: see cg_expr.h */
    const char *why_not;          /**< an If whose condition must not be asked: a clause; or NULL */
    unsigned is_fnmatch : 1;      /**< path has wildcards */
    unsigned is_else : 1;         /**< <ElseIf> or <Else> */
    unsigned is_last : 1;         /**< <Else> */
    unsigned is_htaccess : 1;     /**< a Directory that is an .htaccess file; text is its name */
    unsigned has_policy : 1;      /**< Cors directives stand in it, or in a section inside it */
    unsigned has_recipe : 1;      /**< a recipe that matters does */
    apr_array_header_t *prefixes; /**< cg_prefixes_of_...; NULL: unknown, or path is plain */
    const cg_policy *policy;      /**< never NULL */
    const cg_recipe *recipe;      /**< NULL: none */
    const ap_directive_t *node;   /**< NULL where the tree does not show it, or for .htaccess */
    ap_conf_vector_t *config;     /**< httpd's own record of it */
    const struct cg_section *parent;
    apr_array_header_t *files; /**< of cg_section *, in order; never NULL, as ifs */
    apr_array_header_t *ifs;
} cg_section;

/** The policy that a per-directory configuration holds; an empty one where it holds none. */
const cg_policy *cg_section_policy(ap_conf_vector_t *config, const module *self);

/** What making sections takes. */
typedef struct cg_section_maker {
    apr_pool_t *p;
    const module *self;
    const module *proxy; /**< mod_proxy, or NULL */
    apr_hash_t *made;    /**< by the address of their configuration */
} cg_section_maker;

/** The sections of these configurations, those in them too. One that was made before is not made
 *  again.
 *  @param configs of ap_conf_vector_t *; may be NULL.
 *  @param scope where they stand in the tree. */
apr_array_header_t *cg_sections_make(const cg_section_maker *maker, cg_section_kind kind,
                                     const apr_array_header_t *configs, cg_scope *scope,
                                     const server_rec *server, const cg_section *parent);

/** An .htaccess file, or whatever AccessFileName calls it. */
typedef struct cg_section_file {
    const char *name;         /**< ".htaccess" */
    const char *path;         /**< of the file */
    const char *directory;    /**< ends in "/" */
    const server_rec *server; /**< of a host that sees it */
} cg_section_file;

/** The section that an .htaccess file is.
 *  @param tree its directives; NULL: none.
 *  @param config what they set; NULL: nothing. */
const cg_section *cg_section_of_htaccess(const cg_section_maker *maker, const cg_section_file *file,
                                         const ap_directive_t *tree, ap_conf_vector_t *config);

/** Non-zero where the section itself says something about CORS, not only one inside it. */
int cg_section_is_set(const cg_section *section);

/** Non-zero where path is compared as it is. */
int cg_section_is_plain(const cg_section *section);

/** Whether httpd applies the section to this URL, file name or directory name, by its path,
 *  regex or wildcards. If matches nothing here. */
int cg_section_matches(apr_pool_t *p, const cg_section *section, const char *name);

/** A regex that was not decided fast as often as this is not asked any more. */
#define CG_SECTION_INSIST_MAX 10

/** Non-zero where the section's regex backtracked so much that it was not always asked: it counts as
 *  not matching. */
int cg_section_gave_up(const cg_section *section);

/** Whether it applies to path itself, or to something just below it. */
int cg_section_matches_about(apr_pool_t *p, const cg_section *section, const char *path);

/** A name to which the section applies, from its own regex or wildcards: at most 8 of them,
 *  which may be none. */
apr_array_header_t *cg_section_examples(apr_pool_t *p, const cg_section *section);

/** Whether two Files sections may apply to one file. */
int cg_section_files_meet(apr_pool_t *p, const cg_section *a, const cg_section *b);

#endif
