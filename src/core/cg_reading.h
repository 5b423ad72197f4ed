/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_READING_H
#define CG_READING_H

#include "cg_pattern.h"

/** One configured text while cg_pattern_parse reads it; for cg_pattern.c, cg_pattern_host.c and
 *  cg_reading.c only. A function that returns 0 has refused the text. Every text in it is of
 *  pool p and NUL-terminated. */
typedef struct cg_reading {
    apr_pool_t *p;
    int depth;          /**< repairs that this text is nested in */
    const char *why;    /**< what is wrong, one clause */
    const char *advice; /**< what to do, one clause */
    const char *write;  /**< what can be written instead, tried; NULL where nothing is known */
} cg_reading;

/** The text cut up, in lower case; filled from left to right. */
typedef struct cg_parts {
    const char *scheme;
    cg_scheme_kind kind;
    char *authority;  /**< host and port */
    const char *host; /**< without "*."; an IPv6 host with its brackets */
    cg_host_kind host_kind;
    unsigned port; /**< 0: none, or the scheme's own */
    int any_port;
    int subdomains;
} cg_parts;

/** Refuses the text. @return 0 */
int cg_refuse(cg_reading *r, const char *why, const char *advice);

/** Refuses the text and suggests what instead becomes once it has been read, and repaired,
 *  itself. Where that comes to nothing, what is wrong with instead is said too. @return 0 */
int cg_repair(cg_reading *r, const char *why, const char *instead);

/** Refuses what no origin may hold: nothing, too much, control bytes, encodings but UTF-8. */
int cg_check_bytes(cg_reading *r, const char *text, apr_size_t len);

/** Refuses what is not one origin: words, quoted text, lists, regular expressions. */
int cg_check_shape(cg_reading *r, const char *text);

/** Reads parts->host, after the port was cut off: "*.", a name with its A-labels, an address. */
int cg_read_host(cg_reading *r, cg_parts *parts);

/** The normalised text of parts, with a host that may be another. */
char *cg_parts_text(cg_reading *r, const cg_parts *parts, const char *host);

/** cg_pattern_parse, for one reading. */
int cg_read_text(cg_reading *r, const char *text, apr_size_t len, cg_pattern *out);

#endif
