/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_SARIF_H
#define CG_SARIF_H

#include <apr_pools.h>
#include <jansson.h>

/* The parts of a SARIF 2.1.0 document, for cg_write_sarif.c, each with the section of the standard
 * that describes it. All that is returned is the caller's to json_decref. */

/** The catalogue as reportingDescriptors (3.49), in its order. */
json_t *cg_sarif_rules(void);

/** The level (3.27.10) of a severity's name: "error", "warning", "note". */
const char *cg_sarif_level(const char *severity);

/** A message (3.11). */
json_t *cg_sarif_message(const char *text);

/** The file of a place; where httpd names a macro in its stead, the file that uses it.
 *  @param line set to the line in that file. */
const char *cg_sarif_file(apr_pool_t *p, const json_t *place, int *line);

/** A location (3.28) of a place: its physicalLocation where it has a file. */
json_t *cg_sarif_location(apr_pool_t *p, const json_t *place);

/** Each place of a finding as a logicalLocation (3.33), without doublets, which SARIF forbids. */
json_t *cg_sarif_logical_locations(apr_pool_t *p, const json_t *places);

/** Further lines that take part: locations, each with an id, without doublets and without the
 *  first line. */
json_t *cg_sarif_related(apr_pool_t *p, const json_t *lines);

#endif
