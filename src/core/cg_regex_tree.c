/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_regex_tree.h"
#include "cg_regex_atom.h"
#include "cg_regex_group.h"

#include <string.h>

#define TOO_LONG "it is too long or too deeply nested to be judged"

typedef struct parser {
    cg_regex_reader r;
    apr_pool_t *p;
    apr_array_header_t *looks;
    unsigned depth;
} parser;

static cg_regex_node *read_alternatives(parser *ps);

static cg_regex_node *make(parser *ps, cg_regex_kind kind)
{
    cg_regex_node *node = apr_pcalloc(ps->p, sizeof *node);

    node->kind = kind;
    return node;
}

/* Adds a child behind the one that *tail is the link of; returns its own link. */
static cg_regex_node **append(cg_regex_node *parent, cg_regex_node **tail, cg_regex_node *child)
{
    *tail = child;
    parent->looks |= child->looks;
    return &child->next;
}

static cg_regex_node *make_byte(parser *ps, unsigned char byte)
{
    cg_regex_node *node = make(ps, CG_REGEX_BYTE);

    node->byte = byte;
    return node;
}

static cg_regex_node *make_set(parser *ps, cg_bytes set)
{
    cg_regex_node *node;

    if (ps->r.caseless)
        cg_bytes_fold(&set);
    cg_bytes_keep_origin(&set);
    if (cg_bytes_count(&set) == 1)
        return make_byte(ps, cg_bytes_typical(&set));
    node = make(ps, CG_REGEX_SET);
    node->set = set;
    return node;
}

static cg_regex_node *make_literal(parser *ps, char c)
{
    cg_bytes set = {{0}};

    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
        return make_byte(ps, (unsigned char)c);
    cg_bytes_add(&set, (unsigned char)c, (unsigned char)c);
    return make_set(ps, set);
}

/* A small set as the choice among its members, the most typical first. */
static cg_regex_node *list_members(parser *ps, cg_bytes set)
{
    cg_regex_node *choice = make(ps, CG_REGEX_CHOICE), **tail = &choice->child;

    while (cg_bytes_count(&set))
        tail = append(choice, tail, make_byte(ps, cg_bytes_take(&set)));
    return choice;
}

static cg_regex_node *repeat(parser *ps, cg_regex_node *child, unsigned min, unsigned max)
{
    cg_regex_node *node = make(ps, CG_REGEX_REPEAT);

    node->child = child;
    node->looks = child->looks;
    node->min = min;
    node->max = max;
    if (child->kind == CG_REGEX_SET) {
        node->variable = child->variable;
        node->means_dot = min == 0 && max == 1 && cg_bytes_has(&child->set, '.') &&
                          cg_bytes_count(&child->set) <= CG_REGEX_LISTED_MAX;
        child->variable = 0;
    } else if (child->kind == CG_REGEX_BYTE) {
        node->variable = node->means_dot = child->byte == '.' && min == 0 && max > 0;
    }
    return node;
}

static int is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What (?x) lets stand between two items. @return non-zero where there was some */
static int skip_blanks(parser *ps)
{
    cg_regex_reader *r = &ps->r;

    if (!r->extended || r->at == r->end)
        return 0;
    if (is_blank(*r->at)) {
        r->at++;
        return 1;
    }
    if (*r->at != '#')
        return 0;
    while (r->at < r->end && *r->at != '\n')
        r->at++;
    return 1;
}

/* What may stand between an item and its quantifier. */
static void skip_to_quantifier(parser *ps)
{
    cg_regex_reader *r = &ps->r;

    while (!r->quoting && (skip_blanks(ps) || cg_regex_sees(r, "(?#"))) {
        if (cg_regex_sees(r, "(?#"))
            cg_regex_skip_behind(r, ')');
    }
    if (r->quoting && cg_regex_sees(r, "\\E")) {
        r->quoting = 0;
        r->at += 2;
    }
}

static int read_count(cg_regex_reader *r, unsigned *count)
{
    const char *start = r->at;

    for (*count = 0; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
        *count = *count * 10 + (unsigned)(*r->at - '0');
        if (*count > CG_REGEX_COUNT_MAX)
            *count = CG_REGEX_COUNT_MAX;
    }
    return r->at > start;
}

/* {n} {n,} {n,m}. Anything else in braces is literal to some versions of PCRE2 and a quantifier
 * to others. */
static int read_braces(cg_regex_reader *r, unsigned *min, unsigned *max)
{
    const char *start = r->at;
    unsigned least, most;

    if (cg_regex_take(r, '{') && read_count(r, &least)) {
        most = least;
        if (cg_regex_take(r, ',') && !read_count(r, &most))
            most = CG_REGEX_COUNT_MAX;
        if (cg_regex_take(r, '}')) {
            *min = least;
            *max = most;
            return 1;
        }
    }
    r->at = start;
    return 0;
}

/* Sets min and max where there is a quantifier. */
static int read_quantifier(cg_regex_reader *r, unsigned *min, unsigned *max)
{
    if (r->quoting || r->at == r->end || !strchr("*+?{", *r->at))
        return 0;
    if (*r->at == '{') {
        if (!read_braces(r, min, max))
            return 0;
    } else {
        *min = *r->at == '+';
        *max = *r->at == '?' ? 1 : CG_REGEX_COUNT_MAX;
        r->at++;
    }
    if (!cg_regex_take(r, '+'))
        cg_regex_take(r, '?');
    return 1;
}

/* Gives an item the quantifier that follows it. item: NULL for what matches nothing. */
static cg_regex_node *quantify(parser *ps, cg_regex_node *item)
{
    unsigned min = 1, max = 1, more_min, more_max;
    int quantified;

    skip_to_quantifier(ps);
    quantified = read_quantifier(&ps->r, &min, &max);
    while (quantified && read_quantifier(&ps->r, &more_min, &more_max))
        cg_regex_unclear(&ps->r, CG_REGEX_NOT_JUDGED);
    if (!item) {
        if (quantified)
            cg_regex_unclear(&ps->r, CG_REGEX_NOT_JUDGED);
        return NULL;
    }
    if (item->kind == CG_REGEX_SET && cg_bytes_count(&item->set)) {
        /* An optional separator is no list: www[.-]?example.com means the dot. */
        if (max <= 1 && cg_bytes_count(&item->set) <= CG_REGEX_LISTED_MAX &&
            (min || !cg_bytes_has(&item->set, '.')))
            item = list_members(ps, item->set);
        else
            item->variable = 1;
    }
    return quantified ? repeat(ps, item, min, max < min ? min : max) : item;
}

static cg_regex_node *read_group(parser *ps);

/* (?(condition)yes|no), behind "(?(". What the condition is does not matter: yes and no are
 * tried. */
static cg_regex_group skip_condition(parser *ps)
{
    cg_regex_unclear(&ps->r, CG_REGEX_NOT_JUDGED);
    if (cg_regex_sees(&ps->r, "?") || cg_regex_sees(&ps->r, "*"))
        read_group(ps);
    else
        cg_regex_skip_behind(&ps->r, ')');
    return CG_REGEX_GROUP_BODY;
}

static cg_regex_group read_group_start(parser *ps)
{
    if (!cg_regex_sees(&ps->r, "?("))
        return cg_regex_read_group(&ps->r);
    ps->r.at += 2;
    return skip_condition(ps);
}

/* Behind "(". */
static cg_regex_node *read_group(parser *ps)
{
    cg_regex_reader *r = &ps->r;
    const cg_regex_reader before = *r;
    cg_regex_node *body;
    cg_regex_group kind;

    if (ps->depth == CG_REGEX_DEPTH_MAX) {
        cg_regex_give_up(r, TOO_LONG);
        return NULL;
    }
    ps->depth++;
    kind = read_group_start(ps);
    if (kind == CG_REGEX_GROUP_NOTHING) {
        ps->depth--;
        return NULL;
    }
    body = read_alternatives(ps);
    ps->depth--;
    if (!cg_regex_take(r, ')'))
        cg_regex_unclear(r, CG_REGEX_NOT_CLOSED);
    r->caseless = before.caseless;
    r->extended = before.extended;
    r->extended_more = before.extended_more;
    if (kind == CG_REGEX_GROUP_LOOK) {
        if (ps->looks->nelts < CG_REGEX_LOOKS_MAX)
            *(cg_regex_node **)apr_array_push(ps->looks) = body;
        body = make(ps, CG_REGEX_SEQUENCE);
        body->looks = 1;
    }
    return body;
}

/* One item without its quantifier, or NULL for what matches nothing. Reads at least one byte. */
static cg_regex_node *read_item(parser *ps)
{
    cg_regex_reader *r = &ps->r;
    cg_bytes set = {{0}};
    char c;

    if (!r->quoting && skip_blanks(ps))
        return NULL;
    c = *r->at++;
    if (r->quoting) /* \E is behind the item before: skip_to_quantifier() */
        return make_literal(ps, c);
    switch (c) {
    case '(':
        return read_group(ps);
    case '[':
        cg_regex_read_class(r, &set);
        return make_set(ps, set);
    case '.':
        cg_bytes_add(&set, 0, 255);
        return make_set(ps, set);
    case '\\':
        return cg_regex_read_escape(r, &set) ? make_set(ps, set) : NULL;
    case '^':
    case '$':
        return NULL;
    case '*':
    case '+':
    case '?':
    case '{':
        cg_regex_unclear(r, CG_REGEX_NOT_JUDGED);
        return NULL;
    default:
        return make_literal(ps, c);
    }
}

static cg_regex_node *read_sequence(parser *ps)
{
    cg_regex_node *sequence = make(ps, CG_REGEX_SEQUENCE), **tail = &sequence->child;

    while (ps->r.at < ps->r.end && (ps->r.quoting || (*ps->r.at != '|' && *ps->r.at != ')'))) {
        cg_regex_node *item = read_item(ps);

        item = quantify(ps, item);
        if (item)
            tail = append(sequence, tail, item);
    }
    /* A single item is itself, so that ([a-z])+ reads as [a-z]+. */
    return sequence->child && !sequence->child->next ? sequence->child : sequence;
}

static cg_regex_node *read_alternatives(parser *ps)
{
    cg_regex_node *choice = make(ps, CG_REGEX_CHOICE), **tail = &choice->child;

    do {
        tail = append(choice, tail, read_sequence(ps));
    } while (cg_regex_take(&ps->r, '|'));
    return choice->child->next ? choice : choice->child;
}

/* Numbers the nodes in the order of reading; no deeper than groups were read. */
static unsigned number(cg_regex_node *node, unsigned next)
{
    node->first = next++;
    for (cg_regex_node *child = node->child; child; child = child->next)
        next = number(child, next);
    node->end = next;
    return next;
}

cg_regex_tree *cg_regex_parse(apr_pool_t *p, const char *pattern)
{
    cg_regex_tree *tree = apr_pcalloc(p, sizeof *tree);
    apr_size_t len = strlen(pattern);
    parser ps = {.r = {.at = pattern, .end = pattern + len}, .p = p};

    ps.looks = tree->looks = apr_array_make(p, 1, sizeof(cg_regex_node *));
    if (len > CG_REGEX_BYTES_MAX)
        cg_regex_give_up(&ps.r, TOO_LONG);
    tree->root = read_alternatives(&ps);
    if (ps.r.at < ps.r.end)
        cg_regex_unclear(&ps.r, CG_REGEX_NOT_CLOSED);
    number(tree->root, 0);
    tree->unclear = ps.r.unclear;
    return tree;
}

unsigned cg_regex_once(const cg_regex_node *node)
{
    if (node->min)
        return node->min;
    return node->max ? 1 : 0;
}

int cg_regex_holds(const cg_regex_node *node, const cg_regex_node *other)
{
    return other && node->first <= other->first && other->first < node->end;
}
