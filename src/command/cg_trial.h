/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_TRIAL_H
#define CG_TRIAL_H

#include "cg_client.h"
#include "cg_page.h"
#include "cg_reply.h"

#include <jansson.h>

/** Requests to one URL; what is not asked then is told. */
#define CG_TRIAL_REQUESTS_MAX 120
/** All of them take no longer than so many single ones may. */
#define CG_TRIAL_TIMEOUTS 6
/** Origins of which variants are tried: the site's own, those of --origin, those it names. */
#define CG_TRIAL_TRUSTED_MAX 6
/** Origins for which preflights are sent. */
#define CG_TRIAL_PREFLIGHTS_MAX 4

/** All that one URL was asked. */
typedef struct cg_trial {
    cg_site site;
    apr_array_header_t *trusted; /**< of const char *: the site's own origin first */
    apr_array_header_t *replies; /**< of cg_reply *, in the order of asking */
    const char *problem;         /**< NULL, or why not everything could be asked */
} cg_trial;

/** Asks a site. */
cg_trial *cg_trial_run(apr_pool_t *p, cg_client *client, const cg_options *options,
                       const cg_site *site);

/** Whether a reply is that of the resource: not one that says that something does not work, or that
 *  too much was asked. */
int cg_trial_is_ordinary(const cg_reply *reply);

/** Adds what is wrong to a report (cg_report.h). */
void cg_trial_judge(apr_pool_t *p, const cg_trial *trial, json_t *report);

/** The member of "probes" of a report (docs/audit.md); the caller's. */
json_t *cg_trial_json(const cg_trial *trial);

/** For people: each different answer once, with those who got it. */
void cg_trial_write_text(apr_pool_t *p, const cg_trial *trial, cg_page *page);

#endif
