/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_DECIDE_H
#define CG_DECIDE_H

#include "cg_policy.h"

/** What a request is to the guard; the values of CORS_GUARD. */
typedef enum cg_state {
    CG_STATE_NONE, /**< no Origin: nothing to decide */
    CG_STATE_SAME_ORIGIN,
    CG_STATE_ALLOWED,
    CG_STATE_DENIED,
    CG_STATE_PREFLIGHT_ALLOWED,
    CG_STATE_PREFLIGHT_DENIED
} cg_state;

/** Why a request is denied; the values of CORS_GUARD_REASON. */
typedef enum cg_reason {
    CG_REASON_NONE,
    CG_REASON_ORIGIN_NOT_ALLOWED,
    CG_REASON_ORIGIN_MALFORMED,
    CG_REASON_METHOD_NOT_ALLOWED,
    CG_REASON_HEADER_NOT_ALLOWED,
    CG_REASON_POLICY_INVALID
} cg_reason;

/** A request header's value, or NULL. */
typedef const char *(*cg_header_fn)(const void *request, const char *name);

/** The scheme by which clients reach this site, as httpd knows it. */
typedef const char *(*cg_scheme_fn)(const void *request);

/** What a decision needs to know of a request. What most decisions do not need is asked for when
 *  it is needed. */
typedef struct cg_facts {
    const char *method;
    const char *origin; /**< NULL: none was sent */
    const char *host;   /**< NULL: unknown; an IPv6 address without brackets, as httpd has it */
    unsigned port;      /**< as in the Host header; 0: none there */
    cg_header_fn header;
    cg_scheme_fn scheme;
    const void *request; /**< for header and scheme */
} cg_facts;

/** A decision. Its pointers point into the facts and the policy. */
typedef struct cg_decision {
    cg_state state;
    cg_reason reason;
    const char *allow_origin; /**< Access-Control-Allow-Origin, or NULL where none is sent */
} cg_decision;

/** Decides a request (Fetch, "CORS check" and "CORS-preflight fetch", seen from the server; design
 *  §5). A preflight is OPTIONS with an Origin and a non-empty Access-Control-Request-Method.
 *  Allocates nothing.
 *  @param policy the effective policy, in effect. */
cg_decision cg_decide(const cg_policy *policy, const cg_facts *facts);

/** The same for a request without an Origin, of which nothing else needs to be known. */
cg_decision cg_decide_without_origin(const cg_policy *policy);

static inline int cg_state_preflight(cg_state state)
{
    return state == CG_STATE_PREFLIGHT_ALLOWED || state == CG_STATE_PREFLIGHT_DENIED;
}

static inline int cg_state_denied(cg_state state)
{
    return state == CG_STATE_DENIED || state == CG_STATE_PREFLIGHT_DENIED;
}

const char *cg_state_name(cg_state state);

/** The slug, or NULL for CG_REASON_NONE. */
const char *cg_reason_name(cg_reason reason);

#endif
