/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_diff.h"

#include "cg_member.h"
#include "cg_text.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include <stdlib.h>
#include <string.h>

/* One change in however many places. */
typedef struct change {
    const json_t *first;
    apr_array_header_t *entries; /* of const json_t * */
} change;

static const char *key_of(apr_pool_t *p, const json_t *entry)
{
    char *old = json_dumps(json_object_get(entry, "old"), JSON_ENCODE_ANY),
         *new = json_dumps(json_object_get(entry, "new"), JSON_ENCODE_ANY);
    const char *key = apr_pstrcat(p, cg_member_text(entry, "what"), "\n", old ? old : "", "\n",
                                  new ? new : "", NULL);

    free(old);
    free(new);
    return key;
}

static apr_array_header_t *changes_of(apr_pool_t *p, const json_t *list)
{
    apr_array_header_t *changes = apr_array_make(p, 16, sizeof(change *));
    apr_hash_t *seen = apr_hash_make(p);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        const char *key = key_of(p, entry);
        change *same = apr_hash_get(seen, key, APR_HASH_KEY_STRING);

        if (!same) {
            same = apr_pcalloc(p, sizeof *same);
            same->first = entry;
            same->entries = apr_array_make(p, 4, sizeof(const json_t *));
            apr_hash_set(seen, key, APR_HASH_KEY_STRING, same);
            APR_ARRAY_PUSH(changes, change *) = same;
        }
        APR_ARRAY_PUSH(same->entries, const json_t *) = entry;
    }
    return changes;
}

static const char *value_text(apr_pool_t *p, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        return apr_psprintf(p, "%" APR_INT64_T_FMT, (apr_int64_t)json_integer_value(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? "on" : "off";
    return "not set";
}

static void write_change(cg_page *page, const change *c)
{
    const json_t *old = json_object_get(c->first, "old"), *new = json_object_get(c->first, "new");
    const char *what = cg_member_text(c->first, "what");
    const char *before = value_text(page->p, old), *after = value_text(page->p, new);

    if (json_is_null(old) && json_is_string(new))
        cg_page_put(page, 1, "%s %s: new", what, after);
    else if (json_is_null(new) && json_is_string(old))
        cg_page_put(page, 1, "%s %s: gone", what, before);
    else
        cg_page_put(page, 1, "%s: was %s, is %s", what, before, after);
    for (int i = 0; i < c->entries->nelts && i < CG_TEXT_SHOWN_MAX; i++) {
        const json_t *entry = APR_ARRAY_IDX(c->entries, i, const json_t *);
        const char *section = cg_member_text(entry, "section");

        if (strcmp(what, "host") != 0)
            cg_page_put(page, 2, "%s %s", cg_member_text(entry, "host"),
                        *section ? section : "outside all sections");
    }
    if (c->entries->nelts > CG_TEXT_SHOWN_MAX)
        cg_page_put(page, 2, "and %s",
                    cg_text_count(page->p, c->entries->nelts - CG_TEXT_SHOWN_MAX,
                                  "more place|more places"));
}

static int write_list(cg_page *page, const json_t *list, cg_severity colour, const char *heading)
{
    apr_array_header_t *changes;
    apr_pool_t *p;

    if (!json_array_size(list))
        return 0;
    apr_pool_create(&p, NULL);
    changes = changes_of(p, list);
    cg_page_heading(page, (int)colour, heading, "");
    for (int i = 0; i < changes->nelts; i++)
        write_change(page, APR_ARRAY_IDX(changes, i, const change *));
    cg_page_empty_line(page);
    apr_pool_destroy(p);
    return (int)json_array_size(list);
}

int cg_diff_write_text(const json_t *diff, FILE *out, int colour)
{
    int widened, narrowed, changed;
    cg_page page;

    cg_page_begin(&page, out, colour);
    widened = write_list(&page, json_object_get(diff, "widened"), CG_SEVERITY_HIGH, "Widened:");
    narrowed = write_list(&page, json_object_get(diff, "narrowed"), CG_SEVERITY_INFO, "Narrowed:");
    changed = write_list(&page, json_object_get(diff, "changed"), CG_SEVERITY_INFO, "Changed:");
    cg_page_put(&page, 0, "%d widened, %d narrowed, %d changed", widened, narrowed, changed);
    return cg_page_end(&page);
}
