/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_origin.h"
#include "cg_variant.h"
#include "unit.h"

#include <apr_strings.h>

static const struct {
    const char *trusted;
    const char *origin;
    cg_variant_kind kind;
    int registrable;
} expected[] = {
    {"https://app.example.com", "https://evil.example", CG_VARIANT_ARBITRARY, 1},
    {"https://app.example.com", "null", CG_VARIANT_NULL, 1},
    {"https://app.example.com", "https://app.example.com.evil.example", CG_VARIANT_TAIL_LABEL, 1},
    {"https://app.example.com", "https://app.example.comevil.example", CG_VARIANT_TAIL, 1},
    {"https://app.example.com", "https://app.example.com_.evil.example", CG_VARIANT_UNDERSCORE, 1},
    {"https://app.example.com", "https://app.example.com-evil.example", CG_VARIANT_UNDERSCORE, 1},
    {"https://app.example.com", "https://evilapp.example.com", CG_VARIANT_BEFORE, 0},
    {"https://app.example.com", "https://evilexample.com", CG_VARIANT_BEFORE_APEX, 1},
    {"https://app.example.com", "https://evil-example.com", CG_VARIANT_BEFORE_DASH, 1},
    {"https://app.example.com", "https://appxexample.com", CG_VARIANT_DOT, 1},
    {"https://app.example.com", "https://app.examplexcom", CG_VARIANT_DOT, 0},
    {"https://app.example.com", "http://app.example.com", CG_VARIANT_HTTP, 0},
    {"https://app.example.com", "https://evil.app.example.com", CG_VARIANT_SUBDOMAIN, 0},
    {"https://app.example.com", "https://evil.example.com", CG_VARIANT_SUBDOMAIN, 0},
    {"https://app.example.com", "https://app.example.com:8443", CG_VARIANT_PORT, 0},
    {"https://app.example.com", "https://evil.com", CG_VARIANT_SIBLING, 1},
    {"https://example.com", "https://evilexample.com", CG_VARIANT_BEFORE, 1},
    {"https://a.b.example.com", "https://axb.example.com", CG_VARIANT_DOT, 0},
    {"https://me.github.io", "https://evil.github.io", CG_VARIANT_SIBLING, 1},
    {"https://me.github.io", "https://evilme.github.io", CG_VARIANT_BEFORE, 1},
    {"https://a.example.com:8443", "https://a.example.com:9443", CG_VARIANT_PORT, 0},
    {"https://a.example.com:8443", "https://a.example.com.evil.example", CG_VARIANT_TAIL_LABEL, 1},
    {"https://a.example.com:8443", "https://evila.example.com:8443", CG_VARIANT_BEFORE, 0},
    {"http://localhost:3000", "http://localhost:8443", CG_VARIANT_PORT, 0},
    {"http://localhost", "http://localhost.evil.example", CG_VARIANT_TAIL_LABEL, 1},
    /* a top-level domain that nobody sells */
    {"https://app.corp.internal", "https://evilcorp.internal", CG_VARIANT_BEFORE_APEX, 0},
    {"https://app.corp.internal", "https://appxcorp.internal", CG_VARIANT_DOT, 0},
    {"https://app.corp.internal", "https://evil.corp.internal", CG_VARIANT_SUBDOMAIN, 0},
    {"https://203.0.113.7", "https://203.0.113.7.evil.example", CG_VARIANT_TAIL_LABEL, 1},
    {"capacitor://app.example.com", "capacitor://evil.example.com", CG_VARIANT_SUBDOMAIN, 0},
};

static apr_array_header_t *variants_of(apr_pool_t *p, const char *trusted)
{
    apr_array_header_t *list = apr_array_make(p, 1, sizeof(const char *));

    APR_ARRAY_PUSH(list, const char *) = trusted;
    return cg_variants_of(p, list);
}

static const cg_variant *find(const apr_array_header_t *variants, const char *origin)
{
    for (int i = 0; i < variants->nelts; i++) {
        const cg_variant *each = &APR_ARRAY_IDX(variants, i, cg_variant);

        if (strcmp(each->origin, origin) == 0)
            return each;
    }
    return NULL;
}

static void test_expected(void **state)
{
    for (size_t i = 0; i < COUNT(expected); i++) {
        const cg_variant *found =
            find(variants_of(*state, expected[i].trusted), expected[i].origin);

        if (!found || found->kind != expected[i].kind ||
            found->registrable != expected[i].registrable)
            fail_msg("%s of %s: kind %d, registrable %d", expected[i].origin, expected[i].trusted,
                     found ? (int)found->kind : -1, found ? found->registrable : -1);
        assert_int_equal(found->of == NULL, expected[i].kind <= CG_VARIANT_NULL);
    }
}

/* A witness that no browser sends would prove nothing. */
static void test_all_are_origins_and_none_is_trusted(void **state)
{
    static const char *const trusted[] = {
        "https://app.example.com",   "http://localhost:3000",   "https://[2001:db8::1]",
        "https://203.0.113.7:8443",  "https://a.example.",      "https://com",
        "app://a.b.c.d.example.com", "not an origin",           "null",
        "https://evil.example",      "https://evil.example.com"};

    for (size_t i = 0; i < COUNT(trusted); i++) {
        apr_array_header_t *variants = variants_of(*state, trusted[i]);

        assert_null(find(variants, trusted[i]));
        for (int j = 0; j < variants->nelts; j++) {
            const cg_variant *each = &APR_ARRAY_IDX(variants, j, cg_variant);
            cg_origin origin;

            if (each->kind != CG_VARIANT_NULL &&
                cg_origin_parse(each->origin, strlen(each->origin), &origin) != CG_ORIGIN_TUPLE)
                fail_msg("%s of %s", each->origin, trusted[i]);
            assert_ptr_equal(find(variants, each->origin), each);
        }
    }
}

static void test_the_longest_hosts(void **state)
{
    char text[CG_ORIGIN_MAX + 1] = "https://";
    apr_array_header_t *variants;

    while (strlen(text) < strlen("https://") + CG_HOST_MAX)
        strcat(text, strlen(text) % 2 ? "." : "a");
    strcat(text, ".");
    variants = variants_of(*state, text);
    assert_non_null(find(variants, "null"));
    /* Nothing can be put before or behind it, but another scheme or port. */
    assert_true(variants->nelts >= 4);
}

static void test_there_is_a_limit(void **state)
{
    apr_array_header_t *list = apr_array_make(*state, 100, sizeof(const char *));
    apr_array_header_t *variants;

    for (int i = 0; i < 100; i++)
        APR_ARRAY_PUSH(list, const char *) =
            apr_psprintf(*state, "https://a%d.example%d.com", i, i);
    variants = cg_variants_of(*state, list);
    assert_int_equal(variants->nelts, CG_VARIANTS_MAX);
    assert_int_equal(APR_ARRAY_IDX(variants, 0, cg_variant).kind, CG_VARIANT_ARBITRARY);
    assert_int_equal(APR_ARRAY_IDX(variants, 1, cg_variant).kind, CG_VARIANT_ARBITRARY);
    assert_int_equal(APR_ARRAY_IDX(variants, 2, cg_variant).kind, CG_VARIANT_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_expected),
        UNIT_TEST(test_all_are_origins_and_none_is_trusted),
        UNIT_TEST(test_the_longest_hosts),
        UNIT_TEST(test_there_is_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
