/* SPDX-License-Identifier: Apache-2.0 */
/* A CorsAllowOriginMatch: whatever is written, probing it takes bounded work, says the same twice,
 * and every witness is an origin that the regex matches from end to end and that belongs to nobody
 * the regex means. */
#include "fuzz.h"

#include "../unit/regex.h"
#include "cg_owner.h"
#include "cg_regex_tree.h"
#include "cg_suffix.h"
#include "cg_witness.h"

#include <apr_strings.h>

/* As in the module (src/httpd/cg_regex.c). */
#define LIMIT "(*LIMIT_MATCH=20000)"
/* libFuzzer's inputs are longer than regexes are; what is cut away makes them slow. */
#define REGEX_MAX 400

static void check_witness(const cg_witness *witness, const regex *compiled)
{
    char owner[CG_OWNER_MAX], meant[CG_OWNER_MAX];
    apr_size_t len = strlen(witness->origin);
    cg_origin origin, example;

    FUZZ_MUST(regex_matches(compiled, witness->origin, len));
    if (witness->hole == CG_HOLE_NULL) {
        FUZZ_MUST(cg_origin_parse(witness->origin, len, &origin) == CG_ORIGIN_NULL);
        return;
    }
    FUZZ_MUST(cg_origin_parse(witness->origin, len, &origin) == CG_ORIGIN_TUPLE);
    if (!witness->example)
        return;
    len = strlen(witness->example);
    FUZZ_MUST(cg_origin_parse(witness->example, len, &example) == CG_ORIGIN_TUPLE);
    FUZZ_MUST(regex_matches(compiled, witness->example, len));
    if (witness->hole == CG_HOLE_HTTP)
        return;
    FUZZ_MUST(cg_owner_of(&origin, owner));
    FUZZ_MUST(!cg_owner_of(&example, meant) || strcmp(owner, meant) != 0);
}

static void check_result(apr_pool_t *p, const cg_witness *witness, const regex *compiled)
{
    const char *text = cg_witness_text(p, witness);

    FUZZ_MUST(!text == (witness->hole == CG_HOLE_NONE));
    FUZZ_MUST(!text || fuzz_is_plain(text));
    FUZZ_MUST(!witness->why == (witness->hole != CG_HOLE_UNJUDGED));
    FUZZ_MUST(!witness->origin ==
              (witness->hole == CG_HOLE_NONE || witness->hole == CG_HOLE_UNJUDGED));
    if (witness->origin)
        check_witness(witness, compiled);
}

static int is_same(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *pattern = apr_pstrmemdup(p, text, len < REGEX_MAX ? len : REGEX_MAX);
    cg_witness witness, again;
    regex compiled;

    cg_suffix_open(apr_pool_parent_get(p));
    if (!regex_compile(p, &compiled, LIMIT, pattern)) {
        cg_regex_parse(p, pattern);
        return;
    }
    cg_witness_find(p, pattern, regex_matches, &compiled, &witness);
    FUZZ_MUST(compiled.matches <= CG_WITNESS_TRIES_MAX);
    check_result(p, &witness, &compiled);
    cg_witness_find(p, pattern, regex_matches, &compiled, &again);
    FUZZ_MUST(again.hole == witness.hole && is_same(again.origin, witness.origin));
    FUZZ_MUST(is_same(again.example, witness.example) && is_same(again.why, witness.why));
    FUZZ_MUST(again.useless == witness.useless && again.insecure == witness.insecure);
    regex_free(&compiled);
}
