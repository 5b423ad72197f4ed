# SPDX-License-Identifier: Apache-2.0
"""Applications that set CORS headers by themselves: what each sends without the module, and what the module makes of
it. Preflights are counted in the application's own log."""

import json
import socket

import pytest
from applications import APP, KINDS
from cgtest import cors, expected, fresh
from cgtest.client import read_head, request_bytes

EVIL = "https://evil.example"
ORIGINS = (APP, EVIL, None)
CASES = {
    "data": ("GET", "/data", [], b"", 200),
    "not-modified": ("GET", "/data", [("If-None-Match", '"v1"')], b"", 304),
    "head": ("HEAD", "/data", [], b"", 200),
    "post": ("POST", "/data", [("Content-Type", "application/json")], b'{"a": 1}', 201),
    "delete": ("DELETE", "/data", [], b"", 204),
    "twice": ("GET", "/twice", [], b"", 200),
    "throw": ("GET", "/throw", [], b"", 500),
    "missing": ("GET", "/missing", [], b"", 404),
}
# Lines that the servers of these applications write of /throw: each into httpd's error log.
THROWN = {
    "mod_php": (r"PHP Fatal error:  Uncaught Exception: nobody catches this",),
    "php-fastcgi": (r"PHP Fatal error:  Uncaught Exception: nobody catches this",),
    "php-fpm": (r"PHP Fatal error:  Uncaught Exception: nobody catches this",),
    "mod_wsgi": (r"\[wsgi:error\]",),
}
VARIES = ("data", "not-modified", "head", "post", "delete")  # the application's Vary: Accept-Language


def family(application):
    return {"app.php": "php", "app.py": "flask", "app.js": "express"}[application.kind.source]


def name_of(application):
    return next(name for name, kind in KINDS.items() if kind is application.kind)


def send(application, server, mode, case, origin, http2=False):
    """One request of CASES; returns the answer and what the application has seen of it."""
    method, path, headers, body, _ = CASES[case]
    target = fresh(path)
    if case == "throw":
        server.expect_log(*THROWN.get(name_of(application), ()))
    answer = server.request(method, f"/{mode}{target}", headers, body, origin=origin, http2=http2)
    return answer, application.seen(target)


def own_headers(application, case, origin):
    """What the application sends by itself."""
    kind = family(application)
    if kind == "flask" and case == "twice":
        return expected("https://second.example")  # flask-cors leaves a response alone that has the header
    if kind == "flask" and origin is None:
        return expected(vary="accept-language" if case in VARIES else "")
    vary = [] if kind == "php" else ["origin"]
    if kind == "express" and origin is None:
        names = expected(None, credentials=True, expose="x-app")
    else:
        names = expected(origin or "*", credentials=True, expose="x-app")
    if case == "twice":
        values = [*names.get("access-control-allow-origin", []), "https://second.example"]
        # mod_proxy_fcgi makes one line of two
        names["access-control-allow-origin"] = [", ".join(values)] if "proxy_fcgi" in application.kind.modules else values
    vary += ["accept-language"] if case in VARIES else []
    return {**names, **({"vary": sorted(vary)} if vary else {})}


def governed(case, origin, reached=True):
    """What the guard must make of it."""
    vary = "origin accept-language" if case in VARIES and reached else "origin"
    if origin == APP:
        return expected(APP, credentials=True, expose="x-count", vary=vary)
    return expected(vary=vary)


def told(answer):
    """All that tells one answer from another but the time. Flask names methods in any order."""
    headers = [(name, sorted(value.split(", ")) if name == "allow" else value) for name, value in answer.headers]
    return answer.status, sorted(line for line in headers if line[0] != "date"), answer.body


def others(answer):
    """The same without what belongs to the guard."""
    status, headers, body = told(answer)
    return status, [line for line in headers if not line[0].startswith("access-control-") and line[0] != "vary"], body


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("origin", ORIGINS)
def test_without_the_module(application, case, origin):
    """The control: every one of them lets every origin in."""
    answer, seen = send(application, application.bare, "on", case, origin)
    assert (answer.status, seen) == (CASES[case][4], [CASES[case][0]])
    assert cors(answer) == own_headers(application, case, origin)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("mode", ["on", "enforce", "forward"])
def test_with_the_module(application, mode, case):
    """Its headers are the guard's; all others, status and body are the application's."""
    for origin in ORIGINS:
        bare, _ = send(application, application.bare, mode, case, origin)
        answer, seen = send(application, application.guarded, mode, case, origin)
        refused = mode == "enforce" and origin == EVIL
        assert cors(answer) == governed(case, origin, not refused)
        if refused:
            assert (answer.status, seen, answer.values("set-cookie"), answer.values("x-app")) == (403, [], [], [])
        else:
            assert (others(answer), seen) == (others(bare), [CASES[case][0]])


# mod_http2 does not work in the prefork MPM, which mod_php needs.
HTTP2 = [name for name, kind in KINDS.items() if kind.mpm != "prefork"]


@pytest.mark.parametrize("application", HTTP2, indirect=True)
@pytest.mark.parametrize("case", ["data", "not-modified", "twice", "throw", "missing"])
def test_over_http2(application, case):
    for origin in ORIGINS:
        answer, _ = send(application, application.guarded, "on", case, origin, http2=True)
        assert (answer.version, answer.status) == ("2", CASES[case][4])
        assert cors(answer) == governed(case, origin)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("mode", ["report", "off"])
def test_left_alone(application, mode, case):
    """Report changes nothing, nor does a place without a policy: not a byte but the time differs."""
    for origin in ORIGINS:
        bare, _ = send(application, application.bare, mode, case, origin)
        answer, seen = send(application, application.guarded, mode, case, origin)
        assert (told(answer), seen) == (told(bare), [CASES[case][0]])


def test_report_says_what_would_be_denied(application):
    target = fresh("/report/data")
    application.guarded.get(target, EVIL)
    assert application.guarded.verdict(target) == ("denied", "origin-not-allowed")
    application.guarded.wait_for_log(r"\[cors_guard:info\].*would.*https://evil\.example")


def test_wildcard_policy(application):
    for origin in (APP, EVIL):
        answer, _ = send(application, application.guarded, "public", "data", origin)
        names = cors(answer)
        assert names.pop("vary", []) in (["accept-language"], ["accept-language", "origin"])  # the application's own
        assert names == expected("*")


# preflights


def preflight(application, server, mode, origin, method="PUT", names="x-token"):
    target = fresh("/data")
    answer = server.preflight(f"/{mode}{target}", origin, method, names)
    return answer, application.seen(target)


def own_preflight(application, origin):
    kind = family(application)
    methods = {
        "php": "GET, POST, PUT, DELETE",
        "flask": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
        "express": "GET,HEAD,PUT,PATCH,POST,DELETE",
    }[kind]
    vary = {"php": "", "flask": "origin", "express": "origin access-control-request-headers"}[kind]
    return expected(origin, True, "x-app", methods, "x-token", 86400, vary)


@pytest.mark.parametrize("origin", [APP, EVIL])
def test_preflight_without_the_module(application, origin):
    answer, seen = preflight(application, application.bare, "on", origin)
    assert (answer.status, seen) == (204 if family(application) == "express" else 200, ["OPTIONS"])
    assert cors(answer) == own_preflight(application, origin)


ALLOWED = expected(APP, True, None, "GET, PUT, DELETE", "content-type, x-token", 600, vary="preflight")


@pytest.mark.parametrize("mode", ["on", "enforce"])
@pytest.mark.parametrize(
    "origin, method, names, status",
    [
        (APP, "PUT", "x-token", 204),
        (APP, "GET", None, 204),
        (APP, "PUT", "x-other", 403),
        (APP, "PATCH", None, 403),
        (EVIL, "GET", None, 403),
        ("null", "GET", None, 403),
    ],
)
def test_preflight_does_not_reach_the_application(application, mode, origin, method, names, status):
    answer, seen = preflight(application, application.guarded, mode, origin, method, names)
    assert (answer.status, answer.body, seen) == (status, b"", [])
    assert cors(answer) == (ALLOWED if status == 204 else expected(vary="preflight"))
    assert answer.values("set-cookie") == answer.values("x-app") == []


@pytest.mark.parametrize("origin", [APP, EVIL])
def test_preflight_that_is_forwarded(application, origin):
    """The application answers, the guard owns the headers."""
    bare, _ = preflight(application, application.bare, "forward", origin)
    answer, seen = preflight(application, application.guarded, "forward", origin)
    assert (others(answer), seen) == (others(bare), ["OPTIONS"])
    assert cors(answer) == (ALLOWED if origin == APP else expected(vary="preflight"))


@pytest.mark.parametrize("mode", ["report", "off"])
@pytest.mark.parametrize("origin", [APP, EVIL])
def test_preflight_that_is_left_alone(application, mode, origin):
    bare, _ = preflight(application, application.bare, mode, origin)
    answer, seen = preflight(application, application.guarded, mode, origin)
    assert (told(answer), seen) == (told(bare), ["OPTIONS"])


def test_options_that_is_no_preflight(application):
    target = fresh("/data")
    answer = application.guarded.request("OPTIONS", f"/on{target}", origin=APP)
    assert application.seen(target) == ["OPTIONS"]
    names = cors(answer)
    assert names.pop("vary") and names == expected(APP, credentials=True, expose="x-count")


# cookies and streams


@pytest.mark.parametrize("mode, origin", [("on", APP), ("on", EVIL), ("enforce", APP), ("report", EVIL)])
def test_cookies_pass_both_ways(application, mode, origin):
    answer = application.guarded.get(f"/{mode}/data", origin, [("Cookie", "session=one; theme=dark")])
    assert json.loads(answer.text)["cookie"] == "session=one; theme=dark"
    cookies = [value.split(";")[0] for value in answer.values("set-cookie")]
    assert cookies == ["session=one", "theme=dark"]


@pytest.mark.parametrize("mode", ["on", "enforce", "report"])
def test_stream_is_not_held_back(application, mode):
    """The application does not go on before the client has its first part."""
    gate = application.folder / "gate"
    gate.unlink(missing_ok=True)
    headers = [("Origin", APP), ("Connection", "close")]
    try:
        with socket.create_connection(("127.0.0.1", application.guarded.port), timeout=30) as sock:
            sock.sendall(request_bytes("GET", f"/{mode}/stream", headers))
            reader = sock.makefile("rb")
            _, status, lines = read_head(reader)
            assert status == 200
            body = b""
            while b"first" not in body:
                part = reader.readline() if dict(lines).get("transfer-encoding") else reader.read1(1)
                assert part, "the connection ended before the first part"
                body += part
            assert b"last" not in body
            gate.touch()
            assert b"last" in reader.read()
    finally:
        gate.touch()  # an application that still waits serves nobody else
    allowed = [value for name, value in lines if name == "access-control-allow-origin"]
    assert allowed == [APP]
