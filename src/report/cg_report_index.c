/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_report_index.h"

#include <stdlib.h>

json_t *cg_report_index_of(json_t *index, const json_t *value, int *is_new)
{
    char *key = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    json_t *noted = key ? json_object_get(index, key) : NULL;

    *is_new = !noted;
    if (!noted && key) {
        noted = json_object();
        json_object_set_new(index, key, noted);
    }
    free(key);
    return noted;
}

int cg_report_index_add(json_t *index, const json_t *value)
{
    int is_new;

    cg_report_index_of(index, value, &is_new);
    return is_new;
}
