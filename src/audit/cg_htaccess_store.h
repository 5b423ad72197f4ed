/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HTACCESS_STORE_H
#define CG_HTACCESS_STORE_H

#include "cg_command.h"
#include "cg_htaccess.h"
#include "cg_identity.h"
#include "cg_override.h"

#include <apr_hash.h>

/* What cg_htaccess.c keeps. */

/** Hosts that see all files alike. */
typedef struct cg_htaccess_view {
    const cg_overrides *overrides;
    apr_hash_t *known; /**< directory -> cg_htaccess, or one without a file where none is */
} cg_htaccess_view;

struct cg_htaccess_store {
    apr_pool_t *p;
    apr_pool_t *scratch; /**< cleared after each file */
    cg_identity *identity;
    cg_commands commands;
    apr_hash_t *views; /**< cg_overrides' key -> cg_htaccess_view */
    apr_hash_t *hosts; /**< server_rec * -> cg_htaccess_view */
    apr_hash_t *files; /**< cg_override_key and directory -> cg_htaccess */
};

#endif
