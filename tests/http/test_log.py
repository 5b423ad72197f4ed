# SPDX-License-Identifier: Apache-2.0
"""What a denial leaves in the error log, and the verdict in the access log."""

import re

import pytest
from cgtest import fresh

pytestmark = pytest.mark.core

APP = "https://app.example"
EVIL = "https://evil.example"

CONFIG = """CorsAllowOriginFile lists/none.txt
<Location /listed>
  CorsMaxAge 5
  CorsAllowOrigin https://app.example
  CorsAllowMethods PUT
</Location>
<Location /file>
  CorsAllowOriginFile lists/partners.txt
</Location>
<Location /report>
  CorsGuard Report
  CorsAllowOrigin https://app.example
</Location>
<Location /enforce>
  CorsGuard Enforce
  CorsAllowOrigin https://app.example
</Location>
<Directory "${DOCROOT}/htaccess">
  AllowOverride FileInfo
</Directory>
<Location /quiet>
  LogLevel cors_guard:warn
  CorsAllowOrigin https://app.example
</Location>
"""
LISTED = CONFIG.splitlines().index("  CorsAllowOrigin https://app.example") + 1


@pytest.fixture(scope="module")
def server(module_httpd):
    server = module_httpd()
    server.write("lists/none.txt", "https://nobody.example\n")
    server.write("lists/partners.txt", "https://app.example\n")
    for folder in ("listed", "file", "report", "enforce", "htaccess", "quiet"):
        server.write(f"htdocs/{folder}/x.txt", "x")
    server.write("htdocs/htaccess/.htaccess", "# ours\nCorsAllowOrigin https://app.example\n")
    server.configure(CONFIG)
    with server:
        yield server


def entries(server):
    return [line for line in server.new_log().splitlines() if "[cors_guard:" in line]


@pytest.mark.parametrize(
    "path, place",
    [
        ("/listed/x.txt", rf"site\.conf:{LISTED}\b"),
        ("/enforce/x.txt", r"site\.conf:\d+\b"),
        ("/file/x.txt", r"site\.conf:\d+\b"),
        ("/htaccess/x.txt", r"/htaccess/\.htaccess:2\b"),
        ("/anything", r"site\.conf:1\b"),
    ],
)
def test_denial_is_one_line_that_says_it_all(server, path, place):
    server.get(path, EVIL)
    (line,) = entries(server)
    assert re.search(r"\[cors_guard:info\] .*\bCG\d{4}: ", line)
    for words in (EVIL, "GET", path, "origin-not-allowed"):
        assert words in line
    assert re.search(place, line), line
    assert not re.search(r"\bAH\d", line)


@pytest.mark.parametrize(
    "origin, method, asked, reason",
    [
        (EVIL, "PUT", None, "origin-not-allowed"),
        (f"{APP}/", "PUT", None, "origin-malformed"),
        (APP, "DELETE", None, "method-not-allowed"),
        (APP, "PUT", "x-token", "header-not-allowed"),
    ],
)
def test_denied_preflight_is_logged(server, origin, method, asked, reason):
    server.preflight("/listed/x.txt", origin, method, asked)
    (line,) = entries(server)
    assert re.search(r"\[cors_guard:info\] .*\bCG\d{4}: ", line)
    for words in (origin, "/listed/x.txt", reason):
        assert words in line
    assert re.search(rf"site\.conf:{LISTED}\b", line), line


def test_actual_and_preflight_and_report_have_ids_of_their_own(server):
    ids = set()
    for ask in (
        lambda: server.get("/listed/x.txt", EVIL),
        lambda: server.preflight("/listed/x.txt", EVIL),
        lambda: server.get("/report/x.txt", EVIL),
    ):
        before = len(entries(server))
        ask()
        (line,) = entries(server)[before:]
        ids.add(re.search(r"CG\d{4}", line).group())
    assert len(ids) == 3


@pytest.mark.parametrize("origin", [APP, None])
def test_nothing_is_logged_where_nothing_is_denied(server, origin):
    server.get("/listed/x.txt", origin)
    server.get("/enforce/x.txt", origin)
    server.get("/htaccess/x.txt", origin)
    assert entries(server) == []


def test_level_of_the_section_holds(server):
    server.get("/quiet/x.txt", EVIL)
    server.preflight("/quiet/x.txt", EVIL)
    assert entries(server) == []


@pytest.mark.parametrize(
    "origin, written",
    [
        (b"https://evil.example\xe9", "evil.example"),
        (b'https://evil.example"', "evil.example"),
        (b"https://evil.example\\n", "evil.example"),
        (b"https://evil.example, https://app.example", "evil.example"),
        (b"", "origin-malformed"),
    ],
)
def test_odd_origins_are_escaped(server, origin, written):
    server.request("GET", "/listed/x.txt", [("Origin", origin)])
    (line,) = entries(server)
    assert written in line
    assert re.fullmatch(r"[ -~]+", line)


def test_long_origin_does_not_hide_the_rest(server):
    server.request("GET", "/listed/x.txt", [("Origin", "https://" + "a" * 7000)])
    (line,) = entries(server)
    for words in ("origin-malformed", "GET", "/listed/x.txt", f"site.conf:{LISTED}"):
        assert words in line


@pytest.mark.parametrize(
    "path, origin, preflight, verdict",
    [
        ("/listed/x.txt", APP, False, ("allowed", "-")),
        ("/listed/x.txt", EVIL, False, ("denied", "origin-not-allowed")),
        ("/listed/x.txt", "x", False, ("denied", "origin-malformed")),
        ("/listed/x.txt", None, False, ("none", "-")),
        ("/listed/x.txt", "http://localhost", False, ("same-origin", "-")),
        ("/listed/x.txt", APP, True, ("preflight-allowed", "-")),
        ("/listed/x.txt", EVIL, True, ("preflight-denied", "origin-not-allowed")),
        ("/enforce/x.txt", EVIL, False, ("denied", "origin-not-allowed")),
        ("/report/x.txt", EVIL, False, ("denied", "origin-not-allowed")),
        ("/listed/missing", EVIL, False, ("denied", "origin-not-allowed")),
    ],
)
def test_access_log_has_the_verdict(server, path, origin, preflight, verdict):
    target = fresh(path)
    if preflight:
        server.preflight(target, origin, "PUT")
    else:
        server.get(target, origin)
    assert server.verdict(target) == verdict
