/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_TEXT_H
#define CG_TEXT_H

#include "cg_page.h"

#include <jansson.h>

/* The parts of the text output, for cg_write_text.c. */

/** So many places, lines or members of a list are shown; the number of the rest is told. All of
 *  them are in the JSON output. */
#define CG_TEXT_SHOWN_MAX 5

/** The findings, worst first, those accepted last. */
void cg_text_findings(cg_page *page, const json_t *report);

/** The hosts with their sections, and the names of the findings below each. */
void cg_text_hosts(cg_page *page, const json_t *report);

/** The line that counts the findings.
 *  @param where "3 hosts": in what they were found. */
void cg_text_summary(cg_page *page, const json_t *report, const char *where);

/** " (file:line)", or "" where there is no file. */
const char *cg_text_where(apr_pool_t *p, const json_t *place);

/** "1 host", "2 hosts", "2 directories" for "directory|directories". */
const char *cg_text_count(apr_pool_t *p, json_int_t count, const char *nouns);

#endif
