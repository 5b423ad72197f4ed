/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_LOG_H
#define CG_LOG_H

#include "cg_guard.h"

/** Logs a denied request: at info, with origin, method, URI and the place of the policy that
 *  decided; at error where the policy itself is refused. Everything of the client's is quoted
 *  and bounded. */
void cg_log_denied(request_rec *r, const cg_guard *guard);

/** Logs that the policy of a cached answer could not be looked up, and what its lookup ended
 *  with. */
void cg_log_unresolved(request_rec *r, int status);

/** CorsGuard Report: logs how the application answered a preflight beside what the guard would
 *  have said. */
void cg_log_compared(request_rec *r, const cg_guard *guard);

#endif
