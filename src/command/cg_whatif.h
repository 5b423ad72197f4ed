/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_WHATIF_H
#define CG_WHATIF_H

#include "cg_subcommand.h"
#include "cg_site.h"

#include <jansson.h>
#include <stdio.h>

/** What would happen if a page made a request. */
typedef struct cg_whatif {
    cg_site site;
    const char *origin; /**< of the page */
    const char *method; /**< as the browser sends it */
    apr_table_t *headers;
    const char *asked; /**< names that need permission (cg_safelist_unsafe); NULL: none */
    int credentials;
    int is_same_origin; /**< the page's own site: a browser asks nobody */
    int has_preflight;

    /* Filled by cg_whatif_judge: the answers, of the document, and why a browser is not content
     * with them; NULL where it is. */
    const json_t *preflight; /**< NULL where there is none */
    const json_t *request;
    const char *preflight_refused;
    const char *refused;
    int is_unsure; /**< the configuration alone does not tell everything */
} cg_whatif;

/** Reads the command line. @return zero where a page cannot do that, and it was said why. */
int cg_whatif_read(apr_pool_t *p, const cg_options *options, cg_whatif *whatif);

/** The questions to the module: the preflight first, where there is one. The caller's. */
json_t *cg_whatif_questions(const cg_whatif *whatif);

/** What a browser makes of the answers.
 *  @param document as DUMP_CORS_EXPLAIN writes it, checked; whatif points into it.
 *  @return zero where there was none, and it was said why. */
int cg_whatif_judge(apr_pool_t *p, const json_t *document, cg_whatif *whatif);

/** For people. */
void cg_whatif_write_text(const cg_whatif *whatif, FILE *out, int colour);

/** As JSON (docs/audit.md): the caller's. */
json_t *cg_whatif_json(const json_t *document, const cg_whatif *whatif);

#endif
