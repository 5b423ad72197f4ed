/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_baseline_read.h"

#include "cg_baseline.h"
#include "cg_catalogue.h"
#include "cg_member.h"
#include "cg_quote.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* What is wrong with a baseline, a line each. */
typedef struct mistakes {
    apr_pool_t *p;
    apr_array_header_t *lines; /* of const char * */
    size_t entry;              /* the number of the one that is read, from 1 */
} mistakes;

static const char *quote(const mistakes *m, const char *text)
{
    return cg_quote(m->p, text, strlen(text));
}

static void complain(mistakes *m, const char *text)
{
    if (m->lines->nelts < CG_BASELINE_MISTAKES_MAX)
        APR_ARRAY_PUSH(m->lines, const char *) =
            apr_psprintf(m->p, "entry %" APR_SIZE_T_FMT ": %s", m->entry, text);
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leaps = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leaps);
}

int cg_baseline_is_day(const char *text)
{
    int year, month, day;

    for (int i = 0; i < 10; i++) {
        if (i == 4 || i == 7 ? text[i] != '-' : !apr_isdigit(text[i]))
            return 0;
    }
    if (text[10] != '\0')
        return 0;
    year = (int)strtol(text, NULL, 10);
    month = (int)strtol(text + 5, NULL, 10);
    day = (int)strtol(text + 8, NULL, 10);
    return month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month);
}

static int is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* A member that must be there; "" and a mistake where it is not. */
static const char *required(mistakes *m, const json_t *entry, const char *name, const char *form)
{
    const json_t *member = json_object_get(entry, name);

    if (!member)
        complain(m, apr_psprintf(m->p, "%s is missing: write %s", name, form));
    else if (!json_is_string(member) || is_blank(json_string_value(member)))
        complain(m, apr_psprintf(m->p, "%s is no text, or empty: write %s", name, form));
    else
        return json_string_value(member);
    return "";
}

/* A misspelt member would be a limit that nobody keeps to. */
static void check_names(mistakes *m, const json_t *entry)
{
    static const char *const known[] = {"rule", "place", "reason", "expires"};
    json_t *rest = json_deep_copy(entry);

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        json_object_del(rest, known[i]);
    for (void *at = json_object_iter(rest); at; at = json_object_iter_next(rest, at))
        complain(m, apr_psprintf(m->p,
                                 "%s is not known: the members are rule, place, reason and "
                                 "expires",
                                 quote(m, json_object_iter_key(at))));
    json_decref(rest);
}

static void read_place(mistakes *m, const json_t *entry, cg_accepted *accepted)
{
    accepted->place = "";
    if (json_object_get(entry, "place"))
        accepted->place =
            required(m, entry, "place",
                     "\"FILE:LINE\", \"FILE\", \"HOST\" or \"HOST SECTION\", or leave "
                     "it out to accept the rule everywhere");
}

static void read_entry(mistakes *m, const json_t *entry, cg_accepted_list *list)
{
    cg_accepted *accepted = apr_pcalloc(m->p, sizeof *accepted);
    const char *key;

    if (!json_is_object(entry)) {
        complain(m, "it is no object");
        return;
    }
    check_names(m, entry);
    accepted->rule = required(m, entry, "rule", "the id of a finding");
    if (*accepted->rule && !cg_find_named(accepted->rule))
        complain(m, apr_psprintf(m->p, "%s is the id of no finding", quote(m, accepted->rule)));
    read_place(m, entry, accepted);
    accepted->reason = required(m, entry, "reason", "why this is accepted");
    accepted->expires = required(m, entry, "expires", "a day, as in \"2027-01-31\"");
    if (*accepted->expires && !cg_baseline_is_day(accepted->expires))
        complain(m, apr_psprintf(m->p, "%s is no day: write it as in \"2027-01-31\"",
                                 quote(m, accepted->expires)));
    key = cg_accepted_key(m->p, accepted->rule, accepted->place);
    if (*accepted->rule && apr_hash_get(list->by_key, key, APR_HASH_KEY_STRING))
        complain(m, apr_psprintf(m->p, "%s%s%s was accepted by an entry before: keep one of them",
                                 accepted->rule, *accepted->place ? " at " : "",
                                 *accepted->place ? quote(m, accepted->place) : ""));
    apr_hash_set(list->by_key, key, APR_HASH_KEY_STRING, accepted);
    APR_ARRAY_PUSH(list->entries, cg_accepted *) = accepted;
}

const char *cg_accepted_key(apr_pool_t *p, const char *rule, const char *place)
{
    return apr_pstrcat(p, rule, "\n", place, NULL);
}

const char *cg_baseline_read(apr_pool_t *p, const json_t *baseline, cg_accepted_list *list)
{
    const json_t *accepted = json_object_get(baseline, "accepted");
    mistakes m = {p, apr_array_make(p, 1, sizeof(const char *)), 0};

    list->entries = apr_array_make(p, 16, sizeof(cg_accepted *));
    list->by_key = apr_hash_make(p);
    if (!json_is_object(baseline))
        return "the baseline is no JSON object";
    if (json_integer_value(json_object_get(baseline, "schema")) != CG_BASELINE_SCHEMA)
        return "the baseline has no \"schema\": 1";
    if (!json_is_array(accepted))
        return "the baseline has no list \"accepted\"";
    for (m.entry = 1; m.entry <= json_array_size(accepted); m.entry++)
        read_entry(&m, json_array_get(accepted, m.entry - 1), list);
    return m.lines->nelts ? apr_array_pstrcat(p, m.lines, '\n') : NULL;
}
