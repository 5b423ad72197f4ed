/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_WORK_H
#define CG_WORK_H

#include <httpd.h>
#include <util_cfgtree.h>

/** Bounds on what carrying out directives may take, since whoever may write an .htaccess file may
 *  write one that takes hours. Steps are counted, and not the time, so that the report of a
 *  configuration is the same on every machine. A directive or condition that is tried is one step,
 *  CG_WORK_BYTES of text are one, and what takes longer says so. */

/** Steps of one request, behind which nothing more of it is carried out. Enough for the 10,000
 *  rounds of [N] that httpd permits to one rule. */
#define CG_WORK_OF_REQUEST_MAX 200000
/** Steps of all requests that are tried for one .htaccess file of a host; where none has a part in
 *  it, of all that are tried for one section. A fifth of it is enough for every recipe that the
 *  tests have. */
#define CG_WORK_MAX 10000000
/** Steps that a request takes in itself. */
#define CG_WORK_REQUEST 20
/** The same of a redirect inside httpd, which looks for all sections anew. */
#define CG_WORK_REDIRECT 200

/** Bytes of text that are made or searched in one step. */
#define CG_WORK_BYTES 64

/** What an answer takes that is kept, by the bytes of its headers: they are looked at again and
 *  again. */
#define CG_WORK_OF_KEPT(bytes) (2 * (bytes))

/** Steps that a regex takes which is not decided fast. */
#define CG_WORK_INSIST 500

/** Steps that were taken. */
typedef struct cg_work {
    unsigned spent;
    const ap_directive_t *last; /**< the directive that took the last step; NULL: none did */
} cg_work;

/** Takes steps of one request, and of all.
 *  @param of the request.
 *  @param all NULL: nobody counts them.
 *  @param by NULL: no directive.
 *  @return 0 where there were too many before: then nothing more is to be done. */
int cg_work_take(cg_work *of, cg_work *all, const ap_directive_t *by, apr_size_t steps);

/** Whether all that may be tried was. */
int cg_work_is_spent(const cg_work *all);

#endif
