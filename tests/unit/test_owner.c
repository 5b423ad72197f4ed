/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_owner.h"
#include "unit.h"

static const struct {
    const char *origin;
    const char *owner; /**< NULL: nobody can come to own it */
} owners[] = {
    {"https://example.com", "example.com"},
    {"https://a.b.example.com:8443", "example.com"},
    {"https://a.example.com.", "example.com"},
    {"http://a.example.co.uk", "example.co.uk"},
    {"https://me.github.io", "me.github.io"},
    {"https://x.me.github.io", "me.github.io"},
    {"https://github.io", NULL},
    {"https://com", NULL},
    {"https://a.internal", NULL},
    {"https://intranet", NULL},
    {"http://localhost:3000", NULL},
    {"http://a.localhost", NULL},
    /* the names of the probes */
    {"https://evil.example", "evil.example"},
    {"https://a.evil.example", "evil.example"},
    {"https://a.evil.example.", "evil.example"},
    {"https://example", NULL},
    {"https://a.notexample", NULL},
    /* what no registry sells */
    {"https://-evil.com", NULL},
    {"https://evil-.com", NULL},
    {"https://e_vil.com", NULL},
    {"https://_a.-b-.evil.com", "evil.com"},
    /* addresses */
    {"https://203.0.113.66", "203.0.113"},
    {"https://203.0.113.7:8080", "203.0.113"},
    {"https://1.2.3.4", "1.2.3"},
    {"http://127.0.0.1", NULL},
    {"http://10.255.0.1", NULL},
    {"http://100.64.0.1", NULL},
    {"http://100.128.0.1", "100.128.0"},
    {"http://169.254.169.254", NULL},
    {"http://172.16.0.1", NULL},
    {"http://172.31.255.255", NULL},
    {"http://172.32.0.1", "172.32.0"},
    {"http://192.168.1.1", NULL},
    {"http://192.169.1.1", "192.169.1"},
    {"http://224.0.0.1", NULL},
    {"http://255.255.255.255", NULL},
    {"http://0.0.0.0", NULL},
    {"https://[2001:db8::66]", "2001:db8:0"},
    {"https://[2001:db8:0:1::1]", "2001:db8:0"},
    {"https://[2001:db8:1::1]", "2001:db8:1"},
    {"http://[::1]", NULL},
    {"http://[fe80::1]", NULL},
    {"http://[fd00::1]", NULL},
    /* applications and extensions */
    {"chrome-extension://abcdefghijklmnopabcdefghijklmnop", "abcdefghijklmnopabcdefghijklmnop"},
    {"moz-extension://-", NULL},
    {"capacitor://localhost", "localhost"},
    {"app://a.example.com", "example.com"},
};

static void test_owners(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(owners); i++) {
        size_t len = strlen(owners[i].origin);
        char owner[CG_OWNER_MAX];
        cg_origin origin;
        int owned;

        if (cg_origin_parse(unit_fenced(owners[i].origin, len), len, &origin) != CG_ORIGIN_TUPLE)
            fail_msg("%s is malformed", owners[i].origin);
        owned = cg_owner_of(&origin, owner);
        if (owned != (owners[i].owner != NULL) || (owned && strcmp(owner, owners[i].owner) != 0))
            fail_msg("%s: %s, not %s", owners[i].origin, owned ? owner : "nobody",
                     owners[i].owner ? owners[i].owner : "nobody");
    }
}

static void test_the_longest_hosts_fit(void **state)
{
    char text[CG_ORIGIN_MAX + 1] = "app://";
    char owner[CG_OWNER_MAX];
    cg_origin origin;

    (void)state;
    while (strlen(text) < strlen("app://") + CG_HOST_MAX)
        strcat(text, strlen(text) % 2 ? "." : "a");
    assert_int_equal(cg_origin_parse(text, strlen(text), &origin), CG_ORIGIN_TUPLE);
    assert_int_equal(origin.host_len, CG_HOST_MAX);
    assert_true(cg_owner_of(&origin, owner));
    strcat(text, ".");
    assert_int_equal(cg_origin_parse(text, strlen(text), &origin), CG_ORIGIN_TUPLE);
    assert_true(cg_owner_of(&origin, owner));
    assert_true(strlen(owner) < CG_OWNER_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_owners),
        UNIT_TEST(test_the_longest_hosts_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
