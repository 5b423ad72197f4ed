/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_REGEX_ATOM_H
#define CG_REGEX_ATOM_H

#include "cg_bytes.h"

/** A regex (PCRE2 syntax) while cg_regex_parse reads it; for cg_regex_*.c only. */
typedef struct cg_regex_reader {
    const char *at;  /**< the next byte; at most end */
    const char *end; /**< behind the last byte */
    unsigned caseless : 1;
    unsigned extended : 1;      /**< (?x): white space and #comments are not read */
    unsigned extended_more : 1; /**< (?xx): nor blanks in a class */
    unsigned quoting : 1;       /**< behind \Q */
    const char *unclear;        /**< the first thing that was not understood; NULL: none */
} cg_regex_reader;

/** Why a regex cannot be judged. */
#define CG_REGEX_NOT_JUDGED "it holds a construct that cannot be judged, such as a back reference"
#define CG_REGEX_NOT_CLOSED "it holds a bracket that is not closed"

/** Says that something was not understood; only the first reason is kept. */
void cg_regex_unclear(cg_regex_reader *r, const char *why);

/** As cg_regex_unclear, and leaves the rest of the regex unread. */
void cg_regex_give_up(cg_regex_reader *r, const char *why);

/** Moves behind the next c; unclear where there is none. */
void cg_regex_skip_behind(cg_regex_reader *r, char c);

/** Moves behind the next byte if it is c. @return non-zero where it was. */
int cg_regex_take(cg_regex_reader *r, char c);

/** Non-zero where text comes next. */
int cg_regex_sees(const cg_regex_reader *r, const char *text);

/** Reads an escape, behind its backslash.
 *  @param out set to the bytes it matches one of.
 *  @return 0 where it matches no byte: an anchor, \Q, \E, or what was not understood. */
int cg_regex_read_escape(cg_regex_reader *r, cg_bytes *out);

/** Reads a class, behind its "[". out: the bytes it matches, of both cases under (?i). */
void cg_regex_read_class(cg_regex_reader *r, cg_bytes *out);

#endif
