# SPDX-License-Identifier: Apache-2.0
"""Whatever bytes an Origin carries: never a 500, never echoed, never allowed, and logged without harm."""

import re

import pytest
from cgtest import cors, expected, fresh

pytestmark = pytest.mark.core

POLICIES = {
    "listed": "CorsAllowOrigin https://b.com https://foo.com https://bar.com https://*.wild.example http://localhost:*",
    "ports": "CorsAllowOrigin https://b.com:* https://*.wild.example:*",
    "addresses": "CorsAllowOrigin https://192.0.2.1 https://[2001:db8::1] https://[2001:db8::1]:8443",
    "match": "CorsAllowOriginMatch https://(dev|qa)[0-9]+\\.wild\\.example",
}


@pytest.fixture(scope="module")
def server(module_httpd):
    server = module_httpd(modules=["http2"])
    config = "Protocols h2c http/1.1\n"
    for mode in ("On", "Enforce"):
        for name, policy in POLICIES.items():
            server.write(f"htdocs/{mode}/{name}.txt", "page")
            config += f"<Location /{mode}/{name}.txt>\n  CorsGuard {mode}\n  {policy}\n</Location>\n"
    server.configure(config)
    with server:
        yield server


MALFORMED = [
    "",
    "NULL",
    "Null",
    "nul",
    "nulll",
    "null null",
    "*",
    "none",
    "b.com",
    "//b.com",
    "https",
    "https:",
    "https:/b.com",
    "https//b.com",
    "https://",
    "://b.com",
    "https:b.com",
    "https:\\\\b.com",
    "https:///b.com",
    "HTTPS://b.com",
    "Https://b.com",
    "https://B.com",
    "https://b.COM",
    "https://b.com/",
    "https://b.com//",
    "https://b.com/path",
    "https://b.com?",
    "https://b.com?q",
    "https://b.com#",
    "https://b.com#f",
    "https://b.com\\",
    "https://b.com\\.evil.example",
    "https://b.com@evil.example",
    "https://user@b.com",
    "https://user:pass@b.com",
    "https://b.com:",
    "https://b.com:0",
    "https://b.com:00",
    "https://b.com:080",
    "https://b.com:0443",
    "https://b.com:443",
    "https://b.com:65536",
    "https://b.com:99999",
    "https://b.com:4294967739",
    "https://b.com:18446744073709552059",
    "https://b.com:-1",
    "https://b.com:+443",
    "https://b.com:8443x",
    "https://b.com:x",
    "https://b.com:8443:8443",
    "https://b.com:*",
    "https://*.wild.example",
    "https://b.com,https://b.com",
    "https://b.com, https://b.com",
    "https://evil.example, https://b.com",
    "https://b.com https://b.com",
    "https://b.com;",
    "https://b.com%0d%0aX-Injected: 1",
    "https://b.com%00",
    "https://b%2ecom",
    "https://b.com\tx",
    "https://b com",
    "https://b..com",
    "https://.b.com",
    "https://b.com..",
    "https://.",
    "https://\xfcber.wild.example",
    "https://b.com\xff",
    "\xef\xbb\xbfhttps://b.com",
    "https://b\xadcom",
    "https://(b.com)",
    "https://<b.com>",
    'https://"b.com"',
    "https://b.com'",
    "https://b.com`id`",
    "https://b.com${IFS}",
    "https://" + "a" * 64 + ".wild.example",
    "https://" + "a." * 120 + "long.wild.example",
    "https://" + "a" * 4000 + ".wild.example",
    "https://" + "a." * 2000 + "wild.example",
    "https://b.com:" + "4" * 4000,
    "a" * 8000,
    "," * 8000,
    "https://b.com" + "," * 8000,
    "a" * 65 + "://b.com",
    "1https://b.com",
    "https://192.0.2.1.",
    "https://192.0.2.01",
    "https://192.0.2",
    "https://192.0.2.256",
    "https://0xc0000201",
    "https://3221225985",
    "https://0300.0.2.1",
    "https://192.0.2.0x1",
    "https://2001:db8::1",
    "https://[2001:db8::1",
    "https://2001:db8::1]",
    "https://[]",
    "https://[::]]",
    "https://[2001:DB8::1]",
    "https://[2001:0db8::1]",
    "https://[2001:db8:0:0:0:0:0:1]",
    "https://[2001:db8::0:1]",
    "https://[2001:db8::1::]",
    "https://[2001:db8::1%25eth0]",
    "https://[2001:db8::1%eth0]",
    "https://[::ffff:192.0.2.1]",
    "https://[2001:db8::1]x",
    "https://[2001:db8::1]:",
    "https://[2001:db8::1]:0",
    "https://[2001:db8::1]8443",
    "https://[2001:db8::g]",
    "https://[1:2:3:4:5:6:7:8:9]",
]


def name_of(origin):
    return f"{origin[:40].encode('unicode_escape').decode()}({len(origin)})"


def ask(server, path, origin, method="GET", headers=()):
    target = fresh(path)
    answer = server.request(method, target, headers, origin=origin.encode("latin-1"))
    return answer, server.verdict(target)


def assert_not_echoed(answer, origin):
    for name, value in answer.headers:
        assert not (len(origin) > 5 and origin in value), name


@pytest.mark.parametrize("origin", MALFORMED, ids=name_of)
def test_malformed_origin_is_denied(server, origin):
    for policy in POLICIES:
        answer, verdict = ask(server, f"/On/{policy}.txt", origin)
        assert (answer.status, answer.text) == (200, "page")
        assert cors(answer) == expected(vary="origin")
        assert verdict[0] == "denied"
        assert_not_echoed(answer, origin)


@pytest.mark.parametrize("origin", MALFORMED, ids=name_of)
def test_malformed_origin_is_refused_when_enforced(server, origin):
    answer, verdict = ask(server, "/Enforce/listed.txt", origin)
    assert answer.status == 403
    assert cors(answer) == expected(vary="origin")
    assert verdict == ("denied", "origin-malformed")


@pytest.mark.parametrize("origin", MALFORMED, ids=name_of)
def test_preflight_with_a_malformed_origin_is_denied(server, origin):
    asked = [("Access-Control-Request-Method", "GET")]
    answer, verdict = ask(server, "/On/ports.txt", origin, "OPTIONS", asked)
    assert (answer.status, answer.body) == (403, b"")
    assert cors(answer) == expected(vary="preflight")
    assert verdict == ("preflight-denied", "origin-malformed")
    assert_not_echoed(answer, origin)


# Well-formed, but not what is listed.
OTHERS = [
    ("listed", "https://evilb.com"),
    ("listed", "https://b.com.evil.example"),
    ("listed", "https://b.comm"),
    ("listed", "https://b.co"),
    ("listed", "https://x.b.com"),
    ("listed", "https://barfoo.com"),
    ("listed", "https://foobar.com"),
    ("listed", "https://foo.com.bar.com"),
    ("listed", "https://oo.com"),
    ("listed", "https://wild.example"),
    ("listed", "https://evilwild.example"),
    ("listed", "https://a.wild.example.evil.example"),
    ("listed", "https://a.wild.example:8443"),
    ("listed", "http://a.wild.example"),
    ("listed", "http://b.com"),
    ("listed", "https://b.com."),
    ("listed", "https://b.com:8443"),
    ("listed", "https://b_com"),
    ("listed", "https://localhost"),
    ("listed", "http://localhost.evil.example:3000"),
    ("listed", "http://evillocalhost:3000"),
    ("ports", "https://b.com.evil.example:8443"),
    ("ports", "http://b.com:8443"),
    ("ports", "https://x.b.com:8443"),
    ("ports", "https://wild.example:8443"),
    ("addresses", "https://192.0.2.10"),
    ("addresses", "https://192.0.2.2"),
    ("addresses", "https://[2001:db8::10]"),
    ("addresses", "https://[2001:db8::1]:8444"),
    ("addresses", "http://[2001:db8::1]"),
    ("match", "https://wild.example"),
    ("match", "https://dev.wild.example"),
    ("match", "https://dev1.wild.example.evil.example"),
    ("match", "https://dev1xwild.example"),
    ("match", "https://evil.example.dev1.wild.example"),
    ("match", "https://xdev1.wild.example"),
    ("match", "http://dev1.wild.example"),
    ("match", "https://dev1.wild.example:8443"),
    ("match", "null"),
]


@pytest.mark.parametrize("mode, status", [("On", 200), ("Enforce", 403)])
@pytest.mark.parametrize("policy, origin", OTHERS)
def test_lookalike_origin_is_denied(server, policy, origin, mode, status):
    answer, verdict = ask(server, f"/{mode}/{policy}.txt", origin)
    assert (answer.status, cors(answer)) == (status, expected(vary="origin"))
    assert verdict == ("denied", "origin-not-allowed")


WELL_FORMED = [
    ("listed", "https://b.com"),
    ("listed", "https://foo.com"),
    ("listed", "https://a_b.wild.example"),
    ("listed", "https://xn--ber-goa.wild.example"),
    ("listed", "https://1.wild.example"),
    ("listed", "https://a--b.wild.example"),
    ("listed", "https://" + "a" * 63 + ".wild.example"),
    ("listed", "https://" + "a." * 119 + "b.wild.example"),
    ("listed", "http://localhost:1"),
    ("listed", "http://localhost:65535"),
    ("ports", "https://b.com"),
    ("ports", "https://b.com:8443"),
    ("ports", "https://a.b.wild.example:65535"),
    ("addresses", "https://192.0.2.1"),
    ("addresses", "https://[2001:db8::1]"),
    ("addresses", "https://[2001:db8::1]:8443"),
    ("match", "https://dev1.wild.example"),
    ("match", "https://qa42.wild.example"),
]


@pytest.mark.parametrize("mode", ["On", "Enforce"])
@pytest.mark.parametrize("policy, origin", WELL_FORMED)
def test_well_formed_origin_is_allowed(server, policy, origin, mode):
    answer, verdict = ask(server, f"/{mode}/{policy}.txt", origin)
    assert (answer.status, cors(answer)) == (200, expected(origin, vary="origin"))
    assert verdict[0] == "allowed"


CONTROL = [bytes([byte]) for byte in (*range(1, 9), 11, 12, *range(14, 32), 127)]


@pytest.mark.parametrize("byte", CONTROL, ids=lambda byte: byte.hex())
def test_control_byte_in_origin(server, byte):
    """httpd itself refuses most of them with 400; none gets further than a denial."""
    for origin in (b"https://b.com" + byte, byte + b"https://b.com", b"https://b" + byte + b".com"):
        answer = server.request("GET", "/On/listed.txt", [("Origin", origin)])
        assert answer.status in (200, 400)
        assert not [name for name in cors(answer) if name != "vary"]


@pytest.mark.parametrize("byte", [bytes([byte]) for byte in range(128, 256, 9)], ids=lambda byte: byte.hex())
def test_high_byte_in_origin(server, byte):
    target = fresh("/On/listed.txt")
    answer = server.request("GET", target, [("Origin", b"https://b.com" + byte)])
    assert (answer.status, cors(answer)) == (200, expected(vary="origin"))
    assert server.verdict(target) == ("denied", "origin-malformed")


def test_nul_byte_in_origin(server):
    data = b"GET /On/listed.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    data += b"Origin: https://b.com\0.evil\r\n\r\n"
    for answer in server.exchange(data):
        assert answer.status in (200, 400)
        assert not [name for name in cors(answer) if name != "vary"]


@pytest.mark.parametrize(
    "lines",
    [
        [("Origin", "https://b.com"), ("Origin", "https://b.com")],
        [("Origin", "https://b.com"), ("origin", "https://foo.com")],
        [("Origin", "https://b.com"), ("ORIGIN", "")],
        [("Origin", ""), ("Origin", "https://b.com")],
        [("Origin", "null"), ("Origin", "https://b.com")],
    ],
)
def test_two_origin_lines(server, lines):
    target = fresh("/On/listed.txt")
    answer = server.request("GET", target, lines)
    assert (answer.status, cors(answer)) == (200, expected(vary="origin"))
    assert server.verdict(target) == ("denied", "origin-malformed")


def test_folded_origin_line(server):
    data = (
        b"GET /On/listed.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Origin: https://evil.example\r\n https://b.com\r\n\r\n"
    )
    for answer in server.exchange(data):
        assert answer.status in (200, 400)
        assert not [name for name in cors(answer) if name != "vary"]


@pytest.mark.parametrize("origin", ["https://b.com/", "a, b", "https://B.com", "https://b.com:0"])
def test_malformed_origin_over_http2(server, origin):
    answer = server.get("/On/listed.txt", origin, http2=True)
    assert (answer.status, cors(answer)) == (200, expected(vary="origin"))


def test_origin_over_http10(server):
    for origin, allowed in (("https://b.com", "https://b.com"), ("x", None)):
        answer = server.exchange(f"GET /On/listed.txt HTTP/1.0\r\nOrigin: {origin}\r\n\r\n".encode())[0]
        assert (answer.status, cors(answer)) == (200, expected(allowed, vary="origin"))


def test_server_wide_options_is_left_alone(server):
    assert server.preflight("*", "https://b.com").status == 200


@pytest.mark.parametrize(
    "bytes_sent",
    [b"\x80\xff", b"\\", b'"', b"%0a[Mon Jan 01 00:00:00 2024] [core:crit] x", b"\tforged", b"x" * 4000],
    ids=["high", "backslash", "quote", "percent", "tab", "long"],
)
def test_log_line_of_a_denial_is_one_plain_line(server, bytes_sent):
    server.request("GET", "/On/listed.txt", [("Origin", b"https://b.com" + bytes_sent + b"z")])
    line = server.wait_for_log(r"\[cors_guard:info\]")
    lines = server.new_log().splitlines()
    assert len([each for each in lines if "cors_guard" in each]) == 1
    assert all(re.match(r"\[\w{3} \w{3} \d\d ", each) for each in lines), lines
    assert re.fullmatch(r"[ -~]+", line), "control or non-ASCII bytes in the log"


def test_log_line_escapes_the_path(server):
    server.request("GET", "/On/listed.txt/%0a%5bcore:crit%5d%20forged%ff", origin="https://evil.example")
    line = server.wait_for_log(r"\[cors_guard:info\]")
    assert all(re.match(r"\[\w{3} \w{3} \d\d ", each) for each in server.new_log().splitlines())
    assert re.fullmatch(r"[ -~]+", line)
