/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_diff_policy.h"

#include "cg_member.h"
#include "cg_set.h"

#include <apr_hash.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

/* A list of a policy, to be asked what it stands for. */
typedef struct members {
    const json_t *list; /* NULL: none */
    apr_hash_t *texts;  /* as normalised */
    cg_set *origins;    /* NULL for a list of names */
} members;

/* What is compared in one way. */
typedef struct kind {
    const char *name;
    const char *what;
    unsigned is_origins : 1;
    unsigned ignores_case : 1;
} kind;

static const kind origins = {"origins", "origin", 1, 0};
static const kind names[] = {{"methods", "method", 0, 0},
                             {"headers", "request header", 0, 1},
                             {"expose", "exposed header", 0, 1}};

/* How much a mode does about what applications send: nothing, headers, requests. */
static int strictness(const json_t *policy)
{
    const char *mode = cg_member_text(policy, "mode");

    if (strcmp(mode, "Enforce") == 0)
        return 2;
    return strcmp(mode, "On") == 0;
}

static const char *normalised(apr_pool_t *p, const kind *k, const char *text)
{
    char *copy = apr_pstrdup(p, text);

    for (char *byte = copy; k->ignores_case && *byte; byte++)
        *byte = (char)apr_tolower(*byte);
    return copy;
}

static void add_origin(apr_pool_t *p, cg_set *set, const char *text)
{
    cg_pattern pattern;

    if (!cg_pattern_parse(p, text, strlen(text), &pattern) && !pattern.null)
        cg_set_add(set, &pattern);
}

static members read_members(apr_pool_t *p, const kind *k, const json_t *policy)
{
    members made = {NULL, apr_hash_make(p), NULL};

    if (strictness(policy) > 0)
        made.list = json_object_get(policy, k->name);
    if (k->is_origins)
        made.origins = cg_set_make(p, json_array_size(made.list), 0);
    for (size_t i = 0; i < json_array_size(made.list); i++) {
        const char *text = normalised(p, k, cg_element_text(made.list, i));

        apr_hash_set(made.texts, text, APR_HASH_KEY_STRING, text);
        if (k->is_origins)
            add_origin(p, made.origins, text);
    }
    return made;
}

static int holds(const members *m, const char *text)
{
    return apr_hash_get(m->texts, text, APR_HASH_KEY_STRING) != NULL;
}

/* Non-zero where what the text stands for is among the members. */
static int covers(apr_pool_t *p, const kind *k, const members *m, const char *text)
{
    cg_pattern pattern;

    if (holds(m, text))
        return 1;
    if (holds(m, "*")) /* Fetch, "CORS-preflight fetch": the star leaves this one out */
        return strcmp(k->name, "headers") != 0 || strcmp(text, "authorization") != 0;
    return m->origins && !cg_pattern_parse(p, text, strlen(text), &pattern) &&
           cg_set_covers(m->origins, &pattern);
}

/* Members of one list that are not in the other: added ones where is_new, else those that went. A
 * "-" before an origin takes away, so that the two directions change places. */
static void compare_members(const cg_changes *changes, const kind *k, const members *from,
                            const members *other, int is_new)
{
    for (size_t i = 0; i < json_array_size(from->list); i++) {
        const char *text = cg_element_text(from->list, i);
        const char *normal = normalised(changes->p, k, text);
        int removes = k->is_origins && *text == '-';

        if (removes ? holds(other, normal) : covers(changes->p, k, other, normal))
            continue;
        cg_changes_note(changes, is_new != removes ? "widened" : "narrowed", k->what,
                        is_new ? json_null() : json_string(text),
                        is_new ? json_string(text) : json_null());
    }
}

static void compare_lists(const cg_changes *changes, const kind *k, const json_t *old,
                          const json_t *new)
{
    members before = read_members(changes->p, k, old), after = read_members(changes->p, k, new);

    compare_members(changes, k, &after, &before, 1);
    compare_members(changes, k, &before, &after, 0);
}

/* Members of a list that was cut. */
static int left_out(const json_t *policy)
{
    return strictness(policy) > 0 ? cg_member_number(policy, "origins_left_out") : 0;
}

static int count_of(const json_t *policy)
{
    return (int)json_array_size(json_object_get(policy, "origins")) + left_out(policy);
}

/* Where a list was cut, another policy of the report has all of it, and shows what came or went.
 * Here the number tells that this one changed too. */
static void compare_origins(const cg_changes *changes, const json_t *old, const json_t *new)
{
    int before = count_of(old), after = count_of(new);

    if (!left_out(old) == !left_out(new))
        compare_lists(changes, &origins, old, new);
    if ((left_out(old) || left_out(new)) && before != after)
        cg_changes_note(changes, after > before ? "widened" : "narrowed", "origin",
                        json_sprintf("%d origins", before), json_sprintf("%d origins", after));
}

static int credentials(const json_t *policy)
{
    return strictness(policy) > 0 && json_is_true(json_object_get(policy, "credentials"));
}

static void compare_modes(const cg_changes *changes, const json_t *old, const json_t *new)
{
    const char *before = cg_member_text(old, "mode"), *after = cg_member_text(new, "mode");
    const char *list = strictness(new) < strictness(old)   ? "widened"
                       : strictness(new) > strictness(old) ? "narrowed"
                                                           : "changed";

    if (!old)
        cg_changes_note(changes, "changed", "policy", json_null(), json_string(after));
    else if (!new)
        cg_changes_note(changes, list, "policy", json_string(before), json_null());
    else if (strcmp(before, after) != 0)
        cg_changes_note(changes, list, "mode", json_string(before), json_string(after));
}

/* -1: not set. */
static json_int_t max_age(const json_t *policy)
{
    const json_t *value = json_object_get(policy, "max_age");

    return json_is_integer(value) ? json_integer_value(value) : -1;
}

static json_t *seconds(json_int_t value)
{
    return value < 0 ? json_null() : json_integer(value);
}

void cg_diff_policies(const cg_changes *changes, const json_t *old, const json_t *new)
{
    compare_modes(changes, old, new);
    compare_origins(changes, old, new);
    if (credentials(old) != credentials(new))
        cg_changes_note(changes, credentials(new) ? "widened" : "narrowed", "credentials",
                        json_boolean(credentials(old)), json_boolean(credentials(new)));
    if (!old || !new)
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        compare_lists(changes, &names[i], old, new);
    if (max_age(old) != max_age(new))
        cg_changes_note(changes, "changed", "max-age", seconds(max_age(old)),
                        seconds(max_age(new)));
}
