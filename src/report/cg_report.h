/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REPORT_H
#define CG_REPORT_H

#include "cg_catalogue.h"
#include "cg_place.h"

#include <apr_tables.h>
#include <jansson.h>

/** The report of an audit: a JSON document of schema 1 (docs/audit.md). It is the model: whoever
 *  audits fills it by these functions, and each writer (cg_writer.h) makes one output of it. Text
 *  that is not UTF-8 is kept readable: its bytes become \xNN. */

#define CG_REPORT_SCHEMA 1

/** An empty report.
 *  @param generated when, as RFC 3339 in UTC. */
json_t *cg_report_make(const char *generated);

/** Adds a host; hosts stand in the order of adding.
 *  @param name ServerName, with ":port" where it has one.
 *  @param address as in <VirtualHost>, or "*".
 *  @return the host, for cg_report_add_policy; the report's. */
json_t *cg_report_add_host(json_t *report, const char *name, const char *address, unsigned port,
                           const cg_place *place);

/** Where one field of a policy was set. */
typedef struct cg_report_field {
    const char *directive; /**< "CorsAllowOrigin" */
    cg_place place;
} cg_report_field;

/** An effective policy. */
typedef struct cg_report_policy {
    const char *section;               /**< as written; "" outside all sections */
    cg_place place;                    /**< of the section; of the host where there is none */
    const char *mode;                  /**< "On", ... */
    const apr_array_header_t *origins; /**< of const char *: members, "*", "-https://...", regexes
                                            as "~ regex"; those below likewise, NULL: not set */
    apr_size_t origins_left_out;       /**< how many more there are than origins has */
    int credentials;
    const apr_array_header_t *methods;
    const apr_array_header_t *headers;
    const apr_array_header_t *expose;
    int max_age;                      /**< -1: not set */
    const apr_array_header_t *fields; /**< of cg_report_field */
    const apr_array_header_t *hosts;  /**< of const char *: further hosts of which the same is true,
                                           for a section of the main server; NULL: none */
} cg_report_policy;

void cg_report_add_policy(json_t *host, const cg_report_policy *policy);

/** What a finding is proved by. origin NULL: there is no witness. */
typedef struct cg_report_witness {
    const char *origin;
    const char *acao; /**< Access-Control-Allow-Origin as it would be sent */
    int credentials;
} cg_report_witness;

/** One finding in one host and section. */
typedef struct cg_report_finding {
    cg_find_id id;
    cg_confidence confidence;
    const char *summary; /**< one sentence; the same wherever the same lines are the cause */
    cg_report_witness witness;
    const char *host;
    const char *section;             /**< "" outside all sections */
    const apr_array_header_t *lines; /**< of cg_place: all that take part, the most telling first;
                                          never empty */
    const char *remedy;              /**< Cors* directives to paste, lines ended by \n */
    const char *address; /**< of the host, as was given to cg_report_add_host, to tell it
                                          from others of its name; NULL: not told */
    unsigned port;       /**< likewise, where address is not NULL */
} cg_report_finding;

/** Adds a finding. One with the same id and lines is there only once, with the places, the higher
 *  confidence and the first witness of all. */
void cg_report_add_finding(json_t *report, const cg_report_finding *finding);

/** Coverage. */
void cg_report_cover(json_t *report, unsigned hosts, unsigned sections, unsigned htaccess,
                     unsigned directories, unsigned links);

/** What was not read or resolved; the same is told once. */
void cg_report_add_unread(json_t *report, const char *path, const char *reason);
void cg_report_add_unresolved(json_t *report, const cg_place *place, const char *reason);

/** Sorts the findings, worst first, and counts them. Call it last; nothing can be added then. */
void cg_report_finish(json_t *report);

/** Counts anew, each finding once in however many places: "summary". Those that a baseline accepts
 *  as a whole are counted as accepted only. */
void cg_report_count(json_t *report);

/** A JSON string of any bytes; see above. NULL reads as "". */
json_t *cg_report_text(const char *text);

#endif
