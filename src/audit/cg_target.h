/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_TARGET_H
#define CG_TARGET_H

#include "cg_inventory.h"

/** The path of a request's target as httpd compares it with sections: decoded, without "." and
 *  ".." segments, and, but for MergeSlashes Off, without empty ones (ap_process_request_internal).
 *  @param path as sent, without a query.
 *  @param status set where httpd refuses the path: 400, or 404 for an encoded slash that
 *      AllowEncodedSlashes does not permit.
 *  @return NULL where it does. */
const char *cg_target_path(apr_pool_t *p, const cg_host *host, const char *path, int *status);

#endif
