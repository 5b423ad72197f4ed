/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_suffix.h"
#include "unit.h"

static const struct {
    const char *host;
    int public;
} listed[] = {
    {"com", 1},
    {"uk", 1},
    {"co.uk", 1},
    {"de", 1},
    {"jp", 1},
    {"github.io", 1},
    {"com.", 1},
    {"co.uk.", 1},
    {"io", 1},
    {"xn--p1ai", 1},
    {"foo.ck", 1},
    {"kobe.jp", 1},
    {"x.kobe.jp", 1},
    {"example.com", 0},
    {"example.co.uk", 0},
    {"me.github.io", 0},
    {"www.ck", 0},
    {"city.kobe.jp", 0},
    {"localhost", 0},
    {"internal", 0},
    {"test", 0},
    {"a.internal", 0},
    {"corp.example", 0},
    {"127.0.0.1", 0},
    {"[::1]", 0},
    {"", 0},
    {".", 0},
    {".com", 0},
    {"a..com", 0},
    {"com:8080", 0},
};

static void test_public_suffixes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(listed); i++) {
        if (!cg_suffix_is_public(listed[i].host) != !listed[i].public)
            fail_msg("%s should%s be public", listed[i].host, listed[i].public ? "" : " not");
    }
}

static const struct {
    const char *host;
    const char *registrable; /**< NULL: nobody can have it */
} names[] = {
    {"example.com", "example.com"},
    {"a.example.com", "example.com"},
    {"a.b.c.example.com", "example.com"},
    {"a.example.com.", "example.com."},
    {"example.co.uk", "example.co.uk"},
    {"a.example.co.uk", "example.co.uk"},
    {"me.github.io", "me.github.io"},
    {"x.me.github.io", "me.github.io"},
    {"a.b.foo.ck", "b.foo.ck"},
    {"a.www.ck", "www.ck"},
    {"a.city.kobe.jp", "city.kobe.jp"},
    {"xn--mnchen-3ya.de", "xn--mnchen-3ya.de"},
    {"com", NULL},
    {"com.", NULL},
    {"co.uk", NULL},
    {"github.io", NULL},
    {"foo.ck", NULL},
    {"localhost", NULL},
    {"a.localhost", NULL},
    {"app.corp.internal", NULL},
    {"example.test", NULL},
    {"127.0.0.1", NULL},
    {"1.2.3.4", NULL},
    {"[2001:db8::1]", NULL},
    {"", NULL},
    {"a..com", NULL},
};

static void test_registrable_parts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *found = cg_suffix_registrable(names[i].host);

        if (!found != !names[i].registrable || (found && strcmp(found, names[i].registrable) != 0))
            fail_msg("%s: %s", names[i].host, found ? found : "none");
        if (found)
            assert_ptr_equal(found, names[i].host + strlen(names[i].host) - strlen(found));
    }
}

static void test_an_overlong_host_is_no_name(void **state)
{
    char host[600];

    (void)state;
    for (size_t i = 0; i < sizeof host; i++)
        host[i] = i % 10 ? 'a' : '.';
    host[0] = 'a';
    strcpy(host + sizeof host - 5, ".com");
    assert_false(cg_suffix_is_public(host));
    assert_null(cg_suffix_registrable(host));
}

/* The rows hold before the list was opened, while it is open, and after its pool is gone. */
static void test_the_list_lives_as_long_as_its_pool(void **state)
{
    apr_pool_t *pool;

    assert_int_equal(apr_pool_create(&pool, *state), APR_SUCCESS);
    cg_suffix_open(pool);
    cg_suffix_open(pool);
    test_public_suffixes(state);
    test_registrable_parts(state);
    apr_pool_destroy(pool);
    test_public_suffixes(state);
    test_registrable_parts(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_public_suffixes),
        UNIT_TEST(test_registrable_parts),
        UNIT_TEST(test_an_overlong_host_is_no_name),
        UNIT_TEST(test_the_list_lives_as_long_as_its_pool),
    };

    return cmocka_run_group_tests_name("suffix", tests, NULL, NULL);
}
