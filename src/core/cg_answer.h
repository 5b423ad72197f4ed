/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_ANSWER_H
#define CG_ANSWER_H

#include "cg_decide.h"

#include <apr_tables.h>

/** What follows from a decision, beside headers. */
typedef struct cg_course {
    unsigned char report; /**< CorsGuard Report: the response stays as it is */
    unsigned char answer; /**< a preflight that the guard answers itself */
    unsigned char refuse; /**< CorsGuard Enforce: the client gets 403 */
} cg_course;

static inline cg_course cg_answer_course(const cg_policy *policy, cg_state state)
{
    cg_mode mode = cg_policy_mode(policy);
    int report = mode == CG_MODE_REPORT;
    int forward = policy->forward && policy->forward->value;

    return (cg_course){.report = report,
                       .answer = !report && cg_state_preflight(state) && !forward,
                       .refuse = mode == CG_MODE_ENFORCE && cg_state_denied(state)};
}

/** The status with which the guard answers a preflight itself. */
int cg_answer_status(const cg_policy *policy, cg_state state);

/** How a request is asked for what a preflight asks for. */
typedef struct cg_answer_asked {
    cg_header_fn header;
    const void *request; /**< for header */
} cg_answer_asked;

/** Makes response headers say what was decided: every Access-Control-* header that anybody else put
 *  into either table is removed, ours are set once, Vary is completed.
 *  @param out httpd's headers_out; what is made lives in its pool.
 *  @param err httpd's err_headers_out. */
void cg_answer_write(const cg_policy *policy, const cg_decision *decision,
                     const cg_answer_asked *asked, apr_table_t *out, apr_table_t *err);

#endif
