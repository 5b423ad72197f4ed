/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_EXPLAIN_QUESTION_H
#define CG_EXPLAIN_QUESTION_H

#include "cg_question.h"

#include <jansson.h>

/** A question of the document, read. */
typedef struct cg_explain_question {
    const char *url; /**< as written */
    cg_question asked;
    const char *path; /**< of the URL, as sent, without its query */
    const char *name; /**< the Host header without its port, in lower case, no brackets */
    const char *at;   /**< the URL's host, as name: what is connected to */
    unsigned port;    /**< the port connected to */
} cg_explain_question;

/** httpd's default limit of a request's first line and of a header, in bytes: what is longer it
 *  refuses. */
#define CG_EXPLAIN_TEXT_MAX 8190

/** Reads {"url", "method", "origin", "headers"}. A Host among the headers is sent in place of the
 *  URL's; an Origin among them joins the origin, as two header lines would.
 *  @param json lives as long as the question.
 *  @return NULL, or why it cannot be asked. */
const char *cg_explain_question_read(apr_pool_t *p, const json_t *json,
                                     cg_explain_question *question);

#endif
