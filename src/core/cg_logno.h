/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_LOGNO_H
#define CG_LOGNO_H

/** The ids of this module's log messages, in one place: never AH, which are httpd's own.
 *  docs/messages.md explains each; a test keeps the two lists equal. An id is never used again. */
#define CG_LOG_DENIED "CG0001: "           /* info: an actual request was denied */
#define CG_LOG_PREFLIGHT_DENIED "CG0002: " /* info: a preflight was denied */
#define CG_LOG_WOULD_DENY "CG0003: "       /* info: Report mode would have denied it */
#define CG_LOG_POLICY_INVALID "CG0004: "   /* error: a request's merged policy is refused */
#define CG_LOG_COMPARED "CG0005: "         /* info: Report mode, an application's preflight */
#define CG_LOG_UNRESOLVED "CG0006: "       /* error: a cached answer's policy is unknown */
#define CG_LOG_REFUSED "CG0101: "          /* error: a policy is refused at load */
#define CG_LOG_MAY_MEET "CG0102: "         /* warn: sections that may meet are unsound together */
#define CG_LOG_REFUSED_COUNT "CG0103: "    /* error: how many policies were refused */
#define CG_LOG_LAYERS "CG0104: "           /* warn: a Header line that a policy makes useless */
#define CG_LOG_EMPTY_FILE "CG0105: "       /* warn: a CorsAllowOriginFile without origins */

#endif
