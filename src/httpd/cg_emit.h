/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_EMIT_H
#define CG_EMIT_H

#include "cg_guard.h"

/** Makes r's response headers say what was decided: every Access-Control-* header that anybody
 *  else put into either table is removed, ours are set once, Vary is completed. */
void cg_emit_headers(request_rec *r, const cg_guard *guard);

/** Registers the output filter that does so when the response's headers are complete. */
void cg_emit_register(void);

/** Adds that filter to a main request's response. Adding it again is harmless. */
void cg_emit_add(request_rec *r, const cg_guard *guard);

#endif
