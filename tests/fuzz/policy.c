/* SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include "fuzz.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static const cg_place place = {"conf", 1};

static const cg_setting *setting(apr_pool_t *p, int value)
{
    const cg_setting made = {value, place};

    return apr_pmemdup(p, &made, sizeof made);
}

static int add_origins(apr_pool_t *p, cg_policy *policy, const char *line)
{
    apr_array_header_t *words = fuzz_words(p, line);
    const char *error = NULL;

    if (!policy->origins)
        policy->origins = cg_origins_make(p, &place);
    for (int i = 0; i < words->nelts && !error; i++)
        error = cg_origins_add(p, policy->origins, APR_ARRAY_IDX(words, i, const char *), &place);
    return !error;
}

static int add_names(apr_pool_t *p, cg_names **names, cg_names_kind kind, const char *line)
{
    apr_array_header_t *words = fuzz_words(p, line);
    const char *error = NULL;

    if (!*names)
        *names = cg_names_make(p, kind, &place);
    for (int i = 0; i < words->nelts && !error; i++)
        error = cg_names_add(p, *names, APR_ARRAY_IDX(words, i, const char *));
    return words->nelts && !error;
}

static void add_self(apr_pool_t *p, cg_policy *policy, const char *line)
{
    cg_pattern pattern;

    if (!policy->self) {
        policy->self = apr_pcalloc(p, sizeof *policy->self);
        policy->self->set = cg_set_make(p, 0, 0);
    }
    if (!cg_pattern_parse(p, line, strlen(line), &pattern) && !pattern.null)
        cg_set_add(policy->self->set, &pattern);
}

static void set_small(apr_pool_t *p, cg_policy *policy, char letter, const char *line)
{
    int value = *line & 3;

    switch (letter) {
    case 'c':
        policy->credentials = setting(p, value & 1);
        break;
    case 'd':
        policy->mode = setting(p, value);
        break;
    case 'f':
        policy->forward = setting(p, value & 1);
        break;
    case 'p':
        policy->preflight_status = setting(p, value & 1 ? 200 : 204);
        break;
    default:
        break;
    }
}

static int add_line(apr_pool_t *p, cg_policy *policy, const char *line)
{
    const char *rest = *line ? line + 1 : line;
    cg_max_age age = {atoi(rest) & 0xffff, NULL, place};
    cg_setting lifts = {*rest & 15, place};

    switch (*line) {
    case 'o':
        return add_origins(p, policy, rest);
    case 'm':
        return add_names(p, &policy->methods, CG_NAMES_METHODS, rest);
    case 'h':
        return add_names(p, &policy->headers, CG_NAMES_HEADERS, rest);
    case 'e':
        return add_names(p, &policy->expose, CG_NAMES_EXPOSE, rest);
    case 's':
        add_self(p, policy, rest);
        return 1;
    case 'l':
        policy->lifted = apr_pmemdup(p, &lifts, sizeof lifts);
        return 1;
    case 'a':
        age.text = apr_itoa(p, age.seconds);
        policy->max_age = apr_pmemdup(p, &age, sizeof age);
        return 1;
    default:
        set_small(p, policy, *line, rest);
        return 1;
    }
}

const cg_policy *policy_read(apr_pool_t *p, const char **rest, const char *end)
{
    cg_policy *merged = apr_pcalloc(p, sizeof *merged), *section = apr_pcalloc(p, sizeof *section);
    const char *line;

    while ((line = fuzz_line(p, rest, end)) && *line) {
        if (strcmp(line, "-") != 0) {
            if (!add_line(p, section, line))
                return NULL;
            continue;
        }
        cg_policy_merge(p, merged, section, merged);
        section = apr_pcalloc(p, sizeof *section);
    }
    cg_policy_merge(p, merged, section, merged);
    return merged;
}

/* Requests */

static const char *header_of(const void *from, const char *name)
{
    const policy_request *request = from;

    if (strcmp(name, "Host") == 0)
        return request->host;
    if (strcmp(name, "Access-Control-Request-Method") == 0)
        return request->asked;
    if (strcmp(name, "Access-Control-Request-Headers") == 0)
        return request->names;
    FUZZ_MUST(strcmp(name, "Sec-Fetch-Site") == 0);
    return request->site;
}

static const char *scheme_of(const void *from)
{
    return ((const policy_request *)from)->scheme;
}

/* What httpd knows of a Host header that it accepts (ap_update_vhost_from_headers): the name in lower
 * case, without the dot at its end and without brackets, and the port. */
static void take_host(apr_pool_t *p, policy_request *request)
{
    char *host = request->host ? apr_pstrdup(p, request->host) : NULL, *colon;
    const char *written;
    apr_size_t len;

    if (!host || strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.:-[]") != strlen(host))
        return;
    colon = strrchr(host, ':');
    if (colon && !strchr(colon, ']')) {
        request->facts.port = (unsigned)atoi(colon + 1) & 0xffff;
        *colon = '\0';
    }
    written = apr_pstrdup(p, host);
    len = strlen(host);
    if (*host == '[' && len > 2 && host[len - 1] == ']') {
        host[len - 1] = '\0';
        host++;
    } else if (strpbrk(host, "[]:")) {
        return;
    } else if (len && host[len - 1] == '.') {
        host[len - 1] = '\0';
    }
    request->facts.host = host;
    if ((strcmp(request->scheme, "http") == 0 && request->facts.port == 80) ||
        (strcmp(request->scheme, "https") == 0 && request->facts.port == 443) ||
        request->facts.port == 0)
        request->own = apr_pstrcat(p, request->scheme, "://", written, NULL);
    else
        request->own = apr_psprintf(p, "%s://%s:%u", request->scheme, written, request->facts.port);
}

static void add_header(apr_table_t *table, char *line)
{
    char *colon = strchr(line, ':');

    if (!colon || colon == line)
        return;
    *colon = '\0';
    apr_table_addn(table, line, colon + 1 + strspn(colon + 1, " "));
}

static void take_line(policy_request *request, char *line)
{
    const char *rest = *line ? line + 1 : line;

    switch (*line) {
    case 'M':
        request->facts.method = rest;
        break;
    case 'O':
        request->facts.origin = rest;
        break;
    case 'H':
        request->host = rest;
        break;
    case 'S':
        request->scheme = *rest & 1 ? "https" : "http";
        break;
    case 'R':
        request->asked = rest;
        break;
    case 'N':
        request->names = rest;
        break;
    case 'F':
        request->site = rest;
        break;
    case '1':
    case '2':
        add_header(*line == '1' ? request->out : request->err, line + 1);
        break;
    default:
        break;
    }
}

void policy_read_request(apr_pool_t *p, const char *rest, const char *end, policy_request *request)
{
    char *line;

    *request = (policy_request){
        .facts = {.method = "GET", .header = header_of, .scheme = scheme_of, .request = request},
        .scheme = "https",
        .out = apr_table_make(p, 8),
        .err = apr_table_make(p, 8)};
    while ((line = fuzz_line(p, &rest, end)))
        take_line(request, line);
    take_host(p, request);
}
