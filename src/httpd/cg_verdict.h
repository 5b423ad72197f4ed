/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_VERDICT_H
#define CG_VERDICT_H

#include "cg_origins.h"

/** A process keeps what it found of so many regexes, each of so many bytes at most. An .htaccess
 *  is read on every request, and its regexes need not be probed each time. */
#define CG_VERDICTS_MAX 256
#define CG_VERDICT_TEXT_MAX 1024

/** Prepares for keeping verdicts, as long as p lives. Call before any thread runs. */
void cg_verdict_open(apr_pool_t *p);

/** As cg_witness_find for a compiled regex; what was found before is not looked for again. Any
 *  thread may call it.
 *  @param p scratch; witness' strings live at least as long. */
void cg_verdict_find(apr_pool_t *p, const cg_matcher *matcher, cg_witness *witness);

#endif
