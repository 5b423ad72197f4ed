/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_baseline.h"

#include "cg_baseline_read.h"
#include "cg_member.h"
#include "cg_report.h"

#include <apr_strings.h>
#include <string.h>

/* A baseline at work. */
typedef struct use {
    apr_pool_t *p; /* cleared behind each finding */
    cg_accepted_list list;
    const char *today;
} use;

static int is_expired(const use *u, const cg_accepted *accepted)
{
    return strcmp(accepted->expires, u->today) < 0;
}

/* The forms in which an entry can name a place, the narrowest first; four, and "" for all. */
static const char *form_of(apr_pool_t *p, const json_t *place, int i)
{
    const char *file = cg_member_text(place, "file"), *host = cg_member_text(place, "host"),
               *section = cg_member_text(place, "section");

    switch (i) {
    case 0:
        return apr_psprintf(p, "%s:%d", file, cg_member_number(place, "line"));
    case 1:
        return apr_pstrcat(p, host, *section ? " " : "", section, NULL);
    case 2:
        return file;
    case 3:
        return host;
    default:
        return "";
    }
}

/* The narrowest entry that accepts a place today; every one that names it counts as used. */
static const cg_accepted *acceptance(const use *u, const char *rule, const json_t *place)
{
    const cg_accepted *found = NULL;

    for (int i = 0; i < 5; i++) {
        const char *form = form_of(u->p, place, i), *key = cg_accepted_key(u->p, rule, form);
        cg_accepted *accepted = apr_hash_get(u->list.by_key, key, APR_HASH_KEY_STRING);

        /* "" is the form of entries without a place, not of a place without a file. */
        if (!accepted || (i < 4 && !*form))
            continue;
        accepted->is_used = 1;
        if (!found && !is_expired(u, accepted))
            found = accepted;
    }
    return found;
}

static void apply_to(const use *u, json_t *finding)
{
    const json_t *places = json_object_get(finding, "places");
    size_t accepted = 0, count = json_array_size(places);

    for (size_t i = 0; i < count; i++) {
        json_t *place = json_array_get(places, i);
        const cg_accepted *entry = acceptance(u, cg_member_text(finding, "id"), place);

        json_object_del(place, "accepted");
        if (!entry)
            continue;
        accepted++;
        json_object_set_new(
            place, "accepted",
            json_pack("{s:s, s:s}", "reason", entry->reason, "expires", entry->expires));
    }
    if (count > 0 && accepted == count)
        json_object_set_new(finding, "accepted", json_true());
    else
        json_object_del(finding, "accepted");
}

static json_t *told(const use *u)
{
    json_t *expired = json_array(), *stale = json_array();

    for (int i = 0; i < u->list.entries->nelts; i++) {
        const cg_accepted *entry = APR_ARRAY_IDX(u->list.entries, i, const cg_accepted *);
        json_t *list = is_expired(u, entry) ? expired : stale;

        if (list == stale && entry->is_used)
            continue;
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "rule", entry->rule, "place",
                                              entry->place, "reason", entry->reason, "expires",
                                              entry->expires));
    }
    return json_pack("{s:i, s:o, s:o}", "entries", u->list.entries->nelts, "expired", expired,
                     "stale", stale);
}

const char *cg_baseline_apply(apr_pool_t *p, json_t *report, const json_t *baseline,
                              const char *today)
{
    const json_t *findings = json_object_get(report, "findings");
    use u = {NULL, {NULL, NULL}, today};
    const char *error = cg_baseline_read(p, baseline, &u.list);

    if (error)
        return error;
    apr_pool_create(&u.p, p);
    for (size_t i = 0; i < json_array_size(findings); i++) {
        apply_to(&u, json_array_get(findings, i));
        apr_pool_clear(u.p);
    }
    apr_pool_destroy(u.p);
    json_object_set_new(report, "baseline", told(&u));
    cg_report_count(report);
    return NULL;
}

/* Notes a key; zero where it was there. */
static int is_new(json_t *seen, const char *key)
{
    return !json_object_get(seen, key) && json_object_set_new(seen, key, json_null()) == 0;
}

static void accept_places(apr_pool_t *p, json_t *accepted, json_t *seen, const json_t *finding,
                          const char *reason, const char *expires)
{
    const json_t *places = json_object_get(finding, "places");
    const char *rule = cg_member_text(finding, "id");

    for (size_t i = 0; i < json_array_size(places); i++) {
        const json_t *place = json_array_get(places, i);
        const char *text = form_of(p, place, *cg_member_text(place, "file") ? 0 : 1);

        if (is_new(seen, cg_accepted_key(p, rule, text)))
            json_array_append_new(accepted, json_pack("{s:s, s:s, s:s, s:s}", "rule", rule, "place",
                                                      text, "reason", reason, "expires", expires));
        apr_pool_clear(p);
    }
}

json_t *cg_baseline_make(const json_t *report, const char *reason, const char *expires)
{
    const json_t *findings = json_object_get(report, "findings");
    json_t *accepted = json_array(), *seen = json_object();
    apr_pool_t *p;

    apr_pool_create(&p, NULL);
    for (size_t i = 0; i < json_array_size(findings); i++)
        accept_places(p, accepted, seen, json_array_get(findings, i), reason, expires);
    apr_pool_destroy(p);
    json_decref(seen);
    return json_pack("{s:i, s:o}", "schema", CG_BASELINE_SCHEMA, "accepted", accepted);
}
