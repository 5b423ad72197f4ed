/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HEADER_LINE_H
#define CG_HEADER_LINE_H

#include "cg_header_value.h"
#include "cg_limited.h"

typedef enum cg_header_action {
    CG_HEADER_SET,
    CG_HEADER_SETIFEMPTY,
    CG_HEADER_ADD,
    CG_HEADER_APPEND,
    CG_HEADER_MERGE,
    CG_HEADER_UNSET,
    CG_HEADER_ECHO,
    CG_HEADER_EDIT,
    CG_HEADER_EDIT_ALL,
    CG_HEADER_NOTE
} cg_header_action;

/** One Header or RequestHeader directive. */
typedef struct cg_header_line {
    const ap_directive_t *node;
    cg_header_action action;
    const char *name;             /**< of the header; for echo a regex */
    const cg_header_value *value; /**< NULL for unset and echo; of edit what is put in */
    cg_limited *regex;            /**< for edit and echo; NULL: it does not compile */
    const char *variable;         /**< env=; "!" in front for env=!; NULL: none */
    const cg_expr *condition;     /**< expr=; NULL: none */
    unsigned is_request : 1;      /**< RequestHeader */
    unsigned is_always : 1;
    unsigned is_early : 1;
} cg_header_line;

/** Reads a directive as mod_headers does (header_cmd).
 *  @return 0 where it is not one that mod_headers accepts. */
int cg_header_line_read(apr_pool_t *p, const ap_directive_t *node, cg_recipe_scope scope,
                        cg_header_line *line);

#endif
