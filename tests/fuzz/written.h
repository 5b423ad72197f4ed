/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WRITTEN_H
#define WRITTEN_H

#include <jansson.h>
#include <stdio.h>

/** What a writer wrote. */
typedef struct written {
    FILE *out;
    char *text;
    size_t len;
} written;

void written_begin(written *in);

/** Lines that a terminal shows as they are; the text is gone then. */
void written_end_with_lines(written *in);

/** One JSON document. The caller's. */
json_t *written_end_with_json(written *in);

#endif
