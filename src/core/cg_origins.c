/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_origins.h"

#include "cg_quote.h"
#include "cg_suffix.h"

#include <apr_strings.h>
#include <string.h>

/* A line of a CorsAllowOriginFile; the longest origin with room for blanks and a comment. */
#define LINE_MAX_BYTES 4096
/* Parsing a line leaves scratch; it is given back each time this many lines were read. */
#define LINES_A_SCRATCH 1024

cg_origins *cg_origins_make(apr_pool_t *p, const cg_place *place)
{
    cg_origins *origins = apr_pcalloc(p, sizeof *origins);

    origins->place = *place;
    return origins;
}

static void add_risk(apr_pool_t *p, cg_origins *origins, const cg_risk *found)
{
    cg_risk *risk = apr_pmemdup(p, found, sizeof *found);
    cg_risk **last = &origins->risks;

    if (origins->last_risk)
        last = &origins->last_risk->next;
    *last = origins->last_risk = risk;
    origins->risk_mask |= 1u << risk->rule;
}

/* A pattern whose text lives as long as p. */
static const cg_pattern *keep(apr_pool_t *p, const cg_pattern *pattern)
{
    cg_pattern *kept = apr_pmemdup(p, pattern, sizeof *pattern);

    kept->text = apr_pstrmemdup(p, pattern->text, pattern->len);
    if (!pattern->null)
        kept->host = kept->text + (pattern->host - pattern->text);
    return kept;
}

static int over_public_suffix(apr_pool_t *p, const cg_pattern *pattern)
{
    return pattern->subdomains &&
           cg_suffix_is_public(apr_pstrmemdup(p, pattern->host, pattern->host_len));
}

static void note_risks(apr_pool_t *p, cg_origins *origins, const cg_pattern *pattern,
                       const cg_place *place)
{
    int suffix = !pattern->null && over_public_suffix(p, pattern);
    cg_risk risk = {.place = *place};

    if (!pattern->null && !pattern->insecure && !suffix)
        return;
    risk.pattern = keep(p, pattern);
    risk.text = risk.pattern->text;
    if (pattern->null) {
        risk.rule = CG_RULE_NULL_WITH_CREDENTIALS;
        add_risk(p, origins, &risk);
        risk.rule = CG_RULE_NULL_ORIGIN;
        add_risk(p, origins, &risk);
    }
    if (!pattern->null && pattern->insecure) {
        risk.rule = CG_RULE_INSECURE_ORIGIN_WITH_CREDENTIALS;
        add_risk(p, origins, &risk);
    }
    if (suffix) {
        risk.rule = CG_RULE_PUBLIC_SUFFIX_WILDCARD;
        add_risk(p, origins, &risk);
    }
}

static void add_allowed(apr_pool_t *p, cg_origins *origins, const cg_pattern *pattern,
                        const cg_place *place)
{
    note_risks(p, origins, pattern, place);
    if (pattern->null) {
        origins->null = 1;
        return;
    }
    if (!origins->allowed)
        origins->allowed = cg_set_make(p, 0, 0);
    cg_set_add(origins->allowed, pattern);
}

static void add_removed(apr_pool_t *p, cg_origins *origins, const cg_pattern *pattern)
{
    if (pattern->null) {
        origins->removes_null = 1;
        return;
    }
    if (!origins->removed)
        origins->removed = cg_set_make(p, 0, 0);
    cg_set_add(origins->removed, pattern);
}

static int has_members(const cg_origins *origins)
{
    return origins->allowed || origins->removed || origins->null || origins->removes_null ||
           origins->matchers;
}

/* Why a plain member, or "*" or "none" (alone), cannot stand beside what the section has
 * already. */
static const char *refuse_company(apr_pool_t *p, const cg_origins *origins, int alone)
{
    const cg_place *place = &origins->place;

    if (!origins->plain && has_members(origins))
        return apr_psprintf(p,
                            "members with + or - (%s:%d) change the inherited list, plain ones "
                            "replace it: write all of this section's with a sign, or none",
                            place->file, place->line);
    if (origins->any)
        return apr_psprintf(p, "\"*\" (%s:%d) allows every origin: remove it, or the others",
                            place->file, place->line);
    if (origins->none)
        return apr_psprintf(p, "\"none\" (%s:%d) allows no origin: remove it, or the others",
                            place->file, place->line);
    if (alone && has_members(origins))
        return apr_psprintf(p,
                            "\"*\" and \"none\" stand alone, but this section lists origins "
                            "already (%s:%d): remove one of the two",
                            place->file, place->line);
    return NULL;
}

static const char *add_any_or_none(apr_pool_t *p, cg_origins *origins, int any,
                                   const cg_place *place)
{
    static const cg_risk wildcard = {.rule = CG_RULE_WILDCARD_WITH_CREDENTIALS, .text = "*"};
    const char *error = refuse_company(p, origins, 1);

    if ((any && origins->any) || (!any && origins->none))
        return NULL;
    if (error)
        return error;
    origins->plain = 1;
    if (any) {
        cg_risk risk = wildcard;

        risk.place = *place;
        origins->any = 1;
        add_risk(p, origins, &risk);
    } else {
        origins->none = 1;
    }
    return NULL;
}

static const char *add_plain(apr_pool_t *p, cg_origins *origins, const char *arg,
                             const cg_place *place)
{
    cg_pattern pattern;
    const char *error = refuse_company(p, origins, 0);

    if (!error)
        error = cg_pattern_parse(p, arg, strlen(arg), &pattern);
    if (error)
        return error;
    origins->plain = 1;
    add_allowed(p, origins, &pattern, place);
    return NULL;
}

static const char *add_signed(apr_pool_t *p, cg_origins *origins, const char *arg,
                              const cg_place *place)
{
    cg_pattern pattern;
    const char *error;

    if (origins->plain)
        return apr_psprintf(p,
                            "%s: members with + or - change the inherited list, but this section "
                            "replaces it (%s:%d): write all of its members with a sign, or none",
                            cg_quote(p, arg, strlen(arg)), origins->place.file,
                            origins->place.line);
    if (strcmp(arg + 1, "*") == 0 || strcmp(arg + 1, "none") == 0)
        return apr_psprintf(p, "\"%s\": * and none take no sign: write CorsAllowOrigin %s alone",
                            arg, strcmp(arg, "-*") == 0 ? "none" : arg + 1);
    if (!arg[1])
        return apr_psprintf(
            p, "\"%s\": a sign stands directly before its origin: write %shttps://app.example.com",
            arg, arg);
    error = cg_pattern_parse(p, arg + 1, strlen(arg + 1), &pattern);
    if (error)
        return error;
    if (*arg == '+')
        add_allowed(p, origins, &pattern, place);
    else
        add_removed(p, origins, &pattern);
    return NULL;
}

const char *cg_origins_add(apr_pool_t *p, cg_origins *origins, const char *arg,
                           const cg_place *place)
{
    if (*arg == '+' || *arg == '-')
        return add_signed(p, origins, arg, place);
    if (strcmp(arg, "*") == 0 || strcmp(arg, "none") == 0)
        return add_any_or_none(p, origins, *arg == '*', place);
    return add_plain(p, origins, arg, place);
}

static int is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/* The line without its comment and the blanks around it. "#" cannot stand in an origin. */
static apr_size_t trim(const char **line, apr_size_t len)
{
    const char *start = *line;
    const char *end = memchr(start, '#', len);

    if (!end)
        end = start + len;
    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    *line = start;
    return (apr_size_t)(end - start);
}

/* A file while it is read. */
typedef struct reading {
    apr_pool_t *p;
    apr_pool_t *scratch;
    cg_origins *origins;
    cg_place place; /* of the line */
    const char *errors;
    int refused;
} reading;

static const char *add_line(const reading *in, const char *line, apr_size_t len)
{
    cg_pattern pattern;
    const char *error;

    if (len > LINE_MAX_BYTES)
        return "this line is too long for an origin: write one origin or pattern a line";
    if (len == 1 && *line == '*')
        return "\"*\" is no member of a list: write CorsAllowOrigin * and no file";
    if (*line == '+' || *line == '-')
        return "a file's members take no sign: they are the list, so write the origin alone";
    error = cg_pattern_parse(in->scratch, line, len, &pattern);
    if (error)
        return error;
    in->origins->listed++;
    add_allowed(in->p, in->origins, &pattern, &in->place);
    return NULL;
}

static void read_line(reading *in, const char *line, apr_size_t len)
{
    apr_size_t trimmed = trim(&line, len);
    const char *error = trimmed > 0 ? add_line(in, line, trimmed) : NULL;

    if (error && ++in->refused <= CG_FILE_ERRORS_MAX)
        in->errors = apr_psprintf(in->p, "%s%s%s:%d: %s", in->errors ? in->errors : "",
                                  in->errors ? "; " : "", in->place.file, in->place.line, error);
    if (in->place.line % LINES_A_SCRATCH == 0)
        apr_pool_clear(in->scratch);
}

static apr_size_t count_lines(const char *content, apr_size_t len)
{
    apr_size_t count = 1;

    for (const char *end = content + len;
         (content = memchr(content, '\n', (apr_size_t)(end - content))); content++)
        count++;
    return count;
}

const char *cg_origins_add_lines(apr_pool_t *p, cg_origins *origins, const char *file,
                                 const char *content, apr_size_t len)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    const char *company = refuse_company(p, origins, 0);
    const char *line = content, *end = content + len;
    reading in = {.p = p, .origins = origins, .place = {file, 0}};

    if (company)
        return company;
    origins->plain = 1;
    if (!origins->allowed)
        origins->allowed = cg_set_make(p, count_lines(content, len), len);
    if (len >= 3 && memcmp(line, byte_order_mark, 3) == 0)
        line += 3;
    apr_pool_create(&in.scratch, p);
    while (line < end) {
        const char *newline = memchr(line, '\n', (apr_size_t)(end - line));

        in.place.line++;
        read_line(&in, line, (apr_size_t)((newline ? newline : end) - line));
        line = newline ? newline + 1 : end;
    }
    apr_pool_destroy(in.scratch);
    if (in.refused > CG_FILE_ERRORS_MAX)
        return apr_psprintf(p, "%s; %s: %d more lines are refused", in.errors, file,
                            in.refused - CG_FILE_ERRORS_MAX);
    return in.errors;
}

const char *cg_origins_add_matcher(apr_pool_t *p, cg_origins *origins, const cg_matcher *matcher,
                                   const cg_witness *witness)
{
    const char *error = refuse_company(p, origins, 0);
    cg_risk risk = {.text = matcher->text, .place = matcher->place};
    cg_matcher *kept;

    if (error)
        return error;
    origins->plain = 1;
    kept = apr_pmemdup(p, matcher, sizeof *matcher);
    kept->next = origins->matchers;
    origins->matchers = kept;
    if (witness->hole != CG_HOLE_NONE) {
        risk.rule = CG_RULE_OPEN_PATTERN;
        risk.witness = cg_witness_text(p, witness);
        if (witness->hole == CG_HOLE_UNJUDGED)
            risk.danger = "it cannot be told which origins this pattern accepts";
        if (witness->useless)
            risk.remedy =
                "write whole origins as browsers send them: lower case, with the scheme, without a "
                "path or the default port, like https://(dev|qa)[0-9]+\\.example\\.com";
        add_risk(p, origins, &risk);
    }
    if (witness->insecure) {
        risk.rule = CG_RULE_INSECURE_ORIGIN_WITH_CREDENTIALS;
        risk.witness = risk.danger = risk.remedy = NULL;
        add_risk(p, origins, &risk);
    }
    return NULL;
}

cg_origins *cg_origins_over(apr_pool_t *p, cg_origins *base, cg_origins *add)
{
    cg_origins *merged;

    if (!base || add->plain)
        return add;
    merged = apr_pmemdup(p, add, sizeof *add);
    /* httpd merges nested sections with each other before it merges them with what is around
     * them. */
    merged->parent = add->parent ? cg_origins_over(p, base, add->parent) : base;
    return merged;
}

int cg_origins_any(const cg_origins *origins)
{
    for (; origins; origins = origins->parent) {
        if (origins->removed || origins->removes_null)
            return 0;
        if (origins->any)
            return 1;
    }
    return 0;
}

static int matches(const cg_matcher *matcher, const cg_origin *origin)
{
    for (; matcher; matcher = matcher->next) {
        if (matcher->match(matcher->regex, origin->text, origin->len))
            return 1;
    }
    return 0;
}

int cg_origins_allow(const cg_origins *origins, const cg_origin *origin)
{
    for (; origins; origins = origins->parent) {
        if (origins->removed && cg_set_matches(origins->removed, origin))
            return 0;
        if (origins->any || (origins->allowed && cg_set_matches(origins->allowed, origin)) ||
            matches(origins->matchers, origin))
            return 1;
    }
    return 0;
}

/* "*" with exceptions does not include null: whoever is excepted could make its origin null. */
int cg_origins_allow_null(const cg_origins *origins)
{
    for (; origins; origins = origins->parent) {
        if (origins->removes_null)
            return 0;
        if (origins->null)
            return 1;
    }
    return 0;
}

static int removes(const cg_origins *origins, const cg_pattern *pattern)
{
    if (pattern->null)
        return origins->removes_null;
    return origins->removed && cg_set_covers(origins->removed, pattern);
}

int cg_origins_removes(const cg_origins *origins, const cg_origins *holder, const cg_risk *risk)
{
    if (!risk->pattern)
        return 0;
    while (!removes(origins, risk->pattern)) {
        if (origins == holder)
            return 0;
        origins = origins->parent;
    }
    return 1;
}
