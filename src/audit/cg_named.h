/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_NAMED_H
#define CG_NAMED_H

#include "cg_lines.h"

/** Origins that are tried of those that the directives of one request name; a longer list is
 *  written by a program, from one pattern. What is left out is told. */
#define CG_NAMED_MAX 256

/** The origins that directives name, in words (https://www.example.com) or by a pattern of which
 *  they are examples. Whether they are allowed is another matter: whoever asks tries them.
 *  @param is_cut set where there were more than CG_NAMED_MAX.
 *  @return an array of const char *, serialised origins, each once. */
apr_array_header_t *cg_named_of(apr_pool_t *p, const cg_lines *lines, const cg_walk *walk,
                                int *is_cut);

#endif
