/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_variant.h"

apr_array_header_t *cg_variants_of(apr_pool_t *p, const apr_array_header_t *trusted)
{
    (void)trusted;
    return apr_array_make(p, 8, sizeof(cg_variant));
}
