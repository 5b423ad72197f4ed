/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_explain.h"

cg_explanation *cg_explain(apr_pool_t *p, const cg_walk *walk, const cg_question *question)
{
    cg_explanation *made = apr_pcalloc(p, sizeof *made);

    made->outcome = cg_outcome_of(p, walk, question, NULL);
    made->headers = made->outcome->headers;
    return made;
}

void cg_explain_all(apr_pool_t *p, const apr_array_header_t *hosts, cg_htaccess_store *store)
{
    (void)p;
    (void)hosts;
    (void)store;
}
