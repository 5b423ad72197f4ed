/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_MESSAGE_H
#define CG_MESSAGE_H

#include <apr_pools.h>

/** Messages of cors-audit, on stderr: what was read, why that cannot be, what to do. Whatever they
 *  quote is made printable here (cg_page_printable): nothing steers the terminal. */

/** How cors-audit ends, whatever the format. */
enum {
    CG_EXIT_CLEAN = 0,
    CG_EXIT_FOUND = 1, /**< findings at or above --fail-on; for diff: something was widened */
    CG_EXIT_FAILED = 2 /**< not done, or not all of it */
};

/** One message, formatted as by apr_psprintf; "cors-audit: " is put before it.
 *  @return CG_EXIT_FAILED, for the caller to end with. */
int cg_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** What another program said, below a message: its lines, indented. */
void cg_say_lines(apr_pool_t *p, const char *text, apr_size_t len);

#endif
