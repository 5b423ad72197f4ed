/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_DIRECTIVE_H
#define CG_DIRECTIVE_H

#include "cg_policy.h"

#include <httpd.h>
#include <http_config.h>

/* The directives' names, shared by the table and the messages. */
#define CG_GUARD "CorsGuard"
#define CG_ALLOW_ORIGIN "CorsAllowOrigin"
#define CG_ALLOW_ORIGIN_FILE "CorsAllowOriginFile"
#define CG_ALLOW_ORIGIN_MATCH "CorsAllowOriginMatch"
#define CG_ALLOW_CREDENTIALS "CorsAllowCredentials"
#define CG_ALLOW_METHODS "CorsAllowMethods"
#define CG_ALLOW_HEADERS "CorsAllowHeaders"
#define CG_EXPOSE_HEADERS "CorsExposeHeaders"
#define CG_MAX_AGE "CorsMaxAge"
#define CG_PREFLIGHT_STATUS "CorsPreflightStatus"
#define CG_PREFLIGHT "CorsPreflight"
#define CG_SELF_ORIGIN "CorsSelfOrigin"
#define CG_DANGEROUSLY_ALLOW "CorsDangerouslyAllow"
#define CG_AUDIT "CorsAudit"

/** A section's record is a cg_policy and nothing else; httpd's create and merge functions for
 *  it. */
void *cg_directive_create_policy(apr_pool_t *p, char *section);
void *cg_directive_merge_policy(apr_pool_t *p, void *base, void *add);

/* The setters: httpd calls each once for each argument (ITERATE), or once (TAKE1). conf is a
 * cg_policy; the error they return is httpd's to print. A setter returns an error too where the
 * section, as read so far, is refused by a rule that nothing lifts, so that the order of two
 * directives does not matter. */
const char *cg_directive_guard(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_allow_origin(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_allow_origin_file(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_allow_origin_match(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_allow_credentials(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_allow_methods(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_allow_headers(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_expose_headers(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_max_age(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_preflight_status(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_preflight(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_self_origin(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_dangerously_allow(cmd_parms *cmd, void *conf, const char *arg);
const char *cg_directive_audit(cmd_parms *cmd, void *conf, const char *arg);

/* For the setters' own files. */

/** Where the directive that is being read stands. */
cg_place cg_directive_place(const cmd_parms *cmd);

/** A setter's error: "CorsX: why", with the line number in front where httpd leaves it out
 *  (.htaccess). */
const char *cg_directive_refuse(const cmd_parms *cmd, const char *why);

/** Why the directive may not stand here, else NULL; forbidden: httpd's NOT_IN_… bits.
 *  NOT_IN_LIMIT is always asked. */
const char *cg_directive_misplaced(cmd_parms *cmd, unsigned forbidden);

/** The refusal of a section that a rule refuses whatever stands elsewhere, else NULL. */
const char *cg_directive_conflict(const cmd_parms *cmd, const cg_policy *policy);

#endif
