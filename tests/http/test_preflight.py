# SPDX-License-Identifier: Apache-2.0
"""What a preflight is answered: methods, headers, max-age, status, forwarding."""

import pytest
from cgtest import cors, expected, fresh
from cgtest.client import request_bytes

pytestmark = pytest.mark.core

APP = "https://app.example"
EVIL = "https://evil.example"
REFUSED = expected(vary="preflight")
STOLEN = b"GET /stolen HTTP/1.1\r\nHost: localhost\r\n\r\n"

# The origin is always allowed here, so the policies name only what else they say.
POLICIES = {
    "bare": "",
    "methods": "CorsAllowMethods put DELETE patch PATCH",
    "anymethod": "CorsAllowMethods *",
    "anymethod-cookies": "CorsAllowMethods *\n  CorsAllowCredentials On",
    "headers": "CorsAllowHeaders Content-Type X-Token Authorization",
    "anyheader": "CorsAllowHeaders *",
    "anyheader-auth": "CorsAllowHeaders * Authorization",
    "anyheader-cookies": "CorsAllowHeaders *\n  CorsAllowCredentials On",
    "anyheader-auth-cookies": "CorsAllowHeaders * Authorization\n  CorsAllowCredentials On",
    "cookies": "CorsAllowCredentials On\n  CorsExposeHeaders X-Count",
    "full": "CorsAllowMethods GET PUT\n  CorsAllowHeaders X-Token\n  CorsAllowCredentials On\n"
    "  CorsExposeHeaders X-Count\n  CorsMaxAge 10m\n  CorsPreflightStatus 200",
    "age-seconds": "CorsMaxAge 600",
    "age-minutes": "CorsMaxAge 10m",
    "age-hours": "CorsMaxAge 2h",
    "age-day": "CorsMaxAge 1d",
    "age-zero": "CorsMaxAge 0",
    "age-off": "CorsMaxAge off",
    "status200": "CorsPreflightStatus 200",
    "status204": "CorsPreflightStatus 204",
    "enforce": "CorsGuard Enforce\n  CorsAllowMethods PUT",
    "report": "CorsGuard Report\n  CorsAllowMethods PUT",
    "off": "CorsGuard Off\n  CorsAllowMethods PUT",
    "forward": "CorsPreflight Forward\n  CorsAllowMethods PUT\n  CorsMaxAge 60",
}


@pytest.fixture(scope="module")
def server(module_httpd, backend):
    server = module_httpd(modules=["proxy", "proxy_http"], defines={"BACKEND": backend.port})
    sections = [
        f"<Location /{name}>\n  CorsAllowOrigin {APP}\n  {policy}\n</Location>\n" for name, policy in POLICIES.items()
    ]
    server.configure(
        "ProxyPass / http://127.0.0.1:${BACKEND}/\n"
        + "".join(sections)
        + "<Location /public>\n  CorsAllowOrigin *\n  CorsAllowMethods PUT\n  CorsExposeHeaders *\n</Location>\n"
    )
    with server:
        yield server


def ask(server, policy, method="GET", request_headers=None, origin=APP, **more):
    target = fresh(f"/{policy}?reflect=1")
    answer = server.preflight(target, origin, method, request_headers, **more)
    return answer, server.verdict(target)


def assert_allowed(answer, verdict, headers, status=204):
    assert (answer.status, answer.body) == (status, b"")
    assert cors(answer) == headers
    assert verdict[0] == "preflight-allowed"


def assert_denied(answer, verdict, reason):
    assert (answer.status, answer.body) == (403, b"")
    assert cors(answer) == REFUSED
    assert verdict == ("preflight-denied", reason)


# origins


@pytest.mark.parametrize("origin", [EVIL, "null", "http://app.example"])
@pytest.mark.parametrize("policy", ["methods", "cookies", "full", "enforce"])
def test_origin_that_is_not_allowed(server, policy, origin):
    assert_denied(*ask(server, policy, "PUT", origin=origin), "origin-not-allowed")


@pytest.mark.parametrize("origin", ["", "https://app.example/", "HTTPS://app.example", f"{APP}, {APP}", "NULL"])
@pytest.mark.parametrize("policy", ["full", "public", "enforce"])
def test_malformed_origin(server, policy, origin):
    assert_denied(*ask(server, policy, "PUT", origin=origin), "origin-malformed")


@pytest.mark.parametrize("origin", [APP, EVIL, "null"])
def test_wildcard_policy(server, origin):
    headers = expected("*", methods="PUT", vary="preflight")
    assert_allowed(*ask(server, "public", "PUT", origin=origin), headers)


def test_everything_at_once(server):
    headers = expected(APP, credentials=True, methods="GET, PUT", headers="x-token", max_age=600, vary="preflight")
    assert_allowed(*ask(server, "full", "PUT", "x-token"), headers, status=200)
    assert_allowed(*ask(server, "full", "GET"), headers, status=200)


def test_two_origin_lines_are_malformed(server):
    target = fresh("/full")
    lines = [("Origin", APP), ("Origin", APP), ("Access-Control-Request-Method", "GET")]
    assert_denied(server.request("OPTIONS", target, lines), server.verdict(target), "origin-malformed")


def test_own_origin_is_not_denied(server):
    """Browsers send no preflight to the own origin; an application that gets one may answer it."""
    own = f"http://localhost:{server.port}"
    answer, verdict = ask(server, "enforce", "DELETE", origin=own, host=f"localhost:{server.port}")
    assert answer.status != 403
    assert "denied" not in verdict[0]


# methods


@pytest.mark.parametrize(
    "policy, method, sent",
    [
        ("bare", "GET", None),
        ("bare", "HEAD", None),
        ("bare", "POST", None),
        ("methods", "PUT", "PUT, DELETE, patch, PATCH"),
        ("methods", "DELETE", "PUT, DELETE, patch, PATCH"),
        ("methods", "patch", "PUT, DELETE, patch, PATCH"),
        ("methods", "PATCH", "PUT, DELETE, patch, PATCH"),
        ("methods", "GET", "PUT, DELETE, patch, PATCH"),
        ("anymethod", "GET", "*"),
        ("anymethod", "DELETE", "*"),
        ("anymethod", "x-custom", "*"),
    ],
)
def test_method_is_allowed(server, policy, method, sent):
    assert_allowed(*ask(server, policy, method), expected(APP, methods=sent, vary="preflight"))


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "x-custom"])
def test_any_method_with_credentials_names_the_one_requested(server, method):
    headers = expected(APP, credentials=True, methods=method, vary="preflight")
    assert_allowed(*ask(server, "anymethod-cookies", method), headers)


@pytest.mark.parametrize(
    "policy, method",
    [
        ("bare", "PUT"),
        ("bare", "OPTIONS"),
        ("bare", "get"),
        ("methods", "put"),
        ("methods", "Patch"),
        ("methods", "PUTX"),
        ("methods", "PU"),
        ("methods", "PUT, DELETE"),
        ("methods", "PUT DELETE"),
        ("methods", "*"),
        ("anymethod", "TRACE"),
        ("anymethod", "TRACK"),
        ("anymethod", "CONNECT"),
        ("anymethod", "connect"),
        ("anymethod", "A B"),
        ("anymethod", "A,B"),
        ("anymethod", "(x)"),
        ("anymethod", '"PUT"'),
        ("anymethod", "PUT\xe9"),
        ("anymethod-cookies", "A, B"),
        ("anymethod-cookies", "PUT\xe9"),
        ("anymethod-cookies", "<script>"),
    ],
)
def test_method_is_not_allowed(server, policy, method):
    assert_denied(*ask(server, policy, method), "method-not-allowed")


# headers


LISTED = expected(APP, headers="content-type, x-token, authorization", vary="preflight")


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "",
        "x-token",
        "X-TOKEN",
        "content-type",
        "authorization,content-type,x-token",
        "x-token,content-type,authorization",
        "authorization, content-type, x-token",
        "authorization ,content-type\t,\tx-token",
        "  x-token  ",
        "x-token,x-token",
        "x-token,",
        ",x-token",
        "x-token" + "," * 16,
        "," * 15,
        "," * 8 + "x-token" + " , " * 8,
    ],
)
def test_requested_headers_are_allowed(server, asked):
    assert_allowed(*ask(server, "headers", "GET", asked), LISTED)


@pytest.mark.parametrize(
    "asked",
    [
        "x-other",
        "x-token,x-other",
        "x-other,x-token",
        "x-toke",
        "x-tokenn",
        "x-token x-token",
        "x-token;authorization",
        "*",
        '"x-token"',
        "x-t\xf6ken",
        "x-token\x80",
        "accept",
        "x-token" + "," * 17,
        "," * 16,
        "," * 8000,
        " ," * 4000,
        "x-token," * 900 + "x-other",
        "a" * 8000,
        "x-token," + "a" * 8000,
    ],
    ids=lambda asked: asked[:20].encode("unicode_escape").decode() + f"({len(asked)})",
)
def test_requested_headers_are_not_allowed(server, asked):
    assert_denied(*ask(server, "headers", "GET", asked), "header-not-allowed")


def test_repeated_request_header_lines_are_one_list(server):
    for second, allowed in (("content-type", True), ("x-other", False)):
        target = fresh("/headers")
        headers = [("Access-Control-Request-Headers", "x-token"), ("Access-Control-Request-Headers", second)]
        answer = server.preflight(target, APP, "GET", headers=headers)
        if allowed:
            assert_allowed(answer, server.verdict(target), LISTED)
        else:
            assert_denied(answer, server.verdict(target), "header-not-allowed")


def test_nothing_listed_allows_no_header(server):
    assert_allowed(*ask(server, "bare", "GET"), expected(APP, vary="preflight"))
    for asked in ("x-token", "content-type", "accept", "range", "authorization"):
        assert_denied(*ask(server, "bare", "GET", asked), "header-not-allowed")


@pytest.mark.parametrize("asked", [None, "x-a", "x-a,x-b", "content-type"])
def test_any_header(server, asked):
    assert_allowed(*ask(server, "anyheader", "GET", asked), expected(APP, headers="*", vary="preflight"))


@pytest.mark.parametrize("policy", ["anyheader", "anyheader-cookies"])
@pytest.mark.parametrize("asked", ["authorization", "Authorization", "x-a,authorization", "authorization ,x-a"])
def test_any_header_does_not_cover_authorization(server, policy, asked):
    assert_denied(*ask(server, policy, "GET", asked), "header-not-allowed")


@pytest.mark.parametrize("asked", [None, "x-a", "authorization", "authorization,x-a"])
def test_any_header_and_authorization(server, asked):
    headers = expected(APP, headers="*, authorization", vary="preflight")
    assert_allowed(*ask(server, "anyheader-auth", "GET", asked), headers)


@pytest.mark.parametrize(
    "policy, asked, sent",
    [
        ("anyheader-cookies", "x-a", "x-a"),
        ("anyheader-cookies", "x-a,x-b", "x-a, x-b"),
        ("anyheader-cookies", " x-a\t,, x-b,", "x-a, x-b"),
        ("anyheader-auth-cookies", "authorization,x-a", "authorization, x-a"),
    ],
)
def test_any_header_with_credentials_names_those_requested(server, policy, asked, sent):
    headers = expected(APP, credentials=True, headers=sent, vary="preflight")
    assert_allowed(*ask(server, policy, "GET", asked), headers)


def test_any_header_with_credentials_and_none_requested(server):
    headers = expected(APP, credentials=True, vary="preflight")
    assert_allowed(*ask(server, "anyheader-cookies", "GET"), headers)


@pytest.mark.parametrize("policy", ["anyheader", "anyheader-cookies"])
@pytest.mark.parametrize("asked", ["a b", "x-a,<b>", "x-a;q=1", "x\xe9", "x-a," * 3 + "(", "," * 16, 'x-a,"b"', "x:y"])
def test_any_header_is_still_a_token(server, policy, asked):
    assert_denied(*ask(server, policy, "GET", asked), "header-not-allowed")


def test_method_is_judged_too_where_headers_pass(server):
    assert_denied(*ask(server, "headers", "PUT", "x-token"), "method-not-allowed")


# max-age, status, credentials


@pytest.mark.parametrize(
    "policy, sent",
    [
        ("bare", None),
        ("age-seconds", 600),
        ("age-minutes", 600),
        ("age-hours", 7200),
        ("age-day", 86400),
        ("age-zero", 0),
        ("age-off", 0),
    ],
)
def test_max_age(server, policy, sent):
    assert_allowed(*ask(server, policy, "GET"), expected(APP, max_age=sent, vary="preflight"))
    assert_denied(*ask(server, policy, "GET", origin=EVIL), "origin-not-allowed")


@pytest.mark.parametrize("policy, status", [("bare", 204), ("status200", 200), ("status204", 204)])
def test_preflight_status(server, policy, status):
    assert_allowed(*ask(server, policy, "GET"), expected(APP, vary="preflight"), status)


def test_credentials_without_exposed_headers(server):
    assert_allowed(*ask(server, "cookies", "GET"), expected(APP, credentials=True, vary="preflight"))


# modes


def test_enforce_answers_preflights_as_on_does(server):
    assert_allowed(*ask(server, "enforce", "PUT"), expected(APP, methods="PUT", vary="preflight"))
    assert_denied(*ask(server, "enforce", "DELETE"), "method-not-allowed")


def foreign(origin):
    return {
        "access-control-allow-origin": [origin],
        "access-control-allow-credentials": ["true"],
        "access-control-expose-headers": ["x-backend"],
        "access-control-allow-private-network": ["true"],
        "access-control-allow-methods": ["GET, DELETE"],
    }


@pytest.mark.parametrize(
    "origin, method, verdict",
    [
        (APP, "PUT", ("preflight-allowed",)),
        (EVIL, "PUT", ("preflight-denied", "origin-not-allowed")),
        (APP, "DELETE", ("preflight-denied", "method-not-allowed")),
    ],
)
def test_report_leaves_preflights_to_the_application(server, backend, origin, method, verdict):
    before = backend.seen["OPTIONS", "/report"]
    answer, found = ask(server, "report", method, origin=origin)
    assert (answer.status, answer.text) == (200, "backend OPTIONS /report")
    assert cors(answer) == foreign(origin)
    assert found[: len(verdict)] == verdict
    assert backend.seen["OPTIONS", "/report"] == before + 1
    if verdict[0] == "preflight-denied":
        server.expect_log(rf"\[cors_guard:info\].*CG\d+.*{origin}")


def test_off_leaves_preflights_alone(server):
    answer, verdict = ask(server, "off", "PUT", origin=EVIL)
    assert (answer.status, answer.text) == (200, "backend OPTIONS /off")
    assert (cors(answer), verdict) == (foreign(EVIL), ("-", "-"))


# CorsPreflight Forward


@pytest.mark.parametrize("status", [200, 204, 401, 404])
def test_forward_lets_the_application_answer(server, backend, status):
    before = backend.seen["OPTIONS", "/forward"]
    target = fresh(f"/forward?reflect=1&status={status}&header=X-App:yes")
    answer = server.preflight(target, APP, "PUT")
    assert (answer.status, answer.value("x-app")) == (status, "yes")
    assert cors(answer) == expected(APP, methods="PUT", max_age=60, vary="preflight")
    assert server.verdict(target)[0] == "preflight-allowed"
    assert backend.seen["OPTIONS", "/forward"] == before + 1


@pytest.mark.parametrize("origin, method", [(EVIL, "PUT"), (APP, "DELETE"), (f"{APP}/", "PUT")])
def test_forward_still_owns_the_headers_of_a_denied_preflight(server, origin, method):
    answer, verdict = ask(server, "forward", method, origin=origin)
    assert cors(answer) == REFUSED
    assert verdict[0] == "preflight-denied"


# sizes


@pytest.mark.parametrize("policy", ["CorsAllowHeaders X-Token", "CorsAllowHeaders *\nCorsAllowCredentials On"])
def test_megabytes_of_requested_headers(make_httpd, policy):
    """An administrator may raise httpd's limits; the answer is a denial all the same."""
    server = make_httpd()
    server.configure(f"LimitRequestFieldSize 1000000\nCorsAllowOrigin {APP}\n{policy}\n")
    with server:
        for asked in ("," * 800000, "x-token," * 100000, "a" * 800000, "x-token" + " ," * 400000):
            target = fresh("/x")
            answer = server.preflight(target, APP, "GET", asked)
            assert_denied(answer, server.verdict(target), "header-not-allowed")


# one connection


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: %d\r\n\r\n%b" % (len(STOLEN), STOLEN),
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(STOLEN), STOLEN),
        b"Content-Length: 100000\r\n\r\n" + b"x" * 100000,
    ],
    ids=["length", "chunked", "large"],
)
@pytest.mark.parametrize("origin, status", [(APP, 204), (EVIL, 403)])
def test_body_of_a_preflight_is_not_the_next_request(server, backend, framing, origin, status):
    head = request_bytes("OPTIONS", "/full", [("Origin", origin), ("Access-Control-Request-Method", "PUT")])
    status = 200 if status == 204 else status  # CorsPreflightStatus 200
    data = head[:-2] + framing + request_bytes("GET", "/bare?body=second", [("Connection", "close")])
    answers = server.exchange(data, ["OPTIONS", "GET", "GET"])
    assert [answer.status for answer in answers] == [status, 200]
    assert answers[1].text == "second"
    assert ("GET", "/stolen") not in backend.seen


def test_pipelined_preflights(server):
    one = request_bytes("OPTIONS", "/full", [("Origin", APP), ("Access-Control-Request-Method", "PUT")])
    two = request_bytes("OPTIONS", "/full", [("Origin", EVIL), ("Access-Control-Request-Method", "PUT")])
    answers = server.exchange(one + two + one, ["OPTIONS"] * 3)
    assert [answer.status for answer in answers] == [200, 403, 200]
    assert cors(answers[1]) == REFUSED
    assert cors(answers[2]) == cors(answers[0])
