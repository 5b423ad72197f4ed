/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_set.h"
#include "cg_hash.h"

#include <stdlib.h>
#include <string.h>

/* A hash table, open addressing with linear probing, over a text arena: a slot is eight bytes, a
 * member's text stands in the arena once, behind its length in two bytes. A member is found by
 * its key. An exact origin is hashed whole. For a pattern, what stands before the port is
 * hashed, then the port; for "*.example.com" label by label from the right, so that one pass
 * backwards over a request's host asks for every suffix that a member may have. */

#define SLOTS_MIN 8
#define ARENA_MIN 128
/* A deeper host counts as this deep; the whole text is compared in the end. */
#define DEPTH_MAX 63

/* So much memory is taken on the word of the caller; more is taken when it is needed. */
#define EXPECTED_MAX (1U << 20)
#define TEXT_MAX (1U << 26)

typedef struct slot {
    apr_uint32_t hash;
    apr_uint32_t entry; /**< where in the arena, never 0; 0: the slot is free */
} slot;

struct cg_set {
    apr_pool_t *pool;
    const cg_hash_key *hash_key;
    slot *slots;
    apr_size_t slot_count; /**< a power of two, or 0; at most three quarters are taken */
    apr_size_t count;
    unsigned char *arena; /**< entries in the order of adding; they begin at 1 */
    apr_size_t arena_len;
    apr_size_t arena_size;
    int any_ports;          /**< a member is scheme://host:* */
    apr_uint64_t depths[2]; /**< bit n: a member *.host has n labels in host; [1]: with any port */
    unsigned deepest;       /**< the highest bit of both */
};

/* A member cut up, or what a member that matches would have to be. */
typedef struct key {
    const char
        *head; /**< all of an exact origin, else the scheme with "://", and a host without "*." */
    apr_size_t head_len;
    const char *suffix; /**< the host behind "*."; NULL where there is none */
    apr_size_t suffix_len;
    const char *tail; /**< a pattern's ":port", ":*" or nothing */
    apr_size_t tail_len;
} key;

/* Takes in the label that ends at end; returns where it begins. */
static apr_size_t hash_label(const cg_set *set, cg_hash *h, const char *host, apr_size_t end)
{
    apr_size_t begin = end;

    while (begin > 0 && host[begin - 1] != '.')
        begin--;
    cg_hash_text(h, set->hash_key, host + begin, end - begin);
    return begin;
}

static unsigned bit_of_depth(unsigned depth)
{
    return depth < DEPTH_MAX ? depth : DEPTH_MAX;
}

static apr_uint32_t hash_member(const cg_set *set, const key *k, unsigned *depth)
{
    cg_hash h = {0, 0};

    *depth = 0;
    if (!k->suffix && !k->tail_len)
        return cg_hash_end(h, set->hash_key, k->head, k->head_len);
    cg_hash_text(&h, set->hash_key, k->head, k->head_len);
    if (k->suffix) {
        for (apr_size_t end = k->suffix_len;; end--) {
            ++*depth;
            end = hash_label(set, &h, k->suffix, end);
            if (end == 0)
                break;
        }
    }
    return cg_hash_end(h, set->hash_key, k->tail, k->tail_len);
}

/* The table. */

cg_set *cg_set_make(apr_pool_t *p, apr_size_t expected, apr_size_t text)
{
    cg_set *set = apr_pcalloc(p, sizeof *set);

    set->pool = p;
    set->hash_key = cg_hash_process_key();
    if (expected > EXPECTED_MAX)
        expected = EXPECTED_MAX;
    if (text > TEXT_MAX)
        text = TEXT_MAX;
    if (expected) {
        for (set->slot_count = SLOTS_MIN; set->slot_count / 4 * 3 < expected;)
            set->slot_count *= 2;
        set->slots = apr_pcalloc(p, set->slot_count * sizeof *set->slots);
        set->arena_size = 1 + text + 2 * expected;
        set->arena = apr_palloc(p, set->arena_size);
    }
    set->arena_len = 1;
    return set;
}

static apr_size_t entry_len(const unsigned char *entry)
{
    return (apr_size_t)entry[0] | (apr_size_t)entry[1] << 8;
}

static int entry_is(const unsigned char *entry, const key *k)
{
    const char *text = (const char *)entry + 2;

    if (entry_len(entry) != k->head_len + (k->suffix ? 2 + k->suffix_len : 0) + k->tail_len ||
        memcmp(text, k->head, k->head_len) != 0)
        return 0;
    text += k->head_len;
    if (k->suffix) {
        if (text[0] != '*' || text[1] != '.' || memcmp(text + 2, k->suffix, k->suffix_len) != 0)
            return 0;
        text += 2 + k->suffix_len;
    }
    return memcmp(text, k->tail, k->tail_len) == 0;
}

static int find(const cg_set *set, apr_uint32_t hash, const key *k)
{
    apr_size_t mask = set->slot_count - 1;

    for (apr_size_t i = hash & mask; set->slots[i].entry; i = (i + 1) & mask) {
        if (set->slots[i].hash == hash && entry_is(set->arena + set->slots[i].entry, k))
            return 1;
    }
    return 0;
}

static void put(slot *slots, apr_size_t slot_count, slot taken)
{
    apr_size_t i = taken.hash & (slot_count - 1);

    while (slots[i].entry)
        i = (i + 1) & (slot_count - 1);
    slots[i] = taken;
}

static void grow_slots(cg_set *set)
{
    apr_size_t count = set->slot_count ? 2 * set->slot_count : SLOTS_MIN;
    slot *slots = apr_pcalloc(set->pool, count * sizeof *slots);

    for (apr_size_t i = 0; i < set->slot_count; i++) {
        if (set->slots[i].entry)
            put(slots, count, set->slots[i]);
    }
    set->slots = slots;
    set->slot_count = count;
}

static void grow_arena(cg_set *set, apr_size_t needed)
{
    apr_size_t size = set->arena_size ? set->arena_size : ARENA_MIN;
    unsigned char *arena;

    while (size < needed)
        size *= 2;
    arena = apr_palloc(set->pool, size);
    if (set->arena_len > 1)
        memcpy(arena, set->arena, set->arena_len);
    set->arena = arena;
    set->arena_size = size;
}

/* Returns where the copy of a text stands. Over four gigabytes of origins it ends the process,
 * as httpd does where memory runs out: a member must not be lost silently. */
static apr_uint32_t copy_text(cg_set *set, const char *text, apr_size_t len)
{
    apr_size_t at = set->arena_len, end = at + 2 + len;

    if (len > 0xffff || end > 0xffffffff)
        abort();
    if (end > set->arena_size)
        grow_arena(set, end);
    set->arena[at] = (unsigned char)(len & 0xff);
    set->arena[at + 1] = (unsigned char)(len >> 8);
    memcpy(set->arena + at + 2, text, len);
    set->arena_len = end;
    return (apr_uint32_t)at;
}

static key key_of(const cg_pattern *pattern)
{
    const char *end = pattern->host + pattern->host_len;
    key k = {pattern->text, pattern->scheme_len + 3,
             NULL,          0,
             end,           (apr_size_t)(pattern->text + pattern->len - end)};

    if (pattern->subdomains) {
        k.suffix = pattern->host;
        k.suffix_len = pattern->host_len;
    } else if (pattern->any_port) {
        k.head_len += pattern->host_len;
    } else {
        k.head_len = pattern->len;
        k.tail_len = 0;
    }
    return k;
}

void cg_set_add(cg_set *set, const cg_pattern *pattern)
{
    key k = key_of(pattern);
    unsigned depth;
    apr_uint32_t hash = hash_member(set, &k, &depth);

    if (set->slot_count / 4 * 3 <= set->count)
        grow_slots(set);
    if (find(set, hash, &k))
        return;
    put(set->slots, set->slot_count, (slot){hash, copy_text(set, pattern->text, pattern->len)});
    set->count++;
    if (pattern->subdomains) {
        depth = bit_of_depth(depth);
        set->depths[pattern->any_port] |= APR_UINT64_C(1) << depth;
        set->deepest = depth > set->deepest ? depth : set->deepest;
    } else if (pattern->any_port) {
        set->any_ports = 1;
    }
}

/* Lookup. */

/* What is looked for: one origin, or all the origins of a pattern. */
typedef struct query {
    const char *text; /**< begins with the scheme and "://" */
    apr_size_t scheme_len;
    const char *host;
    apr_size_t host_len;
    const char *tail; /**< ":port", ":*" or nothing */
    apr_size_t tail_len;
    int subdomains; /**< not the host itself but every name below it */
} query;

static int find_tail(const cg_set *set, const cg_hash *h, key *k, const char *tail,
                     apr_size_t tail_len)
{
    k->tail = tail;
    k->tail_len = tail_len;
    return find(set, cg_hash_end(*h, set->hash_key, tail, tail_len), k);
}

/* Asks for the text as it is. */
static int find_exact(const cg_set *set, const char *text, apr_size_t len)
{
    apr_uint32_t hash = cg_hash_end((cg_hash){0, 0}, set->hash_key, text, len);
    apr_size_t mask = set->slot_count - 1;

    for (apr_size_t i = hash & mask; set->slots[i].entry; i = (i + 1) & mask) {
        const unsigned char *entry = set->arena + set->slots[i].entry;

        if (set->slots[i].hash == hash && entry_len(entry) == len &&
            memcmp(entry + 2, text, len) == 0)
            return 1;
    }
    return 0;
}

/* Asks for the host with any port. */
static int find_any_port(const cg_set *set, const query *q)
{
    key k = {q->text, q->scheme_len + 3 + q->host_len, NULL, 0, "", 0};
    cg_hash h = {0, 0};

    cg_hash_text(&h, set->hash_key, k.head, k.head_len);
    return find_tail(set, &h, &k, ":*", 2);
}

/* Asks for "*." before each suffix of the host that begins at a label and leaves one label or
 * more before it. */
static int find_above(const cg_set *set, const query *q)
{
    key k = {q->text, q->scheme_len + 3, NULL, 0, "", 0};
    cg_hash h = {0, 0};
    apr_size_t end = q->host_len;

    cg_hash_text(&h, set->hash_key, k.head, k.head_len);
    for (unsigned depth = 1;; depth++) {
        apr_size_t begin = hash_label(set, &h, q->host, end);
        unsigned bit = bit_of_depth(depth);
        int one = set->depths[0] >> bit & 1, any = set->depths[1] >> bit & 1;

        if (begin == 0 && !q->subdomains)
            return 0;
        k.suffix = q->host + begin;
        k.suffix_len = q->host_len - begin;
        if ((one && find_tail(set, &h, &k, q->tail, q->tail_len)) ||
            (any && find_tail(set, &h, &k, ":*", 2)))
            return 1;
        if (begin == 0 || (depth >= set->deepest && set->deepest < DEPTH_MAX))
            return 0;
        end = begin - 1;
    }
}

static int find_pattern(const cg_set *set, const query *q)
{
    if (set->any_ports && !q->subdomains && find_any_port(set, q))
        return 1;
    return set->deepest && find_above(set, q);
}

int cg_set_matches(const cg_set *set, const cg_origin *origin)
{
    const char *tail = origin->host + origin->host_len;

    if (!set->count)
        return 0;
    if (find_exact(set, origin->text, origin->len))
        return 1;
    return find_pattern(set, &(query){.text = origin->text,
                                      .scheme_len = origin->scheme_len,
                                      .host = origin->host,
                                      .host_len = origin->host_len,
                                      .tail = tail,
                                      .tail_len = (apr_size_t)(origin->text + origin->len - tail)});
}

int cg_set_covers(const cg_set *set, const cg_pattern *pattern)
{
    const char *tail;

    if (!set->count || pattern->null)
        return 0;
    if (!pattern->subdomains && !pattern->any_port && find_exact(set, pattern->text, pattern->len))
        return 1;
    tail = pattern->host + pattern->host_len;
    return find_pattern(set, &(query){.text = pattern->text,
                                      .scheme_len = pattern->scheme_len,
                                      .host = pattern->host,
                                      .host_len = pattern->host_len,
                                      .tail = tail,
                                      .tail_len = (apr_size_t)(pattern->text + pattern->len - tail),
                                      .subdomains = pattern->subdomains});
}

apr_size_t cg_set_count(const cg_set *set)
{
    return set->count;
}

void cg_set_each(const cg_set *set, int (*visit)(void *ctx, const char *text, apr_size_t len),
                 void *ctx)
{
    for (apr_size_t at = 1; at < set->arena_len;) {
        const unsigned char *entry = set->arena + at;

        if (!visit(ctx, (const char *)entry + 2, entry_len(entry)))
            return;
        at += 2 + entry_len(entry);
    }
}
