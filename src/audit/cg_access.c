/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_access.h"

#include <string.h>

/* What one place asks of a client. */
typedef enum demand {
    NOTHING, /* it says nothing about it */
    OPEN,    /* everybody */
    ADDRESS, /* only some addresses */
    OTHER    /* anything else */
} demand;

/* A place while it is read. */
typedef struct reading {
    apr_pool_t *p;
    const ap_directive_t *by; /* that asks for an address */
} reading;

static int is_any(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; word && i < count; i++) {
        if (ap_cstr_casecmp(word, words[i]) == 0)
            return 1;
    }
    return 0;
}

/* mod_authz_core */

static demand require_of(reading *in, const ap_directive_t *node)
{
    static const char *const addresses[] = {"ip", "host", "forward-dns", "local"};
    const char *args = node->args, *word = cg_tree_argument(in->p, &args);

    if (word && ap_cstr_casecmp(word, "not") == 0)
        return OPEN; /* whom it keeps out are few */
    if (is_any(word, addresses, sizeof addresses / sizeof *addresses)) {
        in->by = node;
        return ADDRESS;
    }
    if (word && ap_cstr_casecmp(word, "all") == 0) {
        word = cg_tree_argument(in->p, &args);
        return word && ap_cstr_casecmp(word, "granted") == 0 ? OPEN : OTHER;
    }
    return OTHER;
}

/* Of several, all count, or one is enough. */
static demand joined(demand a, demand b, int all)
{
    if (a == NOTHING || b == NOTHING)
        return a == NOTHING ? b : a;
    if (a == OTHER || b == OTHER)
        return OTHER;
    if (all)
        return a == ADDRESS || b == ADDRESS ? ADDRESS : OPEN;
    return a == OPEN || b == OPEN ? OPEN : ADDRESS;
}

/* Containers that hold the same directives again; Limit ones count for some methods only. */
static demand authz_of(reading *in, const ap_directive_t *first, int all)
{
    demand found = NOTHING;

    for (const ap_directive_t *node = first; node; node = node->next) {
        demand each = NOTHING;

        if (cg_tree_is(node, "Require"))
            each = require_of(in, node);
        else if (cg_tree_is(node, "<RequireAll"))
            each = authz_of(in, node->first_child, 1);
        else if (cg_tree_is(node, "<RequireAny"))
            each = authz_of(in, node->first_child, 0);
        else if (cg_tree_is(node, "<RequireNone"))
            each = OPEN;
        else if (cg_tree_is(node, "AuthMerging") || cg_tree_is(node, "<Limit") ||
                 cg_tree_is(node, "<LimitExcept"))
            each = OTHER;
        found = joined(found, each, all);
    }
    return found;
}

/* mod_access_compat */

/* "from" and then addresses, names of hosts, "all", or env=. */
static demand allow_of(reading *in, const ap_directive_t *node)
{
    const char *args = node->args, *word = cg_tree_argument(in->p, &args);
    demand found = NOTHING;

    while (word && (word = cg_tree_argument(in->p, &args))) {
        demand each = ADDRESS;

        if (ap_cstr_casecmp(word, "all") == 0)
            each = OPEN;
        else if (ap_cstr_casecmpn(word, "env=", 4) == 0)
            each = OTHER;
        found = joined(found, each, 0);
    }
    if (found == ADDRESS)
        in->by = node;
    return found;
}

static int is_deny_from_all(reading *in, const ap_directive_t *node)
{
    const char *args = node->args;

    (void)cg_tree_argument(in->p, &args);
    args = cg_tree_argument(in->p, &args);
    return args && ap_cstr_casecmp(args, "all") == 0;
}

/* Without an Order, Deny comes first, and who is not denied is let in. */
static demand compat_of(reading *in, const ap_directive_t *first)
{
    demand allowed = NOTHING;
    int says = 0, is_closed = 0;

    for (const ap_directive_t *node = first; node; node = node->next) {
        if (cg_tree_is(node, "Satisfy"))
            return OTHER;
        if (cg_tree_is(node, "Allow"))
            allowed = joined(allowed, allow_of(in, node), 0);
        else if (cg_tree_is(node, "Deny"))
            is_closed |= is_deny_from_all(in, node);
        else if (cg_tree_is(node, "Order"))
            is_closed |= ap_cstr_casecmpn(node->args, "allow", 5) == 0;
        else
            continue;
        says = 1;
    }
    if (!says)
        return NOTHING;
    return is_closed ? (allowed == NOTHING ? OTHER : allowed) : OPEN;
}

/* The nearest section that says something replaces what those around it say. */
static demand nearest(reading *in, const apr_array_header_t *sections,
                      demand (*read)(reading *in, const ap_directive_t *first))
{
    for (int i = sections->nelts - 1; i >= 0; i--) {
        const ap_directive_t *node = APR_ARRAY_IDX(sections, i, const cg_section *)->node;
        demand found = node ? read(in, node->first_child) : NOTHING;

        if (found != NOTHING)
            return found;
    }
    return NOTHING;
}

static demand authz(reading *in, const ap_directive_t *first)
{
    return authz_of(in, first, 0);
}

const ap_directive_t *cg_access_by_address(apr_pool_t *p, const apr_array_header_t *sections)
{
    reading in = {p, NULL};
    demand required = nearest(&in, sections, authz);
    const ap_directive_t *by = required == ADDRESS ? in.by : NULL;
    demand allowed = nearest(&in, sections, compat_of);

    if (required == OTHER || allowed == OTHER)
        return NULL;
    if (by)
        return by;
    return allowed == ADDRESS ? in.by : NULL;
}
