/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_DIFF_POLICY_H
#define CG_DIFF_POLICY_H

#include <apr_pools.h>
#include <jansson.h>

/* For cg_diff.c. */

/** A diff that is being made, and where in it. */
typedef struct cg_changes {
    apr_pool_t *p; /**< cleared behind each comparison */
    json_t *document;
    const char *host;
    const char *section;
} cg_changes;

/** Adds an entry.
 *  @param list "widened", "narrowed" or "changed".
 *  @param old, new taken over. */
void cg_changes_note(const cg_changes *changes, const char *list, const char *what, json_t *old,
                     json_t *new);

/** Compares two policies of reports; old or new may be NULL, not both. */
void cg_diff_policies(const cg_changes *changes, const json_t *old, const json_t *new);

#endif
