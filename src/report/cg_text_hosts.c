/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_text.h"

#include "cg_member.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_tables.h>

/* The findings of one section of one host. */
typedef struct section_findings {
    const char *section;
    apr_array_header_t *findings; /* of const json_t * */
    int is_written;
} section_findings;

/* The findings of one host. */
typedef struct host_findings {
    apr_hash_t *by_section;
    apr_array_header_t *sections; /* of section_findings *, in the order of the report */
} host_findings;

/* What findings there are where, by name of host, or by name, address and port where a finding
 * tells them. */
typedef struct found_index {
    apr_pool_t *p;
    apr_hash_t *hosts;
} found_index;

static const char *full_name(apr_pool_t *p, const char *name, const json_t *object)
{
    return apr_psprintf(p, "%s\n%s\n%d", name, cg_member_text(object, "address"),
                        cg_member_number(object, "port"));
}

static host_findings *host_of(found_index *findings, const json_t *place)
{
    const char *name = cg_member_text(place, "host");
    host_findings *host;

    if (json_object_get(place, "address"))
        name = full_name(findings->p, name, place);
    host = apr_hash_get(findings->hosts, name, APR_HASH_KEY_STRING);
    if (!host) {
        host = apr_pcalloc(findings->p, sizeof *host);
        host->by_section = apr_hash_make(findings->p);
        host->sections = apr_array_make(findings->p, 4, sizeof(section_findings *));
        apr_hash_set(findings->hosts, name, APR_HASH_KEY_STRING, host);
    }
    return host;
}

static void note(found_index *findings, const json_t *finding, const json_t *place)
{
    host_findings *host = host_of(findings, place);
    const char *name = cg_member_text(place, "section");
    section_findings *section = apr_hash_get(host->by_section, name, APR_HASH_KEY_STRING);

    if (!section) {
        section = apr_pcalloc(findings->p, sizeof *section);
        section->section = name;
        section->findings = apr_array_make(findings->p, 2, sizeof(const json_t *));
        apr_hash_set(host->by_section, name, APR_HASH_KEY_STRING, section);
        APR_ARRAY_PUSH(host->sections, section_findings *) = section;
    }
    APR_ARRAY_PUSH(section->findings, const json_t *) = finding;
}

static void read_findings(found_index *findings, const json_t *report)
{
    const json_t *list = json_object_get(report, "findings");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *finding = json_array_get(list, i);
        const json_t *places = json_object_get(finding, "places");

        for (size_t j = 0; j < json_array_size(places); j++)
            note(findings, finding, json_array_get(places, j));
    }
}

static void write_names(cg_page *page, const section_findings *section)
{
    for (int i = 0; i < section->findings->nelts; i++) {
        const json_t *finding = APR_ARRAY_IDX(section->findings, i, const json_t *);

        cg_page_put(page, 2, "%s %s%s", cg_member_text(finding, "severity"),
                    cg_member_text(finding, "id"),
                    cg_text_where(page->p, json_array_get(json_object_get(finding, "lines"), 0)));
    }
}

static void write_list(cg_page *page, const char *label, const json_t *list, int left_out)
{
    size_t count = json_array_size(list);
    const char *text = label;

    for (size_t i = 0; i < count && i < CG_TEXT_SHOWN_MAX; i++)
        text = apr_pstrcat(page->p, text, " ", cg_element_text(list, i), NULL);
    if (count > CG_TEXT_SHOWN_MAX)
        left_out += (int)count - CG_TEXT_SHOWN_MAX;
    if (left_out > 0)
        text = apr_psprintf(page->p, "%s and %d more", text, left_out);
    if (count > 0)
        cg_page_put(page, 2, "%s", text);
}

static void write_policy(cg_page *page, const json_t *policy)
{
    static const char *const lists[][2] = {{"origins", "origins:"},
                                           {"methods", "methods:"},
                                           {"headers", "request headers:"},
                                           {"expose", "exposed headers:"}};
    const char *section = cg_member_text(policy, "section");
    int credentials = json_is_true(json_object_get(policy, "credentials"));
    int hosts = (int)json_array_size(json_object_get(policy, "hosts"));
    const json_t *max_age = json_object_get(policy, "max_age");

    cg_page_put(page, 1, "%s%s: %s%s", *section ? section : "outside all sections",
                cg_text_where(page->p, policy), cg_member_text(policy, "mode"),
                credentials ? ", with credentials" : "");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        write_list(page, lists[i][1], json_object_get(policy, lists[i][0]),
                   i == 0 ? cg_member_number(policy, "origins_left_out") : 0);
    if (json_is_integer(max_age))
        cg_page_put(page, 2, "max-age: %d", cg_member_number(policy, "max_age"));
    if (hosts > 0)
        cg_page_put(page, 2, "the same in %s",
                    cg_text_count(page->p, hosts, "further host|further hosts"));
}

/* The findings of a section, and of those of the host that stand below no policy. */
static void write_section(cg_page *page, host_findings *host, const char *name)
{
    section_findings *section =
        host ? apr_hash_get(host->by_section, name, APR_HASH_KEY_STRING) : NULL;

    if (section && !section->is_written) {
        write_names(page, section);
        section->is_written = 1;
    }
}

static void write_others(cg_page *page, host_findings *host)
{
    for (int i = 0; host && i < host->sections->nelts; i++) {
        section_findings *section = APR_ARRAY_IDX(host->sections, i, section_findings *);

        if (section->is_written)
            continue;
        cg_page_put(page, 1, "%s", *section->section ? section->section : "outside all sections");
        write_names(page, section);
    }
}

/* Hosts of one name share the findings that tell no address: each shows them. */
static void forget_written(host_findings *host)
{
    for (int i = 0; host && i < host->sections->nelts; i++)
        APR_ARRAY_IDX(host->sections, i, section_findings *)->is_written = 0;
}

static void write_host(cg_page *page, const found_index *findings, const json_t *host)
{
    const char *name = cg_member_text(host, "name"), *address = cg_member_text(host, "address");
    const char *full = full_name(findings->p, name, host);
    const json_t *policies = json_object_get(host, "policies");
    int port = cg_member_number(host, "port");
    host_findings *known[] = {apr_hash_get(findings->hosts, full, APR_HASH_KEY_STRING),
                              apr_hash_get(findings->hosts, name, APR_HASH_KEY_STRING)};

    cg_page_put(page, 0, "%s%s %s%s", address, port ? apr_psprintf(page->p, ":%d", port) : "", name,
                cg_text_where(page->p, host));
    for (size_t i = 0; i < json_array_size(policies); i++) {
        const json_t *policy = json_array_get(policies, i);

        write_policy(page, policy);
        for (int j = 0; j < 2; j++)
            write_section(page, known[j], cg_member_text(policy, "section"));
    }
    for (int j = 0; j < 2; j++) {
        write_others(page, known[j]);
        forget_written(known[j]);
    }
}

void cg_text_hosts(cg_page *page, const json_t *report)
{
    const json_t *hosts = json_object_get(report, "hosts");
    found_index findings;

    apr_pool_create(&findings.p, NULL);
    findings.hosts = apr_hash_make(findings.p);
    read_findings(&findings, report);
    if (json_array_size(hosts) > 0)
        cg_page_empty_line(page);
    for (size_t i = 0; i < json_array_size(hosts); i++)
        write_host(page, &findings, json_array_get(hosts, i));
    apr_pool_destroy(findings.p);
}
