/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_example.h"

#include <string.h>

typedef struct builder {
    const cg_example_plan *plan;
    cg_example *out;
} builder;

static int put(builder *b, unsigned char byte)
{
    if (b->out->len == CG_ORIGIN_MAX || byte == 0)
        return 0;
    b->out->text[b->out->len++] = (char)byte;
    return 1;
}

static int is_behind_alnum(const builder *b)
{
    unsigned char last = b->out->len ? (unsigned char)b->out->text[b->out->len - 1] : 0;

    return (last >= 'a' && last <= 'z') || (last >= '0' && last <= '9');
}

/* One byte of a set that stands once. */
static int put_member(builder *b, const cg_bytes *set)
{
    if (cg_bytes_has(set, '.') && is_behind_alnum(b))
        return put(b, '.');
    return put(b, cg_bytes_typical(set));
}

/* How many times a REPEAT is taken; below min where turn and part exclude each other. */
static unsigned times(const builder *b, const cg_regex_node *node)
{
    const cg_example_plan *plan = b->plan;
    unsigned count = plan->least ? node->min : cg_regex_once(node);

    if (node == plan->turn.node)
        return plan->turn.value;
    if (count == 0 &&
        (cg_regex_holds(node, plan->turn.node) || cg_regex_holds(node, plan->part.from)))
        return cg_regex_once(node);
    return count;
}

/* Finishes "https://" where the text so far begins it and node can hold the rest. */
static int put_lead(builder *b, const cg_regex_node *node)
{
    static const char scheme[] = "https://";
    const apr_size_t whole = sizeof scheme - 1, begun = b->out->len;

    if (!b->plan->lead || begun >= whole || memcmp(b->out->text, scheme, begun) != 0 ||
        node->max < whole - begun ||
        !cg_bytes_has_all(&node->child->set, scheme + begun, whole - begun))
        return 0;
    memcpy(b->out->text, scheme, whole);
    b->out->len = whole;
    b->out->led = 1;
    return 1;
}

/* A REPEAT of a set, or an optional dot. */
static int put_variable(builder *b, const cg_regex_node *node)
{
    unsigned count = times(b, node);

    if (put_lead(b, node)) {
        if (count == 0)
            return 1;
        count = 1;
    }
    if (node->means_dot)
        return !is_behind_alnum(b) || put(b, '.');
    if (node->max == 1)
        return count == 0 || put_member(b, &node->child->set);
    for (; count; count--) {
        if (!put(b, cg_bytes_typical(&node->child->set)))
            return 0;
    }
    return 1;
}

/* The child of a CHOICE that leads to turn and part; NULL where none leads to both. */
static const cg_regex_node *pick(const builder *b, const cg_regex_node *choice)
{
    const cg_example_plan *plan = b->plan;
    const cg_regex_node *to_turn = NULL, *to_part = NULL, *last = NULL;
    unsigned index = 0;

    if (!plan->last && !cg_regex_holds(choice, plan->turn.node) &&
        !cg_regex_holds(choice, plan->part.from))
        return choice->child;
    for (const cg_regex_node *child = choice->child; child; child = child->next, index++) {
        if (choice == plan->turn.node ? index == plan->turn.value
                                      : cg_regex_holds(child, plan->turn.node))
            to_turn = child;
        if (cg_regex_holds(child, plan->part.from))
            to_part = child;
        last = child;
    }
    b->out->steps += index / 8;
    if (to_turn && to_part && to_turn != to_part)
        return NULL;
    if (to_turn || to_part)
        return to_turn ? to_turn : to_part;
    return plan->last ? last : choice->child;
}

static int put_node(builder *b, const cg_regex_node *node);

/* part, and what follows it in the row. */
static int put_part(builder *b)
{
    const cg_example_plan *plan = b->plan;

    if (++b->out->steps > CG_EXAMPLE_STEPS_MAX)
        return 0;
    b->out->from = b->out->len;
    if (plan->fill) {
        for (apr_size_t i = 0; i < plan->fill_len; i++) {
            if (!put(b, (unsigned char)plan->fill[i]))
                return 0;
        }
    } else {
        for (const cg_regex_node *node = plan->part.from; node; node = node->next) {
            if (!put_node(b, node))
                return 0;
            if (node == plan->part.to)
                break;
        }
    }
    b->out->to = b->out->len;
    return 1;
}

static int put_sequence(builder *b, const cg_regex_node *sequence)
{
    for (const cg_regex_node *node = sequence->child; node; node = node->next) {
        if (node == b->plan->part.from) {
            if (!put_part(b))
                return 0;
            node = b->plan->part.to;
        } else if (!put_node(b, node)) {
            return 0;
        }
    }
    return 1;
}

static int put_repeat(builder *b, const cg_regex_node *node)
{
    unsigned count = times(b, node);

    if (count == 0)
        return !cg_regex_holds(node, b->plan->part.from);
    for (; count; count--) {
        if (node->child == b->plan->part.from ? !put_part(b) : !put_node(b, node->child))
            return 0;
    }
    return 1;
}

/* Its recursion is bounded by CG_REGEX_DEPTH_MAX. */
static int put_node(builder *b, const cg_regex_node *node)
{
    if (++b->out->steps > CG_EXAMPLE_STEPS_MAX)
        return 0;
    if (node->looks && b->out->looked_count < CG_EXAMPLE_LOOKED_MAX)
        b->out->looked[b->out->looked_count++] = node;
    switch (node->kind) {
    case CG_REGEX_BYTE:
        return put(b, node->byte);
    case CG_REGEX_SET:
        return put_member(b, &node->set);
    case CG_REGEX_SEQUENCE:
        return put_sequence(b, node);
    case CG_REGEX_CHOICE:
        node = pick(b, node);
        if (!node)
            return 0;
        return node == b->plan->part.from ? put_part(b) : put_node(b, node);
    default:
        return node->variable ? put_variable(b, node) : put_repeat(b, node);
    }
}

int cg_example_build(const cg_regex_tree *tree, const cg_example_plan *plan, cg_example *out)
{
    builder b = {.plan = plan, .out = out};
    int built;

    out->len = out->from = out->to = 0;
    out->led = 0;
    out->looked_count = 0;
    out->steps = 0;
    built = tree->root == plan->part.from ? put_part(&b) : put_node(&b, tree->root);
    out->text[out->len] = '\0';
    return built;
}
