/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cg_host.h"

/* Forms that browsers take for an address; what they refuse is NONE. */
#define NONE 0xffffffffffffffff

static const struct {
    const char *text;
    uint64_t address;
} ipv4[] = {
    {"1.2.3.4", 0x01020304},
    {"1.2.3.4.", 0x01020304},
    {"0xAb.0XcD.0x0f.0xF0", 0xabcd0ff0},
    {"0Xffffffff", 0xffffffff},
    {"017.1", 0x0f000001},
    {"1.2.772", 0x01020304},
    {"0x", 0},
    {"0x100000000", NONE},
    {"99999999999999999999", NONE},
    {"1.2.3.256", NONE},
    {"1.256.3.4", NONE},
    {"1.2.3.4.5", NONE},
    {"1..3.4", NONE},
    {"1.2.3.4..", NONE},
    {".", NONE},
    {"", NONE},
    {"08", NONE},
    {"0xg", NONE},
    {"1.2.3.G", NONE},
};

static void ipv4_is_read_in_all_the_forms_of_browsers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ipv4); i++) {
        size_t len = strlen(ipv4[i].text);
        apr_uint32_t address = 0;
        uint64_t found =
            cg_host_ipv4(unit_fenced(ipv4[i].text, len), len, &address) ? address : NONE;

        if (found != ipv4[i].address)
            fail_msg("%s: %llx", ipv4[i].text, (unsigned long long)found);
    }
}

static const struct {
    const char *host;
    cg_host_kind kind;
    int loopback;
} hosts[] = {
    {"localhost", CG_HOST_NAME, 1},
    {"localhost.", CG_HOST_NAME, 1},
    {"a.localhost", CG_HOST_NAME, 1},
    {"alocalhost", CG_HOST_NAME, 0},
    {"ocalhost", CG_HOST_NAME, 0},
    {".", CG_HOST_NAME, 0},
    {"", CG_HOST_NAME, 0},
    {"127.0.0.1", CG_HOST_IPV4, 1},
    {"127.8.9.1", CG_HOST_IPV4, 1},
    {"128.0.0.1", CG_HOST_IPV4, 0},
    {"[::1]", CG_HOST_IPV6, 1},
    {"[::2]", CG_HOST_IPV6, 0},
    {"[::1:1]", CG_HOST_IPV6, 0},
};

static void loopback_is_this_machine_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        size_t len = strlen(hosts[i].host);

        if (cg_host_loopback(unit_fenced(hosts[i].host, len), len, hosts[i].kind) !=
            hosts[i].loopback)
            fail_msg("%s", hosts[i].host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(ipv4_is_read_in_all_the_forms_of_browsers),
        UNIT_TEST(loopback_is_this_machine_alone),
    };

    return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
