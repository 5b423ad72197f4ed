/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_member.h"

#include <apr.h>

const char *cg_member_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

int cg_member_number(const json_t *object, const char *name)
{
    json_int_t number = json_integer_value(json_object_get(object, name));

    return number < 0 || number > APR_INT32_MAX ? 0 : (int)number;
}

const char *cg_element_text(const json_t *array, size_t at)
{
    const char *text = json_string_value(json_array_get(array, at));

    return text ? text : "";
}
