/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_report_index.h"

#include <stdlib.h>

json_int_t cg_report_index_number(json_t *index, const json_t *value, json_int_t number)
{
    char *key = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const json_t *noted = key ? json_object_get(index, key) : NULL;

    if (noted)
        number = json_integer_value(noted);
    else if (key)
        json_object_set_new(index, key, json_integer(number));
    free(key);
    return number;
}

int cg_report_index_add(json_t *index, const json_t *value)
{
    char *key = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    int is_new = !key || !json_object_get(index, key);

    if (is_new && key)
        json_object_set_new(index, key, json_null());
    free(key);
    return is_new;
}
