/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cg_set.h"

#include <apr_strings.h>

static cg_pattern pattern_of(apr_pool_t *p, const char *text)
{
    cg_pattern pattern;
    const char *error = cg_pattern_parse(p, text, strlen(text), &pattern);

    if (error)
        fail_msg("%s", error);
    return pattern;
}

/* A set of the patterns in members, separated by spaces. */
static cg_set *set_of(apr_pool_t *p, const char *members)
{
    cg_set *set = cg_set_make(p, 0, 0);
    char *last, *copy = apr_pstrdup(p, members);

    for (char *one = apr_strtok(copy, " ", &last); one; one = apr_strtok(NULL, " ", &last)) {
        cg_pattern pattern = pattern_of(p, one);

        cg_set_add(set, &pattern);
    }
    return set;
}

/* The origin is placed so that whatever reads past it crashes. */
static int matches(const cg_set *set, const char *text)
{
    size_t len = strlen(text);
    cg_origin origin;

    if (cg_origin_parse(unit_fenced(text, len), len, &origin) != CG_ORIGIN_TUPLE)
        fail_msg("%s is no origin", text);
    return cg_set_matches(set, &origin) != 0;
}

static int covers(apr_pool_t *p, const cg_set *set, const char *text)
{
    cg_pattern pattern = pattern_of(p, text);

    return cg_set_covers(set, &pattern) != 0;
}

#define DEEP10 "a.a.a.a.a.a.a.a.a.a."
#define DEEP70 DEEP10 DEEP10 DEEP10 DEEP10 DEEP10 DEEP10 DEEP10

static const struct {
    const char *members;
    const char *origin;
    int matched;
} rows[] = {
    {"https://a.com", "https://a.com", 1},
    {"https://a.com", "http://a.com", 0},
    {"https://a.com", "https://a.com:8443", 0},
    {"https://a.com", "https://a.com.", 0},
    {"https://a.com.", "https://a.com.", 1},
    {"https://a.com.", "https://a.com", 0},
    {"https://a.com", "https://b.com", 0},
    {"https://a.com", "https://aa.com", 0},
    {"https://a.com", "https://x.a.com", 0},
    {"https://a.com", "https://a.co", 0},
    {"https://a.com", "https://a.comm", 0},
    {"https://a.com", "https://a.com.evil.example", 0},
    {"https://b.com", "https://evilb.com", 0},
    {"https://a.com:8443", "https://a.com:8443", 1},
    {"https://a.com:8443", "https://a.com", 0},
    {"https://a.com:8443", "https://a.com:844", 0},
    {"https://a.com:8443", "https://a.com:18443", 0},
    {"https://a.com:8443", "http://a.com:8443", 0},
    {"http://a.com:443", "http://a.com:443", 1},
    {"http://a.com:443", "https://a.com", 0},
    /* one member's head and another's tail (GHSA-vhxv-fg4m-p2w8) */
    {"https://foo.com https://bar.com", "https://barfoo.com", 0},
    {"https://bar.com https://foo.com", "https://barfoo.com", 0},
    {"https://foo.com https://bar.com", "https://foobar.com", 0},
    {"https://foo.com https://bar.com", "https://oo.com", 0},
    {"https://foo.com https://bar.com", "https://foo.com", 1},
    {"https://foo.com https://bar.com", "https://bar.com", 1},
    {"https://*.foo.com https://*.bar.com", "https://barfoo.com", 0},
    {"https://*.foo.com https://*.bar.com", "https://x.barfoo.com", 0},
    {"https://*.foo.com https://bar.com", "https://bar.foo.com", 1},
    {"https://*.foo.com https://bar.com", "https://foo.bar.com", 0},
    {"http://foo.com https://bar.com", "https://foo.com", 0},
    {"https://foo.com:81 https://bar.com:82", "https://foo.com:82", 0},
    {"https://foo.com:81 https://bar.com", "https://bar.com:81", 0},
    {"https://*.foo.com:81 https://*.foo.example", "https://a.foo.com", 0},
    {"https://*.foo.com:81 https://*.foo.example", "https://a.foo.example:81", 0},
    /* any port */
    {"http://localhost:*", "http://localhost", 1},
    {"http://localhost:*", "http://localhost:1", 1},
    {"http://localhost:*", "http://localhost:65535", 1},
    {"http://localhost:*", "https://localhost:3000", 0},
    {"http://localhost:*", "http://a.localhost:3000", 0},
    {"http://localhost:*", "http://localhost.:3000", 0},
    {"http://[::1]:*", "http://[::1]:3000", 1},
    {"http://[::1]:*", "http://[::2]:3000", 0},
    {"http://127.0.0.1:*", "http://127.0.0.1:3000", 1},
    {"http://127.0.0.1:*", "http://127.0.0.11:3000", 0},
    {"https://a.com:81 https://a.com:*", "https://a.com:82", 1},
    /* subdomains */
    {"https://*.example.com", "https://a.example.com", 1},
    {"https://*.example.com", "https://a.b.c.example.com", 1},
    {"https://*.example.com", "https://-.example.com", 1},
    {"https://*.example.com", "https://_.example.com", 1},
    {"https://*.example.com", "https://example.com", 0},
    {"https://*.example.com", "https://evilexample.com", 0},
    {"https://*.example.com", "https://a.evilexample.com", 0},
    {"https://*.example.com", "https://a.example.com.", 0},
    {"https://*.example.com", "https://a.example.com.evil.example", 0},
    {"https://*.example.com", "https://a.example.co", 0},
    {"https://*.example.com", "https://a.xexample.com", 0},
    {"https://*.example.com", "https://com", 0},
    {"https://*.example.com", "http://a.example.com", 0},
    {"https://*.example.com", "https://a.example.com:8443", 0},
    {"https://*.example.com:8443", "https://a.example.com:8443", 1},
    {"https://*.example.com:8443", "https://a.example.com", 0},
    {"https://*.example.com:8443", "https://a.example.com:8444", 0},
    {"https://*.example.com:8443", "https://example.com:8443", 0},
    {"https://*.example.com.", "https://a.example.com.", 1},
    {"https://*.example.com.", "https://a.example.com", 0},
    {"https://*.example.com.", "https://example.com.", 0},
    {"https://*.com", "https://example.com", 1},
    {"https://*.com", "https://com", 0},
    {"https://*.localhost", "https://localhost", 0},
    {"https://*.a.example.com", "https://b.example.com", 0},
    {"https://*.a.example.com", "https://a.example.com", 0},
    {"https://*.a.example.com", "https://b.a.example.com", 1},
    {"https://*.a.example.com https://*.com", "https://b.example.com", 1},
    {"https://*.d.c.b.a https://*.b.a:81", "https://x.c.b.a:81", 1},
    {"https://*.d.c.b.a https://*.b.a:81", "https://x.c.b.a", 0},
    {"https://*.example.com:*", "https://a.example.com", 1},
    {"https://*.example.com:*", "https://a.b.example.com:65535", 1},
    {"https://*.example.com:*", "https://example.com:1", 0},
    {"https://*.example.com:*", "https://evilexample.com:1", 0},
    {"https://*.example.com:*", "http://a.example.com:1", 0},
    {"https://*.example.com https://*.example.com:81", "https://a.example.com:82", 0},
    {"https://*.example.com https://*.example.com:81", "https://a.example.com:81", 1},
    {"https://*.example.com https://example.com", "https://example.com", 1},
    {"https://*.4.example", "https://1.2.3.4.example", 1},
    {"https://*.a", "https://" DEEP70 "a", 1},
    {"https://*." DEEP70 "a", "https://a." DEEP70 "a", 1},
    {"https://*." DEEP70 "a", "https://" DEEP70 "a", 0},
    {"https://*." DEEP70 "a", "https://" DEEP10 DEEP70 "a", 1},
    {"https://*." DEEP70 "a", "https://a." DEEP70 "b", 0},
    {"https://*." DEEP70 "a https://*.b", "https://a." DEEP70 "b", 1},
    /* other schemes */
    {"chrome-extension://abc", "chrome-extension://abc", 1},
    {"chrome-extension://abc", "moz-extension://abc", 0},
    {"app://abc", "app://abcd", 0},
    {"ab://c.d", "abc://d.d", 0},
    {"ab://*.c", "a://b.c", 0},
};

static void members_match_what_they_mean(void **state)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (matches(set_of(*state, rows[i].members), rows[i].origin) != rows[i].matched)
            fail_msg("%s: %s should be %d", rows[i].members, rows[i].origin, rows[i].matched);
    }
}

static void an_empty_set_matches_nothing(void **state)
{
    cg_pattern pattern = pattern_of(*state, "https://*.example.com:*");

    assert_false(matches(cg_set_make(*state, 0, 0), "https://a.com"));
    assert_false(matches(cg_set_make(*state, 100, 100), "https://a.com"));
    assert_false(cg_set_covers(cg_set_make(*state, 0, 0), &pattern));
    assert_int_equal(cg_set_count(cg_set_make(*state, 0, 0)), 0);
}

static const struct {
    const char *members;
    const char *pattern;
    int covered;
} covered[] = {
    {"https://a.com", "https://a.com", 1},
    {"https://a.com", "https://a.com:*", 0},
    {"https://a.com", "https://*.a.com", 0},
    {"https://a.com:*", "https://a.com", 1},
    {"https://a.com:*", "https://a.com:81", 1},
    {"https://a.com:*", "https://a.com:*", 1},
    {"https://a.com:*", "http://a.com:*", 0},
    {"https://a.com:*", "https://*.a.com:*", 0},
    {"https://*.example.com", "https://a.example.com", 1},
    {"https://*.example.com", "https://example.com", 0},
    {"https://*.example.com", "https://*.example.com", 1},
    {"https://*.example.com", "https://*.a.example.com", 1},
    {"https://*.example.com", "https://*.b.a.example.com", 1},
    {"https://*.example.com", "https://*.evilexample.com", 0},
    {"https://*.example.com", "https://*.com", 0},
    {"https://*.example.com", "https://*.example.com:*", 0},
    {"https://*.example.com", "https://*.example.com:81", 0},
    {"https://*.example.com", "https://a.example.com:*", 0},
    {"https://*.example.com:81", "https://*.a.example.com:81", 1},
    {"https://*.example.com:81", "https://*.a.example.com", 0},
    {"https://*.example.com:*", "https://a.example.com:*", 1},
    {"https://*.example.com:*", "https://a.example.com:81", 1},
    {"https://*.example.com:*", "https://*.example.com", 1},
    {"https://*.example.com:*", "https://*.a.example.com:*", 1},
    {"https://*.example.com:*", "https://example.com:*", 0},
    {"https://*.example.com:*", "http://*.a.example.com:*", 0},
    {"https://*.com", "https://*.example.com", 1},
    {"https://*.a.com https://*.b.com", "https://*.com", 0},
    {"https://*.a.com https://a.com", "https://*.a.com:81", 0},
    {"http://[::1]:*", "http://[::1]", 1},
    {"http://127.0.0.1", "http://127.0.0.1:*", 0},
    {"https://a.com", "null", 0},
};

static void members_cover_patterns(void **state)
{
    for (size_t i = 0; i < COUNT(covered); i++) {
        if (covers(*state, set_of(*state, covered[i].members), covered[i].pattern) !=
            covered[i].covered)
            fail_msg("%s: %s should be %d", covered[i].members, covered[i].pattern,
                     covered[i].covered);
    }
}

/* The naive matcher: a text cut at "://", "*." and the port. */
typedef struct naive {
    char scheme[8];
    char host[64];
    char port[8]; /**< with its colon */
    int subdomains;
} naive;

static const char *text_of(apr_pool_t *p, const naive *one)
{
    return apr_pstrcat(p, one->scheme, one->subdomains ? "://*." : "://", one->host, one->port,
                       NULL);
}

static int below(const char *host, const char *parent)
{
    size_t len = strlen(host), parent_len = strlen(parent);

    return len > parent_len + 1 && strcmp(host + len - parent_len, parent) == 0 &&
           host[len - parent_len - 1] == '.';
}

static int naive_covers(const naive *member, const naive *one)
{
    if (strcmp(member->scheme, one->scheme) != 0)
        return 0;
    if (strcmp(member->port, ":*") != 0 && strcmp(member->port, one->port) != 0)
        return 0;
    if (!member->subdomains)
        return !one->subdomains && strcmp(member->host, one->host) == 0;
    return below(one->host, member->host) ||
           (one->subdomains && strcmp(one->host, member->host) == 0);
}

/* From so few words that members and origins often meet. */
static naive random_one(uint64_t *seed, int wild)
{
    static const char *const schemes[] = {"https", "https", "http", "app"};
    static const char *const labels[] = {"a", "b", "ab", "foo", "bar", "barfoo", "a-", "_"};
    static const char *const tops[] = {"com", "com", "example", "b.com", "com."};
    static const char *const ports[] = {"", "", "", ":81", ":8443", ":8"};
    naive one = {.subdomains = wild && unit_random(seed, 3) == 0};

    strcpy(one.scheme, schemes[unit_random(seed, COUNT(schemes))]);
    for (unsigned depth = unit_random(seed, 4); depth > 0; depth--) {
        strcat(one.host, labels[unit_random(seed, COUNT(labels))]);
        strcat(one.host, ".");
    }
    strcat(one.host, tops[unit_random(seed, COUNT(tops))]);
    strcpy(one.port, ports[unit_random(seed, COUNT(ports))]);
    if (wild && unit_random(seed, 5) == 0)
        strcpy(one.port, ":*");
    return one;
}

static int any_covers(const naive *members, size_t count, const naive *one)
{
    for (size_t i = 0; i < count; i++) {
        if (naive_covers(&members[i], one))
            return 1;
    }
    return 0;
}

static void sets_agree_with_a_naive_matcher(void **state)
{
    uint64_t seed = 42;
    unsigned matched = 0, tried = 0;

    for (int round = 0; round < 600; round++) {
        naive members[40];
        size_t count = 1 + unit_random(&seed, COUNT(members));
        cg_set *set = cg_set_make(*state, unit_random(&seed, 2) ? count : 0, 0);

        for (size_t i = 0; i < count; i++) {
            cg_pattern pattern;

            members[i] = random_one(&seed, 1);
            pattern = pattern_of(*state, text_of(*state, &members[i]));
            cg_set_add(set, &pattern);
        }
        for (int i = 0; i < 120; i++) {
            naive one = random_one(&seed, i % 2);
            const char *text = text_of(*state, &one);
            int expected = any_covers(members, count, &one);

            if (covers(*state, set, text) != expected ||
                (!strchr(text, '*') && matches(set, text) != expected))
                fail_msg("%s should be %d", text, expected);
            matched += (unsigned)expected;
            tried++;
        }
        apr_pool_clear(*state);
    }
    assert_in_range(matched, tried / 20, tried - tried / 20);
}

static int count_and_compare(void *ctx, const char *text, apr_size_t len)
{
    unsigned *next = ctx;
    char expected[64];

    snprintf(expected, sizeof expected, "https://t%u.example.com", *next);
    assert_int_equal(len, strlen(expected));
    assert_memory_equal(text, expected, len);
    return ++*next < 60000;
}

static int count_only(void *ctx, const char *text, apr_size_t len)
{
    (void)text;
    (void)len;
    return (int)++*(unsigned *)ctx;
}

static void check_members(const cg_set *set, unsigned count, unsigned step)
{
    for (unsigned i = 0; i < count; i += step) {
        char text[64];

        snprintf(text, sizeof text, "https://t%u.example.com", i);
        if (!matches(set, text))
            fail_msg("%s is lost", text);
        snprintf(text, sizeof text, "http://t%u.example.com", i);
        assert_false(matches(set, text));
        snprintf(text, sizeof text, "https://t%u.example.com:81", i);
        assert_false(matches(set, text));
        snprintf(text, sizeof text, "https://t%u.example.com", count + i);
        assert_false(matches(set, text));
    }
}

/* Whatever the caller expected, the set holds what was added, once, in the order of adding. */
static void a_hundred_thousand_members(void **state)
{
    static const struct {
        apr_size_t members, text;
    } expected[] = {{0, 0}, {1, 1}, {100000, 0}, {100000, 2500000}, {150000, 9000000}};
    const unsigned count = 100000;

    for (size_t e = 0; e < COUNT(expected); e++) {
        cg_set *set = cg_set_make(*state, expected[e].members, expected[e].text);
        unsigned next = 0;

        for (unsigned i = 0; i < 2 * count; i++) {
            char text[64];
            cg_pattern pattern;

            snprintf(text, sizeof text, "https://t%u.example.com", i % count);
            pattern = (cg_pattern){.text = text, .len = strlen(text), .scheme_len = 5};
            pattern.host = text + 8;
            pattern.host_len = pattern.len - 8;
            cg_set_add(set, &pattern);
        }
        assert_int_equal(cg_set_count(set), count);
        check_members(set, count, e == 0 ? 1 : 97);
        cg_set_each(set, count_and_compare, &next);
        assert_int_equal(next, 60000);
        next = 0;
        cg_set_each(set, count_only, &next);
        assert_int_equal(next, count);
        apr_pool_clear(*state);
    }
}

/* So many that some share their 32-bit hash with what is asked for: the text decides. */
static void a_shared_hash_is_no_match(void **state)
{
    cg_set *set = cg_set_make(*state, 0, 0);
    const unsigned count = 100000;

    for (unsigned i = 0; i < 6 * count; i++) {
        char text[64];

        if (i < count) {
            int len = snprintf(text, sizeof text, "https://*.t%u.example", i);
            cg_pattern pattern = {.text = text, .len = (apr_size_t)len, .scheme_len = 5};

            pattern.subdomains = 1;
            pattern.host = text + strlen("https://*.");
            pattern.host_len = pattern.len - strlen("https://*.");
            cg_set_add(set, &pattern);
        }
        snprintf(text, sizeof text, "https://a.u%u.example", i);
        if (matches(set, text))
            fail_msg("%s matches", text);
    }
    assert_int_equal(cg_set_count(set), count);
}

static void an_absurd_hint_is_not_believed(void **state)
{
    cg_set *set = cg_set_make(*state, (apr_size_t)-1, (apr_size_t)-1);
    cg_pattern pattern = pattern_of(*state, "https://a.com");

    cg_set_add(set, &pattern);
    assert_true(matches(set, "https://a.com"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(members_match_what_they_mean),   UNIT_TEST(an_empty_set_matches_nothing),
        UNIT_TEST(members_cover_patterns),         UNIT_TEST(sets_agree_with_a_naive_matcher),
        UNIT_TEST(a_hundred_thousand_members),     UNIT_TEST(a_shared_hash_is_no_match),
        UNIT_TEST(an_absurd_hint_is_not_believed),
    };

    return cmocka_run_group_tests_name("set", tests, NULL, NULL);
}
