/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FENCED_H
#define FENCED_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/** Copies up to 64 KiB so that the first byte behind them cannot be read: an over-read is a crash.
 *  The copy is good until the next call. */
static inline char *unit_fenced(const char *text, size_t len)
{
    static const size_t room = 1 << 16;
    static char *pages;

    if (!pages) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);

        pages = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED || mprotect(pages + room, page, PROT_NONE) != 0)
            abort();
    }
    if (len > room)
        abort();
    return memcpy(pages + room - len, text, len);
}

#endif
