/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_hostile.h"
#include "cg_suffix.h"

#include <apr_strings.h>
#include <string.h>

/* Ways to build the rest of a regex beside a part; what needs more is not judged. */
#define SETTINGS_MAX 1024

/* A variable part in the rest of the regex, built in one way. */
typedef struct setting {
    cg_example_plan plan;
    cg_example source;    /* an accepted origin, with the part as meant */
    apr_size_t host, end; /* where the host stands in source */
    apr_size_t lead; /* bytes at the beginning of source's part that must stay: "https://" of .* */
} setting;

/* What an author meant by a part that a letter alone makes no origin of. Those with a scheme are
 * for a part that begins the regex; the addresses are nobody's. */
static const char *const meant[] = {
    "https://", "https://a", "https://a.", "https", "https:", "://", "://a",     "s://",
    "s://a",    "//",        "//a",        ":",     "1",      "/",   "10.0.0.1", "fd00::1"};

/* What an attacker puts in place of a part; the most telling first. */
static const char *const words[] = {"evil",
                                    "evil.",
                                    ".evil.example",
                                    "evil.example",
                                    "evil-",
                                    "-evil",
                                    "x",
                                    "9",
                                    ".com",
                                    "evil.com",
                                    "attacker.net",
                                    "evil.s3",
                                    "evil.blob.core",
                                    "203",
                                    "203.0.113.66",
                                    "2001:db8::66",
                                    "-",
                                    ""};

/* The same in place of one byte. */
static const char *const letters[] = {"x", "9", "-", "e", "m", ""};

static const char *const top_level[] = {"com",  "net",  "org",       "io",      "de",  "co",
                                        "uk",   "us",   "eu",        "me",      "ai",  "app",
                                        "dev",  "info", "biz",       "online",  "xyz", "shop",
                                        "site", "club", "community", "company", "cool"};

/* How telling the origins are that are not made of words; a word's rank is its index. */
enum { RANK_TOP_LEVEL = 32, RANK_LETTER = 64, RANK_MEMBER = 72, RANK_BESIDE = 96 };

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* Builds a setting with a word behind its lead: cut to what the part can take, or drawn out with
 * letters. Returns 0 where the part cannot hold it. */
static int build_with(cg_probe *probe, const setting *s, const char *word, apr_size_t len,
                      cg_example *built)
{
    const cg_example_part *part = &s->plan.part;
    cg_example_plan plan = s->plan;
    char fill[CG_ORIGIN_MAX];
    apr_size_t used = s->lead + len;

    if (used > CG_ORIGIN_MAX || part->min > CG_ORIGIN_MAX)
        return 0;
    memcpy(fill, s->source.text + s->source.from, s->lead);
    memcpy(fill + s->lead, word, len);
    if (used > part->max)
        used = part->max;
    while (used < part->min)
        fill[used++] = part->set ? (char)cg_bytes_typical(part->set) : 'a';
    plan.fill = fill;
    plan.fill_len = used;
    return (!part->set || cg_bytes_has_all(part->set, fill, used)) &&
           cg_probe_build(probe, &plan, built);
}

/* The hole of a part that ends in the middle of the host, by what follows it. starts: the part
 * begins a label. */
static cg_hole hole_before(const char *after, int starts)
{
    if (*after == '.' || !starts || !strchr(after, '.') || cg_suffix_is_public(after))
        return CG_HOLE_PUBLIC_SUFFIX;
    return CG_HOLE_BEFORE;
}

/* The hole of a part that ends the host. The host's first len bytes stand before it. */
static cg_hole hole_behind(char *host, apr_size_t len)
{
    if (strchr(host + len, '.'))
        return CG_HOLE_TAIL;
    host[host[len - 1] == '.' ? len - 1 : len] = '\0';
    return cg_suffix_registrable(host) ? CG_HOLE_TAIL : CG_HOLE_PUBLIC_SUFFIX;
}

/* The hole of a part that is all of the host. A lookaround may have named a site. */
static cg_hole hole_of_all(const setting *s, const cg_origin *origin)
{
    const char *meant_host = s->source.text + s->host;
    apr_size_t len = s->end - s->host;

    if (!memchr(meant_host, '.', len) || len > origin->host_len)
        return CG_HOLE_ANY_ORIGIN;
    if (memcmp(origin->host, meant_host, len) == 0)
        return CG_HOLE_TAIL;
    if (memcmp(origin->host + origin->host_len - len, meant_host, len) == 0)
        return CG_HOLE_BEFORE;
    return CG_HOLE_ANY_ORIGIN;
}

static apr_size_t within(apr_size_t at, apr_size_t start, apr_size_t end)
{
    return at < start ? start : at > end ? end : at;
}

/* The kind of a hole, by where the part stands in the host of its witness. */
static cg_hole name_hole(const setting *s, const cg_example *built, const cg_origin *origin)
{
    apr_size_t start = (apr_size_t)(origin->host - built->text), end = start + origin->host_len;
    apr_size_t from = within(built->from, start, end), to = within(built->to, start, end);
    char host[CG_ORIGIN_MAX + 1];

    if (s->plan.part.max == 1 && s->source.to - s->source.from == 1 &&
        s->source.text[s->source.from] == '.')
        return built->from == built->to ? CG_HOLE_BEFORE : CG_HOLE_DOT;
    if (cg_scheme_of(origin->text, origin->scheme_len) == CG_SCHEME_CUSTOM)
        return CG_HOLE_PUBLIC_SUFFIX;
    if (from == start && to == end)
        return hole_of_all(s, origin);
    memcpy(host, origin->host, origin->host_len);
    host[origin->host_len] = '\0';
    if (to == end)
        return hole_behind(host, from - start);
    return hole_before(host + (to - start), from == start || host[from - start - 1] == '.');
}

/* rank: how telling the word is, 0 the most. */
static void try_word(cg_probe *probe, const setting *s, unsigned rank, const char *word,
                     apr_size_t len)
{
    cg_example built;
    cg_origin origin;

    if (build_with(probe, s, word, len, &built) &&
        cg_probe_is_witness(probe, built.text, built.len, &origin))
        cg_probe_keep(probe, name_hole(s, &built, &origin), rank, built.text, s->source.text);
}

/* A whole name below a top-level domain, of which the part holds the first len bytes. */
static void try_name_below(cg_probe *probe, const setting *s, unsigned rank, const char *domain,
                           apr_size_t len)
{
    static const char *const names[] = {"evil.", "x."};
    const cg_bytes *set = s->plan.part.set;
    char word[32];

    if (set && !cg_bytes_has(set, '.'))
        return;
    for (apr_size_t i = 0; i < COUNT_OF(names); i++) {
        int put = apr_snprintf(word, sizeof word, "%s%.*s", names[i], (int)len, domain);

        try_word(probe, s, rank, word, (apr_size_t)put);
    }
}

/* Ends the last label as some top-level domain: "m" behind "example.co", "evil.co" before "m". */
static void try_top_level(cg_probe *probe, const setting *s)
{
    const char *text = s->source.text, *after = text + s->source.to;
    apr_size_t start = s->source.from, head, tail = s->end - s->source.to;

    if (s->source.from < s->host || s->source.to > s->end || memchr(after, '.', tail))
        return;
    while (start > s->host && text[start - 1] != '.')
        start--;
    head = s->source.from - start;
    for (unsigned i = 0; i < COUNT_OF(top_level); i++) {
        const char *domain = top_level[i];
        apr_size_t len = strlen(domain);

        if (len < tail || memcmp(domain + len - tail, after, tail) != 0)
            continue;
        if (start > s->host && len > head + tail && memcmp(domain, text + start, head) == 0)
            try_word(probe, s, RANK_TOP_LEVEL + i, domain + head, len - head - tail);
        try_name_below(probe, s, RANK_TOP_LEVEL + i, domain, len - tail);
    }
}

/* Another member of the part's set, as often as in the example: a set may hold no word. */
static void try_other_member(cg_probe *probe, const setting *s)
{
    const cg_example_part *part = &s->plan.part;
    apr_size_t len = s->source.to - s->source.from;
    char fill[CG_ORIGIN_MAX];

    if (!part->set || s->lead)
        return;
    len = len ? len : 1;
    memset(fill, cg_bytes_last(part->set), len);
    try_word(probe, s, RANK_MEMBER, fill, len);
}

/* The words before and behind a text that a lookaround may demand. */
static void try_beside(cg_probe *probe, const setting *s, const char *text, apr_size_t text_len)
{
    char both[CG_ORIGIN_MAX];

    for (unsigned i = 0; i < COUNT_OF(words); i++) {
        apr_size_t len = strlen(words[i]);

        if (text_len + len > CG_ORIGIN_MAX)
            continue;
        memcpy(both, text, text_len);
        memcpy(both + text_len, words[i], len);
        try_word(probe, s, RANK_BESIDE + i, both, text_len + len);
        memcpy(both, words[i], len);
        memcpy(both + len, text, text_len);
        try_word(probe, s, RANK_BESIDE + i, both, text_len + len);
    }
}

/* A lookaround may demand what the example has, or what stands in it. */
static void try_lookarounds(cg_probe *probe, const setting *s)
{
    if (!probe->tree->root->looks)
        return;
    try_beside(probe, s, s->source.text + s->source.from + s->lead,
               s->source.to - s->source.from - s->lead);
    for (int i = 0; i < probe->hints->nelts; i++) {
        const char *hint = APR_ARRAY_IDX(probe->hints, i, const char *);

        try_beside(probe, s, hint, strlen(hint));
    }
}

static void try_words(cg_probe *probe, const setting *s)
{
    const char *const *list = s->plan.part.max == 1 ? letters : words;
    unsigned count = s->plan.part.max == 1 ? COUNT_OF(letters) : COUNT_OF(words);
    unsigned rank = s->plan.part.max == 1 ? RANK_LETTER : 0;

    for (unsigned i = 0; i < count; i++)
        try_word(probe, s, rank + i, list[i], strlen(list[i]));
    try_other_member(probe, s);
    try_top_level(probe, s);
    try_lookarounds(probe, s);
}

/* Learns a setting's example with a part as it may be meant. */
static int learn_meant(cg_probe *probe, setting *s, const char *text)
{
    const char *slashes = strstr(text, "//");
    cg_example built;

    if (strlen(text) > s->plan.part.max || !build_with(probe, s, text, strlen(text), &built) ||
        !cg_probe_learn(probe, &built))
        return 0;
    s->source = built;
    s->lead = slashes ? (apr_size_t)(slashes - text) + 2 : 0;
    return 1;
}

/* What a lookaround demands, alone and with a letter on either side. */
static int learn_hint(cg_probe *probe, setting *s, const char *hint)
{
    char text[CG_ORIGIN_MAX + 2];

    if (learn_meant(probe, s, hint))
        return 1;
    apr_snprintf(text, sizeof text, "a%s", hint);
    if (learn_meant(probe, s, text))
        return 1;
    apr_snprintf(text, sizeof text, "%sa", hint);
    return learn_meant(probe, s, text);
}

/* Learns a setting's example. Returns 0 where the regex accepts none. */
static int learn_source(cg_probe *probe, setting *s)
{
    if (cg_probe_learn(probe, &s->source))
        return 1;
    for (int i = 0; i < probe->hints->nelts; i++) {
        if (learn_hint(probe, s, APR_ARRAY_IDX(probe->hints, i, const char *)))
            return 1;
    }
    for (apr_size_t i = 0; i < COUNT_OF(meant); i++) {
        if ((s->source.from == 0 || strncmp(meant[i], "https", 5) != 0) &&
            learn_meant(probe, s, meant[i]))
            return 1;
    }
    /* Nothing is known of what was meant; then what is accepted first was. The most telling
     * words are left for the attacker. */
    for (apr_size_t i = COUNT_OF(words); i > 0; i--) {
        if (learn_meant(probe, s, words[i - 1]))
            return 1;
    }
    return 0;
}

/* Non-zero where the same part has stood in the same host before, or stands behind the host. */
static int is_known(cg_probe *probe, apr_hash_t *known, const setting *s)
{
    apr_size_t before = s->source.from > s->host ? s->source.from - s->host : 0;
    apr_size_t after = s->source.to < s->end ? s->end - s->source.to : 0;
    char key[2 * CG_ORIGIN_MAX + 1];
    apr_ssize_t len = (apr_ssize_t)(before + after + 1);

    if (s->source.from > s->end)
        return 1;
    memcpy(key, s->source.text + s->host, before);
    key[before] = '\0';
    memcpy(key + before + 1, s->source.text + s->end - after, after);
    if (apr_hash_get(known, key, len))
        return 1;
    apr_hash_set(known, apr_pmemdup(probe->p, key, (apr_size_t)len), len, "");
    return 0;
}

static void find_host(setting *s)
{
    cg_origin origin;

    if (cg_origin_parse(s->source.text, s->source.len, &origin) != CG_ORIGIN_TUPLE)
        return;
    s->host = (apr_size_t)(origin.host - s->source.text);
    s->end = s->host + origin.host_len;
}

/* Adds the setting that a plan makes, if it says anything new. */
static void add_setting(cg_probe *probe, apr_array_header_t *settings, apr_hash_t *known,
                        const cg_example_plan *plan)
{
    setting s = {.plan = *plan};

    if (!cg_probe_build(probe, plan, &s.source) || (plan->lead && !s.source.led))
        return;
    if (!learn_source(probe, &s))
        return;
    find_host(&s);
    if (is_known(probe, known, &s))
        return;
    if (settings->nelts == SETTINGS_MAX)
        cg_probe_give_up(probe);
    else
        *(setting *)apr_array_push(settings) = s;
}

/* One part beside each turn of the rest. */
static void add_settings(cg_probe *probe, apr_array_header_t *settings, const cg_example_part *part,
                         const apr_array_header_t *turns)
{
    const apr_array_header_t *beside;
    apr_hash_t *known = apr_hash_make(probe->p);

    cg_probe_spend(probe, (unsigned)turns->nelts);
    beside = cg_example_turns_beside(probe->p, probe->tree, turns, part);
    for (unsigned i = 0; i < probe->bases; i++) {
        cg_example_plan plan = cg_probe_bases[i];

        plan.part = *part;
        add_setting(probe, settings, known, &plan);
        for (int turn = 0; turn < beside->nelts; turn++) {
            plan.turn = APR_ARRAY_IDX(beside, turn, cg_example_turn);
            add_setting(probe, settings, known, &plan);
        }
    }
}

void cg_hostile_probe_parts(cg_probe *probe, const apr_array_header_t *turns)
{
    const apr_array_header_t *parts = cg_example_parts(probe->p, probe->tree);
    apr_array_header_t *settings = apr_array_make(probe->p, 8, sizeof(setting));

    for (int i = 0; i < parts->nelts && !probe->exhausted; i++)
        add_settings(probe, settings, &APR_ARRAY_IDX(parts, i, cg_example_part), turns);
    for (int i = 0; i < settings->nelts && !probe->exhausted; i++)
        try_words(probe, &APR_ARRAY_IDX(settings, i, setting));
}
