/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_NAMES_H
#define CG_NAMES_H

#include "cg_place.h"
#include <apr_pools.h>

typedef enum cg_names_kind { CG_NAMES_METHODS, CG_NAMES_HEADERS, CG_NAMES_EXPOSE } cg_names_kind;

/** CorsAllowMethods, CorsAllowHeaders or CorsExposeHeaders: names and the header value they
 *  make. Filled while a section is read, read-only afterwards. */
typedef struct cg_names {
    cg_names_kind kind;
    unsigned any : 1;    /**< "*" is a member */
    const char *value;   /**< what is sent: "GET, PUT" */
    const char **slots;  /**< open addressing by name; NUL-terminated, as written */
    unsigned slot_count; /**< a power of two, or 0 */
    unsigned count;
    apr_size_t longest; /**< bytes of the longest name */
    cg_place place;     /**< of the first directive */
} cg_names;

cg_names *cg_names_make(apr_pool_t *p, cg_names_kind kind, const cg_place *place);

/** Adds one argument of the directive.
 *  @return NULL, or why it is refused and what to write instead. */
const char *cg_names_add(apr_pool_t *p, cg_names *names, const char *arg);

/** Non-zero where name is a member by itself, "*" not counted. Methods are compared byte for
 *  byte, header names without case. */
int cg_names_has(const cg_names *names, const char *name, apr_size_t len);

#endif
