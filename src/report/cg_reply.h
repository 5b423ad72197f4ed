/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REPLY_H
#define CG_REPLY_H

#include "cg_variant.h"

#include <apr_tables.h>

/** A method and a header that no site means to allow. */
#define CG_REPLY_METHOD "CORS-AUDIT"
#define CG_REPLY_HEADER "x-cors-audit"

/** What the origin of a request has to do with what is audited. */
typedef enum cg_sender {
    CG_SENDER_NOBODY,  /**< the request has no Origin */
    CG_SENDER_OWN,     /**< the site's own */
    CG_SENDER_TRUSTED, /**< one that is known to be meant, or that an answer named */
    CG_SENDER_VARIANT  /**< one that nobody meant to trust: see variant */
} cg_sender;

/** A request, and what came back: sent to a running server (cors-audit probe), or carried out on a
 *  configuration (the audit). */
typedef struct cg_reply {
    cg_sender sender;
    const cg_variant *variant; /**< for CG_SENDER_VARIANT, else NULL */
    const char *origin;        /**< NULL: none is sent */
    const char *asked_method;  /**< Access-Control-Request-Method of a preflight; NULL: a GET */
    const char *asked_header;  /**< Access-Control-Request-Headers; NULL: none is sent */

    /* The answer. */
    const char *problem; /**< NULL, or why there is no answer */
    const char *address; /**< of the server; NULL: unknown */
    int status;
    apr_table_t *headers; /**< Access-Control-*, Vary and Location, a line each, as they came */
} cg_reply;

/** What a reply lets the origin do that it was sent for. */
typedef enum cg_permission {
    CG_PERMISSION_NONE,
    CG_PERMISSION_READ,            /**< it names the origin itself */
    CG_PERMISSION_READ_CREDENTIALS /**< with the user's credentials */
} cg_permission;
cg_permission cg_reply_permits(apr_pool_t *p, const cg_reply *reply);

/** The value of Access-Control-Allow-Origin (cg_browser_value). */
const char *cg_reply_acao(apr_pool_t *p, const cg_reply *reply, int *lines);

/** The members of the list in a header (cg_browser_members). */
apr_array_header_t *cg_reply_members(apr_pool_t *p, const cg_reply *reply, const char *header);

/** Non-zero where the list in a header has this member (cg_browser_lists). */
int cg_reply_has(apr_pool_t *p, const cg_reply *reply, const char *header, const char *member,
                 int is_caseless);

#endif
