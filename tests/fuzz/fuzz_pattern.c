/* SPDX-License-Identifier: Apache-2.0 */
/* One argument of CorsAllowOrigin. What is accepted is what browsers send, and matches nothing but
 * what it says; what is refused is explained in a line, and what is said to be written instead is
 * accepted. */
#include "fuzz.h"

#include "cg_reading.h"
#include "cg_set.h"

#include <apr_strings.h>
#include <string.h>

/* An error quotes the input once (CG_QUOTE_MAX bytes, each \xNN at worst); the rest are its clauses,
 * a bad scheme quoted once more, and origins to write instead. */
#define ERROR_MAX 8192

static void check_same(const cg_pattern *one, const cg_pattern *other)
{
    FUZZ_MUST(one->len == other->len && strcmp(one->text, other->text) == 0);
    FUZZ_MUST(one->null == other->null);
    if (one->null)
        return;
    FUZZ_MUST(one->scheme_len == other->scheme_len && one->host_len == other->host_len);
    FUZZ_MUST(one->host - one->text == other->host - other->text);
    FUZZ_MUST(one->port == other->port && one->host_kind == other->host_kind);
    FUZZ_MUST(one->subdomains == other->subdomains && one->any_port == other->any_port);
    FUZZ_MUST(one->insecure == other->insecure && one->loopback == other->loopback);
}

/* Reading what was read changes nothing. */
static void check_again(apr_pool_t *p, const char *text)
{
    cg_pattern pattern, again;

    FUZZ_MUST(!cg_pattern_parse(p, text, strlen(text), &pattern));
    FUZZ_MUST(strcmp(pattern.text, text) == 0);
    FUZZ_MUST(!cg_pattern_parse(p, pattern.text, pattern.len, &again));
    check_same(&pattern, &again);
}

/* An origin with something before the pattern's host. */
static const char *origin_of(apr_pool_t *p, const cg_pattern *pattern, const char *before)
{
    const char *port = pattern->any_port ? ":81" : "";

    if (pattern->port)
        port = apr_psprintf(p, ":%u", pattern->port);
    return apr_psprintf(p, "%.*s://%s%.*s%s", (int)pattern->scheme_len, pattern->text, before,
                        (int)pattern->host_len, pattern->host, port);
}

static int matches(apr_pool_t *p, const cg_pattern *pattern, const char *before)
{
    const char *text = origin_of(p, pattern, before);
    cg_set *set = cg_set_make(p, 0, 0);
    cg_origin origin;

    cg_set_add(set, pattern);
    return cg_origin_parse(text, strlen(text), &origin) == CG_ORIGIN_TUPLE &&
           cg_set_matches(set, &origin);
}

/* Whole labels in front, or nothing. */
static void check_boundary(apr_pool_t *p, const cg_pattern *pattern)
{
    FUZZ_MUST(matches(p, pattern, "") == !pattern->subdomains);
    FUZZ_MUST(!matches(p, pattern, "evil"));
    FUZZ_MUST(!matches(p, pattern, "x.evil"));
    if (pattern->subdomains)
        FUZZ_MUST(matches(p, pattern, "x."));
    else
        FUZZ_MUST(!matches(p, pattern, "x."));
}

static void check_accepted(apr_pool_t *p, const cg_pattern *pattern)
{
    cg_origin origin;
    cg_origin_kind kind = cg_origin_parse(pattern->text, pattern->len, &origin);

    FUZZ_MUST(strlen(pattern->text) == pattern->len && pattern->len <= CG_ORIGIN_MAX);
    check_again(p, pattern->text);
    if (pattern->null) {
        FUZZ_MUST(kind == CG_ORIGIN_NULL);
        return;
    }
    FUZZ_MUST(kind ==
              (pattern->subdomains || pattern->any_port ? CG_ORIGIN_MALFORMED : CG_ORIGIN_TUPLE));
    FUZZ_MUST(kind != CG_ORIGIN_TUPLE ||
              (origin.host_len == pattern->host_len && origin.port == pattern->port));
    FUZZ_MUST(!pattern->insecure || strncmp(pattern->text, "http://", 7) == 0);
    /* The longest host has no room for a label in front. */
    if (pattern->host_len + sizeof "x.evil" <= CG_HOST_MAX && pattern->host_kind == CG_HOST_NAME)
        check_boundary(p, pattern);
}

static void check_refused(apr_pool_t *p, const char *text, apr_size_t len, const char *error)
{
    cg_reading reading = {p, 0, NULL, NULL, NULL};
    apr_array_header_t *written;
    cg_pattern pattern;

    FUZZ_MUST(fuzz_is_plain(error) && strlen(error) <= ERROR_MAX && *error == '"');
    FUZZ_MUST(!cg_read_text(&reading, text, len, &pattern));
    FUZZ_MUST(reading.why && (reading.write || reading.advice));
    written = fuzz_words(p, reading.write ? reading.write : "");
    FUZZ_MUST(!reading.write || written->nelts > 0);
    for (int i = 0; i < written->nelts; i++)
        check_again(p, APR_ARRAY_IDX(written, i, const char *));
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    cg_pattern pattern;
    const char *error = cg_pattern_parse(p, text, len, &pattern);

    if (error)
        check_refused(p, text, len, error);
    else
        check_accepted(p, &pattern);
}
