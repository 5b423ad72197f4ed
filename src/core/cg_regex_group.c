/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_regex_group.h"

#include <string.h>

/* (?i) and (?i-x:...), behind "(?". */
static cg_regex_group read_flags(cg_regex_reader *r)
{
    unsigned on = 1;

    if (cg_regex_take(r, '^'))
        r->caseless = r->extended = r->extended_more = 0;
    for (; r->at < r->end && *r->at != ')' && *r->at != ':'; r->at++) {
        if (*r->at == '-') {
            on = 0;
        } else if (*r->at == 'i') {
            r->caseless = on;
        } else if (*r->at == 'x') {
            r->extended_more = on && r->at[-1] == 'x';
            r->extended = on;
        } else if (!strchr("amnsDSTPWJU", *r->at)) {
            cg_regex_unclear(r, CG_REGEX_NOT_JUDGED);
        }
    }
    if (cg_regex_take(r, ':'))
        return CG_REGEX_GROUP_BODY;
    if (!cg_regex_take(r, ')'))
        cg_regex_unclear(r, CG_REGEX_NOT_CLOSED);
    return CG_REGEX_GROUP_NOTHING;
}

/* A reference, call or callout up to its bracket. */
static cg_regex_group skip_unclear(cg_regex_reader *r)
{
    cg_regex_unclear(r, CG_REGEX_NOT_JUDGED);
    cg_regex_skip_behind(r, ')');
    return CG_REGEX_GROUP_NOTHING;
}

static cg_regex_group read_name(cg_regex_reader *r, char close)
{
    cg_regex_skip_behind(r, close);
    return CG_REGEX_GROUP_BODY;
}

/* (*VERB), (*name:...) behind "(*". Both are unclear: (*ACCEPT) ends a match early. */
static cg_regex_group read_verb(cg_regex_reader *r)
{
    while (r->at < r->end && ((*r->at >= 'a' && *r->at <= 'z') || *r->at == '_'))
        r->at++;
    cg_regex_unclear(r, CG_REGEX_NOT_JUDGED);
    if (cg_regex_take(r, ':'))
        return CG_REGEX_GROUP_BODY;
    return skip_unclear(r);
}

/* Behind "(?". */
static cg_regex_group read_special(cg_regex_reader *r)
{
    static const struct {
        const char *text;
        cg_regex_group kind;
    } known[] = {
        {":", CG_REGEX_GROUP_BODY},  {"|", CG_REGEX_GROUP_BODY},  {">", CG_REGEX_GROUP_BODY},
        {"=", CG_REGEX_GROUP_LOOK},  {"!", CG_REGEX_GROUP_LOOK},  {"*", CG_REGEX_GROUP_LOOK},
        {"<=", CG_REGEX_GROUP_LOOK}, {"<!", CG_REGEX_GROUP_LOOK}, {"<*", CG_REGEX_GROUP_LOOK}};

    for (apr_size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (cg_regex_sees(r, known[i].text)) {
            r->at += strlen(known[i].text);
            return known[i].kind;
        }
    }
    if (cg_regex_take(r, '#')) {
        cg_regex_skip_behind(r, ')');
        return CG_REGEX_GROUP_NOTHING;
    }
    if (cg_regex_take(r, '<'))
        return read_name(r, '>');
    if (cg_regex_take(r, '\''))
        return read_name(r, '\'');
    if (cg_regex_sees(r, "P<")) {
        r->at += 2;
        return read_name(r, '>');
    }
    if (r->at == r->end || strchr("&PRC+0123456789", *r->at))
        return skip_unclear(r);
    return read_flags(r);
}

cg_regex_group cg_regex_read_group(cg_regex_reader *r)
{
    if (cg_regex_take(r, '*'))
        return read_verb(r);
    return cg_regex_take(r, '?') ? read_special(r) : CG_REGEX_GROUP_BODY;
}
