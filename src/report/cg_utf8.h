/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CG_UTF8_H
#define CG_UTF8_H

#include <apr.h>

/** Reads one character (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
 *  @param text NUL-terminated; nothing behind the NUL is read.
 *  @param code set to the character where there is one.
 *  @return how many bytes it has, 1 to 4; 0 where the first byte begins none, and for the NUL. */
apr_size_t cg_utf8_next(const char *text, apr_uint32_t *code);

#endif
