/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_safelist.h"

#include "cg_token.h"

#include <apr_cstr.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* Fetch, "CORS-unsafe request-header byte". */
static int is_unsafe_byte(unsigned char byte)
{
    return (byte < 0x20 && byte != '\t') || byte == 0x7f || strchr("\"():<>?@[\\]{}", byte) != NULL;
}

static int is_accept(const char *value)
{
    for (; *value; value++) {
        if (is_unsafe_byte((unsigned char)*value))
            return 0;
    }
    return 1;
}

static int is_language(const char *value)
{
    for (; *value; value++) {
        unsigned char byte = cg_token_lower((unsigned char)*value);

        if (!(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9') &&
            !strchr(" *,-.;=", byte))
            return 0;
    }
    return 1;
}

/* The essence decides, parameters do not (MIME Sniffing, "parse a MIME type"). */
static int is_form_type(const char *value)
{
    static const char *const types[] = {"application/x-www-form-urlencoded", "multipart/form-data",
                                        "text/plain"};
    static const char space[] = " \t\r\n";
    apr_size_t len;

    if (!is_accept(value))
        return 0;
    value += strspn(value, space);
    len = strcspn(value, ";");
    while (len > 0 && strchr(space, value[len - 1]))
        len--;
    for (apr_size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (cg_token_is(value, len, types[i]))
            return 1;
    }
    return 0;
}

static const char *skip_digits(const char *text)
{
    return text + strspn(text, "0123456789");
}

/* Compares two numbers of any length. */
static int is_above(const char *number, const char *end, const char *other)
{
    apr_size_t len, other_len;

    while (*number == '0')
        number++;
    while (*other == '0')
        other++;
    len = number < end ? (apr_size_t)(end - number) : 0;
    other_len = strspn(other, "0123456789");
    return len != other_len ? len > other_len : strncmp(number, other, len) > 0;
}

/* One range with a start: "bytes=0-", "bytes=5-9" (Fetch, "parse a single range header value",
 * white space not allowed). */
static int is_range(const char *value)
{
    const char *start, *stop;

    if (strncmp(value, "bytes=", 6) != 0)
        return 0;
    start = value + 6;
    stop = skip_digits(start);
    if (stop == start || *stop != '-' || *skip_digits(stop + 1))
        return 0;
    return !stop[1] || !is_above(start, stop, stop + 1);
}

int cg_safelist_has(const char *name, const char *value)
{
    static const struct {
        const char *name;
        int (*passes)(const char *value);
    } headers[] = {{"Accept", is_accept},
                   {"Accept-Language", is_language},
                   {"Content-Language", is_language},
                   {"Content-Type", is_form_type},
                   {"Range", is_range}};

    if (strlen(value) > CG_SAFELIST_VALUE_MAX)
        return 0;
    for (apr_size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        if (apr_cstr_casecmp(name, headers[i].name) == 0)
            return headers[i].passes(value);
    }
    return 0;
}

static int by_name(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static const char *lower(apr_pool_t *p, const char *name)
{
    char *copy = apr_pstrdup(p, name);

    for (char *at = copy; *at; at++)
        *at = (char)cg_token_lower((unsigned char)*at);
    return copy;
}

static const char *join(apr_pool_t *p, apr_array_header_t *names)
{
    apr_array_header_t *unique = apr_array_make(p, names->nelts, sizeof(const char *));

    qsort(names->elts, (size_t)names->nelts, sizeof(const char *), by_name);
    for (int i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        if (i == 0 || strcmp(name, APR_ARRAY_IDX(names, i - 1, const char *)) != 0)
            APR_ARRAY_PUSH(unique, const char *) = name;
    }
    return unique->nelts > 0 ? apr_array_pstrcat(p, unique, ',') : NULL;
}

const char *cg_safelist_unsafe(apr_pool_t *p, const apr_table_t *headers)
{
    const apr_array_header_t *all = apr_table_elts(headers);
    const apr_table_entry_t *entries = (const apr_table_entry_t *)all->elts;
    apr_array_header_t *unsafe = apr_array_make(p, all->nelts + 1, sizeof(const char *));
    apr_array_header_t *safe = apr_array_make(p, all->nelts + 1, sizeof(const char *));
    apr_size_t safe_size = 0;

    for (int i = 0; i < all->nelts; i++) {
        const char *name = lower(p, entries[i].key);

        if (!cg_safelist_has(name, entries[i].val)) {
            APR_ARRAY_PUSH(unsafe, const char *) = name;
            continue;
        }
        APR_ARRAY_PUSH(safe, const char *) = name;
        safe_size += strlen(entries[i].val);
    }
    if (safe_size > CG_SAFELIST_VALUES_MAX)
        apr_array_cat(unsafe, safe);
    return join(p, unsafe);
}

int cg_safelist_needs_preflight(const char *method, const char *unsafe)
{
    return unsafe || !cg_method_safelisted(method, strlen(method));
}
