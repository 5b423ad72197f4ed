/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_INQUIRY_H
#define CG_INQUIRY_H

#include "cg_lines.h"
#include "cg_outcome.h"
#include "cg_reply.h"
#include "cg_sample.h"

/** Origins of which variants are tried. */
#define CG_INQUIRY_TRUSTED_MAX 8
/** Directives that are told one by one, of which something cannot be told; and those that no request
 *  is answered by. Thousands of them tell no more, and would fill the report of every section. */
#define CG_INQUIRY_UNRESOLVED_MAX 200
/** The reason of the last of them, where there are more. */
#define CG_INQUIRY_MORE "this and what follows cannot be told: not all is listed"

/** Requests that differ in Origin, carried out on a configuration, for one URL of one host. */
typedef struct cg_inquiry {
    apr_array_header_t *replies;    /**< of const cg_reply *: to those requests that are served, not
                                       refused or redirected; the first has no Origin, if it is */
    apr_array_header_t *outcomes;   /**< of const cg_outcome *, one for each reply, as they are kept
                                       (cg_kept_outcome.h) */
    apr_array_header_t *meant;      /**< of const char *: origins that the directives name, and that
                                       may read */
    apr_array_header_t *unresolved; /**< of cg_unresolved, of all requests, each directive once */
    unsigned is_cut : 1;            /**< not all origins that the directives name were tried */
    unsigned is_spent : 1;          /**< nothing more was tried, since it took too many steps (see
                                       cg_work.h), of which unresolved has the last */
    unsigned is_assumed : 1; /**< no request fulfilled the condition of the If that the sample is
                                  of: it was taken to hold */
} cg_inquiry;

/** Asks.
 *  @param lines of that walk.
 *  @param host the Host header.
 *  @param work what may be spent. */
cg_inquiry *cg_inquiry_make(apr_pool_t *p, const cg_sample *sample, const cg_walk *walk,
                            const cg_lines *lines, const char *host, cg_work *work);

#endif
