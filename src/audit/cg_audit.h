/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_AUDIT_H
#define CG_AUDIT_H

#include "cg_htaccess.h"

#include <jansson.h>

/** Audits a configuration that was read: the policies of every host and section, what recipes send
 *  and what is risky in either.
 *  @param hosts of cg_host (cg_inventory_read).
 *  @return the report (cg_report.h), the caller's to json_decref. */
json_t *cg_audit_report(apr_pool_t *p, const apr_array_header_t *hosts, cg_htaccess_store *store);

#endif
