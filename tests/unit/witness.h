/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WITNESS_H
#define WITNESS_H

#include "cg_witness.h"
#include "regex.h"
#include "unit.h"

/** Probes a pattern that compiles. */
static inline void probe(apr_pool_t *p, const char *pattern, cg_witness *out)
{
    regex compiled;

    if (!regex_compile(p, &compiled, REGEX_LIMIT, pattern))
        fail_msg("%s does not compile", pattern);
    cg_witness_find(p, pattern, regex_matches, &compiled, out);
    regex_free(&compiled);
}

#endif
