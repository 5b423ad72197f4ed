/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_ENV_H
#define CG_ENV_H

#include "cg_run.h"

/** SetEnv, UnsetEnv and PassEnv of one place. */
typedef struct cg_env cg_env;

/** Adds a directive; as cg_setenvif_read. */
cg_env *cg_env_read(apr_pool_t *p, cg_env *lines, const ap_directive_t *node);

/** Carries out the lines of several places, outermost first (fixup_env_module of mod_env).
 *  @param places of const cg_env *. */
void cg_env_run(cg_run *run, const apr_array_header_t *places);

#endif
