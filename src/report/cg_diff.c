/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_diff.h"

json_t *cg_diff_make(apr_pool_t *p, const json_t *old, const json_t *new)
{
    (void)p;
    (void)old;
    (void)new;
    return json_object();
}

int cg_diff_widened(const json_t *diff)
{
    (void)diff;
    return 0;
}

void cg_diff_write_text(const json_t *diff, FILE *out, int colour)
{
    (void)diff;
    (void)out;
    (void)colour;
}
