/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_CLIENT_H
#define CG_CLIENT_H

#include "cg_subcommand.h"
#include "cg_reply.h"
#include "cg_site.h"

/** What is read of a body before the connection is closed: enough to keep the connection for most
 *  pages. */
#define CG_CLIENT_BODY_MAX (64UL * 1024)
/** And for how long after the header, for bodies that come by drops (server-sent events). */
#define CG_CLIENT_BODY_WAIT APR_USEC_PER_SEC
/** The header lines of one answer, in bytes; servers and browsers refuse less. */
#define CG_CLIENT_HEADER_MAX (128UL * 1024)
/** What is kept of it: lines about CORS, those that continue one included, and their bytes. Ten
 *  lines would be many, and long lists of names have 4 KiB; a hostile list costs memory and time
 *  for each of its members, in each of the answers. */
#define CG_CLIENT_LINES_MAX 64
#define CG_CLIENT_KEPT_MAX (16UL * 1024)
/** One answer takes no longer, unless --timeout says otherwise. */
#define CG_CLIENT_TIMEOUT (10 * APR_USEC_PER_SEC)

/** Sends the requests of a probe, one after the other, over connections that it keeps. It has no
 *  cookies, no passwords and no proxy of the user's, and follows no redirect. */
typedef struct cg_client cg_client;

/** @return NULL where libcurl cannot be had. */
cg_client *cg_client_make(apr_pool_t *p, const cg_options *options);

/** Sends a request to a site and fills what came back in reply. */
void cg_client_send(apr_pool_t *p, cg_client *client, const cg_site *site, cg_reply *reply);

#endif
