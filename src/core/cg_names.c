/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_names.h"

#include "cg_quote.h"
#include "cg_token.h"

#include <apr_strings.h>
#include <string.h>

#define FIRST_SLOTS 8

static const char *const directives[] = {
    [CG_NAMES_METHODS] = "CorsAllowMethods",
    [CG_NAMES_HEADERS] = "CorsAllowHeaders",
    [CG_NAMES_EXPOSE] = "CorsExposeHeaders",
};

cg_names *cg_names_make(apr_pool_t *p, cg_names_kind kind, const cg_place *place)
{
    cg_names *names = apr_pcalloc(p, sizeof *names);

    names->kind = kind;
    names->place = *place;
    return names;
}

/* FNV-1a; header names are hashed in lower case. */
static apr_uint32_t hash_of(const cg_names *names, const char *name, apr_size_t len)
{
    apr_uint32_t hash = 2166136261u;

    for (apr_size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)name[i];

        if (names->kind != CG_NAMES_METHODS)
            byte = cg_token_lower(byte);
        hash = (hash ^ byte) * 16777619u;
    }
    return hash;
}

static int same(const cg_names *names, const char *member, const char *name, apr_size_t len)
{
    if (names->kind != CG_NAMES_METHODS)
        return cg_token_is(name, len, member);
    return strlen(member) == len && memcmp(member, name, len) == 0;
}

/* The slot that holds name, or the free one where it belongs. */
static unsigned slot_of(const cg_names *names, const char *name, apr_size_t len)
{
    unsigned mask = names->slot_count - 1;
    unsigned slot = hash_of(names, name, len) & mask;

    while (names->slots[slot] && !same(names, names->slots[slot], name, len))
        slot = (slot + 1) & mask;
    return slot;
}

int cg_names_has(const cg_names *names, const char *name, apr_size_t len)
{
    return len <= names->longest && names->slot_count > 0 &&
           names->slots[slot_of(names, name, len)] != NULL;
}

/* At most half of the slots are taken, so a search always meets a free one. */
static void grow(apr_pool_t *p, cg_names *names)
{
    const char **old = names->slots;
    unsigned old_count = names->slot_count;

    names->slot_count = old_count ? 2 * old_count : FIRST_SLOTS;
    names->slots = apr_pcalloc(p, names->slot_count * sizeof *names->slots);
    for (unsigned i = 0; i < old_count; i++) {
        if (old[i])
            names->slots[slot_of(names, old[i], strlen(old[i]))] = old[i];
    }
}

static void insert(apr_pool_t *p, cg_names *names, const char *name)
{
    apr_size_t len = strlen(name);

    if (cg_names_has(names, name, len))
        return;
    if (2 * (names->count + 1) > names->slot_count)
        grow(p, names);
    names->slots[slot_of(names, name, len)] = name;
    names->count++;
    if (len > names->longest)
        names->longest = len;
    names->value = names->value ? apr_pstrcat(p, names->value, ", ", name, NULL) : name;
}

/* Names that no policy can need. */
static const struct {
    int (*is_useless)(const char *name);
    const char *why;
} useless[] = {
    [CG_NAMES_METHODS] = {cg_method_forbidden, "a browser lets no script send this method"},
    [CG_NAMES_HEADERS] = {cg_header_forbidden, "a browser lets no script set this request header"},
    [CG_NAMES_EXPOSE] = {cg_header_unexposable, "no script can find this header in an answer"},
};

static const char *refuse_token(apr_pool_t *p, const cg_names *names, const char *arg)
{
    const char *what = names->kind == CG_NAMES_METHODS ? "a method" : "a header name";
    const char *quoted = cg_quote(p, arg, strlen(arg));

    if (strchr(arg, ','))
        return apr_psprintf(p, "%s: separate the arguments of %s with spaces, not commas", quoted,
                            directives[names->kind]);
    if (strchr(arg, ':'))
        return apr_psprintf(p, "%s: write only the name, without a colon or a value", quoted);
    return apr_psprintf(p,
                        "%s: %s has only letters, digits and !#$%%&'*+-.^_`|~: write one name an "
                        "argument",
                        quoted, what);
}

/* "*" beside other names: only the headers' Authorization, which it does not cover, makes sense
 * there. */
static const char *refuse_company(apr_pool_t *p, const cg_names *names, int any)
{
    int conflict = any ? names->count > 0 && !names->any : names->any;

    if (names->kind == CG_NAMES_HEADERS || !conflict)
        return NULL;
    return apr_psprintf(p, "\"*\" covers every name: write %s * alone, or name them all without it",
                        directives[names->kind]);
}

const char *cg_names_add(apr_pool_t *p, cg_names *names, const char *arg)
{
    int any = strcmp(arg, "*") == 0;
    const char *error = refuse_company(p, names, any);
    const char *normalised = NULL;

    if (!error && !cg_token_valid(arg, strlen(arg)))
        error = refuse_token(p, names, arg);
    if (!error && useless[names->kind].is_useless(arg))
        error = apr_psprintf(p, "\"%s\": %s: remove it", arg, useless[names->kind].why);
    if (error)
        return error;
    if (names->kind == CG_NAMES_METHODS)
        normalised = cg_method_normalised(arg);
    names->any |= any;
    insert(p, names, normalised ? normalised : apr_pstrdup(p, arg));
    return NULL;
}
