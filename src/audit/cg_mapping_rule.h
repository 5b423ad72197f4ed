/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_MAPPING_RULE_H
#define CG_MAPPING_RULE_H

#include "cg_mapping.h"

#include <ap_regex.h>
#include <apr_tables.h>

/* Shared by cg_mapping_read.c, which fills this, and cg_mapping.c, which asks it. */

/** A directive that takes URLs somewhere. */
typedef struct cg_mapping_rule {
    const char *prefix;      /**< whole segments of a URL; NULL where regex is set */
    const ap_regex_t *regex; /**< one that does not compile never gets here */
    unsigned is_fnmatch : 1; /**< prefix has wildcards */
    unsigned is_negated : 1; /**< regex must not match */
    cg_reach reach;
    const char *target; /**< a directory without a slash at its end; "!": not proxied */
} cg_mapping_rule;

typedef enum cg_switch { CG_SWITCH_UNSET, CG_SWITCH_OFF, CG_SWITCH_ON } cg_switch;

struct cg_mapping {
    const cg_mapping *main; /**< what is inherited from; NULL: nothing */
    const char *document_root;
    apr_array_header_t *in_locations; /**< of cg_mapping_rule, as those below */
    apr_array_header_t *proxies;
    apr_array_header_t *rewrites;
    apr_array_header_t *redirects;
    apr_array_header_t *aliases;
    cg_switch rewrite_engine;
    unsigned rewrites_inherit : 1;      /**< RewriteOptions Inherit... */
    unsigned rewrites_inherit_down : 1; /**< RewriteOptions InheritDown... */
    unsigned proxies_own_only : 1;      /**< ProxyPassInherit Off */
    unsigned computed_root : 1;         /**< VirtualDocumentRoot */
    unsigned user_directories : 1;
    unsigned open : 1;
    unsigned conditions : 1; /**< while reading: RewriteCond stands before the next RewriteRule */
};

#endif
