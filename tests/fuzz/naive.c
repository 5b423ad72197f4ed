/* SPDX-License-Identifier: Apache-2.0 */
#include "naive.h"

#include <string.h>

#define LABELS_MAX 256

typedef struct label {
    const char *text;
    apr_size_t len;
} label;

static int cut(const char *host, apr_size_t len, label labels[LABELS_MAX])
{
    int count = 0;

    labels[0] = (label){host, 0};
    for (apr_size_t i = 0; i < len; i++) {
        if (host[i] == '.')
            labels[++count] = (label){host + i + 1, 0};
        else
            labels[count].len++;
    }
    return count + 1;
}

/* How many labels host has more than suffix in front; -1 where it does not end in it. */
static int labels_before(const char *host, apr_size_t len, const char *suffix,
                         apr_size_t suffix_len)
{
    label all[LABELS_MAX], ending[LABELS_MAX];
    int count = cut(host, len, all), ending_count = cut(suffix, suffix_len, ending);

    if (ending_count > count)
        return -1;
    for (int i = 1; i <= ending_count; i++) {
        const label *one = &all[count - i], *other = &ending[ending_count - i];

        if (one->len != other->len || memcmp(one->text, other->text, one->len) != 0)
            return -1;
    }
    return count - ending_count;
}

static int same_scheme(const char *one, apr_size_t len, const char *other, apr_size_t other_len)
{
    return len == other_len && memcmp(one, other, len) == 0;
}

int naive_matches(const cg_pattern *pattern, const cg_origin *origin)
{
    int before = labels_before(origin->host, origin->host_len, pattern->host, pattern->host_len);

    return same_scheme(pattern->text, pattern->scheme_len, origin->text, origin->scheme_len) &&
           (pattern->any_port || pattern->port == origin->port) &&
           (pattern->subdomains ? before > 0 : before == 0);
}

int naive_covers(const cg_pattern *pattern, const cg_pattern *other)
{
    int before;

    if (pattern->null || other->null ||
        !same_scheme(pattern->text, pattern->scheme_len, other->text, other->scheme_len))
        return 0;
    if (!pattern->any_port && (other->any_port || pattern->port != other->port))
        return 0;
    before = labels_before(other->host, other->host_len, pattern->host, pattern->host_len);
    if (other->subdomains)
        return pattern->subdomains && before >= 0;
    return pattern->subdomains ? before > 0 : before == 0;
}
