# SPDX-License-Identifier: Apache-2.0
"""What is decided for actual requests: modes by kinds of origin, by kinds of policy.

Every answer comes from a backend that allows any origin with credentials, so that a header of its own that gets
through is seen.
"""

import pytest
from cgtest import cors, expected, fresh

pytestmark = pytest.mark.core

APP = "https://app.example"
POLICIES = {
    "listed": f"CorsAllowOrigin {APP} https://*.apps.example http://localhost:*\n  CorsExposeHeaders X-Count",
    "cookies": f"CorsAllowOrigin {APP}\n  CorsAllowCredentials On\n  CorsExposeHeaders X-Count ETag",
    "public": "CorsAllowOrigin *\n  CorsExposeHeaders *",
    "none": "CorsAllowOrigin none",
    "null": f"CorsDangerouslyAllow null-origin\n  CorsAllowOrigin {APP} null",
    "self": f"CorsAllowOrigin {APP}\n  CorsSelfOrigin https://front.example https://www.front.example:8443",
    "methods": f"CorsAllowOrigin {APP}\n  CorsAllowMethods PUT patch",
    "allmethods": f"CorsAllowOrigin {APP}\n  CorsAllowMethods *",
}
MODES = ("On", "Enforce", "Report", "Off")
MALFORMED = "https://app.example/"
EVIL = "https://evil.example"
FOREIGN = {
    "access-control-allow-credentials": ["true"],
    "access-control-expose-headers": ["x-backend"],
    "access-control-allow-private-network": ["true"],
    "access-control-allow-methods": ["GET, DELETE"],
}


def sections():
    for mode in MODES:
        for name, policy in POLICIES.items():
            yield f"<Location /{mode}/{name}>\n  CorsGuard {mode}\n  {policy}\n</Location>\n"


@pytest.fixture(scope="module")
def server(module_httpd, backend):
    server = module_httpd(modules=["proxy", "proxy_http"], defines={"BACKEND": backend.port})
    server.configure(
        "ProxyPass / http://127.0.0.1:${BACKEND}/\n"
        + "".join(sections())
        + """
<VirtualHost *:${PORT}>
  ServerName api.example
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName plain.example
  ProxyPass / http://127.0.0.1:${BACKEND}/
  CorsGuard Enforce
  CorsAllowOrigin https://app.example
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName https://secure.example
  ProxyPass / http://127.0.0.1:${BACKEND}/
  CorsGuard Enforce
  CorsAllowOrigin https://app.example
</VirtualHost>
"""
    )
    with server:
        yield server


def untouched(origin):
    return {**FOREIGN, "access-control-allow-origin": [origin if origin is not None else "https://backend.invalid"]}


def ask(server, path, origin, method="GET", **more):
    """The answer of the reflecting backend through the guard, and CORS_GUARD, CORS_GUARD_REASON."""
    target = fresh(f"{path}?reflect=1")
    answer = server.request(method, target, origin=origin, **{"host": "api.example", **more})
    return answer, server.verdict(target)


ALLOWED = [
    ("listed", APP, expected(APP, expose="x-count", vary="origin")),
    ("listed", "https://a.apps.example", expected("https://a.apps.example", expose="x-count", vary="origin")),
    ("listed", "https://a.b.apps.example", expected("https://a.b.apps.example", expose="x-count", vary="origin")),
    ("listed", "http://localhost", expected("http://localhost", expose="x-count", vary="origin")),
    ("listed", "http://localhost:3000", expected("http://localhost:3000", expose="x-count", vary="origin")),
    ("cookies", APP, expected(APP, credentials=True, expose="x-count, etag", vary="origin")),
    ("public", APP, expected("*", expose="*")),
    ("public", EVIL, expected("*", expose="*")),
    ("public", "null", expected("*", expose="*")),
    ("public", "chrome-extension://abcdefghijklmnop", expected("*", expose="*")),
    ("null", "null", expected("null", vary="origin")),
    ("null", APP, expected(APP, vary="origin")),
]


@pytest.mark.parametrize("mode", ["On", "Enforce"])
@pytest.mark.parametrize("policy, origin, headers", ALLOWED)
def test_allowed_origin_gets_our_headers(server, mode, policy, origin, headers):
    answer, verdict = ask(server, f"/{mode}/{policy}", origin)
    assert answer.status == 200
    assert cors(answer) == headers
    assert verdict[0] == "allowed"


DENIED = [
    ("listed", EVIL, "origin-not-allowed"),
    ("listed", "http://app.example", "origin-not-allowed"),
    ("listed", "https://app.example:8443", "origin-not-allowed"),
    ("listed", "https://apps.example", "origin-not-allowed"),
    ("listed", "https://evilapps.example", "origin-not-allowed"),
    ("listed", "https://a.apps.example:8443", "origin-not-allowed"),
    ("listed", "https://a.apps.example.evil.example", "origin-not-allowed"),
    ("listed", "https://localhost:3000", "origin-not-allowed"),
    ("listed", "http://localhost.evil.example", "origin-not-allowed"),
    ("listed", "null", "origin-not-allowed"),
    ("listed", MALFORMED, "origin-malformed"),
    ("cookies", EVIL, "origin-not-allowed"),
    ("cookies", "null", "origin-not-allowed"),
    ("cookies", MALFORMED, "origin-malformed"),
    ("none", APP, "origin-not-allowed"),
    ("none", "null", "origin-not-allowed"),
    ("null", EVIL, "origin-not-allowed"),
    ("null", "NULL", "origin-malformed"),
]


@pytest.mark.parametrize("policy, origin, reason", DENIED)
def test_denied_origin_reads_nothing_when_on(server, policy, origin, reason):
    answer, verdict = ask(server, f"/On/{policy}", origin)
    assert answer.status == 200
    assert cors(answer) == expected(vary="origin")
    assert verdict == ("denied", reason)


@pytest.mark.parametrize("policy, origin, reason", DENIED)
def test_denied_origin_is_refused_when_enforced(server, backend, policy, origin, reason):
    before = backend.seen["GET", f"/Enforce/{policy}"]
    answer, verdict = ask(server, f"/Enforce/{policy}", origin)
    assert answer.status == 403
    assert cors(answer) == expected(vary="origin")
    assert verdict == ("denied", reason)
    assert backend.seen["GET", f"/Enforce/{policy}"] == before


@pytest.mark.parametrize("mode", ["On", "Enforce"])
def test_malformed_origin_under_the_wildcard(server, mode):
    """The answer of a "*" policy is the same for everybody, or caches would need a Vary."""
    answer, verdict = ask(server, f"/{mode}/public", MALFORMED)
    assert answer.status == (200 if mode == "On" else 403)
    assert cors(answer) == expected("*", expose="*")
    assert verdict == ("denied", "origin-malformed")


@pytest.mark.parametrize("mode", ["On", "Enforce"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize(
    "policy, headers",
    [
        ("listed", expected(vary="origin")),
        ("cookies", expected(vary="origin")),
        ("none", expected(vary="origin")),
        ("public", expected("*", expose="*")),
    ],
)
def test_request_without_origin(server, mode, method, policy, headers):
    answer, verdict = ask(server, f"/{mode}/{policy}", None, method)
    assert answer.status == 200
    assert cors(answer) == headers
    assert verdict[0] == "none"


@pytest.mark.parametrize("origin", [None, APP, EVIL, "null", MALFORMED])
@pytest.mark.parametrize("policy", ["listed", "cookies", "public", "none"])
def test_report_leaves_the_response_untouched(server, policy, origin):
    answer, verdict = ask(server, f"/Report/{policy}", origin)
    assert answer.status == 200
    assert cors(answer) == untouched(origin)
    allowed = {None: "none", APP: "denied" if policy == "none" else "allowed"}
    denied = "denied" if policy != "public" or origin == MALFORMED else "allowed"
    assert verdict[0] == allowed.get(origin, denied)


def test_report_logs_what_it_would_deny(server):
    answer, _ = ask(server, "/Report/listed", EVIL)
    assert answer.status == 200
    server.expect_log(r"\[cors_guard:info\].*CG\d+.*https://evil\.example")


@pytest.mark.parametrize("origin", [None, APP, EVIL, "null", MALFORMED])
@pytest.mark.parametrize("path", ["/Off/listed", "/Off/cookies", "/Off/public", "/nothing"])
def test_no_policy_in_effect_changes_nothing(server, path, origin):
    answer, verdict = ask(server, path, origin)
    assert answer.status == 200
    assert cors(answer) == untouched(origin)
    assert verdict == ("-", "-")


# same-origin


SAME_ORIGIN = [
    ("plain.example", "http://plain.example"),
    ("PLAIN.example", "http://plain.example"),
    ("plain.example:80", "http://plain.example"),
    ("plain.example:{port}", "http://plain.example:{port}"),
    ("127.0.0.1:{port}", "http://127.0.0.1:{port}"),
    ("[::1]:{port}", "http://[::1]:{port}"),
    ("[::1]", "http://[::1]"),
    ("secure.example", "https://secure.example"),
    ("secure.example:443", "https://secure.example"),
]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("host, origin", SAME_ORIGIN)
def test_own_origin_is_never_denied(server, host, origin, method):
    host, origin = host.format(port=server.port), origin.format(port=server.port)
    answer, verdict = ask(server, "/Enforce/cookies", origin, method, host=host)
    assert answer.status == 200
    assert cors(answer) == expected(vary="origin")
    assert verdict[0] == "same-origin"


@pytest.mark.parametrize(
    "host, origin",
    [
        ("plain.example", "https://plain.example"),
        ("plain.example:{port}", "http://plain.example:1"),
        ("plain.example:{port}", "http://plain.example"),
        ("plain.example", "http://www.plain.example"),
        ("plain.example", "http://plain.example.evil.example"),
        ("secure.example", "http://secure.example"),
        ("secure.example", "https://secure.example:8443"),
    ],
)
def test_almost_own_origin_is_another(server, host, origin):
    host, origin = host.format(port=server.port), origin.format(port=server.port)
    answer, verdict = ask(server, "/x", origin, host=host)
    assert answer.status == 403
    assert cors(answer) == expected(vary="origin")
    assert verdict == ("denied", "origin-not-allowed")


@pytest.mark.parametrize("origin", ["https://front.example", "https://www.front.example:8443"])
@pytest.mark.parametrize("mode", ["On", "Enforce"])
def test_self_origin_counts_as_own(server, mode, origin):
    answer, verdict = ask(server, f"/{mode}/self", origin, "DELETE")
    assert answer.status == 200
    assert cors(answer) == expected(vary="origin")
    assert verdict[0] == "same-origin"


def test_self_origin_is_no_more_than_listed(server):
    for origin in ("http://front.example", "https://front.example:8443", "https://www.front.example"):
        answer, verdict = ask(server, "/Enforce/self", origin)
        assert (answer.status, cors(answer)) == (403, expected(vary="origin")), origin
        assert verdict == ("denied", "origin-not-allowed")


@pytest.mark.parametrize("origin", ["null", EVIL])
@pytest.mark.parametrize("mode", ["On", "Enforce"])
def test_fetch_metadata_tells_same_origin(server, mode, origin):
    """A form POST under Referrer-Policy: no-referrer sends Origin: null to its own site."""
    headers = [("Sec-Fetch-Site", "same-origin")]
    answer, verdict = ask(server, f"/{mode}/listed", origin, "POST", headers=headers)
    assert answer.status == 200
    assert cors(answer) == expected(vary="origin")
    assert verdict[0] == "same-origin"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "same-origin-ish", "", "same-origin, cross-site"])
def test_other_fetch_metadata_does_not_help(server, site):
    answer, verdict = ask(server, "/Enforce/listed", EVIL, headers=[("Sec-Fetch-Site", site)])
    assert (answer.status, cors(answer)) == (403, expected(vary="origin"))
    assert verdict == ("denied", "origin-not-allowed")


@pytest.mark.parametrize("mode", ["On", "Enforce"])
def test_own_origin_under_the_wildcard(server, mode):
    answer, verdict = ask(server, f"/{mode}/public", f"http://localhost:{server.port}", host=f"localhost:{server.port}")
    assert (answer.status, cors(answer)) == (200, expected("*", expose="*"))
    assert verdict[0] == "same-origin"


# methods of actual requests


@pytest.mark.parametrize(
    "policy, method, passes",
    [
        ("listed", "GET", True),
        ("listed", "HEAD", True),
        ("listed", "POST", True),
        ("listed", "PUT", False),
        ("listed", "DELETE", False),
        ("listed", "OPTIONS", False),
        ("methods", "GET", True),
        ("methods", "PUT", True),
        ("methods", "DELETE", False),
        ("methods", "PATCH", False),
        ("allmethods", "DELETE", True),
        ("allmethods", "PATCH", True),
        ("allmethods", "OPTIONS", True),
    ],
)
def test_enforce_refuses_methods_outside_the_list(server, backend, policy, method, passes):
    before = backend.seen[method, f"/Enforce/{policy}"]
    answer, verdict = ask(server, f"/Enforce/{policy}", APP, method)
    if passes:
        headers = expected(APP, expose="x-count" if policy == "listed" else None, vary="origin")
        assert (answer.status, cors(answer), verdict[0]) == (200, headers, "allowed")
    else:
        assert (answer.status, cors(answer)) == (403, expected(vary="origin"))
        assert verdict == ("denied", "method-not-allowed")
    assert backend.seen[method, f"/Enforce/{policy}"] == before + passes


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_on_leaves_methods_to_the_browser(server, method):
    answer, verdict = ask(server, "/On/listed", APP, method)
    assert (answer.status, cors(answer)) == (200, expected(APP, expose="x-count", vary="origin"))
    assert verdict[0] == "allowed"


@pytest.mark.parametrize("origin", [None, f"http://localhost:{{port}}"])
def test_enforce_spares_methods_of_the_own_site(server, origin):
    origin = origin and origin.format(port=server.port)
    answer, _ = ask(server, "/Enforce/listed", origin, "DELETE", host=f"localhost:{server.port}")
    assert (answer.status, cors(answer)) == (200, expected(vary="origin"))


# what is no preflight


@pytest.mark.parametrize("headers", [[], [("Access-Control-Request-Method", "")]], ids=["absent", "empty"])
@pytest.mark.parametrize("origin", [APP, EVIL])
def test_options_without_a_requested_method_is_an_actual_request(server, backend, origin, headers):
    before = backend.seen["OPTIONS", "/On/listed"]
    answer, verdict = ask(server, "/On/listed", origin, "OPTIONS", headers=headers)
    assert (answer.status, answer.text) == (200, "backend OPTIONS /On/listed")
    allowed = origin == APP
    assert cors(answer) == (expected(APP, expose="x-count", vary="origin") if allowed else expected(vary="origin"))
    assert verdict[0] == ("allowed" if allowed else "denied")
    assert backend.seen["OPTIONS", "/On/listed"] == before + 1


def test_options_without_origin_is_no_preflight(server):
    headers = [("Access-Control-Request-Method", "PUT")]
    answer, verdict = ask(server, "/On/listed", None, "OPTIONS", headers=headers)
    assert (answer.text, cors(answer)) == ("backend OPTIONS /On/listed", expected(vary="origin"))
    assert verdict[0] == "none"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_other_methods_are_never_preflights(server, method):
    headers = [("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "x-a")]
    answer, verdict = ask(server, "/On/listed", APP, method, headers=headers)
    assert (answer.text, verdict[0]) == (f"backend {method} /On/listed", "allowed")
    assert cors(answer) == expected(APP, expose="x-count", vary="origin")
