/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_REPORT_H
#define UNIT_REPORT_H

#include "unit.h"

#include "cg_member.h"
#include "cg_report.h"

#include <apr_strings.h>

/** Reads JSON in which ' stands for ". The caller's to json_decref. */
static inline json_t *report_read(const char *text)
{
    char *copy = strdup(text);
    json_error_t error;
    json_t *read;

    for (char *byte = copy; *byte; byte++)
        *byte = *byte == '\'' ? '"' : *byte;
    read = json_loads(copy, JSON_DECODE_ANY, &error);
    if (!read)
        fail_msg("%s: %s", copy, error.text);
    free(copy);
    return read;
}

/** Fails unless value is what the text says, as for report_read; the order of members does not
 *  matter. */
static inline void report_expect(const json_t *value, const char *text)
{
    json_t *expected = report_read(text);

    if (!json_equal(value, expected)) {
        char *was = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS),
             *should = json_dumps(expected, JSON_ENCODE_ANY | JSON_SORT_KEYS);

        print_error("is        %s\nshould be %s\n", was, should);
        fail();
    }
    json_decref(expected);
}

/** What a writer writes, in the pool. */
static inline const char *report_written(apr_pool_t *p, int (*write)(const json_t *, FILE *),
                                         const json_t *value)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    const char *copy;

    assert_non_null(out);
    assert_int_equal(write(value, out), 1);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(strlen(text), len);
    copy = apr_pstrmemdup(p, text, len);
    free(text);
    return copy;
}

/** Lines that take part: of cg_place, made of "file:line file:line". */
static inline apr_array_header_t *report_lines(apr_pool_t *p, const char *text)
{
    apr_array_header_t *lines = apr_array_make(p, 2, sizeof(cg_place));
    char *rest = apr_pstrdup(p, text), *word;

    while ((word = apr_strtok(rest, " ", &rest)) != NULL) {
        char *colon = strrchr(word, ':');

        *colon = '\0';
        APR_ARRAY_PUSH(lines, cg_place) = (cg_place){word, atoi(colon + 1)};
    }
    return lines;
}

/** A list of texts separated by spaces. */
static inline apr_array_header_t *report_words(apr_pool_t *p, const char *text)
{
    apr_array_header_t *words = apr_array_make(p, 4, sizeof(const char *));
    char *rest = apr_pstrdup(p, text), *word;

    while ((word = apr_strtok(rest, " ", &rest)) != NULL)
        APR_ARRAY_PUSH(words, const char *) = word;
    return words;
}

#endif
