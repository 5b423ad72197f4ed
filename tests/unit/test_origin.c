/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_host.h"
#include "cg_origin.h"
#include "unit.h"

#include <arpa/inet.h>
#include <regex.h>

#define L63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz-"
#define H253                                                                                       \
    L63 "." L63 "." L63 "."                                                                        \
        "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxy"
#define S64 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz+."

static cg_origin_kind parse(const char *text, size_t len, cg_origin *origin)
{
    return cg_origin_parse(unit_fenced(text, len), len, origin);
}

static const struct {
    const char *text;
    const char *scheme;
    const char *host;
    unsigned port;
    cg_host_kind kind;
} sent_by_browsers[] = {
    {"https://example.com", "https", "example.com", 0, CG_HOST_NAME},
    {"http://example.com", "http", "example.com", 0, CG_HOST_NAME},
    {"https://a", "https", "a", 0, CG_HOST_NAME},
    {"https://localhost", "https", "localhost", 0, CG_HOST_NAME},
    {"http://localhost:3000", "http", "localhost", 3000, CG_HOST_NAME},
    {"https://example.com:1", "https", "example.com", 1, CG_HOST_NAME},
    {"https://example.com:80", "https", "example.com", 80, CG_HOST_NAME},
    {"http://example.com:443", "http", "example.com", 443, CG_HOST_NAME},
    {"https://example.com:8443", "https", "example.com", 8443, CG_HOST_NAME},
    {"https://example.com:65535", "https", "example.com", 65535, CG_HOST_NAME},
    {"https://example.com.", "https", "example.com.", 0, CG_HOST_NAME},
    {"https://example.com.:81", "https", "example.com.", 81, CG_HOST_NAME},
    {"https://a_b.example.com", "https", "a_b.example.com", 0, CG_HOST_NAME},
    {"https://_dmarc.example.com", "https", "_dmarc.example.com", 0, CG_HOST_NAME},
    {"https://-a-.example.com", "https", "-a-.example.com", 0, CG_HOST_NAME},
    {"https://r3---sn.example.com", "https", "r3---sn.example.com", 0, CG_HOST_NAME},
    {"https://xn--mnchen-3ya.de", "https", "xn--mnchen-3ya.de", 0, CG_HOST_NAME},
    {"https://1.example", "https", "1.example", 0, CG_HOST_NAME},
    {"https://1.2.3.4.example", "https", "1.2.3.4.example", 0, CG_HOST_NAME},
    {"https://example.1a", "https", "example.1a", 0, CG_HOST_NAME},
    {"https://example.0xg", "https", "example.0xg", 0, CG_HOST_NAME},
    {"https://example.x0", "https", "example.x0", 0, CG_HOST_NAME},
    {"https://null", "https", "null", 0, CG_HOST_NAME},
    {"https://" L63 ".com", "https", L63 ".com", 0, CG_HOST_NAME},
    {"https://" H253, "https", H253, 0, CG_HOST_NAME},
    {"https://" H253 ".", "https", H253 ".", 0, CG_HOST_NAME},
    {S64 "://" H253 ":65535", S64, H253, 65535, CG_HOST_NAME},
    {"http://127.0.0.1", "http", "127.0.0.1", 0, CG_HOST_IPV4},
    {"http://0.0.0.0", "http", "0.0.0.0", 0, CG_HOST_IPV4},
    {"http://255.255.255.255:8080", "http", "255.255.255.255", 8080, CG_HOST_IPV4},
    {"http://[::1]", "http", "[::1]", 0, CG_HOST_IPV6},
    {"http://[::]", "http", "[::]", 0, CG_HOST_IPV6},
    {"http://[::]:8080", "http", "[::]", 8080, CG_HOST_IPV6},
    {"https://[2001:db8::1]:8443", "https", "[2001:db8::1]", 8443, CG_HOST_IPV6},
    {"https://[1:2:3:4:5:6:7:8]", "https", "[1:2:3:4:5:6:7:8]", 0, CG_HOST_IPV6},
    {"https://[1:0:3:4:5:6:7:8]", "https", "[1:0:3:4:5:6:7:8]", 0, CG_HOST_IPV6},
    {"https://[0:1:2:3:4:5:6:7]", "https", "[0:1:2:3:4:5:6:7]", 0, CG_HOST_IPV6},
    {"https://[1:2:3:4:5:6:7:0]", "https", "[1:2:3:4:5:6:7:0]", 0, CG_HOST_IPV6},
    {"https://[1::4:0:0:7:8]", "https", "[1::4:0:0:7:8]", 0, CG_HOST_IPV6},
    {"https://[1:0:0:4::]", "https", "[1:0:0:4::]", 0, CG_HOST_IPV6},
    {"https://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "https",
     "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]", 65535, CG_HOST_IPV6},
    {"https://[::7f00:1]", "https", "[::7f00:1]", 0, CG_HOST_IPV6},
    {"https://[64:ff9b::c000:201]", "https", "[64:ff9b::c000:201]", 0, CG_HOST_IPV6},
    {"chrome-extension://abcdefghijklmnopabcdefghijklmnop", "chrome-extension",
     "abcdefghijklmnopabcdefghijklmnop", 0, CG_HOST_NAME},
    {"moz-extension://0f5e2c1a-9f6e-4a44-8d52-2c1b7d1c8a3e", "moz-extension",
     "0f5e2c1a-9f6e-4a44-8d52-2c1b7d1c8a3e", 0, CG_HOST_NAME},
    {"capacitor://localhost", "capacitor", "localhost", 0, CG_HOST_NAME},
    {"ionic://localhost", "ionic", "localhost", 0, CG_HOST_NAME},
    {"app://obsidian.md", "app", "obsidian.md", 0, CG_HOST_NAME},
    {"tauri://localhost:80", "tauri", "localhost", 80, CG_HOST_NAME},
    {"a+b-c.d1://host", "a+b-c.d1", "host", 0, CG_HOST_NAME},
    {"z://z", "z", "z", 0, CG_HOST_NAME},
};

static void test_origins_of_browsers_are_cut_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sent_by_browsers); i++) {
        const char *text = sent_by_browsers[i].text;
        size_t len = strlen(text);
        cg_origin origin;

        if (parse(text, len, &origin) != CG_ORIGIN_TUPLE)
            fail_msg("refused: %s", text);
        assert_int_equal(origin.len, len);
        assert_memory_equal(origin.text, text, len);
        assert_int_equal(origin.scheme_len, strlen(sent_by_browsers[i].scheme));
        assert_int_equal(origin.host_len, strlen(sent_by_browsers[i].host));
        assert_memory_equal(origin.host, sent_by_browsers[i].host, origin.host_len);
        assert_ptr_equal(origin.host, origin.text + origin.scheme_len + 3);
        assert_int_equal(origin.port, sent_by_browsers[i].port);
        assert_int_equal(origin.host_kind, sent_by_browsers[i].kind);
    }
}

static const struct {
    const char *text;
    size_t len;
} malformed[] = {
    {TEXT("")},
    {TEXT(":")},
    {TEXT("://")},
    {TEXT("://example.com")},
    {TEXT("//example.com")},
    {TEXT("example.com")},
    {TEXT("https")},
    {TEXT("https:")},
    {TEXT("https:/")},
    {TEXT("https://")},
    {TEXT("https:///")},
    {TEXT("https:example.com")},
    {TEXT("https:/example.com")},
    {TEXT("*")},
    {TEXT("https://*")},
    {TEXT("https://*.example.com")},
    {TEXT("https://example.com:*")},
    /* null */
    {TEXT("NULL")},
    {TEXT("Null")},
    {TEXT("null ")},
    {TEXT(" null")},
    {TEXT("null\0")},
    {TEXT("nul")},
    {TEXT("nulll")},
    {TEXT("null, null")},
    {TEXT("null://")},
    /* more than one */
    {TEXT("https://a.com https://b.com")},
    {TEXT("https://a.com, https://b.com")},
    {TEXT("https://a.com,https://b.com")},
    {TEXT("https://a.com,")},
    {TEXT("https://a.com;https://b.com")},
    {TEXT("https://a.com\0https://b.com")},
    {TEXT("https://https://a.com")},
    {TEXT("https://a.comhttps://b.com")},
    /* upper case */
    {TEXT("HTTPS://example.com")},
    {TEXT("Https://example.com")},
    {TEXT("https://Example.com")},
    {TEXT("https://example.coM")},
    {TEXT("https://[2001:DB8::1]")},
    {TEXT("Chrome-extension://abc")},
    /* more than an origin */
    {TEXT("https://example.com/")},
    {TEXT("https://example.com/path")},
    {TEXT("https://example.com?")},
    {TEXT("https://example.com?q")},
    {TEXT("https://example.com#")},
    {TEXT("https://example.com#f")},
    {TEXT("https://example.com\\")},
    {TEXT("https://example.com:8443/")},
    {TEXT("https://user@example.com")},
    {TEXT("https://user:password@example.com")},
    {TEXT("https://@example.com")},
    {TEXT("https://example.com@evil.example")},
    {TEXT("https://example.com:443@evil.example")},
    {TEXT("https://example.com%2f")},
    {TEXT("https://example.com%0d%0aX-Injected:%20yes")},
    {TEXT("https://example.com%00.evil.example")},
    {TEXT("https://exa%6dple.com")},
    /* control, space, non-ASCII */
    {TEXT("https://example.com ")},
    {TEXT(" https://example.com")},
    {TEXT("https://exam ple.com")},
    {TEXT("https://example.com\t")},
    {TEXT("https://example.com\r\nX-Injected: yes")},
    {TEXT("https://example.com\n")},
    {TEXT("https://example.com\0")},
    {TEXT("https://example\0.com")},
    {TEXT("\0https://example.com")},
    {TEXT("https://example.com\x7f")},
    {TEXT("https://m\xc3\xbcnchen.de")},
    {TEXT("https://example\xe3\x80\x82"
          "com")},
    {TEXT("https://example.com\xff")},
    {TEXT("\xef\xbb\xbfhttps://example.com")},
    /* scheme */
    {TEXT("1http://example.com")},
    {TEXT("-a://example.com")},
    {TEXT("+a://example.com")},
    {TEXT(".a://example.com")},
    {TEXT("ht_tp://example.com")},
    {TEXT("ht tp://example.com")},
    {TEXT(S64 "a://example.com")},
    {TEXT("file://")},
    {TEXT("file://localhost")},
    {TEXT("file:///etc/passwd")},
    {TEXT("data:text/html")},
    {TEXT("data://host")},
    {TEXT("blob:https://example.com")},
    {TEXT("blob://example.com")},
    {TEXT("filesystem://example.com")},
    {TEXT("about:blank")},
    {TEXT("about://blank")},
    {TEXT("javascript://example.com")},
    {TEXT("mailto://example.com")},
    {TEXT("ws://example.com")},
    {TEXT("wss://example.com")},
    {TEXT("ftp://example.com")},
    /* port */
    {TEXT("https://example.com:")},
    {TEXT("https://example.com:0")},
    {TEXT("https://example.com:00")},
    {TEXT("https://example.com:443")},
    {TEXT("http://example.com:80")},
    {TEXT("https://example.com:080")},
    {TEXT("https://example.com:08443")},
    {TEXT("https://example.com:65536")},
    {TEXT("https://example.com:99999")},
    {TEXT("https://example.com:100000")},
    {TEXT("https://example.com:4294967297")},
    {TEXT("https://example.com:18446744073709551617")},
    {TEXT("https://example.com:-1")},
    {TEXT("https://example.com:+1")},
    {TEXT("https://example.com:0x50")},
    {TEXT("https://example.com:8a")},
    {TEXT("https://example.com:80:80")},
    {TEXT("https://example.com::80")},
    {TEXT("https://:8443")},
    {TEXT("http://[::1]:80")},
    {TEXT("https://127.0.0.1:443")},
    /* labels */
    {TEXT("https://.")},
    {TEXT("https://..")},
    {TEXT("https://.example.com")},
    {TEXT("https://example..com")},
    {TEXT("https://example.com..")},
    {TEXT("https://a" L63)},
    {TEXT("https://a" L63 ".com")},
    {TEXT("https://com.a" L63)},
    {TEXT("https://com.a" L63 ".")},
    {TEXT("https://a" H253)},
    {TEXT("https://a." H253)},
    {TEXT("https://" H253 "z")},
    {TEXT("https://" H253 "z.")},
    {TEXT("https://" H253 "..")},
    {TEXT("https://a!b.com")},
    {TEXT("https://a~b.com")},
    {TEXT("https://a'b.com")},
    {TEXT("https://{a}.com")},
    {TEXT("https://a$b.com")},
    {TEXT("https://<a>.com")},
    /* IPv4 (URL, "ends in a number checker") */
    {TEXT("http://127.0.0.1.")},
    {TEXT("http://127.1")},
    {TEXT("http://127.0.1")},
    {TEXT("http://2130706433")},
    {TEXT("http://0x7f000001")},
    {TEXT("http://0x7f.0.0.1")},
    {TEXT("http://127.0.0.0x1")},
    {TEXT("http://127.0.0.01")},
    {TEXT("http://0177.0.0.1")},
    {TEXT("http://127.0.0.256")},
    {TEXT("http://256.0.0.1")},
    {TEXT("http://127.0.0.1000")},
    {TEXT("http://1.2.3.4.5")},
    {TEXT("http://1.2.3")},
    {TEXT("http://0")},
    {TEXT("http://00.0.0.0")},
    {TEXT("http://example.1")},
    {TEXT("http://example.08")},
    {TEXT("http://example.0x")},
    {TEXT("http://example.0x1f")},
    {TEXT("http://example.123.")},
    {TEXT("http://a.2.3.4")},
    {TEXT("http://99999999999999999999999999999999")},
    {TEXT("http://4294967296.0.0.1")},
    /* IPv6 */
    {TEXT("http://::1")},
    {TEXT("http://[")},
    {TEXT("http://[]")},
    {TEXT("http://[::1")},
    {TEXT("http://::1]")},
    {TEXT("http://[[::1]]")},
    {TEXT("http://[::1]]")},
    {TEXT("http://[::1]x")},
    {TEXT("http://[::1].")},
    {TEXT("http://[::1]:")},
    {TEXT("http://[::1]:0")},
    {TEXT("http://x[::1]")},
    {TEXT("http://[:]")},
    {TEXT("http://[:::]")},
    {TEXT("http://[::1::2]")},
    {TEXT("http://[1:2:3:4:5:6:7]")},
    {TEXT("http://[1:2:3:4:5:6:7:8:9]")},
    {TEXT("http://[1:2:3:4:5:6:7::]")},
    {TEXT("http://[::2:3:4:5:6:7:8]")},
    {TEXT("http://[0:0:0:0:0:0:0:1]")},
    {TEXT("http://[0::1]")},
    {TEXT("http://[::0]")},
    {TEXT("http://[::01]")},
    {TEXT("http://[2001:0db8::1]")},
    {TEXT("http://[2001:db8:0:0:1:0:0:1]")},
    {TEXT("http://[2001:db8:0:0:1::1]")},
    {TEXT("http://[1::3:4:5:6:7:8]")},
    {TEXT("http://[::12345]")},
    {TEXT("http://[::g]")},
    {TEXT("http://[::ABCD]")},
    {TEXT("http://[fe80::1%eth0]")},
    {TEXT("http://[fe80::1%25eth0]")},
    {TEXT("http://[::127.0.0.1]")},
    {TEXT("http://[::ffff:127.0.0.1]")},
    {TEXT("http://[::ffff:7f00:1]")},
    {TEXT("http://[::ffff:0:0]")},
    {TEXT("http://[127.0.0.1]")},
    {TEXT("http://[v1.a]")},
    {TEXT("http://[::1\0]")},
    {TEXT("http://[ ::1]")},
    {TEXT("http://[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]")},
    {TEXT("http://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]")},
};

static void test_what_no_browser_sends_is_malformed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(malformed); i++) {
        cg_origin origin;

        if (parse(malformed[i].text, malformed[i].len, &origin) != CG_ORIGIN_MALFORMED)
            fail_msg("accepted: %s (%zu bytes)", malformed[i].text, malformed[i].len);
    }
}

static void test_schemes_have_a_kind_and_a_port(void **state)
{
    static const struct {
        const char *scheme;
        cg_scheme_kind kind;
        unsigned port;
    } schemes[] = {
        {"http", CG_SCHEME_HTTP, 80},   {"https", CG_SCHEME_HTTPS, 443},
        {"app", CG_SCHEME_CUSTOM, 0},   {"httpsx", CG_SCHEME_CUSTOM, 0},
        {"ws", CG_SCHEME_WEBSOCKET, 0}, {"wss", CG_SCHEME_WEBSOCKET, 0},
        {"wsss", CG_SCHEME_CUSTOM, 0},  {"file", CG_SCHEME_UNSENT, 0},
        {"data", CG_SCHEME_UNSENT, 0},  {"filesystem", CG_SCHEME_UNSENT, 0},
        {S64, CG_SCHEME_CUSTOM, 0},     {S64 "a", CG_SCHEME_MALFORMED, 0},
        {"", CG_SCHEME_MALFORMED, 0},   {"HTTPS", CG_SCHEME_MALFORMED, 0},
        {"1a", CG_SCHEME_MALFORMED, 0}, {"a b", CG_SCHEME_MALFORMED, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(schemes); i++) {
        size_t len = strlen(schemes[i].scheme);
        cg_scheme_kind kind = cg_scheme_of(unit_fenced(schemes[i].scheme, len), len);

        if (kind != schemes[i].kind || cg_scheme_port(kind) != schemes[i].port)
            fail_msg("%s: %d", schemes[i].scheme, (int)kind);
    }
}

static void test_null_is_four_bytes(void **state)
{
    cg_origin origin;

    (void)state;
    assert_int_equal(parse("null", 4, &origin), CG_ORIGIN_NULL);
}

/* A prefix is placed so that whatever reads past it crashes. */
static void test_no_prefix_is_read_past_its_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sent_by_browsers); i++) {
        for (size_t len = 0; len <= strlen(sent_by_browsers[i].text); len++) {
            cg_origin origin;

            if (parse(sent_by_browsers[i].text, len, &origin) == CG_ORIGIN_TUPLE)
                assert_true(origin.host + origin.host_len <= origin.text + len);
        }
    }
}

static void test_long_values_are_refused_unread(void **state)
{
    static char text[1 << 16];
    cg_origin origin;

    (void)state;
    memset(text, 'a', sizeof text);
    memcpy(text, "https://", 8);
    assert_int_equal(parse(text, 4096, &origin), CG_ORIGIN_MALFORMED);
    assert_int_equal(parse(text, sizeof text, &origin), CG_ORIGIN_MALFORMED);
    /* Nothing may be read where the length alone decides. */
    assert_int_equal(cg_origin_parse(unit_fenced("", 0), CG_ORIGIN_MAX + 1, &origin),
                     CG_ORIGIN_MALFORMED);
    assert_int_equal(cg_origin_parse(unit_fenced("", 0), (apr_size_t)-1, &origin),
                     CG_ORIGIN_MALFORMED);
}

static int byte_of_host(int byte)
{
    return byte && strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.", byte) != NULL;
}

static void test_every_byte_at_every_place(void **state)
{
    static const char host[] = "https://ab.cd.example";
    cg_origin origin;

    (void)state;
    for (size_t at = 8; at < sizeof host - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[sizeof host];
            int beside = host[at - 1] == '.' || host[at + 1] == '.' || at == 8;
            int fine = byte_of_host(byte) && !(byte == '.' && beside);

            if (host[at] == '.' || (at == sizeof host - 2 && byte == '.'))
                continue;
            memcpy(text, host, sizeof text);
            text[at] = (char)byte;
            if ((parse(text, sizeof host - 1, &origin) == CG_ORIGIN_TUPLE) != fine)
                fail_msg("byte 0x%02x at %zu", (unsigned)byte, at);
        }
    }
}

static void test_every_port(void **state)
{
    (void)state;
    for (unsigned port = 0; port <= 70000; port++) {
        char text[40];
        cg_origin origin;
        int len = snprintf(text, sizeof text, "https://a.com:%u", port);
        int fine = port > 0 && port < 65536 && port != 443;

        if ((parse(text, (size_t)len, &origin) == CG_ORIGIN_TUPLE) != fine)
            fail_msg("port %u", port);
        if (fine)
            assert_int_equal(origin.port, port);
    }
}

/* The parser against a regular expression, on texts of a small alphabet. */
static void test_names_agree_with_a_regex(void **state)
{
    static const char form[] = "^[a-z][a-z0-9+.-]*://([a-z0-9_-]+[.])*[a-z0-9_-]+[.]?"
                               "(:[1-9][0-9]{0,3})?$";
    static const char number[] = "[/.]([0-9]+|0x[0-9a-f]*)[.]?(:[0-9]*)?$";
    static const char alphabet[] = "aaazz19-_..::/+ A";
    uint64_t seed = 20240917;
    unsigned accepted = 0;
    regex_t is_origin, has_number;

    (void)state;
    assert_int_equal(regcomp(&is_origin, form, REG_EXTENDED | REG_NOSUB), 0);
    assert_int_equal(regcomp(&has_number, number, REG_EXTENDED | REG_NOSUB), 0);
    for (int i = 0; i < 60000; i++) {
        char text[64] = "abc://a";
        size_t len = 6 + unit_random(&seed, 12), at = unit_random(&seed, 8) ? 6 : 0;
        cg_origin origin;
        int fine;

        for (; at < len; at++)
            text[at] = alphabet[unit_random(&seed, sizeof alphabet - 1)];
        text[len] = '\0';
        fine = regexec(&is_origin, text, 0, NULL, 0) == 0 &&
               regexec(&has_number, text, 0, NULL, 0) != 0;
        if ((parse(text, len, &origin) == CG_ORIGIN_TUPLE) != fine)
            fail_msg("%s: the regex says %d", text, fine);
        accepted += (unsigned)fine;
    }
    regfree(&is_origin);
    regfree(&has_number);
    assert_in_range(accepted, 3000, 57000);
}

/* glibc's inet_ntop compresses as the URL standard does, but writes some addresses dotted. */
static void test_ipv6_text_agrees_with_libc(void **state)
{
    uint64_t seed = 6;
    unsigned compared = 0;

    (void)state;
    for (int i = 0; i < 40000; i++) {
        unsigned char bytes[16] = {0};
        char expected[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 10];
        char canonical[CG_IPV6_TEXT];
        cg_ipv6 address;
        cg_origin origin;

        for (int piece = 0; piece < 8; piece++) {
            if (unit_random(&seed, 2))
                bytes[2 * piece + 1] = (unsigned char)unit_random(&seed, 256);
            if (unit_random(&seed, 3) == 0)
                bytes[2 * piece] = (unsigned char)unit_random(&seed, 256);
        }
        inet_ntop(AF_INET6, bytes, expected, sizeof expected);
        if (strchr(expected, '.'))
            continue;
        compared++;
        assert_true(cg_host_ipv6(expected, strlen(expected), &address));
        assert_int_equal(cg_host_ipv6_text(&address, canonical), strlen(expected));
        assert_string_equal(canonical, expected);
        snprintf(text, sizeof text, "http://[%s]", expected);
        assert_int_equal(parse(text, strlen(text), &origin), CG_ORIGIN_TUPLE);
        assert_int_equal(origin.host_kind, CG_HOST_IPV6);
    }
    assert_true(compared > 20000);
}

static void test_loopback_hosts(void **state)
{
    static const struct {
        const char *host;
        cg_host_kind kind;
        int loopback;
    } rows[] = {
        {"localhost", CG_HOST_NAME, 1},
        {"localhost.", CG_HOST_NAME, 1},
        {"a.localhost", CG_HOST_NAME, 1},
        {"a.b.localhost.", CG_HOST_NAME, 1},
        {"127.0.0.1", CG_HOST_IPV4, 1},
        {"127.255.255.254", CG_HOST_IPV4, 1},
        {"[::1]", CG_HOST_IPV6, 1},
        {"notlocalhost", CG_HOST_NAME, 0},
        {"localhost.example", CG_HOST_NAME, 0},
        {"localhos", CG_HOST_NAME, 0},
        {"128.0.0.1", CG_HOST_IPV4, 0},
        {"1.127.0.0", CG_HOST_IPV4, 0},
        {"0.0.0.0", CG_HOST_IPV4, 0},
        {"[::2]", CG_HOST_IPV6, 0},
        {"[::]", CG_HOST_IPV6, 0},
        {"127.example", CG_HOST_NAME, 0},
        {"ocalhost", CG_HOST_NAME, 0},
        {"a", CG_HOST_NAME, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t len = strlen(rows[i].host);

        if (!cg_host_loopback(unit_fenced(rows[i].host, len), len, rows[i].kind) !=
            !rows[i].loopback)
            fail_msg("%s", rows[i].host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_origins_of_browsers_are_cut_up),
        UNIT_TEST(test_what_no_browser_sends_is_malformed),
        UNIT_TEST(test_schemes_have_a_kind_and_a_port),
        UNIT_TEST(test_null_is_four_bytes),
        UNIT_TEST(test_no_prefix_is_read_past_its_end),
        UNIT_TEST(test_long_values_are_refused_unread),
        UNIT_TEST(test_every_byte_at_every_place),
        UNIT_TEST(test_every_port),
        UNIT_TEST(test_names_agree_with_a_regex),
        UNIT_TEST(test_ipv6_text_agrees_with_libc),
        UNIT_TEST(test_loopback_hosts),
    };

    return cmocka_run_group_tests_name("origin", tests, NULL, NULL);
}
