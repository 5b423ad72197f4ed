/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SAMPLE_H
#define CG_SAMPLE_H

#include "cg_walk.h"

/** Requests by which one section is judged, where several lead to it. */
#define CG_SAMPLES_OF_SECTION_MAX 4
/** Requests of one host; where there would be more, the coverage tells. */
#define CG_SAMPLES_MAX 20000
/** Requests for .htaccess files, of all hosts together: a thousand hosts may see the same ten
 *  thousand files. */
#define CG_SAMPLES_OF_HTACCESS_MAX 100000

/** A request by which a section is judged. */
typedef struct cg_sample {
    const char *url;           /**< begins with "/" */
    const char *path;          /**< in place of what the URL is mapped to; NULL: as mapped */
    const cg_section *section; /**< what it was chosen for; NULL: what is outside all sections */
    unsigned is_forced : 1;    /**< no URL is known that leads to the section: cg_walk_force */
} cg_sample;

/** Requests of a host that meet, one by one, everything that says something about CORS there
 *  (has_policy or has_recipe): what is outside all sections at each of its roots, each section,
 *  those inside it, each .htaccess. A section of the main server that this host cannot reach has
 *  none.
 *  @param store NULL: without .htaccess files.
 *  @return an array of cg_sample. */
apr_array_header_t *cg_samples_of(apr_pool_t *p, const cg_host *host, cg_htaccess_store *store);

#endif
