/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HEADER_EDIT_H
#define CG_HEADER_EDIT_H

#include "cg_header_line.h"

/** Header edit and edit*: replaces what the regex matches in each line of the header (see
 *  process_regexp in mod_headers). */
void cg_header_edit(cg_run *run, apr_table_t *table, const cg_header_line *line,
                    apr_array_header_t *used);

#endif
