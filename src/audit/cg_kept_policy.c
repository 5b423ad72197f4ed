/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_kept_policy.h"

#include <apr_strings.h>

/* Words of a key: addresses and small numbers, so that there is no padding in it. */
static void add(apr_array_header_t *key, const void *word)
{
    APR_ARRAY_PUSH(key, const void *) = word;
}

static void add_number(apr_array_header_t *key, apr_uintptr_t number)
{
    APR_ARRAY_PUSH(key, apr_uintptr_t) = number;
}

/* Merging copies what a section says of origins, so that its own address tells nothing. */
static void add_origins(apr_array_header_t *key, const cg_origins *origins)
{
    for (; origins; origins = origins->parent) {
        add_number(key, 1u | (unsigned)origins->plain << 1 | (unsigned)origins->any << 2 |
                            (unsigned)origins->none << 3 | (unsigned)origins->null << 4 |
                            (unsigned)origins->removes_null << 5);
        add(key, origins->allowed);
        add(key, origins->removed);
        add(key, origins->matchers);
        add(key, origins->place.file);
        add_number(key, (apr_uintptr_t)origins->place.line);
    }
}

static const void *end(const apr_array_header_t *key, apr_size_t *len)
{
    *len = (apr_size_t)key->nelts * sizeof(void *);
    return key->elts;
}

const void *cg_kept_policy_origins_key(apr_pool_t *p, const cg_origins *origins, apr_size_t *len)
{
    apr_array_header_t *key = apr_array_make(p, 8, sizeof(void *));

    add_origins(key, origins);
    return end(key, len);
}

const void *cg_kept_policy_key(apr_pool_t *p, const cg_policy *policy, apr_size_t *len)
{
    apr_array_header_t *key = apr_array_make(p, 24, sizeof(void *));

    add(key, policy->mode);
    add(key, policy->credentials);
    add(key, policy->methods);
    add(key, policy->headers);
    add(key, policy->expose);
    add(key, policy->max_age);
    add(key, policy->preflight_status);
    add(key, policy->forward);
    add(key, policy->self);
    add(key, policy->lifted);
    add_origins(key, policy->origins);
    return end(key, len);
}

const cg_policy *cg_kept_policy_make(apr_pool_t *p, const cg_policy *policy)
{
    cg_policy *made = apr_pmemdup(p, policy, sizeof *policy);
    cg_origins **at = &made->origins;

    for (; *at && (*at)->parent; at = &(*at)->parent)
        *at = apr_pmemdup(p, *at, sizeof **at);
    return made;
}
