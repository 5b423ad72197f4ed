/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_CHECK_H
#define CG_CHECK_H

#include <httpd.h>

#include <http_config.h>

/** Judges every policy that may govern a request, of every virtual host, and logs all problems at
 *  once: as errors where sections surely meet, as warnings where they only may. For the
 *  check_config hook, which runs under configtest too.
 *  @param ptemp scratch; nothing made here outlives it.
 *  @param self this module: its per-directory configuration is a cg_policy.
 *  @return OK, or HTTP_INTERNAL_SERVER_ERROR where the configuration is refused. */
int cg_check_config(apr_pool_t *ptemp, server_rec *s, const module *self);

#endif
