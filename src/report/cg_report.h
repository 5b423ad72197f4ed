/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REPORT_H
#define CG_REPORT_H

#include <jansson.h>

/** What the audit writes: a JSON document (docs/audit.md). Text that is not UTF-8 is kept readable:
 *  its bytes become \xNN. */

#define CG_REPORT_SCHEMA 1

/** A document that says who wrote it, and its schema; the caller's to json_decref. */
json_t *cg_report_make(void);

/** A JSON string of any bytes; see above. NULL reads as "". */
json_t *cg_report_text(const char *text);

#endif
