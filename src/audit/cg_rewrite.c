/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_rewrite.h"

cg_rewrite *cg_rewrite_read(apr_pool_t *p, cg_rewrite *rewrite, const ap_directive_t *node,
                            cg_recipe_scope scope, const char *directory)
{
    (void)p;
    (void)node;
    (void)scope;
    (void)directory;
    return rewrite;
}

int cg_rewrite_sets_variables(const cg_rewrite *rewrite)
{
    (void)rewrite;
    return 0;
}

void cg_rewrite_run_server(cg_run *run, const cg_rewrite *main, const cg_rewrite *own)
{
    (void)run;
    (void)main;
    (void)own;
}

void cg_rewrite_run_sections(cg_run *run, const apr_array_header_t *places)
{
    (void)run;
    (void)places;
}
