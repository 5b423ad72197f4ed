/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_PAGE_H
#define CG_PAGE_H

#include "cg_catalogue.h"

#include <apr_pools.h>
#include <stdio.h>

/** As wide as a terminal is for sure. */
#define CG_PAGE_WIDTH 80
/** What each level stands further to the right. */
#define CG_PAGE_INDENT 4

/** Text for people on its way out. */
typedef struct cg_page {
    FILE *out;
    int colour;
    apr_pool_t *p; /**< cleared behind each line */
} cg_page;

/** A page; cg_page_end gives back what it holds. */
void cg_page_begin(cg_page *page, FILE *out, int colour);

/** Ends it.
 *  @return non-zero where all of it was written. */
int cg_page_end(cg_page *page);

/** A copy in which each byte that is no printable character is escaped: \xNN for controls and for
 *  bytes that are not UTF-8, \uNNNN for what is invisible or turns the direction of text. A
 *  backslash stays as it is: regexes have many. */
const char *cg_page_printable(apr_pool_t *p, const char *text);

/** Writes a paragraph, made printable and broken at spaces; a word that is longer than a line
 *  stands by itself. Formatted as by apr_psprintf.
 *  @param level of indentation; the lines behind the first stand one level further. */
void cg_page_put(cg_page *page, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** The same with the paragraph's lines straight below each other. */
void cg_page_block(cg_page *page, int level, const char *text);

/** Lines to paste: each is indented and made printable, and none is broken. */
void cg_page_paste(cg_page *page, int level, const char *lines);

/** The name of a severity in front of a text, in its colour. */
void cg_page_severity(cg_page *page, const char *severity, const char *rest);

void cg_page_empty_line(cg_page *page);

#endif
