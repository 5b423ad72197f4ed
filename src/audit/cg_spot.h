/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SPOT_H
#define CG_SPOT_H

#include "cg_sample.h"

/** Where the samples of one host are collected. */
typedef struct cg_sampler {
    apr_pool_t *p;
    apr_pool_t *scratch; /**< cleared behind each walk */
    const cg_host *host;
    cg_htaccess_store *store;
    const apr_array_header_t *roots; /**< of cg_route, never empty; url is never NULL */
    apr_array_header_t *samples;
} cg_sampler;

/* Spots are samples of a section that it is not yet noted in: an array of cg_sample, at most
 * CG_SAMPLES_OF_SECTION_MAX. */

/** Those of a section that stands in no other. */
const apr_array_header_t *cg_spots_of(const cg_sampler *in, const cg_section *section);

/** Those of an .htaccess file. */
const apr_array_header_t *cg_spots_of_htaccess(const cg_sampler *in, const cg_section *section);

/** Those of a section inside another.
 *  @param around that one's. */
const apr_array_header_t *cg_spots_inside(const cg_sampler *in, const cg_section *section,
                                          const apr_array_header_t *around);

#endif
