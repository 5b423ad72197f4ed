/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_H
#define FUZZ_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <stdint.h>

/** Longer inputs are cut: more than the module takes anywhere but in lists from files. */
#define FUZZ_INPUT_MAX 16384

/** What a target is, each in a file of its own: takes any bytes, and fails where what must always
 *  hold does not.
 *  @param p lives for this input.
 *  @param text len bytes that stand right before a page that cannot be read. */
void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len);

/** What libFuzzer and replay.c call. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Something that must always hold. */
#define FUZZ_MUST(condition)                                                                       \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fuzz_fail(#condition, __FILE__, __LINE__);                                             \
    } while (0)

void fuzz_fail(const char *condition, const char *file, int line) __attribute__((noreturn));

/** Cuts the next line off. An input that is made of lines can be read by people, and a mutation of
 *  one leaves the others alone.
 *  @param rest where to go on; moved.
 *  @return a copy with a NUL in place of its end; NULL where nothing is left. */
char *fuzz_line(apr_pool_t *p, const char **rest, const char *end);

/** Cuts a text at blanks: an array of const char *. */
apr_array_header_t *fuzz_words(apr_pool_t *p, const char *text);

/** Non-zero where a message is one line of ASCII that a terminal shows, and nothing else. */
int fuzz_is_plain(const char *text);

#endif
