/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_QUOTE_H
#define CG_QUOTE_H

#include <apr_pools.h>

/** A message quotes at most this much of what it was given; a hostile value must not fill the
 *  log. */
#define CG_QUOTE_MAX 330

/** Text in double quotes, fit for a message: control and non-ASCII bytes, quotes and backslashes
 *  escaped as \xNN, cut after CG_QUOTE_MAX bytes with "..." behind the closing quote.
 *  @param text len bytes of it, any bytes; NULL reads as nothing. */
const char *cg_quote(apr_pool_t *p, const char *text, apr_size_t len);

#endif
