/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_EXAMPLE_H
#define CG_EXAMPLE_H

#include "cg_origin.h"
#include "cg_regex_tree.h"
#include <apr_tables.h>

/** Steps that one example may take: (((a?){99}){99}){99} must not keep anybody waiting. */
#define CG_EXAMPLE_STEPS_MAX 16384

/** Nodes of lookarounds that one example remembers. */
#define CG_EXAMPLE_LOOKED_MAX 16

/** One way to go at one node of a tree: which child of a CHOICE, how many times a REPEAT. */
typedef struct cg_example_turn {
    const cg_regex_node *node; /**< NULL: nowhere */
    unsigned value;
} cg_example_turn;

/** A variable part of a tree: one variable node, or several in a row ([a-z][a-z0-9-]*). */
typedef struct cg_example_part {
    const cg_regex_node *from; /**< the first node; NULL: no part */
    const cg_regex_node *to;   /**< the last, in the same sequence */
    const cg_bytes *set;       /**< what each byte is one of; NULL for several in a row */
    unsigned min, max;         /**< how many bytes */
} cg_example_part;

/** Which of the strings of a tree to build. */
typedef struct cg_example_plan {
    unsigned least : 1; /**< each REPEAT as few times as it can; else once where it can */
    unsigned last : 1;  /**< the last child of each CHOICE; else the first */
    unsigned lead : 1;  /**< a variable node that can finish "https://" at the beginning does so */
    cg_example_turn turn; /**< taken where it stands, and reached */
    cg_example_part part; /**< reached as well */
    const char *fill;     /**< put in place of part; NULL: what part builds by itself */
    apr_size_t fill_len;
} cg_example_plan;

/** A string of a tree. */
typedef struct cg_example {
    char text[CG_ORIGIN_MAX + 1]; /**< NUL-terminated */
    apr_size_t len;
    apr_size_t from; /**< where part stands in it, the last time if repeated; 0 without one */
    apr_size_t to;   /**< behind its last byte */
    const cg_regex_node *looked[CG_EXAMPLE_LOOKED_MAX]; /**< the first visited with looks set */
    unsigned looked_count;
    int led;        /**< lead made a difference */
    unsigned steps; /**< what it took: nodes visited, and children looked through */
} cg_example;

/** Builds a string. A dot, or another set that holds one, stands for a dot behind a letter or
 *  digit: what "www.example.com" was meant to match.
 *  @return 0 where there is none: turn and part exclude each other, a set is empty, it gets too
 *      long, or out->steps over CG_EXAMPLE_STEPS_MAX. */
int cg_example_build(const cg_regex_tree *tree, const cg_example_plan *plan, cg_example *out);

/** Every turn of a tree: each child of each CHOICE; each REPEAT at its least, once, and once more.
 *  @return an array of cg_example_turn in the order of the tree. */
apr_array_header_t *cg_example_turns(apr_pool_t *p, const cg_regex_tree *tree);

/** The child that a turn takes; NULL where it takes a REPEAT no times. */
const cg_regex_node *cg_example_way(const cg_example_turn *turn);

/** Those of turns that can be taken together with a part, and matter to it.
 *  @return an array of cg_example_turn. */
apr_array_header_t *cg_example_turns_beside(apr_pool_t *p, const cg_regex_tree *tree,
                                            const apr_array_header_t *turns,
                                            const cg_example_part *part);

/** The REPEATs (of more than a set) that can be taken oftener than cg_example_turns does, each with
 *  a value for it.
 *  @return an array of cg_example_turn. */
apr_array_header_t *cg_example_excesses(apr_pool_t *p, const cg_regex_tree *tree);

/** Every variable part of a tree: each variable node, and behind the first of a row the whole row.
 *  @return an array of cg_example_part in the order of the tree. */
apr_array_header_t *cg_example_parts(apr_pool_t *p, const cg_regex_tree *tree);

#endif
