/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_sarif.h"

#include "cg_catalogue.h"

#include <stdio.h>
#include <string.h>

/* As long as the longest slug. */
#define NAME_MAX_BYTES 64

const char *cg_sarif_level(const char *severity)
{
    switch (cg_severity_named(severity)) {
    case CG_SEVERITY_CRITICAL:
    case CG_SEVERITY_HIGH:
        return "error";
    case CG_SEVERITY_MEDIUM:
        return "warning";
    default:
        return "note";
    }
}

json_t *cg_sarif_message(const char *text)
{
    return json_pack("{s:s}", "text", text);
}

/* "null-origin" as "NullOrigin", the form that SARIF recommends for names. */
static json_t *name_of(const char *slug)
{
    char name[NAME_MAX_BYTES];
    size_t len = 0;
    int begins = 1;

    for (; *slug && len < sizeof name; slug++) {
        if (*slug == '-') {
            begins = 1;
            continue;
        }
        name[len++] = begins ? (char)(*slug - 'a' + 'A') : *slug;
        begins = 0;
    }
    return json_stringn(name, len);
}

/* Those of GitHub's code scanning: above 9 critical, from 7 high, from 4 medium, below low. */
static const char *score_of(cg_severity severity)
{
    static const char *const scores[] = {"0.0", "3.0", "5.5", "8.0", "9.5"};

    return scores[severity];
}

static json_t *tags_of(const cg_find *find)
{
    json_t *tags = json_pack("[s, s]", "security", "cors");

    /* Permissive cross-domain policy with untrusted domains. */
    if (find->opens)
        json_array_append_new(tags, json_string("external/cwe/cwe-942"));
    return tags;
}

static json_t *help_of(const cg_find *find)
{
    return json_pack(
        "{s:o, s:o}", "text", json_sprintf("%s\n\nWhat to do: %s", find->explanation, find->advice),
        "markdown", json_sprintf("%s\n\n**What to do:** %s", find->explanation, find->advice));
}

static json_t *rule_of(const cg_find *find)
{
    const char *severity = cg_severity_name(find->severity);

    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:{s:s}, s:{s:s, s:s, s:o}}", "id", find->slug,
                     "name", name_of(find->slug), "shortDescription", cg_sarif_message(find->title),
                     "fullDescription", cg_sarif_message(find->explanation), "help", help_of(find),
                     "defaultConfiguration", "level", cg_sarif_level(severity), "properties",
                     "security-severity", score_of(find->severity), "severity", severity, "tags",
                     tags_of(find));
}

json_t *cg_sarif_rules(void)
{
    json_t *rules = json_array();

    for (int i = 0; i < CG_FIND_COUNT; i++)
        json_array_append_new(rules, rule_of(cg_find_of((cg_find_id)i)));
    return rules;
}
