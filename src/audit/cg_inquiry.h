/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_INQUIRY_H
#define CG_INQUIRY_H

#include "cg_lines.h"
#include "cg_outcome.h"
#include "cg_reply.h"
#include "cg_sample.h"

/** Origins of which variants are tried. */
#define CG_INQUIRY_TRUSTED_MAX 8

/** Requests that differ in Origin, carried out on a configuration, for one URL of one host. */
typedef struct cg_inquiry {
    apr_array_header_t *replies;    /**< of const cg_reply *: to those requests that are served, not
                                       refused or redirected; the first has no Origin, if it is */
    apr_array_header_t *outcomes;   /**< of const cg_outcome *, one for each reply */
    apr_array_header_t *meant;      /**< of const char *: origins that the directives name, and that
                                       may read */
    apr_array_header_t *unresolved; /**< of cg_unresolved, of all requests, each directive once */
    unsigned is_cut : 1;            /**< not all origins that the directives name were tried */
    unsigned is_assumed : 1; /**< no request fulfilled the condition of the If that the sample is
                                  of: it was taken to hold */
} cg_inquiry;

/** Asks.
 *  @param lines of that walk.
 *  @param host the Host header. */
cg_inquiry *cg_inquiry_make(apr_pool_t *p, const cg_sample *sample, const cg_walk *walk,
                            const cg_lines *lines, const char *host);

#endif
