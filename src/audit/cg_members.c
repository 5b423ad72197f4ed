/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_members.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

/* A list while it is made. */
typedef struct members {
    apr_pool_t *p;
    apr_array_header_t *list; /* of const char *; NULL: taken away again */
    apr_hash_t *places;       /* text -> its number in list */
    int most;
    apr_size_t left_out;
    /* While a set is visited: */
    int removes; /* its members are taken away */
    apr_size_t visited;
} members;

static const int *place_of(const members *in, const char *text)
{
    return apr_hash_get(in->places, text, APR_HASH_KEY_STRING);
}

static void push(members *in, const char *text)
{
    int at = in->list->nelts;

    if (place_of(in, text))
        return;
    if (at >= in->most) {
        in->left_out++;
        return;
    }
    APR_ARRAY_PUSH(in->list, const char *) = text;
    apr_hash_set(in->places, text, APR_HASH_KEY_STRING, apr_pmemdup(in->p, &at, sizeof at));
}

/* Returns 0 where it is not in the list. */
static int drop(members *in, const char *text)
{
    const int *at = place_of(in, text);

    if (!at)
        return 0;
    APR_ARRAY_IDX(in->list, *at, const char *) = NULL;
    apr_hash_set(in->places, text, APR_HASH_KEY_STRING, NULL);
    return 1;
}

static void allow(members *in, const char *text)
{
    drop(in, apr_pstrcat(in->p, "-", text, NULL));
    push(in, text);
}

static void take_away(members *in, const char *text)
{
    if (!drop(in, text))
        push(in, apr_pstrcat(in->p, "-", text, NULL));
}

static int visit(void *ctx, const char *text, apr_size_t len)
{
    members *in = ctx;
    const char *copy;

    if (in->list->nelts >= in->most)
        return 0;
    in->visited++;
    copy = apr_pstrmemdup(in->p, text, len);
    if (in->removes)
        take_away(in, copy);
    else
        allow(in, copy);
    return 1;
}

/* Behind the last that there is room for, members are only counted. */
static void take_set(members *in, const cg_set *set, int removes)
{
    if (!set)
        return;
    in->removes = removes;
    in->visited = 0;
    cg_set_each(set, visit, in);
    in->left_out += cg_set_count(set) - in->visited;
}

/* They stand in the order opposite to that of the configuration. */
static void take_matchers(members *in, const cg_matcher *matcher)
{
    if (!matcher)
        return;
    take_matchers(in, matcher->next);
    push(in, apr_pstrcat(in->p, "~ ", matcher->text, NULL));
}

static void take(members *in, const cg_origins *origins)
{
    if (!origins)
        return;
    take(in, origins->parent);
    if (origins->any)
        push(in, "*");
    if (origins->null)
        allow(in, "null");
    take_matchers(in, origins->matchers);
    take_set(in, origins->allowed, 0);
    if (origins->removes_null)
        take_away(in, "null");
    take_set(in, origins->removed, 1);
}

apr_array_header_t *cg_members_of_origins(apr_pool_t *p, const cg_origins *origins, int most,
                                          apr_size_t *left_out)
{
    members in = {.p = p,
                  .list = apr_array_make(p, 8, sizeof(const char *)),
                  .places = apr_hash_make(p),
                  .most = most};
    apr_array_header_t *kept = apr_array_make(p, 8, sizeof(const char *));

    take(&in, origins);
    for (int i = 0; i < in.list->nelts; i++) {
        const char *text = APR_ARRAY_IDX(in.list, i, const char *);

        if (text)
            APR_ARRAY_PUSH(kept, const char *) = text;
    }
    *left_out = in.left_out;
    return kept;
}

apr_array_header_t *cg_members_of_names(apr_pool_t *p, const cg_names *names)
{
    apr_array_header_t *list;
    char *rest, *last, *name;

    if (!names)
        return NULL;
    list = apr_array_make(p, (int)names->count, sizeof(const char *));
    rest = apr_pstrdup(p, names->value ? names->value : "");
    for (name = apr_strtok(rest, ", ", &last); name; name = apr_strtok(NULL, ", ", &last))
        APR_ARRAY_PUSH(list, const char *) = name;
    return list;
}
