/* SPDX-License-Identifier: Apache-2.0 */
/* The headers that a page asks permission for, as the Fetch standard tells it. The input: header
 * lines, a name before the first colon. */
#include "fuzz.h"

#include "cg_safelist.h"

#include <apr_strings.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Fetch, "CORS-safelisted request-header", a value of each kind. */

static int has_unsafe_byte(const char *value)
{
    for (; *value; value++) {
        if ((*value > 0 && *value < 0x20 && *value != '\t') ||
            strchr("\"():<>?@[\\]{}\x7f", *value))
            return 1;
    }
    return 0;
}

static int is_language(const char *value)
{
    static const char allowed[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz *,-.;=";

    return strspn(value, allowed) == strlen(value);
}

static int is_form(apr_pool_t *p, const char *value)
{
    char *type = apr_pstrdup(p, value + strspn(value, " \t\r\n"));

    type[strcspn(type, ";")] = '\0';
    while (*type && strchr(" \t\r\n", type[strlen(type) - 1]))
        type[strlen(type) - 1] = '\0';
    return !has_unsafe_byte(value) &&
           (strcasecmp(type, "application/x-www-form-urlencoded") == 0 ||
            strcasecmp(type, "multipart/form-data") == 0 || strcasecmp(type, "text/plain") == 0);
}

/* Numbers of at most 122 digits, compared as text of one length. */
static int is_range(apr_pool_t *p, const char *value)
{
    apr_size_t first, last;
    const char *start, *stop, *zeros;

    if (strncmp(value, "bytes=", 6) != 0)
        return 0;
    start = value + 6;
    first = strspn(start, "0123456789");
    if (first == 0 || start[first] != '-')
        return 0;
    stop = start + first + 1;
    last = strspn(stop, "0123456789");
    if (stop[last])
        return 0;
    zeros = apr_psprintf(p, "%0130d", 0);
    return last == 0 || strcmp(apr_pstrcat(p, zeros + first, apr_pstrmemdup(p, start, first), NULL),
                               apr_pstrcat(p, zeros + last, stop, NULL)) <= 0;
}

static int is_safe(apr_pool_t *p, const char *name, const char *value)
{
    if (strlen(value) > 128)
        return 0;
    if (strcasecmp(name, "Accept") == 0)
        return !has_unsafe_byte(value);
    if (strcasecmp(name, "Accept-Language") == 0 || strcasecmp(name, "Content-Language") == 0)
        return is_language(value);
    if (strcasecmp(name, "Content-Type") == 0)
        return is_form(p, value);
    return strcasecmp(name, "Range") == 0 && is_range(p, value);
}

static int holds(const char *list, const char *name)
{
    apr_size_t len = strlen(name);

    while (list && *list) {
        apr_size_t each = strcspn(list, ",");

        if (each == len && strncasecmp(list, name, len) == 0)
            return 1;
        list += each + (list[each] == ',');
    }
    return 0;
}

/* Sorted, each once, lower case. */
static void check_order(apr_pool_t *p, const char *list)
{
    char *rest = apr_pstrdup(p, list), *name = NULL, *next;

    for (; rest; name = next) {
        next = rest;
        rest = strchr(rest, ',');
        if (rest)
            *rest++ = '\0';
        FUZZ_MUST(!name || strcmp(name, next) < 0);
        for (const char *at = next; *at; at++)
            FUZZ_MUST(!isupper((unsigned char)*at));
    }
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *rest = apr_pstrmemdup(p, text, len), *end = rest + len, *unsafe;
    apr_table_t *headers = apr_table_make(p, 4);
    const apr_table_entry_t *entries;
    apr_size_t sum = 0;
    int expected = 0;
    char *line;

    while ((line = fuzz_line(p, &rest, end))) {
        char *colon = strchr(line, ':');

        if (!colon || colon == line || memchr(line, ',', (apr_size_t)(colon - line)))
            continue;
        *colon = '\0';
        apr_table_addn(headers, line, colon + 1);
        if (is_safe(p, line, colon + 1))
            sum += strlen(colon + 1);
    }
    unsafe = cg_safelist_unsafe(p, headers);
    entries = (const apr_table_entry_t *)apr_table_elts(headers)->elts;
    for (int i = 0; i < apr_table_elts(headers)->nelts; i++) {
        int safe = is_safe(p, entries[i].key, entries[i].val);

        FUZZ_MUST((cg_safelist_has(entries[i].key, entries[i].val) != 0) == safe);
        if (safe && sum <= 1024)
            continue;
        FUZZ_MUST(holds(unsafe, entries[i].key));
        expected = 1;
    }
    FUZZ_MUST(!unsafe == !expected);
    if (unsafe)
        check_order(p, unsafe);
    FUZZ_MUST(cg_safelist_needs_preflight("GET", unsafe) == (unsafe != NULL));
}
