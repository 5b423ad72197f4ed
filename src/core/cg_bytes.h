/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_BYTES_H
#define CG_BYTES_H

#include <apr.h>

/** A set of bytes: one bit each. All zero is the empty set. */
typedef struct cg_bytes {
    unsigned char bits[32];
} cg_bytes;

/** Adds the bytes from..to, both included. */
void cg_bytes_add(cg_bytes *set, unsigned char from, unsigned char to);

/** Adds every member of other. */
void cg_bytes_join(cg_bytes *set, const cg_bytes *other);

/** Makes members of the others, and others of the members. */
void cg_bytes_invert(cg_bytes *set);

/** Adds the other case of every ASCII letter in it. */
void cg_bytes_fold(cg_bytes *set);

/** Takes away what cannot stand in an origin as browsers serialise it (URL, "host code points"
 *  that survive the host parser; IPv6 brackets, ports and schemes included). */
void cg_bytes_keep_origin(cg_bytes *set);

int cg_bytes_has(const cg_bytes *set, unsigned char byte);
unsigned cg_bytes_count(const cg_bytes *set);

/** Non-zero where each of the len bytes is a member. */
int cg_bytes_has_all(const cg_bytes *set, const char *text, apr_size_t len);

/** The member that stands for the set in an example: a letter before a digit before anything
 *  else; 0 where it is empty. */
unsigned char cg_bytes_typical(const cg_bytes *set);

/** Takes cg_bytes_typical out of a set that is not empty. */
unsigned char cg_bytes_take(cg_bytes *set);

/** The last letter of the set, else its last digit, else cg_bytes_typical. */
unsigned char cg_bytes_last(const cg_bytes *set);

/** Adds a POSIX class of PCRE: "alpha", "word".
 *  @return 0 where there is none of that name. */
int cg_bytes_add_class(cg_bytes *set, const char *name, apr_size_t len);

#endif
