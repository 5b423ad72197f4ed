/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_work.h"

static void take(cg_work *from, unsigned max, const ap_directive_t *by, apr_size_t steps)
{
    from->spent = steps < max - from->spent ? from->spent + (unsigned)steps : max;
    if (by)
        from->last = by;
}

int cg_work_take(cg_work *of, cg_work *all, const ap_directive_t *by, apr_size_t steps)
{
    if (of->spent == CG_WORK_OF_REQUEST_MAX || (all && cg_work_is_spent(all)))
        return 0;
    take(of, CG_WORK_OF_REQUEST_MAX, by, steps);
    if (all)
        take(all, CG_WORK_MAX, by, steps);
    return 1;
}

int cg_work_is_spent(const cg_work *all)
{
    return all->spent == CG_WORK_MAX;
}
