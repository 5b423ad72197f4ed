/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_H
#define SERVER_H

#include <apr_pools.h>

/** A server that answers what an input says, in place of libcurl: cg_client.c finds the functions of
 *  server.c. One answer after the other, the first again behind the last; a line "=" stands between
 *  two. Of an answer, each line up to an empty one is a header line, $O in it the Origin that asked;
 *  then comes the body up to the next empty line, then the trailer's lines. "!28 text" in the first
 *  line: it ends with that CURLcode, and libcurl's words are that text.
 *  @param end of the input; both are kept until the next call. */
void server_begin(apr_pool_t *p, const char *text, const char *end);

/** How many requests came since. */
int server_requests(void);

/** The header lines that request number i was sent, interim answers' too; len of them. */
const char *server_header(int i, apr_size_t *len);

#endif
