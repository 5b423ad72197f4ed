/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REGEX_TREE_H
#define CG_REGEX_TREE_H

#include "cg_bytes.h"
#include <apr_tables.h>

/** A longer regex is not judged. httpd reads lines of 8 KB. */
#define CG_REGEX_BYTES_MAX 8192
/** Groups within groups; what is deeper is not judged. It bounds every recursion over a tree. */
#define CG_REGEX_DEPTH_MAX 32
/** A class of at most this many bytes is read as an alternation: whoever writes [12] knows both,
 *  whoever writes [0-9] means any. */
#define CG_REGEX_LISTED_MAX 5
/** PCRE2's largest count in a quantifier; it stands for "without end" too. */
#define CG_REGEX_COUNT_MAX 65535

typedef enum cg_regex_kind {
    CG_REGEX_BYTE,     /**< one byte */
    CG_REGEX_SET,      /**< one byte of a set */
    CG_REGEX_SEQUENCE, /**< its children, one after the other; may have none */
    CG_REGEX_CHOICE,   /**< one of its children */
    CG_REGEX_REPEAT    /**< its only child, min to max times */
} cg_regex_kind;

/** A node of a regex read as a tree. Only what can match a byte of an origin is in it: anchors,
 *  comments and lookarounds are left out, which makes it match more than the regex, and sets
 *  hold no other bytes. */
typedef struct cg_regex_node {
    cg_regex_kind kind;
    unsigned char byte;
    /** An author cannot know all that it matches: a SET, a REPEAT of one, an optional dot. */
    unsigned variable : 1;
    unsigned
        means_dot : 1;  /**< a REPEAT that stands for a dot where there can be one: \.?, [.-]? */
    unsigned looks : 1; /**< a lookaround was left out in it */
    unsigned min, max;
    cg_bytes set;
    struct cg_regex_node *child; /**< the first */
    struct cg_regex_node *next;  /**< its parent's next child */
    unsigned first;              /**< the node's number, in the order of reading */
    unsigned end;                /**< behind the number of the last node in it */
} cg_regex_node;

/** Lookarounds of one regex that are kept. */
#define CG_REGEX_LOOKS_MAX 8

typedef struct cg_regex_tree {
    cg_regex_node *root;
    apr_array_header_t *looks; /**< cg_regex_node *: what is in the first lookarounds; these nodes
                                    have no numbers */
    const char *unclear;       /**< why it may match less than the regex; NULL: it does not */
} cg_regex_tree;

/** Reads a regex (PCRE2 syntax, without UTF). Any bytes can be read; what is not understood is
 *  left out and makes the tree unclear. Takes time and memory of p in proportion to the pattern:
 *  at most about two nodes a byte. */
cg_regex_tree *cg_regex_parse(apr_pool_t *p, const char *pattern);

/** How many times a REPEAT is taken where nothing is said: once, if it can. */
unsigned cg_regex_once(const cg_regex_node *node);

/** Non-zero where other is node or stands in it; other may be NULL. */
int cg_regex_holds(const cg_regex_node *node, const cg_regex_node *other);

#endif
