/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_example.h"

static unsigned at_most(unsigned value, unsigned max)
{
    return value < max ? value : max;
}

static unsigned once_more(const cg_regex_node *node)
{
    return at_most(cg_regex_once(node) + 1, node->max);
}

static void push_turn(apr_array_header_t *turns, const cg_regex_node *node, unsigned value)
{
    *(cg_example_turn *)apr_array_push(turns) = (cg_example_turn){node, value};
}

static void push_counts(apr_array_header_t *turns, const cg_regex_node *node)
{
    if (node->min < cg_regex_once(node))
        push_turn(turns, node, node->min);
    push_turn(turns, node, cg_regex_once(node));
    if (once_more(node) > cg_regex_once(node))
        push_turn(turns, node, once_more(node));
}

static void collect_turns(apr_array_header_t *turns, const cg_regex_node *node)
{
    unsigned index = 0;

    /* A dot that may be missing is a part only: www\.?example.com means the dot. */
    if (node->kind == CG_REGEX_REPEAT && !node->means_dot)
        push_counts(turns, node);
    for (const cg_regex_node *child = node->child; child; child = child->next) {
        if (node->kind == CG_REGEX_CHOICE)
            push_turn(turns, node, index++);
        collect_turns(turns, child);
    }
}

apr_array_header_t *cg_example_turns(apr_pool_t *p, const cg_regex_tree *tree)
{
    apr_array_header_t *turns = apr_array_make(p, 16, sizeof(cg_example_turn));

    collect_turns(turns, tree->root);
    return turns;
}

const cg_regex_node *cg_example_way(const cg_example_turn *turn)
{
    const cg_regex_node *child = turn->node->child;

    if (turn->node->kind == CG_REGEX_REPEAT)
        return turn->value ? child : NULL;
    for (unsigned i = turn->value; i; i--)
        child = child->next;
    return child;
}

/* One step of the way to a part. */
typedef struct way {
    const cg_regex_node *node, *child;
    unsigned index; /* of child in node */
} way;

static apr_array_header_t *way_to(apr_pool_t *p, const cg_regex_node *node,
                                  const cg_regex_node *part)
{
    apr_array_header_t *ways = apr_array_make(p, 8, sizeof(way));

    while (node && node != part) {
        way step = {node, node->child, 0};

        for (; step.child && !cg_regex_holds(step.child, part); step.child = step.child->next)
            step.index++;
        *(way *)apr_array_push(ways) = step;
        node = step.child;
    }
    return ways;
}

/* Non-zero where the way goes another way than the turn. */
static int excludes(const apr_array_header_t *ways, const cg_example_turn *turn)
{
    for (int i = 0; i < ways->nelts; i++) {
        const way *step = &APR_ARRAY_IDX(ways, i, way);

        if (step->node == turn->node && step->node->kind == CG_REGEX_CHOICE)
            return turn->value != step->index;
        if (step->node == turn->node)
            return turn->value == 0;
        if (!cg_regex_holds(step->node, turn->node))
            return 0;
        if (step->node->kind == CG_REGEX_CHOICE && !cg_regex_holds(step->child, turn->node))
            return 1;
    }
    return 0;
}

apr_array_header_t *cg_example_turns_beside(apr_pool_t *p, const cg_regex_tree *tree,
                                            const apr_array_header_t *turns,
                                            const cg_example_part *part)
{
    apr_array_header_t *beside = apr_array_make(p, 8, sizeof(cg_example_turn));
    const apr_array_header_t *ways = way_to(p, tree->root, part->from);

    for (int i = 0; i < turns->nelts; i++) {
        const cg_example_turn *turn = &APR_ARRAY_IDX(turns, i, cg_example_turn);

        if (turn->node != part->from && !excludes(ways, turn))
            push_turn(beside, turn->node, turn->value);
    }
    return beside;
}

static void collect_excesses(apr_array_header_t *turns, const cg_regex_node *node)
{
    if (node->kind == CG_REGEX_REPEAT && !node->variable && once_more(node) < node->max)
        push_turn(turns, node, once_more(node) + 1);
    for (const cg_regex_node *child = node->child; child; child = child->next)
        collect_excesses(turns, child);
}

apr_array_header_t *cg_example_excesses(apr_pool_t *p, const cg_regex_tree *tree)
{
    apr_array_header_t *turns = apr_array_make(p, 4, sizeof(cg_example_turn));

    collect_excesses(turns, tree->root);
    return turns;
}

static cg_example_part part_of(const cg_regex_node *node)
{
    cg_example_part part = {.from = node, .to = node, .min = 1, .max = 1};

    part.set = node->kind == CG_REGEX_SET ? &node->set : &node->child->set;
    if (node->kind == CG_REGEX_REPEAT) {
        part.min = node->min;
        part.max = node->means_dot ? 1 : node->max;
    }
    return part;
}

/* The row of variable nodes that node begins. */
static cg_example_part row_of(const cg_regex_node *node)
{
    cg_example_part row = part_of(node);

    for (node = node->next; node && node->variable; node = node->next) {
        cg_example_part part = part_of(node);

        row.to = node;
        row.set = NULL;
        row.min = at_most(row.min + part.min, CG_REGEX_COUNT_MAX);
        row.max = at_most(row.max + part.max, CG_REGEX_COUNT_MAX);
    }
    return row;
}

static void collect_parts(apr_array_header_t *parts, const cg_regex_node *node)
{
    const cg_regex_node *before = NULL;

    for (const cg_regex_node *child = node->child; child; before = child, child = child->next) {
        cg_example_part row;

        if (!child->variable) {
            collect_parts(parts, child);
            continue;
        }
        *(cg_example_part *)apr_array_push(parts) = part_of(child);
        if (node->kind != CG_REGEX_SEQUENCE || (before && before->variable))
            continue;
        row = row_of(child);
        if (row.to != row.from)
            *(cg_example_part *)apr_array_push(parts) = row;
    }
}

apr_array_header_t *cg_example_parts(apr_pool_t *p, const cg_regex_tree *tree)
{
    apr_array_header_t *parts = apr_array_make(p, 8, sizeof(cg_example_part));

    if (tree->root->variable)
        *(cg_example_part *)apr_array_push(parts) = part_of(tree->root);
    else
        collect_parts(parts, tree->root);
    return parts;
}
