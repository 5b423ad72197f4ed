/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "cg_pattern.h"
#include "cg_set.h"

#include <apr_strings.h>

#define L63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz-"
#define H253 L63 "." L63 "." L63 ".abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxy"
#define H251 L63 "." L63 "." L63 ".abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvw"
#define S64 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz+."

enum { PLAIN = 0, ANY_PORT = 1, SUBDOMAINS = 2, INSECURE = 4, LOOPBACK = 8 };

static const struct {
    const char *written;
    const char *normal; /**< NULL: as written */
    const char *host;
    unsigned port;
    cg_host_kind kind;
    int flags;
} good[] = {
    {"https://example.com", NULL, "example.com", 0, CG_HOST_NAME, PLAIN},
    {"https://EXAMPLE.com", "https://example.com", "example.com", 0, CG_HOST_NAME, PLAIN},
    {"HTTPS://Example.COM:8443", "https://example.com:8443", "example.com", 8443, CG_HOST_NAME,
     PLAIN},
    {"https://example.com:443", "https://example.com", "example.com", 0, CG_HOST_NAME, PLAIN},
    {"http://example.com:80", "http://example.com", "example.com", 0, CG_HOST_NAME, INSECURE},
    {"http://example.com", NULL, "example.com", 0, CG_HOST_NAME, INSECURE},
    {"http://example.com:443", NULL, "example.com", 443, CG_HOST_NAME, INSECURE},
    {"https://example.com:80", NULL, "example.com", 80, CG_HOST_NAME, PLAIN},
    {"https://example.com:1", NULL, "example.com", 1, CG_HOST_NAME, PLAIN},
    {"https://example.com:65535", NULL, "example.com", 65535, CG_HOST_NAME, PLAIN},
    {"https://example.com.", NULL, "example.com.", 0, CG_HOST_NAME, PLAIN},
    {"https://example.com.:443", "https://example.com.", "example.com.", 0, CG_HOST_NAME, PLAIN},
    {"https://a_b.example.com", NULL, "a_b.example.com", 0, CG_HOST_NAME, PLAIN},
    {"https://-a-.example", NULL, "-a-.example", 0, CG_HOST_NAME, PLAIN},
    {"https://intranet", NULL, "intranet", 0, CG_HOST_NAME, PLAIN},
    {"https://1.example", NULL, "1.example", 0, CG_HOST_NAME, PLAIN},
    {"https://" H253, NULL, H253, 0, CG_HOST_NAME, PLAIN},
    {S64 "://" H253 ":65535", NULL, H253, 65535, CG_HOST_NAME, PLAIN},
    /* Unicode: what browsers make of it */
    {"https://m\xc3\xbcnchen.de", "https://xn--mnchen-3ya.de", "xn--mnchen-3ya.de", 0, CG_HOST_NAME,
     PLAIN},
    {"https://M\xc3\x9cNCHEN.de:8443", "https://xn--mnchen-3ya.de:8443", "xn--mnchen-3ya.de", 8443,
     CG_HOST_NAME, PLAIN},
    {"https://mu\xcc\x88nchen.de", "https://xn--mnchen-3ya.de", "xn--mnchen-3ya.de", 0,
     CG_HOST_NAME, PLAIN},
    {"https://xn--mnchen-3ya.de", NULL, "xn--mnchen-3ya.de", 0, CG_HOST_NAME, PLAIN},
    {"https://XN--MNCHEN-3YA.de", "https://xn--mnchen-3ya.de", "xn--mnchen-3ya.de", 0, CG_HOST_NAME,
     PLAIN},
    {"https://stra\xc3\x9f"
     "e.de",
     "https://xn--strae-oqa.de", "xn--strae-oqa.de", 0, CG_HOST_NAME, PLAIN},
    {"https://\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x80\x82jp", "https://xn--wgv71a119e.jp",
     "xn--wgv71a119e.jp", 0, CG_HOST_NAME, PLAIN},
    {"https://*.\xc3\xa9.example:*", "https://*.xn--9ca.example:*", "xn--9ca.example", 0,
     CG_HOST_NAME, SUBDOMAINS | ANY_PORT},
    {"https://xn--i-7iq.ws", NULL, "xn--i-7iq.ws", 0, CG_HOST_NAME, PLAIN},
    /* no valid A-label, but Chromium takes what begins so as it is, and sends it */
    {"https://xn--a.example", NULL, "xn--a.example", 0, CG_HOST_NAME, PLAIN},
    {"http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1", "http://127.0.0.1", "127.0.0.1", 0,
     CG_HOST_IPV4, LOOPBACK},
    /* patterns */
    {"https://*.example.com", NULL, "example.com", 0, CG_HOST_NAME, SUBDOMAINS},
    {"HTTPS://*.Example.com:443", "https://*.example.com", "example.com", 0, CG_HOST_NAME,
     SUBDOMAINS},
    {"https://*.example.com:8443", NULL, "example.com", 8443, CG_HOST_NAME, SUBDOMAINS},
    {"https://*.example.com:*", NULL, "example.com", 0, CG_HOST_NAME, SUBDOMAINS | ANY_PORT},
    {"https://example.com:*", NULL, "example.com", 0, CG_HOST_NAME, ANY_PORT},
    {"http://*.example.com", NULL, "example.com", 0, CG_HOST_NAME, SUBDOMAINS | INSECURE},
    {"https://*.com", NULL, "com", 0, CG_HOST_NAME, SUBDOMAINS},
    {"https://*.example.com.", NULL, "example.com.", 0, CG_HOST_NAME, SUBDOMAINS},
    {"https://*." H251, NULL, H251, 0, CG_HOST_NAME, SUBDOMAINS},
    {"http://localhost:*", NULL, "localhost", 0, CG_HOST_NAME, ANY_PORT | LOOPBACK},
    {"http://*.localhost:*", NULL, "localhost", 0, CG_HOST_NAME, SUBDOMAINS | ANY_PORT | LOOPBACK},
    /* loopback and what is not */
    {"http://localhost", NULL, "localhost", 0, CG_HOST_NAME, LOOPBACK},
    {"http://LOCALHOST:3000", "http://localhost:3000", "localhost", 3000, CG_HOST_NAME, LOOPBACK},
    {"https://localhost", NULL, "localhost", 0, CG_HOST_NAME, LOOPBACK},
    {"http://a.localhost", NULL, "a.localhost", 0, CG_HOST_NAME, LOOPBACK},
    {"http://localhost.", NULL, "localhost.", 0, CG_HOST_NAME, LOOPBACK},
    {"http://notlocalhost", NULL, "notlocalhost", 0, CG_HOST_NAME, INSECURE},
    {"http://localhost.example", NULL, "localhost.example", 0, CG_HOST_NAME, INSECURE},
    {"http://127.0.0.1:8080", NULL, "127.0.0.1", 8080, CG_HOST_IPV4, LOOPBACK},
    {"http://127.9.9.9:*", NULL, "127.9.9.9", 0, CG_HOST_IPV4, ANY_PORT | LOOPBACK},
    {"http://128.0.0.1", NULL, "128.0.0.1", 0, CG_HOST_IPV4, INSECURE},
    {"http://192.168.1.10:5173", NULL, "192.168.1.10", 5173, CG_HOST_IPV4, INSECURE},
    {"https://192.0.2.1", NULL, "192.0.2.1", 0, CG_HOST_IPV4, PLAIN},
    {"http://[::1]", NULL, "[::1]", 0, CG_HOST_IPV6, LOOPBACK},
    {"http://[::1]:80", "http://[::1]", "[::1]", 0, CG_HOST_IPV6, LOOPBACK},
    {"http://[::1]:*", NULL, "[::1]", 0, CG_HOST_IPV6, ANY_PORT | LOOPBACK},
    {"http://[::2]", NULL, "[::2]", 0, CG_HOST_IPV6, INSECURE},
    {"https://[2001:DB8::A]:8443", "https://[2001:db8::a]:8443", "[2001:db8::a]", 8443,
     CG_HOST_IPV6, PLAIN},
    /* schemes of applications */
    {"chrome-extension://abcdefghijklmnopabcdefghijklmnop", NULL,
     "abcdefghijklmnopabcdefghijklmnop", 0, CG_HOST_NAME, PLAIN},
    {"moz-extension://0f5e2c1a-9f6e-4a44-8d52-2c1b7d1c8a3e", NULL,
     "0f5e2c1a-9f6e-4a44-8d52-2c1b7d1c8a3e", 0, CG_HOST_NAME, PLAIN},
    {"capacitor://localhost", NULL, "localhost", 0, CG_HOST_NAME, LOOPBACK},
    {"Ionic://localhost", "ionic://localhost", "localhost", 0, CG_HOST_NAME, LOOPBACK},
};

static void check_flags(const char *text, const cg_pattern *pattern, int flags)
{
    if (pattern->null || pattern->any_port != !!(flags & ANY_PORT) ||
        pattern->subdomains != !!(flags & SUBDOMAINS) ||
        pattern->insecure != !!(flags & INSECURE) || pattern->loopback != !!(flags & LOOPBACK))
        fail_msg("%s: other flags than %d", text, flags);
}

static void good_patterns_are_normalised(void **state)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        const char *text = good[i].written, *normal = good[i].normal ? good[i].normal : text;
        size_t len = strlen(text);
        cg_pattern pattern;
        const char *error = cg_pattern_parse(*state, unit_fenced(text, len), len, &pattern);

        if (error)
            fail_msg("%s", error);
        assert_string_equal(pattern.text, normal);
        assert_int_equal(pattern.len, strlen(normal));
        assert_int_equal(pattern.scheme_len, strcspn(normal, ":"));
        assert_int_equal(pattern.host_len, strlen(good[i].host));
        assert_memory_equal(pattern.host, good[i].host, pattern.host_len);
        assert_in_range(pattern.host - pattern.text, 0, pattern.len);
        assert_int_equal(pattern.port, good[i].port);
        assert_int_equal(pattern.host_kind, good[i].kind);
        check_flags(text, &pattern, good[i].flags);
    }
}

static void null_is_a_word(void **state)
{
    cg_pattern pattern;

    assert_null(cg_pattern_parse(*state, "null", 4, &pattern));
    assert_true(pattern.null);
    assert_string_equal(pattern.text, "null");
    assert_int_equal(pattern.len, 4);
    assert_false(pattern.insecure || pattern.loopback || pattern.any_port || pattern.subdomains);
}

/* What is wrong, and what the message offers instead; NULL: advice in words. */
static const struct {
    const char *text;
    size_t len;
    const char *why;
    const char *write;
} bad[] = {
    {TEXT(""), "an origin is empty", NULL},
    {TEXT("*"), "not one origin", NULL},
    {TEXT("none"), "not one origin", NULL},
    {TEXT("NULL"), "lower case", "null"},
    {TEXT("Null"), "lower case", "null"},
    /* no scheme */
    {TEXT("example.com"), "begins with its scheme", "https://example.com"},
    {TEXT("Example.COM"), "begins with its scheme", "https://example.com"},
    {TEXT("*.example.com"), "begins with its scheme", "https://*.example.com"},
    {TEXT("//example.com"), "begins with its scheme", "https://example.com"},
    {TEXT("//x"), "begins with its scheme", "https://x"},
    {TEXT("://example.com"), "begins with its scheme", "https://example.com"},
    {TEXT("example.com:8443"), "begins with its scheme", "https://example.com:8443"},
    {TEXT("example.com/path"), "begins with its scheme", "https://example.com"},
    {TEXT("example.com/?u=https://a.com"), "begins with its scheme", "https://example.com"},
    {TEXT("localhost"), "begins with its scheme", "http://localhost"},
    {TEXT("localhost:3000"), "begins with its scheme", "http://localhost:3000"},
    {TEXT("127.0.0.1:3000"), "begins with its scheme", "http://127.0.0.1:3000"},
    {TEXT("[::1]:3000"), "begins with its scheme", "http://[::1]:3000"},
    {TEXT("me@example.com"), "begins with its scheme", "https://example.com"},
    {TEXT("intranet"), "not an origin", NULL},
    {TEXT("all"), "not an origin", NULL},
    {TEXT("self"), "not an origin", NULL},
    {TEXT("https"), "not an origin", NULL},
    {TEXT("https:"), "host is missing", NULL},
    {TEXT("https:example.com"), "followed by ://", "https://example.com"},
    {TEXT("https:/example.com"), "followed by ://", "https://example.com"},
    {TEXT("http//example.com"), "followed by ://", "http://example.com"},
    {TEXT("https:\\\\example.com"), "followed by ://", "https://example.com"},
    {TEXT("https;//example.com"), "separated by spaces", NULL},
    /* another scheme */
    {TEXT("*://example.com"), "no wildcard", "https://example.com"},
    {TEXT("http*://example.com"), "no wildcard", "https://example.com"},
    {TEXT("https?://example.com"), "regular expression", NULL},
    {TEXT("http(s)://example.com"), "regular expression", NULL},
    {TEXT("1http://example.com"), "is not a scheme", NULL},
    {TEXT("ht_tp://example.com"), "is not a scheme", NULL},
    {TEXT("+https://example.com"), "is not a scheme", NULL},
    {TEXT("-https://example.com"), "is not a scheme", NULL},
    {TEXT("\xef\xbb\xbfhttps://example.com"), "is not a scheme", NULL},
    {TEXT(S64 "a://example.com"), "at most 64 bytes", NULL},
    {TEXT("https://https://example.com"), "two schemes", "https://example.com"},
    {TEXT("https://a.comhttps://b.com"), ":// twice", NULL},
    {TEXT("ws://example.com"), "WebSocket", "http://example.com"},
    {TEXT("wss://Example.com:443/chat"), "WebSocket", "https://example.com"},
    {TEXT("wss://*.example.com"), "WebSocket", "https://*.example.com"},
    {TEXT("ws:example.com"), "WebSocket", "http://example.com"},
    {TEXT("file://"), "send null, or nothing, for file:", NULL},
    {TEXT("file:///etc/passwd"), "send null, or nothing, for file:", NULL},
    {TEXT("file:"), "send null, or nothing, for file:", NULL},
    {TEXT("data:text/html"), "send null, or nothing, for data:", NULL},
    {TEXT("blob:https://example.com/1"), "send null, or nothing, for blob:", NULL},
    {TEXT("about:blank"), "send null, or nothing, for about:", NULL},
    {TEXT("javascript:alert"), "send null, or nothing, for javascript:", NULL},
    {TEXT("mailto:me@example.com"), "send null, or nothing, for mailto:", NULL},
    {TEXT("ftp://example.com"), "send null, or nothing, for ftp:", NULL},
    /* more than an origin */
    {TEXT("https://example.com/"), "an origin has no path", "https://example.com"},
    {TEXT("https://a.com/"), "an origin has no path", "https://a.com"},
    {TEXT("https://example.com:443/"), "an origin has no path", "https://example.com"},
    {TEXT("https://example.com:8443/a/b?c#d"), "no path", "https://example.com:8443"},
    {TEXT("https://*.example.com/*"), "no path", "https://*.example.com"},
    {TEXT("https://*/"), "no path, and that is every host", NULL},
    {TEXT("https://example.com?q=1"), "no query", "https://example.com"},
    {TEXT("https://example.com#top"), "no fragment", "https://example.com"},
    {TEXT("https://example.com\\x"), "no backslash", "https://example.com"},
    {TEXT("https://user@example.com"), "no user name", "https://example.com"},
    {TEXT("https://user:pw@example.com:81"), "no user name", "https://example.com:81"},
    {TEXT("https://@example.com"), "no user name", "https://example.com"},
    {TEXT("https://example.com@evil.example"), "no user name", "https://evil.example"},
    {TEXT("https://user@"), "no user name or password, and the host is missing", NULL},
    {TEXT("https://exa%6dple.com"), "no percent escapes", NULL},
    {TEXT("https://example.com%0d%0aX: y"), "no space", NULL},
    {TEXT("https://example.com%0d%0aX:y"), "no percent escapes", NULL},
    {TEXT("https://"), "host is missing", NULL},
    {TEXT("https:///example.com"), "host is missing", "https://example.com"},
    {TEXT("https://:8443"), "host is missing", NULL},
    {TEXT("https://?q"), "host is missing", "https://q"},
    /* lists, quotes, variables, regular expressions */
    {TEXT("https://a.com,https://b.com"), "separated by spaces", "https://a.com https://b.com"},
    {TEXT("https://a.com, b.com/"), "separated by spaces", "https://a.com https://b.com"},
    {TEXT("https://a.com;https://b.com"), "separated by spaces", "https://a.com https://b.com"},
    {TEXT("https://a.com,"), "separated by spaces", "https://a.com"},
    {TEXT("https://a.com https://b.com"), "no space", "https://a.com https://b.com"},
    {TEXT(" https://a.com "), "no space", "https://a.com"},
    {TEXT("https://a.com, *"), "separated by spaces", NULL},
    {TEXT("a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b"), "separated by spaces", NULL},
    {TEXT(","), "separated by spaces", NULL},
    {TEXT(" "), "no space", NULL},
    {TEXT("\"https://a.com\""), "no quotation marks", "https://a.com"},
    {TEXT("'https://a.com'"), "no quotation marks", "https://a.com"},
    {TEXT("`https://a.com`"), "no quotation marks", "https://a.com"},
    {TEXT("\xe2\x80\x9chttps://a.com\xe2\x80\x9d"), "no quotation marks", "https://a.com"},
    {TEXT("\"https://a.com, https://b.com\""), "quotation", "https://a.com https://b.com"},
    {TEXT("\"\""), "no quotation marks, and an origin is empty", NULL},
    {TEXT("${ORIGIN}"), "variable", NULL},
    {TEXT("https://${HOST}"), "variable", NULL},
    {TEXT("^https://a\\.com$"), "regular expression", NULL},
    {TEXT("https://a\\.com"), "regular expression", NULL},
    {TEXT("https://a.com$"), "regular expression", NULL},
    {TEXT("https://.*"), "regular expression", NULL},
    {TEXT(".*"), "regular expression", NULL},
    {TEXT("https://.+.example.com"), "regular expression", NULL},
    {TEXT("https://(a|b).example.com"), "regular expression", NULL},
    {TEXT("https://[a-z]+.example.com"), "regular expression", NULL},
    {TEXT("https://[^.]*.example.com"), "regular expression", NULL},
    {TEXT("https://a{2}.example.com"), "regular expression", NULL},
    /* wildcards */
    {TEXT("https://*"), "every host", NULL},
    {TEXT("https://*:8443"), "every host", NULL},
    {TEXT("https://*."), "every host", NULL},
    {TEXT("https://*.*"), "every host", NULL},
    {TEXT("chrome-extension://*"), "every host", NULL},
    {TEXT("https://*example.com"), "whole labels before a dot", "https://*.example.com"},
    {TEXT("https://**.example.com"), "whole labels before a dot", "https://*.example.com"},
    {TEXT("https://*.*.example.com"), "whole labels before a dot", "https://*.example.com"},
    {TEXT("https://*..example.com"), "empty label", NULL},
    {TEXT("https://*-dev.example.com"), "whole labels in front", NULL},
    {TEXT("https://dev-*.example.com"), "whole labels in front", NULL},
    {TEXT("https://a.*.com"), "whole labels in front", NULL},
    {TEXT("https://a.*.example.com:*"), "whole labels in front", NULL},
    {TEXT("https://example.*"), "whole labels in front", NULL},
    {TEXT("https://*.example.*"), "whole labels in front", NULL},
    {TEXT("https://exam*ple.com"), "whole labels in front", NULL},
    {TEXT("http://*.127.0.0.1"), "no subdomains", "http://127.0.0.1"},
    {TEXT("http://*.127.1:81"), "no subdomains", NULL},
    {TEXT("http://*.0.0.1"), "no subdomains", NULL},
    {TEXT("http://*.example.7"), "ends in a number", NULL},
    {TEXT("http://*.[::1]:81"), "no subdomains", "http://[::1]:81"},
    {TEXT("https://*." H253), "at most 253 bytes", NULL},
    /* ports */
    {TEXT("https://example.com:"), "no port behind the colon", "https://example.com"},
    {TEXT("https://*.example.com:"), "no port behind the colon", "https://*.example.com"},
    {TEXT("https://example.com:0"), "port 0", NULL},
    {TEXT("https://example.com:00"), "port 0", NULL},
    {TEXT("https://example.com:080"), "leading zero", "https://example.com:80"},
    {TEXT("https://example.com:0443"), "leading zero", "https://example.com"},
    {TEXT("https://example.com:65536"), "above 65535", NULL},
    {TEXT("https://example.com:99999999999999999999"), "above 65535", NULL},
    {TEXT("https://example.com:http"), "port is a number", NULL},
    {TEXT("https://example.com:8o80"), "port is a number", NULL},
    {TEXT("https://example.com:-1"), "port is a number", NULL},
    {TEXT("https://example.com:+1"), "port is a number", NULL},
    {TEXT("https://example.com:0x50"), "port is a number", NULL},
    {TEXT("https://example.com:8*"), "the whole port", NULL},
    {TEXT("https://example.com:**"), "the whole port", NULL},
    {TEXT("https://example.com:80:81"), "one port", NULL},
    {TEXT("https://example.com::81"), "one port", NULL},
    /* names */
    {TEXT("https://."), "empty label", NULL},
    {TEXT("https://.example.com"), "empty label", NULL},
    {TEXT("https://example..com"), "empty label", NULL},
    {TEXT("https://example.com.."), "empty label", NULL},
    {TEXT("https://a" L63 ".com"), "at most 63 bytes", NULL},
    {TEXT("https://a." H253), "at most 253 bytes", NULL},
    {TEXT(S64 "://" H253 ".:65535"), "no origin is that long", NULL},
    {TEXT("http://http://http://http://http://http://http://http://a.com"), "more is wrong", NULL},
    /* what is no UTF-8: too long forms, surrogates, above Unicode */
    {TEXT("https://\xe0\x80\x80.com"), "not UTF-8", NULL},
    {TEXT("https://\xed\xa0\x80.com"), "not UTF-8", NULL},
    {TEXT("https://\xf0\x80\x80\x80.com"), "not UTF-8", NULL},
    {TEXT("https://\xf4\x90\x80\x80.com"), "not UTF-8", NULL},
    {TEXT("https://\xf0\xa0\x9c\x8e/.com"), "no path", "https://xn--4m2i"},
    {TEXT("https://a$b.com"), "\"$\" is no part of a host name", NULL},
    {TEXT("https://a~b.com"), "\"~\" is no part of a host name", NULL},
    {TEXT("https://<host>"), "\"<\" is no part of a host name", NULL},
    {TEXT("https://a!.com"), "\"!\" is no part of a host name", NULL},
    {TEXT("https://xn--zzzzzzzz99999.com"), "not a valid A-label", NULL},
    {TEXT("https://a.xn--.com"), "not a valid A-label", NULL},
    {TEXT("https://\xe2\x98\x95.example"), "no A-label (IDN2_DISALLOWED)", NULL},
    {TEXT("https://\xe2\x84\x80.com"), "\"/\" is no part of a host name", NULL},
    {TEXT("https://m\xc3\xbcnchen.de/"), "no path", "https://xn--mnchen-3ya.de"},
    {TEXT("m\xc3\xbcnchen.de"), "begins with its scheme", "https://xn--mnchen-3ya.de"},
    /* IPv4 */
    {TEXT("http://127.1"), "dotted decimal", "http://127.0.0.1"},
    {TEXT("http://127.0.1:8080"), "dotted decimal", "http://127.0.0.1:8080"},
    {TEXT("http://2130706433"), "dotted decimal", "http://127.0.0.1"},
    {TEXT("http://0x7f000001"), "dotted decimal", "http://127.0.0.1"},
    {TEXT("http://0X7F.0.0.1:*"), "dotted decimal", "http://127.0.0.1:*"},
    {TEXT("http://0177.0.0.01"), "dotted decimal", "http://127.0.0.1"},
    {TEXT("http://0300.0250.1.012"), "dotted decimal", "http://192.168.1.10"},
    {TEXT("http://192.168.266"), "dotted decimal", "http://192.168.1.10"},
    {TEXT("http://192.11010314"), "dotted decimal", "http://192.168.1.10"},
    {TEXT("http://0"), "dotted decimal", "http://0.0.0.0"},
    {TEXT("http://0x"), "dotted decimal", "http://0.0.0.0"},
    {TEXT("http://4294967295"), "dotted decimal", "http://255.255.255.255"},
    {TEXT("http://127.0.0.1."), "dotted decimal", "http://127.0.0.1"},
    {TEXT("http://4294967296"), "ends in a number", NULL},
    {TEXT("http://99999999999999999999999999"), "ends in a number", NULL},
    {TEXT("http://256.0.0.1"), "ends in a number", NULL},
    {TEXT("http://1.2.3.256"), "ends in a number", NULL},
    {TEXT("http://1.2.65536"), "ends in a number", NULL},
    {TEXT("http://1.2.3.4.5"), "ends in a number", NULL},
    {TEXT("http://09"), "ends in a number", NULL},
    {TEXT("http://example.0x1f"), "ends in a number", NULL},
    {TEXT("http://example.7"), "ends in a number", NULL},
    /* IPv6 */
    {TEXT("http://::1"), "stands in brackets", "http://[::1]"},
    {TEXT("https://2001:DB8::1"), "stands in brackets", "https://[2001:db8::1]"},
    {TEXT("2001:db8::1"), "stands in brackets", "https://[2001:db8::1]"},
    {TEXT("http://::1:8080"), "stands in brackets", NULL},
    {TEXT("::1:8080"), "stands in brackets", NULL},
    {TEXT("http://[::1"), "stands in brackets", "http://[::1]"},
    {TEXT("http://[::1:8080"), "stands in brackets", NULL},
    {TEXT("http://[::1]8080"), "only a port can follow", NULL},
    {TEXT("http://[::1]:"), "no port behind the colon", "http://[::1]"},
    {TEXT("http://[]"), "not an IPv6 address", NULL},
    {TEXT("http://[::g]"), "not an IPv6 address", NULL},
    {TEXT("http://[1:2:3]"), "not an IPv6 address", NULL},
    {TEXT("http://[0:0:0:0:0:0:0:1]:81"), "another form", "http://[::1]:81"},
    {TEXT("http://[2001:0DB8::0001]"), "another form", "http://[2001:db8::1]"},
    {TEXT("http://[2001:db8:0:0:1::1]"), "another form", "http://[2001:db8::1:0:0:1]"},
    {TEXT("http://[1::3:4:5:6:7:8]"), "another form", "http://[1:0:3:4:5:6:7:8]"},
    {TEXT("http://[::127.0.0.1]"), "another form", "http://[::7f00:1]"},
    {TEXT("http://[fe80::1%eth0]"), "no zone", "http://[fe80::1]"},
    {TEXT("http://[fe80::1%25eth0]:81"), "no zone", "http://[fe80::1]:81"},
    {TEXT("http://[::ffff:192.0.2.1]"), "IPv4 address is not written", "http://192.0.2.1"},
    {TEXT("http://[::ffff:c000:201]:81"), "IPv4 address is not written", "http://192.0.2.1:81"},
    {TEXT("http://[192.0.2.1]"), "brackets are for IPv6", "http://192.0.2.1"},
    /* bytes */
    {TEXT("https://a.com\n"), "control byte \\x0a", NULL},
    {TEXT("https://a.com\r"), "control byte \\x0d", NULL},
    {TEXT("https://a.com\thttps://b.com"), "control byte \\x09", NULL},
    {TEXT("https://a.com\0"), "control byte \\x00", NULL},
    {TEXT("null\0"), "control byte \\x00", NULL},
    {TEXT("\0"), "control byte \\x00", NULL},
    {TEXT("https://a\x7f.com"), "control byte \\x7f", NULL},
    {TEXT("https://a\x1b[31m.com"), "control byte \\x1b", NULL},
    {TEXT("https://m\xfcnchen.de"), "not UTF-8", NULL},
    {TEXT("https://a\xc3"), "not UTF-8", NULL},
    {TEXT("https://a\xc0\xaf.com"), "not UTF-8", NULL},
    {TEXT("https://a\xed\xa0\x80.com"), "not UTF-8", NULL},
    {TEXT("https://a\xf4\x90\x80\x80.com"), "not UTF-8", NULL},
    {TEXT("https://a\xff.com"), "not UTF-8", NULL},
    {TEXT("https://a\xf9\x80\x80\x80.com"), "not UTF-8", NULL},
};

/* A message is one line of printable ASCII, begins with what was read, and is not endless. */
static void check_form(const char *message)
{
    if (message[0] != '"')
        fail_msg("does not begin with the text: %s", message);
    if (strlen(message) > 4000)
        fail_msg("%zu bytes long", strlen(message));
    for (const char *at = message; *at; at++) {
        if (*at < 0x20 || *at > 0x7e)
            fail_msg("byte 0x%02x in the message", (unsigned)(unsigned char)*at);
    }
}

/* Everything that a message offers in the place of a text is itself accepted, as it stands. */
static void check_offer(apr_pool_t *p, const char *offer)
{
    char *last, *copy = apr_pstrdup(p, offer);

    for (char *one = apr_strtok(copy, " ", &last); one; one = apr_strtok(NULL, " ", &last)) {
        cg_pattern pattern;

        assert_null(cg_pattern_parse(p, one, strlen(one), &pattern));
        assert_string_equal(pattern.text, one);
    }
}

/* What a message offers: the origins behind its last ": write ", NULL where words stand there. */
static const char *offer_in(const char *message)
{
    const char *offer = NULL;

    for (const char *at = message; (at = strstr(at, ": write ")) != NULL; at += strlen(": write "))
        offer = at + strlen(": write ");
    if (!offer || strchr(offer, ','))
        return NULL;
    return strcspn(offer, " ") > strcspn(offer, ":") || strcmp(offer, "null") == 0 ? offer : NULL;
}

static void bad_patterns_are_explained(void **state)
{
    for (size_t i = 0; i < COUNT(bad); i++) {
        cg_pattern pattern;
        const char *copy = unit_fenced(bad[i].text, bad[i].len), *offer;
        const char *message = cg_pattern_parse(*state, copy, bad[i].len, &pattern);

        if (!message)
            fail_msg("accepted: %s as %s", bad[i].text, pattern.text);
        check_form(message);
        offer = offer_in(message);
        if (!strstr(message, bad[i].why))
            fail_msg("%s; expected %s", message, bad[i].why);
        if (!offer != !bad[i].write || (offer && strcmp(offer, bad[i].write) != 0))
            fail_msg("%s; expected: write %s", message, bad[i].write ? bad[i].write : "(advice)");
        if (offer)
            check_offer(*state, offer);
    }
}

static void overlong_text_is_refused(void **state)
{
    static char text[1 << 16];
    const size_t sizes[] = {327, 1000, 2048, 2049, sizeof text};

    memset(text, 'a', sizeof text);
    memcpy(text, "https://", 8);
    for (size_t at = 11; at < sizeof text; at += 4)
        text[at] = '.';
    for (size_t i = 0; i < COUNT(sizes); i++) {
        cg_pattern pattern;
        const char *message =
            cg_pattern_parse(*state, unit_fenced(text, sizes[i] - 1), sizes[i] - 1, &pattern);

        assert_non_null(message);
        check_form(message);
    }
}

/* What every accepted text has: the parser takes its own result; a text without a wildcard passes the
 * request's parser, cut up alike, and is matched by the set that holds it. */
static void check_accepted(apr_pool_t *p, const cg_pattern *pattern)
{
    cg_set *set = cg_set_make(p, 0, 0);
    cg_pattern again;
    cg_origin origin;

    assert_null(cg_pattern_parse(p, pattern->text, pattern->len, &again));
    assert_string_equal(again.text, pattern->text);
    if (pattern->null)
        return;
    assert_int_equal(again.subdomains, pattern->subdomains);
    assert_int_equal(again.any_port, pattern->any_port);
    cg_set_add(set, pattern);
    assert_true(cg_set_covers(set, pattern));
    if (pattern->subdomains || pattern->any_port) {
        assert_int_equal(cg_origin_parse(pattern->text, pattern->len, &origin),
                         CG_ORIGIN_MALFORMED);
        return;
    }
    if (cg_origin_parse(pattern->text, pattern->len, &origin) != CG_ORIGIN_TUPLE)
        fail_msg("%s is no origin", pattern->text);
    assert_int_equal(origin.scheme_len, pattern->scheme_len);
    assert_int_equal(origin.host_len, pattern->host_len);
    assert_int_equal(origin.port, pattern->port);
    assert_int_equal(origin.host_kind, pattern->host_kind);
    assert_true(cg_set_matches(set, &origin));
}

static void accepted_patterns_are_origins_that_match(void **state)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        cg_pattern pattern;

        assert_null(cg_pattern_parse(*state, good[i].written, strlen(good[i].written), &pattern));
        check_accepted(*state, &pattern);
    }
}

/* One of the rows above, with some bytes replaced, dropped or put in. */
static size_t mutate(uint64_t *seed, char *text)
{
    static const char bytes[] = "a1.:/*-[]%@?#\\ ,\"^$x0A_\0\n\xc3\xbc\xe2\x80\x9c";
    unsigned row = unit_random(seed, COUNT(good) + COUNT(bad));
    const char *from = row < COUNT(good) ? good[row].written : bad[row - COUNT(good)].text;
    size_t len = row < COUNT(good) ? strlen(from) : bad[row - COUNT(good)].len;

    memcpy(text, from, len);
    for (unsigned times = unit_random(seed, 4); times > 0 && len > 0; times--) {
        size_t at = unit_random(seed, (unsigned)len);

        switch (unit_random(seed, 3)) {
        case 0:
            text[at] = bytes[unit_random(seed, sizeof bytes - 1)];
            break;
        case 1:
            memmove(text + at, text + at + 1, --len - at);
            break;
        default:
            memmove(text + at + 1, text + at, len++ - at);
            text[at] = bytes[unit_random(seed, sizeof bytes - 1)];
            break;
        }
    }
    return len;
}

static void any_text_is_accepted_or_explained(void **state)
{
    apr_pool_t *pool;
    uint64_t seed = 20251003;
    unsigned accepted = 0;

    assert_int_equal(apr_pool_create(&pool, *state), APR_SUCCESS);
    for (int i = 0; i < 60000; i++) {
        char text[512];
        size_t len = mutate(&seed, text);
        cg_pattern pattern;
        const char *message = cg_pattern_parse(pool, unit_fenced(text, len), len, &pattern);

        if (message) {
            check_form(message);
            if (offer_in(message))
                check_offer(pool, offer_in(message));
        } else {
            check_accepted(pool, &pattern);
        }
        accepted += message == NULL;
        apr_pool_clear(pool);
    }
    assert_in_range(accepted, 4000, 56000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(good_patterns_are_normalised),
        UNIT_TEST(null_is_a_word),
        UNIT_TEST(bad_patterns_are_explained),
        UNIT_TEST(overlong_text_is_refused),
        UNIT_TEST(accepted_patterns_are_origins_that_match),
        UNIT_TEST(any_text_is_accepted_or_explained),
    };

    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
