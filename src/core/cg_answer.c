/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_answer.h"

#include "cg_acrh.h"
#include "cg_vary.h"

#include <apr_cstr.h>

#define STATUS_NO_CONTENT 204
#define STATUS_FORBIDDEN 403

/* "Accept-Ranges" is on most answers, so the letter that tells the two apart is looked at first. */
static int is_cors_header(const char *name)
{
    static const char prefix[] = "Access-Control-";

    return (name[0] | 0x20) == 'a' && (name[1] | 0x20) == 'c' && (name[2] | 0x20) == 'c' &&
           (name[3] | 0x20) == 'e' && (name[4] | 0x20) == 's' &&
           apr_cstr_casecmpn(name, prefix, sizeof prefix - 1) == 0;
}

/* Removes every Access-Control-* header, those that are not invented yet too. */
static void remove_cors(apr_table_t *headers)
{
    const apr_array_header_t *entries = apr_table_elts(headers);
    int i = 0;

    while (i < entries->nelts) {
        const char *name = APR_ARRAY_IDX(entries, i, apr_table_entry_t).key;

        if (is_cors_header(name))
            apr_table_unset(headers, name); /* the entries behind move up */
        else
            i++;
    }
}

enum { HAS_CORS = 1, HAS_VARY = 2 };

/* Which of the headers that matter here a table has. */
static int look_through(const apr_table_t *headers)
{
    const apr_array_header_t *entries = apr_table_elts(headers);
    const apr_table_entry_t *entry = (const apr_table_entry_t *)entries->elts;
    const apr_table_entry_t *end = entry + entries->nelts;
    int found = 0;

    for (; entry < end; entry++) {
        int initial = *entry->key | 0x20;

        if (initial == 'a' && is_cors_header(entry->key))
            found |= HAS_CORS;
        else if (initial == 'v' && apr_cstr_casecmp(entry->key, "Vary") == 0)
            found |= HAS_VARY;
    }
    return found;
}

/* Returns non-zero where a Vary is there already. */
static int strip(apr_table_t *out, apr_table_t *err)
{
    int found = look_through(out) | look_through(err);

    if (found & HAS_CORS) {
        remove_cors(out);
        remove_cors(err);
    }
    return found & HAS_VARY;
}

/* Adds without a search: strip() left no header of that name. */
static inline void add(apr_table_t *out, const char *name, const char *value)
{
    if (value)
        apr_table_addn(out, name, value);
}

/* With credentials browsers take "*" for a name, so what was asked for is named; cg_decide() found
 * it valid. */
static const char *methods_value(const cg_policy *policy, const cg_answer_asked *asked)
{
    if (!policy->methods)
        return NULL;
    if (policy->methods->any && cg_policy_credentials(policy))
        return asked->header(asked->request, "Access-Control-Request-Method");
    return policy->methods->value;
}

static const char *headers_value(apr_pool_t *p, const cg_policy *policy,
                                 const cg_answer_asked *asked)
{
    if (!policy->headers)
        return NULL;
    if (policy->headers->any && cg_policy_credentials(policy))
        return cg_acrh_list(p, asked->header(asked->request, "Access-Control-Request-Headers"));
    return policy->headers->value;
}

static void set_preflight(const cg_policy *policy, const cg_answer_asked *asked, apr_table_t *out)
{
    add(out, "Access-Control-Allow-Methods", methods_value(policy, asked));
    add(out, "Access-Control-Allow-Headers",
        headers_value(apr_table_elts(out)->pool, policy, asked));
    if (policy->max_age)
        add(out, "Access-Control-Max-Age", policy->max_age->text);
}

void cg_answer_write(const cg_policy *policy, const cg_decision *decision,
                     const cg_answer_asked *asked, apr_table_t *out, apr_table_t *err)
{
    const char *origin = decision->allow_origin;
    int preflight = cg_state_preflight(decision->state);
    const char *vary = NULL;
    int varies = strip(out, err);

    add(out, "Access-Control-Allow-Origin", origin);
    if (origin && cg_policy_credentials(policy))
        add(out, "Access-Control-Allow-Credentials", "true");
    if (origin && preflight)
        set_preflight(policy, asked, out);
    if (origin && !preflight && policy->expose)
        add(out, "Access-Control-Expose-Headers", policy->expose->value);
    if (preflight)
        vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    else if (!origin || *origin != '*')
        vary = "Origin";
    if (vary && varies)
        cg_vary_add(out, err, vary);
    else if (vary)
        add(out, "Vary", vary);
}

int cg_answer_status(const cg_policy *policy, cg_state state)
{
    if (state == CG_STATE_PREFLIGHT_DENIED)
        return STATUS_FORBIDDEN;
    return policy->preflight_status ? policy->preflight_status->value : STATUS_NO_CONTENT;
}
