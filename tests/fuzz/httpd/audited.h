/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUDITED_H
#define AUDITED_H

#include "cg_inventory.h"
#include "cg_question.h"

#include <jansson.h>

/** Writes a file, or fails. */
void audited_write(const char *path, const char *text, apr_size_t len);

/** The report of some hosts, which is whole, shows on a terminal, and is the same when it is made
 *  again; the caller's. */
json_t *audited_report(apr_pool_t *p, const apr_array_header_t *hosts);

/** Reads a request as httpd lets one in: method, target and origin on the first line, header lines
 *  up to an empty one.
 *  @param rest where to go on; moved.
 *  @return 0 where it is none. */
int audited_question(apr_pool_t *p, const char **rest, const char *end, cg_question *question);

/** Explains what a request to localhost gets. */
void audited_explain(apr_pool_t *p, const apr_array_header_t *hosts, const cg_question *question);

#endif
