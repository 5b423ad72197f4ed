/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_policy_judge.h"

#include "cg_policy_witness.h"

#include <apr_strings.h>

/* A regex that opens something. */
typedef struct opening {
    const cg_matcher *matcher;
    cg_policy_judged judged;
    const char *what; /* how the summary goes on behind the regex */
    int others;       /* how many further ones of its line make the same finding */
} opening;

/* What a hole means, without and with credentials. */
static cg_find_id find_of(cg_hole hole, int credentials)
{
    switch (hole) {
    case CG_HOLE_ANY_ORIGIN:
        return credentials ? CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS : CG_FIND_ANY_ORIGIN;
    case CG_HOLE_DOT:
        return CG_FIND_REGISTRABLE_DOT;
    case CG_HOLE_PUBLIC_SUFFIX:
        return credentials ? CG_FIND_PUBLIC_SUFFIX_WITH_CREDENTIALS : CG_FIND_PUBLIC_SUFFIX;
    default:
        return credentials ? CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS : CG_FIND_OPEN_PATTERN;
    }
}

/* One line makes one finding of a kind; the first regex of it stands for the others. */
static void note(apr_array_header_t *openings, const opening *made)
{
    const cg_place *place = &made->matcher->place;

    for (int i = 0; i < openings->nelts; i++) {
        opening *each = &APR_ARRAY_IDX(openings, i, opening);

        if (each->judged.id == made->judged.id && each->matcher->place.line == place->line &&
            each->matcher->place.file == place->file) {
            each->others++;
            return;
        }
    }
    APR_ARRAY_PUSH(openings, opening) = *made;
}

/* http as well as https matters to https hosts only: see note_insecure. */
static void note_hole(const cg_policy_judging *in, apr_array_header_t *openings,
                      const cg_matcher *matcher, const cg_witness *found)
{
    int is_unjudged = found->hole == CG_HOLE_UNJUDGED;
    opening made = {.matcher = matcher};

    if (found->hole == CG_HOLE_NONE || found->hole == CG_HOLE_HTTP)
        return;
    made.judged.id = find_of(found->hole, cg_policy_credentials(in->policy));
    made.judged.confidence = is_unjudged ? CG_CONFIDENCE_POSSIBLE : CG_CONFIDENCE_CERTAIN;
    if (!is_unjudged &&
        !cg_policy_witness_of(in->p, in->policy, found->origin, &made.judged.witness))
        return;
    made.what = apr_psprintf(in->p, "%s: %s", is_unjudged ? "cannot be judged" : "is open",
                             cg_witness_text(in->p, found));
    note(openings, &made);
}

static void note_insecure(const cg_policy_judging *in, apr_array_header_t *openings,
                          const cg_matcher *matcher, const cg_witness *found)
{
    opening made = {.matcher = matcher,
                    .judged = {.id = CG_FIND_INSECURE_ORIGIN,
                               .confidence = CG_CONFIDENCE_CERTAIN,
                               .fixes = CG_FIX_INSECURE},
                    .what = "lets http origins read what an https host answers"};

    if (in->has_tls && found->insecure &&
        cg_policy_witness_insecure(in->p, in->policy, matcher, &made.judged.witness))
        note(openings, &made);
}

/* They stand in the order opposite to that of the configuration. */
static void note_all(const cg_policy_judging *in, apr_array_header_t *openings,
                     const cg_matcher *matcher)
{
    const cg_witness *found;

    if (!matcher)
        return;
    note_all(in, openings, matcher->next);
    found = cg_policy_judge_probe(in, matcher);
    note_hole(in, openings, matcher, found);
    note_insecure(in, openings, matcher, found);
}

static int needs_credentials(cg_find_id id)
{
    return id == CG_FIND_ANY_ORIGIN_WITH_CREDENTIALS ||
           id == CG_FIND_OPEN_PATTERN_WITH_CREDENTIALS ||
           id == CG_FIND_PUBLIC_SUFFIX_WITH_CREDENTIALS;
}

void cg_policy_judge_matchers(const cg_policy_judging *in, const cg_origins *origins)
{
    apr_array_header_t *openings = apr_array_make(in->p, 1, sizeof(opening));

    note_all(in, openings, origins->matchers);
    for (int i = 0; i < openings->nelts; i++) {
        opening *each = &APR_ARRAY_IDX(openings, i, opening);
        apr_array_header_t *lines = cg_policy_judge_lines(in->p, &each->matcher->place);
        const char *others =
            each->others
                ? apr_psprintf(in->p, ", and there are %d more like it in this line", each->others)
                : "";

        if (needs_credentials(each->judged.id))
            cg_policy_judge_add_line(lines, &in->policy->credentials->place);
        each->judged.lines = lines;
        each->judged.summary = apr_psprintf(in->p, "CorsAllowOriginMatch %s %s%s.",
                                            each->matcher->text, each->what, others);
        cg_policy_judge_add(in, &each->judged);
    }
}
