/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_QUESTION_H
#define CG_QUESTION_H

#include "cg_work.h"

#include <apr_tables.h>

/** A request of which we ask what would come of it. */
typedef struct cg_question {
    const char *method;         /**< GET, OPTIONS, ... */
    const char *target;         /**< path and query, as sent */
    const char *host;           /**< the Host header, with its port where one is sent */
    const char *origin;         /**< NULL: none is sent */
    const apr_table_t *headers; /**< further request headers; may be NULL */
    cg_work *work; /**< counts the steps of this request and of others; NULL: nobody does */
    int is_literal; /**< the file must exist: else the answer is a 404. 0: the URL stands for others */
} cg_question;

#endif
