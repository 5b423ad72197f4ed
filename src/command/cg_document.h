/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_DOCUMENT_H
#define CG_DOCUMENT_H

#include <apr_pools.h>
#include <apr_time.h>
#include <jansson.h>

/** The largest file that is read: as large as a report can be (CG_CHILD_OUTPUT_MAX). */
#define CG_DOCUMENT_MAX (512UL * 1024 * 1024)

/** Reads JSON. @param from what is named in messages, such as a file.
 *  @return the caller's to json_decref; NULL where it is none, and it was said why. */
json_t *cg_document_parse(const char *from, const char *text, apr_size_t len);

/** The same from a file. */
json_t *cg_document_read(apr_pool_t *p, const char *file);

/** Whether a document was written by this module and is of a schema that is known here; says why
 *  it is not. */
int cg_document_check(const char *from, const json_t *document);

/** Whether such a document is a report of an audit or a probe; says where it is not. */
int cg_document_check_report(const char *from, const json_t *document);

/** A report that was written to a file, checked; as cg_document_read. */
json_t *cg_document_report(apr_pool_t *p, const char *file);

/** A day in UTC, as "2027-01-31"; a moment in UTC as in RFC 3339. */
const char *cg_document_day(apr_pool_t *p, apr_time_t when);
const char *cg_document_moment(apr_pool_t *p, apr_time_t when);

#endif
