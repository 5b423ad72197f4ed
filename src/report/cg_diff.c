/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_diff.h"

#include "cg_catalogue.h"
#include "cg_diff_policy.h"
#include "cg_member.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include <string.h>

/* A host, a policy or a finding of a report, in one place. */
typedef struct item {
    const char *key; /* by which it is found in the other report */
    const char *host;
    const char *section;
    const json_t *value; /* the policy; NULL for a host */
    const char *slug;    /* of a finding; else NULL */
} item;

/* Such items, in the order of the report. */
typedef struct items {
    apr_pool_t *p;
    apr_array_header_t *list; /* of item * */
    apr_hash_t *by_key;
    apr_hash_t *counts; /* how many of a kind there are, as apr_size_t * */
} items;

/* What is compared of a report. */
typedef struct parts {
    items hosts, policies, findings;
} parts;

static items make_items(apr_pool_t *p)
{
    return (items){p, apr_array_make(p, 16, sizeof(item *)), apr_hash_make(p), apr_hash_make(p)};
}

static const item *find(const items *all, const char *key)
{
    return apr_hash_get(all->by_key, key, APR_HASH_KEY_STRING);
}

static void push(items *all, const item *added)
{
    item *copy = apr_pmemdup(all->p, added, sizeof *added);

    apr_hash_set(all->by_key, copy->key, APR_HASH_KEY_STRING, copy);
    APR_ARRAY_PUSH(all->list, item *) = copy;
}

/* Adds one of several that have the same names: they are numbered in their order. */
static void push_numbered(items *all, item *added)
{
    apr_size_t *count = apr_hash_get(all->counts, added->key, APR_HASH_KEY_STRING);

    if (!count) {
        count = apr_pcalloc(all->p, sizeof *count);
        apr_hash_set(all->counts, added->key, APR_HASH_KEY_STRING, count);
    }
    added->key = apr_psprintf(all->p, "%s\n%" APR_SIZE_T_FMT, added->key, ++*count);
    push(all, added);
}

static void add_policy(parts *all, const char *host, const json_t *policy)
{
    const char *section = cg_member_text(policy, "section");

    push_numbered(&all->policies,
                  &(item){.key = apr_pstrcat(all->policies.p, host, "\n", section, NULL),
                          .host = host,
                          .section = section,
                          .value = policy});
}

static void add_host(parts *all, const json_t *host)
{
    const char *name = cg_member_text(host, "name");
    const json_t *policies = json_object_get(host, "policies");

    push_numbered(&all->hosts, &(item){.key = name, .host = name, .section = ""});
    for (size_t i = 0; i < json_array_size(policies); i++) {
        const json_t *policy = json_array_get(policies, i);
        const json_t *further = json_object_get(policy, "hosts");

        add_policy(all, name, policy);
        for (size_t j = 0; j < json_array_size(further); j++)
            add_policy(all, cg_element_text(further, j), policy);
    }
}

static void add_finding(parts *all, const json_t *finding)
{
    const json_t *places = json_object_get(finding, "places");
    items *findings = &all->findings;

    for (size_t i = 0; i < json_array_size(places); i++) {
        const json_t *place = json_array_get(places, i);
        item added = {.host = cg_member_text(place, "host"),
                      .section = cg_member_text(place, "section"),
                      .slug = cg_member_text(finding, "id")};

        added.key =
            apr_pstrcat(findings->p, added.host, "\n", added.section, "\n", added.slug, NULL);
        if (!find(findings, added.key))
            push(findings, &added);
    }
}

static parts parts_of(apr_pool_t *p, const json_t *report)
{
    parts all = {make_items(p), make_items(p), make_items(p)};
    const json_t *hosts = json_object_get(report, "hosts"),
                 *findings = json_object_get(report, "findings");

    for (size_t i = 0; i < json_array_size(hosts); i++)
        add_host(&all, json_array_get(hosts, i));
    for (size_t i = 0; i < json_array_size(findings); i++)
        add_finding(&all, json_array_get(findings, i));
    return all;
}

void cg_changes_note(const cg_changes *changes, const char *list, const char *what, json_t *old,
                     json_t *new)
{
    json_array_append_new(json_object_get(changes->document, list),
                          json_pack("{s:s, s:s, s:s, s:o, s:o}", "host", changes->host, "section",
                                    changes->section, "what", what, "old", old, "new", new));
}

static int has_host(const parts *all, const char *name)
{
    return find(&all->hosts, apr_pstrcat(all->hosts.p, name, "\n1", NULL)) != NULL;
}

/* What is in the one report and not in the other. A host that went takes its policies and findings
 * along. */
static void note_single(cg_changes *changes, const item *one, const parts *other, int is_new)
{
    const cg_find *known = one->slug ? cg_find_named(one->slug) : NULL;
    const char *list = is_new ? "widened" : "narrowed";

    changes->host = one->host;
    changes->section = one->section;
    if (!is_new && (one->slug || one->value) && !has_host(other, one->host))
        return;
    if (one->value)
        cg_diff_policies(changes, is_new ? NULL : one->value, is_new ? one->value : NULL);
    else if (one->slug)
        cg_changes_note(changes, known && !known->opens ? "changed" : list, "finding",
                        is_new ? json_null() : json_string(one->slug),
                        is_new ? json_string(one->slug) : json_null());
    else
        cg_changes_note(changes, is_new ? "changed" : "narrowed", "host",
                        is_new ? json_null() : json_string(one->host),
                        is_new ? json_string(one->host) : json_null());
}

static void compare(cg_changes *changes, const items *before, const items *after, const parts *new)
{
    for (int i = 0; i < after->list->nelts; i++) {
        const item *one = APR_ARRAY_IDX(after->list, i, const item *);
        const item *same = find(before, one->key);

        changes->host = one->host;
        changes->section = one->section;
        if (!same)
            note_single(changes, one, NULL, 1);
        else if (one->value)
            cg_diff_policies(changes, same->value, one->value);
        apr_pool_clear(changes->p);
    }
    for (int i = 0; i < before->list->nelts; i++) {
        const item *one = APR_ARRAY_IDX(before->list, i, const item *);

        if (!find(after, one->key))
            note_single(changes, one, new, 0);
        apr_pool_clear(changes->p);
    }
}

json_t *cg_diff_make(apr_pool_t *p, const json_t *old, const json_t *new)
{
    cg_changes changes = {NULL, json_pack("{s:[], s:[], s:[]}", "widened", "narrowed", "changed"),
                          "", ""};
    parts before = parts_of(p, old), after = parts_of(p, new);

    apr_pool_create(&changes.p, p);
    compare(&changes, &before.hosts, &after.hosts, &after);
    compare(&changes, &before.policies, &after.policies, &after);
    compare(&changes, &before.findings, &after.findings, &after);
    apr_pool_destroy(changes.p);
    return changes.document;
}

int cg_diff_widened(const json_t *diff)
{
    return json_array_size(json_object_get(diff, "widened")) > 0;
}
