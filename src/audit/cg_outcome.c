/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_outcome.h"

cg_outcome *cg_outcome_of(apr_pool_t *p, const cg_walk *walk, const cg_question *question,
                          const apr_array_header_t *assumed)
{
    cg_outcome *outcome = apr_pcalloc(p, sizeof *outcome);

    (void)question;
    (void)assumed;
    outcome->sections = apr_array_copy(p, walk->sections);
    outcome->policy = *walk->host->policy;
    outcome->headers = apr_table_make(p, 4);
    outcome->variables = apr_table_make(p, 4);
    outcome->nodes = apr_array_make(p, 4, sizeof(const ap_directive_t *));
    outcome->unresolved = apr_array_make(p, 4, sizeof(cg_unresolved));
    for (int i = 0; i < walk->sections->nelts; i++)
        cg_policy_merge(p, &outcome->policy,
                        APR_ARRAY_IDX(walk->sections, i, const cg_section *)->policy,
                        &outcome->policy);
    return outcome;
}
