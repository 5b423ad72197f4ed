/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_AUDIT_HOST_H
#define CG_AUDIT_HOST_H

#include "cg_inventory.h"

/** A host as reports tell of it: its ServerName, with ":port" where it has one. */
const char *cg_audit_host_name(apr_pool_t *p, const cg_host *host);

/** The address that a host is bound to, as in <VirtualHost>; "*" where there is none.
 *  @param port set to its port; 0: any. */
const char *cg_audit_host_address(const cg_host *host, unsigned *port);

/** Non-zero where clients reach a host by https, as the guard takes it: SSLEngine is on, or its
 *  ServerName begins with https. */
int cg_audit_host_has_tls(apr_pool_t *p, const cg_host *host);

#endif
