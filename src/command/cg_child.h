/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_CHILD_H
#define CG_CHILD_H

#include <apr_pools.h>
#include <apr_time.h>

/** What a program may write to its standard output; the report on a million hosts is smaller. */
#define CG_CHILD_OUTPUT_MAX (512UL * 1024 * 1024)
/** What is kept of its messages; the rest is read and thrown away. */
#define CG_CHILD_MESSAGES_MAX (64UL * 1024)

/** Bytes read so far, NUL-terminated. */
typedef struct cg_buffer {
    char *bytes;
    apr_size_t len;
    apr_size_t room;
    apr_size_t max; /**< at most so many are kept */
    int is_full;    /**< there were more */
} cg_buffer;

/** A program that is run once. */
typedef struct cg_child {
    const char *program;          /**< a path */
    const char *const *arguments; /**< argv, ended by NULL */
    const char *input;            /**< for its standard input; NULL: none */
    apr_interval_time_t timeout;  /**< it and what it started are killed then */
    const cg_buffer *out;         /**< what it wrote; with the rest filled by cg_child_run */
    const cg_buffer *err;
    int is_late;   /**< it was killed for its timeout */
    int exit_code; /**< or the number of a signal, where is_killed */
    int is_killed;
} cg_child;

/** Runs a program without a shell and waits for it; never longer than its timeout.
 *  @return NULL, or why it could not be run. */
const char *cg_child_run(apr_pool_t *p, cg_child *child);

/** Where a program is: a path with a slash as it is, a name as PATH has it, and then the folders
 *  of system programs, which an ordinary user's PATH lacks.
 *  @return NULL where there is none that may be run. */
const char *cg_child_find(apr_pool_t *p, const char *name);

#endif
