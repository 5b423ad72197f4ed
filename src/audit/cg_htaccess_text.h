/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_HTACCESS_TEXT_H
#define CG_HTACCESS_TEXT_H

#include "cg_identity.h"

#include <httpd.h>

/** The bytes of one .htaccess file, or why there are none. */
typedef struct cg_htaccess_text {
    const char *file;    /**< its path */
    const char *name;    /**< of AccessFileName */
    const char *bytes;   /**< ends in a line feed, and holds no NUL; NULL: not read */
    apr_size_t length;   /**< behind the line feed, bytes has its NUL */
    const char *problem; /**< NULL, or why bytes is not there: a clause */
    int status;          /**< 403: what httpd answers in the directory then; 0: not known */
} cg_htaccess_text;

/** Reads the first of several files that exists, as httpd's children could.
 *  @param directory ends in "/".
 *  @param names as AccessFileName has them.
 *  @return NULL where none exists. */
const cg_htaccess_text *cg_htaccess_text_read(apr_pool_t *p, const cg_identity *identity,
                                              const char *directory, const char *names);

/** Non-zero where the text says something that looks like CORS. */
int cg_htaccess_text_mentions_cors(const cg_htaccess_text *text);

#endif
