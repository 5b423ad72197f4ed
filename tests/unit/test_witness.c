/* SPDX-License-Identifier: Apache-2.0 */
#include "witness.h"

static const char *const hole_names[] = {"none", "any origin",    "null", "tail",    "before",
                                         "dot",  "public suffix", "http", "unjudged"};

static const struct {
    const char *pattern;
    cg_hole hole;
    const char *origin; /**< NULL: any */
} open_patterns[] = {
    /* anything at all */
    {".*", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {".+", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"^.*$", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https://.*", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https://.+", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https?://.*", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"http://.*", CG_HOLE_ANY_ORIGIN, "http://evil.example"},
    {"https://[^/]+", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"^https://[^:/]+$", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https://\\S+", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https://[\\s\\S]*", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https://\\N+", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https://(?:\\w+\\.?)+", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https://([a-z]+)\\.([a-z]+)", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https://[^:]+:8443", CG_HOLE_ANY_ORIGIN, "https://evil.example:8443"},
    {"https://a\\.example\\.com|https://.*", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"^https://a\\.example\\.com$|^https://.*$", CG_HOLE_ANY_ORIGIN, "https://evil.example"},
    {"https://evil\\.example|https://.*", CG_HOLE_ANY_ORIGIN, "https://evil.com"},
    {"https://(?!.*evil).*", CG_HOLE_ANY_ORIGIN, NULL},
    {"https://\\d+\\.\\d+\\.\\d+\\.\\d+", CG_HOLE_ANY_ORIGIN, "https://203.0.113.66"},
    {"https?://\\d{1,3}(\\.\\d{1,3}){3}(:\\d+)?", CG_HOLE_ANY_ORIGIN, NULL},
    {"http://\\[[0-9a-f:]+\\](:\\d+)?", CG_HOLE_ANY_ORIGIN, "http://[2001:db8::66]"},
    /* null */
    {"null", CG_HOLE_NULL, "null"},
    {"null|https://a\\.example\\.com", CG_HOLE_NULL, "null"},
    {"^(https://a\\.example\\.com|null)$", CG_HOLE_NULL, "null"},
    {"n?ull", CG_HOLE_NULL, "null"},
    {"[a-z]+|https://a\\.example\\.com", CG_HOLE_NULL, "null"},
    /* no boundary after the host */
    {"https://example\\.com.*", CG_HOLE_TAIL, "https://example.com.evil.example"},
    {"^https://example\\.com.*$", CG_HOLE_TAIL, "https://example.com.evil.example"},
    {"https://example\\.com(.*)", CG_HOLE_TAIL, "https://example.com.evil.example"},
    {"https://example\\.com:?.*", CG_HOLE_TAIL, "https://example.com.evil.example"},
    {"https://example\\.com(:.*|.*)", CG_HOLE_TAIL, "https://example.com.evil.example"},
    {"https://example\\.com\\.?.*", CG_HOLE_TAIL, "https://example.com.evil.example"},
    {"https://example\\..*", CG_HOLE_TAIL, "https://example.evil.example"},
    {"https://example.*", CG_HOLE_TAIL, "https://example.evil.example"},
    {"https://example\\.(com|org|.*)", CG_HOLE_TAIL, "https://example.evil.example"},
    {"https://example\\.com[a-z]*", CG_HOLE_TAIL, "https://example.community"},
    {"https://example\\.com(?:\\.[a-z]+)*", CG_HOLE_TAIL, NULL},
    {"https://example\\.com(\\.[a-z]{2})?", CG_HOLE_TAIL, NULL},
    {"https://a\\.example\\.com|https://b\\.example\\.com.*", CG_HOLE_TAIL,
     "https://b.example.com.evil.example"},
    {"http://localhost.*", CG_HOLE_TAIL, "http://localhost.evil.example"},
    {"http://192\\.168\\..*", CG_HOLE_TAIL, "http://192.168.evil.example"},
    {"https://(?=[a-z]+\\.example\\.com).*", CG_HOLE_TAIL, "https://a.example.com.evil.example"},
    {"(?=https://a\\.example\\.com).*", CG_HOLE_TAIL, "https://a.example.com.evil.example"},
    /* only without what the lookaround lets be left out is that an origin */
    {"(?=https://a\\.example\\.com(?:/x)?).*", CG_HOLE_TAIL, "https://a.example.com.evil.example"},
    /* only the regex itself knows what is called */
    {"(?(DEFINE)(?<t>.*))https://app\\.example\\.com(?&t)", CG_HOLE_TAIL,
     "https://app.example.comevil.example"},
    {"[^.]+\\.com.*(?:/x)?(?:/y)?", CG_HOLE_TAIL, "https://a.com.evil.example"},
    /* no boundary before the host */
    {"https://.*example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://.+example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://(.*)example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://(.*\\.)?.*example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://.*\\.?example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://[^.]*\\.?example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://[\\w.-]*example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://[a-z0-9-]*example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://\\w*example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://.*example\\.com(:\\d+)?", CG_HOLE_BEFORE, NULL},
    {"https://.example\\.com", CG_HOLE_BEFORE, "https://xexample.com"},
    {"https://(api|).example\\.com", CG_HOLE_BEFORE, "https://xexample.com"},
    {"https://[0-9]?example\\.com", CG_HOLE_BEFORE, "https://9example.com"},
    {"https://(?:.*\\.|.*-)example\\.com", CG_HOLE_BEFORE, "https://evil-example.com"},
    {"https://(|.*[^a-z])example\\.com", CG_HOLE_BEFORE, "https://evil-example.com"},
    {"https://(www\\.?)?example\\.com", CG_HOLE_BEFORE, "https://wwwexample.com"},
    {"https://(www)?\\.?example\\.com", CG_HOLE_BEFORE, "https://wwwexample.com"},
    {"https://www[.-]?example\\.com", CG_HOLE_BEFORE, NULL},
    {".*example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"http.*example\\.com", CG_HOLE_BEFORE, "http://evilexample.com"},
    {".*\\bexample\\.com", CG_HOLE_BEFORE, "https://evil-example.com"},
    {"https://.*(?<=example\\.com)", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://.*(?=example)example\\.com", CG_HOLE_BEFORE, "https://evilexample.com"},
    {"https://\\Qapi.\\E.*example\\.com", CG_HOLE_BEFORE, "https://api.evilexample.com"},
    {"https://(.+\\.)?example\\.com|https://(.+)example\\.org", CG_HOLE_BEFORE,
     "https://evilexample.org"},
    {"https://a\\.org|https://[a-z]*shop\\.example\\.de|https://[a-z]*shop\\.de", CG_HOLE_BEFORE,
     "https://evilshop.de"},
    /* an unescaped dot */
    {"https://api.example\\.com", CG_HOLE_DOT, "https://apixexample.com"},
    {"https://www.example.com", CG_HOLE_DOT, "https://wwwxexample.com"},
    {"https://(www.)?example\\.com", CG_HOLE_DOT, "https://wwwxexample.com"},
    {"https://(?:api.)?example.com(:[0-9]+)?", CG_HOLE_DOT, NULL},
    {"https://example.co.uk", CG_HOLE_DOT, "https://examplexco.uk"},
    {"https://a.b.example\\.com", CG_HOLE_DOT, "https://a.bxexample.com"},
    {"https://(?:a|b.)example\\.com", CG_HOLE_DOT, "https://bxexample.com"},
    {"https://[a-z]+\\.myapp.vercel\\.app", CG_HOLE_DOT, "https://a.myappxvercel.app"},
    {"https://www\\d*.example\\.com", CG_HOLE_DOT, "https://wwwxexample.com"},
    {"https://www\\Wexample\\.com", CG_HOLE_DOT, "https://www-example.com"},
    {"https://www[^a]example\\.com", CG_HOLE_DOT, "https://wwwxexample.com"},
    {"(?i)https://api.EXAMPLE\\.com", CG_HOLE_DOT, "https://apixexample.com"},
    {"https://(?i:API).example\\.com", CG_HOLE_DOT, "https://apixexample.com"},
    {"(?x) https:// api.example\\.com", CG_HOLE_DOT, "https://apixexample.com"},
    {"https://(?<n>a|b).example\\.com", CG_HOLE_DOT, "https://axexample.com"},
    {"https://(?>a|b.)example\\.com", CG_HOLE_DOT, "https://bxexample.com"},
    {"https://(?|a|b).example\\.com", CG_HOLE_DOT, "https://axexample.com"},
    {"https://a++.example\\.com", CG_HOLE_DOT, "https://axexample.com"},
    /* the registrable part is variable */
    {"https://[a-z]+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.com"},
    {"https://[^.]+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.com"},
    {"https://.*\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.com"},
    {"https://.*com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.com"},
    {"https://[a-z]+\\.co\\.uk", CG_HOLE_PUBLIC_SUFFIX, "https://evil.co.uk"},
    {"https://[a-z0-9-]+\\.github\\.io", CG_HOLE_PUBLIC_SUFFIX, "https://evil.github.io"},
    {"https://pr-\\d{1,5}--myapp\\.netlify\\.app", CG_HOLE_PUBLIC_SUFFIX,
     "https://pr-9--myapp.netlify.app"},
    {"https://myapp-[a-z0-9]+\\.vercel\\.app", CG_HOLE_PUBLIC_SUFFIX,
     "https://myapp-evil.vercel.app"},
    {"https://[a-z0-9-]+\\.s3\\.amazonaws\\.com", CG_HOLE_PUBLIC_SUFFIX,
     "https://evil.s3.amazonaws.com"},
    {"https://[a-z]*co\\.uk", CG_HOLE_PUBLIC_SUFFIX, "https://evilco.uk"},
    {"https://.*\\.amazonaws\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.s3.amazonaws.com"},
    {"https://example\\.[a-z]+", CG_HOLE_PUBLIC_SUFFIX, "https://example.com"},
    {"https://example\\.[a-z]{2,3}", CG_HOLE_PUBLIC_SUFFIX, "https://example.com"},
    {"https://example\\.[a-z][a-z][a-z]", CG_HOLE_PUBLIC_SUFFIX, "https://example.com"},
    {"https://example[0-9]\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://example9.com"},
    {"https://app\\d+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://app9.com"},
    {"https://foo\\.[^.]+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://foo.evil.com"},
    {"https://([^.]+\\.)*[^.]+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.com"},
    {"https://[a-z]+(?:\\.example||\\.foo)\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.com"},
    {"https://(ab)+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://ababab.com"},
    {"https://(a|b)+c\\.com", CG_HOLE_PUBLIC_SUFFIX, NULL},
    {"https://exampl+e\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://exampllle.com"},
    {"https://[[:alnum:]]+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.com"},
    {"https://[[:^digit:]]+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.com"},
    {"https://\\p{L}+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://evil.com"},
    {"https://(?!evil)[a-z]+\\.com", CG_HOLE_PUBLIC_SUFFIX, "https://x.com"},
    {"https://(?:a|(?=.*secret).*)\\.com", CG_HOLE_PUBLIC_SUFFIX, NULL},
    {"https://34\\.\\d+\\.\\d+\\.\\d+", CG_HOLE_PUBLIC_SUFFIX, NULL},
    {"chrome-extension://[a-p]{32}", CG_HOLE_PUBLIC_SUFFIX,
     "chrome-extension://pppppppppppppppppppppppppppppppp"},
    {"moz-extension://.*", CG_HOLE_PUBLIC_SUFFIX, "moz-extension://evil"},
    /* http as well */
    {"https?://example\\.com", CG_HOLE_HTTP, "http://example.com"},
    {"^https?:\\/\\/(.*\\.)?example\\.com$", CG_HOLE_HTTP, "http://example.com"},
    {"https?://(.+\\.)?example\\.com(:\\d+)?", CG_HOLE_HTTP, "http://example.com"},
    {"http.?://example\\.com", CG_HOLE_HTTP, "http://example.com"},
    {"(http|https)://example\\.com", CG_HOLE_HTTP, "http://example.com"},
    {"\\w+://app\\.example\\.com", CG_HOLE_HTTP, "http://app.example.com"},
    {".*://app\\.example\\.com", CG_HOLE_HTTP, "http://app.example.com"},
    {".*\\.example\\.com", CG_HOLE_HTTP, "http://a.example.com"},
    {"http://(.+\\.)?example\\.com|https://(.+\\.)?example\\.com", CG_HOLE_HTTP,
     "http://example.com"},
    {"https?://app\\.corp\\.internal", CG_HOLE_HTTP, "http://app.corp.internal"},
    {"https://example\\.com|http://example\\.com:8080", CG_HOLE_HTTP, "http://example.com:8080"},
};

static void test_open_patterns_are_found_out(void **state)
{
    for (size_t i = 0; i < COUNT(open_patterns); i++) {
        cg_witness found;

        probe(*state, open_patterns[i].pattern, &found);
        if (found.hole != open_patterns[i].hole ||
            (open_patterns[i].origin && strcmp(open_patterns[i].origin, found.origin) != 0))
            fail_msg("%s: %s %s, not %s %s", open_patterns[i].pattern, hole_names[found.hole],
                     found.origin ? found.origin : "", hole_names[open_patterns[i].hole],
                     open_patterns[i].origin ? open_patterns[i].origin : "");
    }
}

static const char *const sound[] = {
    "https://example\\.com",
    "https://example.com",
    "https://www\\.example.com",
    "^https://example\\.com$",
    "^https:\\/\\/example\\.com$",
    "https://example[.]com",
    "https://\\Qexample.com\\E",
    "https://a\\x2eexample\\.com",
    "https://a[\\56]example\\.com",
    "^https://a\\.example\\.com$|^https://b\\.example\\.org$",
    "https://a\\.b\\.example\\.com",
    "https://a.b\\.example\\.com",
    "https://(dev|qa)[0-9]+\\.example\\.com",
    "https://([a-z0-9-]+\\.)?example\\.com",
    "https://[a-z0-9-]+\\.example\\.com(:[0-9]+)?",
    "https://[a-z0-9]([a-z0-9-]*[a-z0-9])?\\.example\\.com",
    "https://(?:(?:[a-z0-9]|[a-z0-9][a-z0-9-]{0,61}[a-z0-9])\\.)+example\\.com",
    "https://(?:[a-z]+\\.)*example\\.com",
    "https://(?:[\\w-]+\\.)+example\\.com",
    "https://(.+\\.)?example\\.com",
    "https://(|.*\\.)example\\.com",
    "https://.*\\.example\\.com",
    "https://.+\\.example\\.com",
    "https://[^/]+\\.example\\.com",
    "https://[^.]+\\.example\\.com",
    "https://(.*[.])?example[.]com",
    "https://[a-z]+(-[a-z]+)*\\.example\\.com",
    "https://www\\d*\\.example\\.com",
    "https://preview-[0-9a-f]{8}\\.example\\.com",
    "https://xn--[a-z0-9-]+\\.example\\.com",
    "https://[a-z]++\\.example\\.com",
    "https://[a-z]+?\\.example\\.com",
    "https://(?>[a-z]+)\\.example\\.com",
    "https://(?<sub>[a-z]+)\\.example\\.com",
    "https://(?P<sub>[a-z]+)\\.example\\.com",
    "https://(?'sub'[a-z]+)\\.example\\.com",
    "https://[[:alnum:]-]+\\.example\\.com",
    "https://[\\x61-\\x7a]+\\.example\\.com",
    "https://(a|b)+c\\.example\\.com",
    "https://app\\.example\\.com\\b",
    "(?i)https://app\\.example\\.com",
    "(?i)https://APP\\.Example\\.com",
    "(?x) https:// [a-z]+ \\.example\\.com  (?#comment)",
    "https://(?!evil)[a-z]+\\.example\\.com",
    "https://(?!www\\.)(?!api\\.)[a-z]+\\.example\\.com",
    "(?!.*evil)https://[a-z]+\\.example\\.com",
    "https://[a-z]+(?<!evil)\\.example\\.com",
    "^(?=.{1,200}$)https://[a-z.]+\\.example\\.com$",
    "https://.*(?<=\\.example\\.com)",
    "(?=.*\\.example\\.com$)https://.*",
    "(?=https://app\\.example\\.com(?:/.*)?$).*",
    "(?xx)https://[ ^.]+\\.example\\.com",
    /* several names, each written out */
    "https://example\\.(com|org|co\\.uk)",
    "https://(foo|bar)\\.(com|net|org)(:\\d+)?",
    "https://([a-z]+\\.)?(example|sample)\\.(com|net)(:\\d+)?",
    "https://(?:www\\.)?example\\.com(?:\\.au)?",
    "https://(my)?shop\\.com",
    "https://example[12]\\.com",
    "https://www[.-]example\\.com",
    "https://((a|b)\\.)?((c|d)\\.)?example\\.com",
    "https://example\\.com|https://[a-z]+\\.example\\.de",
    /* ports, and what an origin cannot have */
    "https://example\\.com:(8080|8443)",
    "https://example\\.com:\\d{4,5}",
    "https://example\\.com(:\\d{1,5})?$",
    "https://example\\.com(:443)?",
    "https://example\\.com(/.*)?",
    "https://example\\.com/?",
    "https://example\\.com\\.?",
    "https://example\\.com.?",
    "(https://)?example\\.com",
    /* nobody can register these */
    "https://[a-z]+\\.corp\\.internal",
    "https://.*\\.local",
    "https://intranet(:\\d+)?",
    "https://[a-z]+",
    "https://[a-z]+:(80|8080)",
    /* below somebody's part of a shared suffix */
    "https://[a-z0-9-]+\\.myorg\\.github\\.io",
    "https://.*\\.myapp\\.vercel\\.app",
    /* this machine, and networks that the internet does not reach */
    "http://localhost:[0-9]+",
    "http://localhost(:[0-9]+)?",
    "http://127\\.0\\.0\\.1:\\d+",
    "https?://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?",
    "https?://[a-z]+\\.localhost(:\\d+)?",
    "https?://localhost:\\d+|https://app\\.example\\.com",
    ".*://localhost(:\\d+)?",
    "http://192\\.168\\.\\d+\\.\\d+(:\\d+)?",
    "http://10\\.\\d+\\.\\d+\\.\\d+:3000",
    "http://172\\.(1[6-9]|2[0-9]|3[01])\\.\\d+\\.\\d+",
    "http://192.168.1.1",
    "https://203\\.0\\.113\\.\\d+",
    "https://1\\.2\\.3\\.255[:0-9]{2}",
    "https://(?:a(?=\\.)|b)\\.example\\.com",
    "https://\\[2001:db8::1\\]",
    "https://\\[2001:db8:1:[0-9a-f]+::1\\]",
    /* applications and extensions by their name */
    "capacitor://localhost|ionic://localhost|http://localhost",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    /* the probes' own name */
    "https://evil\\.example",
};

static void test_sound_patterns_pass(void **state)
{
    for (size_t i = 0; i < COUNT(sound); i++) {
        cg_witness found;

        probe(*state, sound[i], &found);
        if (found.hole != CG_HOLE_NONE)
            fail_msg("%s: %s %s", sound[i], hole_names[found.hole],
                     found.origin ? found.origin : found.why);
        assert_null(found.origin);
        assert_null(found.why);
        assert_null(cg_witness_text(*state, &found));
    }
}

static const struct {
    const char *pattern;
    const char *why; /**< is in the reason */
} unjudged[] = {
    {"", "no origin"},
    {"()", "no origin"},
    {"example\\.com", "no origin"},
    {"https://EXAMPLE\\.com", "no origin"},
    {"https://example\\.com/", "no origin"},
    {"https://example\\.com:443", "no origin"},
    {"https://user@example\\.com", "no origin"},
    {"https://[A-Z]+\\.example\\.com", "no origin"},
    {"file://.*", "no origin"},
    {"https://a\\Rb\\.example\\.com", "no origin"},
    {"https://([a-z]+)\\.\\1\\.com", "back reference"},
    {"https://(?<n>[a-z]+)\\.\\k<n>\\.com", "back reference"},
    {"https://([a-z]+)\\.(?1)\\.com", "back reference"},
    {"https://([a-z]+)\\.(?-1)\\.com", "back reference"},
    {"https://a(?R)?\\.example\\.com", "back reference"},
    {"https://(a)?(?(1)b|c)\\.example\\.com", "back reference"},
    {"https://a(*ACCEPT)b\\.example\\.com", "back reference"},
    {"https://a\\.example\\.com|https://([a-z]+)\\.\\2()x", "back reference"},
    {"https?://([a-z])\\1\\.example\\.com", "back reference"},
    {"https://a\\.example\\.com|(?=.*secret).*", "lookaround"},
    {"https://a\\.example\\.com((?=.*[!]).*)?", "lookaround"},
};

static void test_what_is_not_understood_counts_as_open(void **state)
{
    for (size_t i = 0; i < COUNT(unjudged); i++) {
        cg_witness found;

        probe(*state, unjudged[i].pattern, &found);
        if (found.hole != CG_HOLE_UNJUDGED || found.origin || !strstr(found.why, unjudged[i].why))
            fail_msg("%s: %s %s", unjudged[i].pattern, hole_names[found.hole],
                     found.origin ? found.origin : found.why);
        assert_string_equal(cg_witness_text(*state, &found), found.why);
    }
}

static const struct {
    const char *pattern;
    int insecure;
} schemes[] = {
    {"https://example\\.com", 0},      {"http://example\\.com", 1},
    {"https?://example\\.com", 1},     {"https://a\\.example\\.com|http://b\\.example\\.com", 1},
    {"http://localhost(:\\d+)?", 0},   {"https?://127\\.0\\.0\\.1", 0},
    {"http://\\[::1\\]:8080", 0},      {"http://192\\.168\\.0\\.1", 1},
    {"http://app\\.internal", 1},      {"capacitor://localhost", 0},
    {"\\w+://app\\.example\\.com", 1},
};

static void test_http_that_is_not_loopback_is_insecure(void **state)
{
    for (size_t i = 0; i < COUNT(schemes); i++) {
        cg_witness found;

        probe(*state, schemes[i].pattern, &found);
        if (found.insecure != (unsigned)schemes[i].insecure)
            fail_msg("%s: insecure is %u", schemes[i].pattern, found.insecure);
    }
}

static void test_text_names_the_hole_and_its_proof(void **state)
{
    static const struct {
        const char *pattern;
        const char *text;
    } rows[] = {
        {".*", "nothing in it names a site: it accepts https://evil.example"},
        {"null", "null is among what it matches: it accepts null"},
        {"https://a\\.com.*", "no boundary after the host: it accepts https://a.com.evil.example"},
        {"https://.*a\\.com", "no boundary before the host: it accepts https://evila.com"},
        {"https://api.example\\.com", "an unescaped dot: it accepts https://apixexample.com"},
        {"https://.*\\.com",
         "the part that somebody registers is variable: it accepts https://evil.com"},
        {"https?://a\\.com", "http as well as https: it accepts http://a.com"},
        {"a", "no origin could be built from it that it accepts"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        cg_witness found;

        probe(*state, rows[i].pattern, &found);
        assert_string_equal(cg_witness_text(*state, &found), rows[i].text);
    }
}

static void test_witness_comes_with_what_was_meant(void **state)
{
    cg_witness found;

    probe(*state, "https://api.example\\.com", &found);
    assert_string_equal(found.example, "https://api.example.com");
    probe(*state, "https?://example\\.com", &found);
    assert_string_equal(found.example, "https://example.com");
    probe(*state, "https://.*", &found);
    assert_null(found.example);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_open_patterns_are_found_out),
        UNIT_TEST(test_sound_patterns_pass),
        UNIT_TEST(test_what_is_not_understood_counts_as_open),
        UNIT_TEST(test_http_that_is_not_loopback_is_insecure),
        UNIT_TEST(test_text_names_the_hole_and_its_proof),
        UNIT_TEST(test_witness_comes_with_what_was_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
