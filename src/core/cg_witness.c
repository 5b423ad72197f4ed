/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_witness.h"
#include "cg_hostile.h"
#include "cg_probe.h"

#include <apr_strings.h>
#include <string.h>

static void learn(cg_probe *probe, const cg_example_plan *plan)
{
    cg_example example;

    if (cg_probe_build(probe, plan, &example) && (example.led || !plan->lead))
        cg_probe_learn(probe, &example);
}

/* Builds the regex in each way that takes one turn, and learns what it accepts. */
static void learn_examples(cg_probe *probe, const apr_array_header_t *turns)
{
    for (unsigned i = 0; i < probe->bases; i++) {
        cg_example_plan plan = cg_probe_bases[i];

        learn(probe, &plan);
        for (int turn = 0; turn < turns->nelts; turn++) {
            plan.turn = APR_ARRAY_IDX(turns, turn, cg_example_turn);
            learn(probe, &plan);
        }
    }
}

/* Origins that have nothing to do with the regex; names and addresses that are reserved for
 * examples. A word in place of a part is more telling than an address. */
static const struct {
    const char *origin;
    unsigned rank;
} strangers[] = {{"https://evil.example", 0},    {"http://evil.example", 1},
                 {"https://203.0.113.66", 32},   {"http://203.0.113.66", 33},
                 {"https://[2001:db8::66]", 34}, {"http://[2001:db8::66]", 35}};

#define STRANGERS (sizeof strangers / sizeof *strangers)

/* Asks for them before anything can have used up the tries; whether they are meant is not known
 * yet. */
static void ask_strangers(cg_probe *probe)
{
    for (apr_size_t i = 0; i < STRANGERS; i++)
        cg_probe_accepts(probe, strangers[i].origin, strlen(strangers[i].origin));
}

static void probe_strangers(cg_probe *probe)
{
    for (apr_size_t i = 0; i < STRANGERS; i++)
        cg_probe_try(probe, CG_HOLE_ANY_ORIGIN, strangers[i].rank, strangers[i].origin, NULL);
}

/* Tries text[0..at) + put + text[at + cut..). */
static void try_altered(cg_probe *probe, cg_hole hole, const char *text, apr_size_t at,
                        apr_size_t cut, const char *put)
{
    char altered[CG_ORIGIN_MAX + 1];

    if (strlen(text) + strlen(put) > CG_ORIGIN_MAX)
        return;
    apr_snprintf(altered, sizeof altered, "%.*s%s%s", (int)at, text, put, text + at + cut);
    cg_probe_try(probe, hole, 0, altered, text);
}

/* Changes an example in each place where the regex could be open. */
static void alter(cg_probe *probe, const char *text)
{
    apr_size_t start, end;
    cg_origin origin;

    if (cg_origin_parse(text, strlen(text), &origin) != CG_ORIGIN_TUPLE)
        return;
    start = (apr_size_t)(origin.host - text);
    end = start + origin.host_len;
    try_altered(probe, CG_HOLE_TAIL, text, end, 0, ".evil.example");
    try_altered(probe, CG_HOLE_TAIL, text, end, 0, "evil.example");
    try_altered(probe, CG_HOLE_BEFORE, text, start, 0, "evil");
    try_altered(probe, CG_HOLE_BEFORE, text, start, 0, "evil-");
    for (apr_size_t i = start; i < end; i++) {
        if (text[i] == '.')
            try_altered(probe, CG_HOLE_DOT, text, i, 1, "x");
    }
}

/* Goes without the tree, in case the regex was misread. */
static void probe_altered(cg_probe *probe)
{
    for (int i = 0; i < probe->examples->nelts; i++)
        alter(probe, APR_ARRAY_IDX(probe->examples, i, const char *));
}

/* Takes a REPEAT oftener than any example did, by way of node. */
static void try_excess(cg_probe *probe, const cg_example_turn *excess, const cg_regex_node *node)
{
    cg_example_plan plan = {.turn = *excess, .part = {.from = node, .to = node}};
    cg_example example;

    for (unsigned least = 0; least <= 1; least++) {
        plan.least = least;
        if (cg_probe_build(probe, &plan, &example))
            cg_probe_try(probe, CG_HOLE_PUBLIC_SUFFIX, 0, example.text, NULL);
    }
}

/* Groups that can be repeated without end: (ab)+\.com, by way of each of their alternatives. */
static void probe_excesses(cg_probe *probe, const apr_array_header_t *turns)
{
    const apr_array_header_t *excesses = cg_example_excesses(probe->p, probe->tree);

    for (int i = 0; i < excesses->nelts; i++) {
        const cg_example_turn *excess = &APR_ARRAY_IDX(excesses, i, cg_example_turn);

        try_excess(probe, excess, NULL);
        for (int turn = 0; turn < turns->nelts; turn++) {
            const cg_regex_node *node =
                cg_example_way(&APR_ARRAY_IDX(turns, turn, cg_example_turn));

            if (node && cg_regex_holds(excess->node, node))
                try_excess(probe, excess, node);
        }
    }
}

/* Non-zero where a lookaround stands in an alternative, or in what may be left out, of which no
 * example was accepted. */
static int hides_lookaround(const cg_probe *probe, const cg_regex_node *node)
{
    for (const cg_regex_node *child = node->child; child; child = child->next) {
        if (!child->looks)
            continue;
        if ((node->kind == CG_REGEX_CHOICE || node->kind == CG_REGEX_REPEAT) &&
            !probe->covered[child->first])
            return 1;
        if (hides_lookaround(probe, child))
            return 1;
    }
    return 0;
}

static const char *why_unjudged(const cg_probe *probe)
{
    if (probe->unclear)
        return probe->unclear;
    if (!probe->accepted)
        return "no origin could be built from it that it accepts";
    if (hides_lookaround(probe, probe->tree->root))
        return "no origin could be built for what stands beside a lookaround";
    return NULL;
}

static void conclude(const cg_probe *probe, apr_pool_t *p, cg_witness *out)
{
    const char *why = why_unjudged(probe);

    *out = (cg_witness){.insecure = probe->insecure};
    for (cg_hole hole = CG_HOLE_ANY_ORIGIN; hole < CG_HOLE_UNJUDGED; hole++) {
        if (hole == CG_HOLE_HTTP && why)
            break;
        if (probe->origins[hole]) {
            out->hole = hole;
            out->origin = apr_pstrdup(p, probe->origins[hole]);
            out->example = apr_pstrdup(p, probe->sources[hole]);
            return;
        }
    }
    if (why) {
        out->hole = CG_HOLE_UNJUDGED;
        out->why = why;
        out->useless = !probe->unclear && !probe->accepted;
    }
}

void cg_witness_find(apr_pool_t *p, const char *pattern, cg_match_fn match, const void *regex,
                     cg_witness *out)
{
    const apr_array_header_t *turns;
    apr_pool_t *scratch;
    cg_probe probe;

    apr_pool_create(&scratch, p);
    cg_probe_begin(&probe, scratch, cg_regex_parse(scratch, pattern), match, regex);
    turns = cg_example_turns(scratch, probe.tree);
    ask_strangers(&probe);
    cg_probe_null(&probe);
    learn_examples(&probe, turns);
    cg_hostile_probe_parts(&probe, turns);
    probe_strangers(&probe);
    probe_excesses(&probe, turns);
    if (!cg_probe_found(&probe))
        probe_altered(&probe);
    conclude(&probe, p, out);
    apr_pool_destroy(scratch);
}

const char *cg_witness_text(apr_pool_t *p, const cg_witness *witness)
{
    static const char *const holes[] = {[CG_HOLE_ANY_ORIGIN] = "nothing in it names a site",
                                        [CG_HOLE_NULL] = "null is among what it matches",
                                        [CG_HOLE_TAIL] = "no boundary after the host",
                                        [CG_HOLE_BEFORE] = "no boundary before the host",
                                        [CG_HOLE_DOT] = "an unescaped dot",
                                        [CG_HOLE_PUBLIC_SUFFIX] =
                                            "the part that somebody registers is variable",
                                        [CG_HOLE_HTTP] = "http as well as https"};

    if (witness->hole == CG_HOLE_NONE)
        return NULL;
    if (witness->hole == CG_HOLE_UNJUDGED)
        return apr_pstrdup(p, witness->why);
    return apr_psprintf(p, "%s: it accepts %s", holes[witness->hole], witness->origin);
}
