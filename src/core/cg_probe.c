/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_probe.h"
#include "cg_host.h"
#include "cg_owner.h"

#include <apr_strings.h>
#include <string.h>

/* What came of a text, as values of cg_probe.tried. */
static const char REJECTED[] = "rejected", ACCEPTED[] = "accepted", LEARNED[] = "learned";

const cg_example_plan cg_probe_bases[] = {
    {.least = 0}, {.least = 1}, {.last = 1}, {.lead = 1}, {.lead = 1, .least = 1}};

/* Non-zero where a node could be meant for "//" or more. */
static int has_wide(const cg_regex_node *node)
{
    if (node->kind == CG_REGEX_REPEAT && node->variable && node->max > 1 &&
        cg_bytes_has(&node->child->set, '/'))
        return 1;
    for (node = node->child; node; node = node->next) {
        if (has_wide(node))
            return 1;
    }
    return 0;
}

/* Strings of what is in the lookarounds. */
static void find_hints(cg_probe *probe)
{
    const apr_array_header_t *looks = probe->tree->looks;
    cg_example example;

    for (int i = 0; i < looks->nelts; i++) {
        cg_regex_tree look = {.root = APR_ARRAY_IDX(looks, i, cg_regex_node *)};

        for (unsigned least = 0; least <= 1; least++) {
            cg_example_plan plan = {.least = least};

            if (cg_example_build(&look, &plan, &example) && example.len)
                *(const char **)apr_array_push(probe->hints) = apr_pstrdup(probe->p, example.text);
        }
    }
}

void cg_probe_begin(cg_probe *probe, apr_pool_t *p, const cg_regex_tree *tree, cg_match_fn match,
                    const void *regex)
{
    memset(probe, 0, sizeof *probe);
    probe->p = p;
    probe->tree = tree;
    probe->match = match;
    probe->regex = regex;
    probe->unclear = tree->unclear;
    probe->bases = has_wide(tree->root) ? 5 : 3;
    probe->tried = apr_hash_make(p);
    probe->owners = apr_hash_make(p);
    probe->http = apr_hash_make(p);
    probe->https = apr_hash_make(p);
    probe->hints = apr_array_make(p, 1, sizeof(const char *));
    find_hints(probe);
    probe->covered = apr_pcalloc(p, tree->root->end);
    probe->examples = apr_array_make(p, CG_PROBE_ALTERED_MAX, sizeof(const char *));
}

void cg_probe_give_up(cg_probe *probe)
{
    if (!probe->unclear)
        probe->unclear = "it has too many alternatives and variable parts to be judged";
}

/* As cg_probe_give_up, and nothing more is built. */
static void exhaust(cg_probe *probe)
{
    probe->exhausted = 1;
    cg_probe_give_up(probe);
}

void cg_probe_spend(cg_probe *probe, unsigned steps)
{
    if (steps >= CG_WITNESS_STEPS_MAX - probe->steps)
        exhaust(probe);
    else
        probe->steps += steps;
}

int cg_probe_build(cg_probe *probe, const cg_example_plan *plan, cg_example *out)
{
    int built;

    if (probe->exhausted)
        return 0;
    built = cg_example_build(probe->tree, plan, out);
    if (out->steps > CG_EXAMPLE_STEPS_MAX)
        cg_probe_give_up(probe);
    cg_probe_spend(probe, out->steps);
    return built;
}

/* Sets what is known of a text; the text itself is copied the first time. */
static void mark(cg_probe *probe, const char *text, apr_size_t len, const char *result)
{
    apr_hash_set(probe->tried, apr_pstrmemdup(probe->p, text, len), (apr_ssize_t)len, result);
}

/* REJECTED, ACCEPTED or LEARNED. */
static const char *result_of(cg_probe *probe, const char *text, apr_size_t len)
{
    const char *result = apr_hash_get(probe->tried, text, (apr_ssize_t)len);

    if (result)
        return result;
    if (probe->tries == CG_WITNESS_TRIES_MAX) {
        exhaust(probe);
        return REJECTED;
    }
    probe->tries++;
    result = probe->match(probe->regex, text, len) ? ACCEPTED : REJECTED;
    mark(probe, text, len, result);
    return result;
}

int cg_probe_accepts(cg_probe *probe, const char *text, apr_size_t len)
{
    return result_of(probe, text, len) != REJECTED;
}

void cg_probe_keep(cg_probe *probe, cg_hole hole, unsigned rank, const char *text,
                   const char *source)
{
    const char *kept = probe->origins[hole];

    if (kept &&
        (probe->ranks[hole] < rank || (probe->ranks[hole] == rank && strlen(kept) <= strlen(text))))
        return;
    probe->ranks[hole] = rank;
    probe->origins[hole] = apr_pstrdup(probe->p, text);
    probe->sources[hole] = apr_pstrdup(probe->p, source);
}

/* Keeps an accepted origin of http or https by its host, and the pair if there is the other. */
static void learn_scheme(cg_probe *probe, const cg_origin *origin)
{
    const int secure = cg_scheme_of(origin->text, origin->scheme_len) == CG_SCHEME_HTTPS;
    apr_hash_t *same = secure ? probe->https : probe->http;
    apr_hash_t *other = secure ? probe->http : probe->https;
    const char *text = apr_pstrmemdup(probe->p, origin->text, origin->len), *found;
    const char *host = text + (origin->host - origin->text);

    if (!apr_hash_get(same, host, (apr_ssize_t)origin->host_len))
        apr_hash_set(same, host, (apr_ssize_t)origin->host_len, text);
    found = apr_hash_get(other, host, (apr_ssize_t)origin->host_len);
    if (found)
        cg_probe_keep(probe, CG_HOLE_HTTP, 0, secure ? found : text, secure ? text : found);
    probe->insecure |= !secure;
}

/* Tries an accepted origin with http and with https. A NUL follows its text. */
static void try_schemes(cg_probe *probe, const cg_origin *origin)
{
    static const char *const schemes[] = {"http", "https"};
    char text[CG_ORIGIN_MAX + sizeof "https"];
    cg_origin parsed;

    if (cg_host_loopback(origin->host, origin->host_len, origin->host_kind))
        return;
    for (apr_size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        int len =
            apr_snprintf(text, sizeof text, "%s%s", schemes[i], origin->text + origin->scheme_len);

        if (cg_origin_parse(text, (apr_size_t)len, &parsed) == CG_ORIGIN_TUPLE &&
            cg_probe_accepts(probe, text, (apr_size_t)len))
            learn_scheme(probe, &parsed);
    }
}

static void learn_owner(cg_probe *probe, const cg_origin *origin)
{
    char owner[CG_OWNER_MAX];
    int owned = cg_owner_of(origin, owner);

    if (owned && apr_hash_get(probe->owners, owner, APR_HASH_KEY_STRING))
        return;
    if (owned)
        apr_hash_set(probe->owners, apr_pstrdup(probe->p, owner), APR_HASH_KEY_STRING, "");
    if (probe->examples->nelts < CG_PROBE_ALTERED_MAX)
        *(const char **)apr_array_push(probe->examples) =
            apr_pstrmemdup(probe->p, origin->text, origin->len);
}

int cg_probe_learn(cg_probe *probe, const cg_example *example)
{
    const char *result;
    cg_origin origin;

    if (cg_origin_parse(example->text, example->len, &origin) != CG_ORIGIN_TUPLE)
        return 0;
    result = result_of(probe, example->text, example->len);
    if (result == REJECTED)
        return 0;
    if (result == ACCEPTED) {
        for (unsigned i = 0; i < example->looked_count; i++)
            probe->covered[example->looked[i]->first] = 1;
        probe->accepted = 1;
        mark(probe, example->text, example->len, LEARNED);
        learn_owner(probe, &origin);
        try_schemes(probe, &origin);
    }
    return 1;
}

int cg_probe_is_witness(cg_probe *probe, const char *text, apr_size_t len, cg_origin *origin)
{
    char owner[CG_OWNER_MAX];

    /* The regex last: it is the dearest question. */
    return cg_origin_parse(text, len, origin) == CG_ORIGIN_TUPLE && cg_owner_of(origin, owner) &&
           !apr_hash_get(probe->owners, owner, APR_HASH_KEY_STRING) &&
           cg_probe_accepts(probe, text, len);
}

void cg_probe_try(cg_probe *probe, cg_hole hole, unsigned rank, const char *text,
                  const char *source)
{
    cg_origin origin;

    if (cg_probe_is_witness(probe, text, strlen(text), &origin))
        cg_probe_keep(probe, hole, rank, text, source);
}

void cg_probe_null(cg_probe *probe)
{
    if (cg_probe_accepts(probe, "null", 4))
        cg_probe_keep(probe, CG_HOLE_NULL, 0, "null", NULL);
}

int cg_probe_found(const cg_probe *probe)
{
    for (cg_hole hole = CG_HOLE_ANY_ORIGIN; hole < CG_HOLE_HTTP; hole++) {
        if (probe->origins[hole])
            return 1;
    }
    return 0;
}
