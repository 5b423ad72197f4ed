/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REPLY_H
#define CG_REPLY_H

#include "cg_variant.h"

#include <apr_tables.h>

/** What the origin of a request has to do with the site that is probed. */
typedef enum cg_sender {
    CG_SENDER_NOBODY,  /**< the request has no Origin */
    CG_SENDER_OWN,     /**< the site's own */
    CG_SENDER_TRUSTED, /**< one of --origin, or one that the site named in an answer */
    CG_SENDER_VARIANT  /**< one that nobody meant to trust: see variant */
} cg_sender;

/** A request of a probe, and what came back. */
typedef struct cg_reply {
    cg_sender sender;
    const cg_variant *variant; /**< for CG_SENDER_VARIANT, else NULL */
    const char *origin;        /**< NULL: none is sent */
    const char *asked_method;  /**< Access-Control-Request-Method of a preflight; NULL: a GET */
    const char *asked_header;  /**< Access-Control-Request-Headers; NULL: none is sent */

    /* Filled by cg_client_send. */
    const char *problem; /**< NULL, or why there is no answer */
    const char *address; /**< of the server; NULL: unknown */
    int status;
    apr_table_t *headers; /**< Access-Control-*, Vary and Location, a line each, as they came */
} cg_reply;

#endif
