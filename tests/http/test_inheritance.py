# SPDX-License-Identifier: Apache-2.0
"""Sections over sections: each field is inherited on its own, in the order in which httpd merges."""

import pytest
from cgtest import cors, expected, fresh

APP = "https://app.example"
EVIL = "https://evil.example"

# Each field is set at another level; the request for /deep/x.txt meets all of them.
SPREAD = """
CorsAllowMethods PUT
CorsAllowHeaders X-Wrong
<VirtualHost *:${PORT}>
  ServerName spread.example
  CorsAllowOrigin https://app.example
  <Directory "${DOCROOT}/deep">
    AllowOverride FileInfo
    CorsAllowCredentials On
  </Directory>
  <Files x.txt>
    CorsExposeHeaders X-Files
  </Files>
  <Location /deep>
    CorsAllowHeaders X-Token
  </Location>
  <If "%{REQUEST_URI} =~ m#^/deep/#">
    CorsPreflightStatus 200
  </If>
</VirtualHost>
"""

# One field at many levels: the value tells which one won.
PRECEDENCE = """
CorsMaxAge 1
<VirtualHost *:${PORT}>
  ServerName order.example
  CorsAllowOrigin https://app.example
  <Directory "${DOCROOT}/order">
    CorsMaxAge 3
    AllowOverride FileInfo
  </Directory>
  <DirectoryMatch "/order/match/">
    CorsMaxAge 4
  </DirectoryMatch>
  <Directory "${DOCROOT}/order/deeper">
    CorsMaxAge 5
  </Directory>
  <Files files.txt>
    CorsMaxAge 7
  </Files>
  <FilesMatch "^filesmatch">
    CorsMaxAge 8
  </FilesMatch>
  <Location /order/location>
    CorsMaxAge 9
  </Location>
  <LocationMatch "^/order/locationmatch">
    CorsMaxAge 10
  </LocationMatch>
  <Location /order/location/deeper>
    CorsMaxAge 11
  </Location>
  <If "%{QUERY_STRING} =~ /if/">
    CorsMaxAge 12
    <If "%{QUERY_STRING} =~ /iff/">
      CorsMaxAge 13
    </If>
  </If>
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName host.example
  CorsMaxAge 2
  CorsAllowOrigin https://app.example
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName other.example
</VirtualHost>
"""

# A field that a section does not set stays; one that it sets goes.
FIELDS = """
<VirtualHost *:${PORT}>
  ServerName fields.example
  CorsAllowOrigin https://app.example
  CorsAllowCredentials On
  CorsAllowMethods PUT
  CorsAllowHeaders X-Token
  CorsExposeHeaders X-Count
  CorsMaxAge 60
  CorsPreflightStatus 200
  <Location /credentials>
    CorsAllowCredentials Off
  </Location>
  <Location /methods>
    CorsAllowMethods DELETE
  </Location>
  <Location /headers>
    CorsAllowHeaders X-Other
  </Location>
  <Location /expose>
    CorsExposeHeaders X-Else
  </Location>
  <Location /age>
    CorsMaxAge off
  </Location>
  <Location /status>
    CorsPreflightStatus 204
  </Location>
  <Location /origin>
    CorsAllowOrigin https://other.example
  </Location>
  <Location /none>
    CorsAllowOrigin none
  </Location>
  <Location /off>
    CorsGuard Off
  </Location>
  <Location /off/on>
    CorsGuard On
  </Location>
  <Location /enforce>
    CorsGuard Enforce
  </Location>
  <Location /enforce/report>
    CorsGuard Report
  </Location>
  <Location /forward>
    CorsPreflight Forward
  </Location>
  <Location /forward/answer>
    CorsPreflight Answer
  </Location>
  <Location /public>
    CorsAllowOrigin *
    CorsAllowCredentials Off
  </Location>
</VirtualHost>
"""


@pytest.fixture(scope="module")
def server(module_httpd):
    server = module_httpd(modules=["macro"])
    paths = ["deep/x.txt", "deep/y.txt", "x.txt", "enforce/x.txt", "off/x.txt", "off/on/x.txt", "forward/x.txt"]
    paths += [f"order/{path}.txt" for path in ("plain", "files", "filesmatch", "deeper/plain", "deeper/files")]
    paths += [f"order/{path}.txt" for path in ("match/plain", "location/plain", "location/deeper/plain")]
    paths += ["order/location/files.txt", "order/locationmatch/plain.txt"]
    paths += ["order/htaccess/plain.txt", "order/htaccess/files.txt", "macro/x.txt"]
    for path in paths:
        server.write(f"htdocs/{path}", "x")
    server.write("htdocs/deep/.htaccess", "CorsMaxAge 42\n")
    server.write("htdocs/order/htaccess/.htaccess", "CorsMaxAge 6\n")
    server.configure(
        SPREAD
        + PRECEDENCE
        + FIELDS
        + """
<Macro Cors $origin $age>
  CorsAllowOrigin $origin https://*.macro.example
  CorsMaxAge $age
</Macro>
<VirtualHost *:${PORT}>
  ServerName macro.example
  <Location /macro>
    Use Cors https://app.example 99
  </Location>
</VirtualHost>
"""
    )
    with server:
        yield server


@pytest.mark.core
def test_fields_of_all_levels_meet(server):
    answer = server.preflight("/deep/x.txt", APP, "PUT", "x-token", host="spread.example")
    assert answer.status == 200
    assert cors(answer) == expected(
        APP, credentials=True, methods="PUT", headers="x-token", max_age=42, vary="preflight"
    )
    answer = server.get("/deep/x.txt", APP, host="spread.example")
    assert cors(answer) == expected(APP, credentials=True, expose="x-files", vary="origin")
    answer = server.get("/deep/y.txt", APP, host="spread.example")
    assert cors(answer) == expected(APP, credentials=True, vary="origin")
    answer = server.get("/x.txt", APP, host="spread.example")
    assert cors(answer) == expected(APP, expose="x-files", vary="origin")


@pytest.mark.core
@pytest.mark.parametrize(
    "host, path, age",
    [
        ("host.example", "/x.txt", 2),
        ("order.example", "/x.txt", 1),
        ("order.example", "/order/plain.txt", 3),
        ("order.example", "/order/match/plain.txt", 4),
        ("order.example", "/order/deeper/plain.txt", 5),
        ("order.example", "/order/htaccess/plain.txt", 6),
        ("order.example", "/order/files.txt", 7),
        ("order.example", "/order/htaccess/files.txt", 7),
        ("order.example", "/order/filesmatch.txt", 8),
        ("order.example", "/order/location/plain.txt", 9),
        ("order.example", "/order/location/files.txt", 9),
        ("order.example", "/order/locationmatch/plain.txt", 10),
        ("order.example", "/order/location/deeper/plain.txt", 11),
        ("order.example", "/order/location/plain.txt?if", 12),
        ("order.example", "/order/files.txt?if", 12),
        ("order.example", "/order/files.txt?iff", 13),
    ],
)
def test_sections_override_in_httpds_order(server, host, path, age):
    answer = server.preflight(path, APP, host=host)
    assert cors(answer)["access-control-max-age"] == [str(age)]


def test_a_field_without_origins_is_no_policy(server):
    """other.example inherits CorsMaxAge, CorsAllowMethods and CorsAllowHeaders from the server, and nothing else."""
    answer = server.get("/x.txt", APP, host="other.example")
    assert (answer.status, cors(answer)) == (200, {})
    assert cors(server.preflight("/x.txt", APP, "PUT", host="other.example")) == {}


FULL = {"credentials": True, "methods": "PUT", "headers": "x-token", "max_age": 60, "vary": "preflight"}


@pytest.mark.core
@pytest.mark.parametrize(
    "path, method, asked, origin, status, changed",
    [
        ("/x", "PUT", "x-token", APP, 200, {}),
        ("/credentials", "PUT", "x-token", APP, 200, {"credentials": False}),
        ("/methods", "DELETE", "x-token", APP, 200, {"methods": "DELETE"}),
        ("/headers", "PUT", "x-other", APP, 200, {"headers": "x-other"}),
        ("/expose", "PUT", "x-token", APP, 200, {}),
        ("/age", "PUT", "x-token", APP, 200, {"max_age": 0}),
        ("/status", "PUT", "x-token", APP, 204, {}),
        ("/origin", "PUT", "x-token", "https://other.example", 200, {}),
        ("/off/on", "PUT", "x-token", APP, 200, {}),
        ("/enforce", "PUT", "x-token", APP, 200, {}),
        ("/forward/answer", "PUT", "x-token", APP, 200, {}),
        ("/public", "PUT", "x-token", "*", 200, {"credentials": False}),
    ],
)
def test_one_field_changed(server, path, method, asked, origin, status, changed):
    sent = EVIL if origin == "*" else origin
    answer = server.preflight(path, sent, method, asked, host="fields.example")
    assert answer.status == status
    assert cors(answer) == expected(origin, **{**FULL, **changed})


@pytest.mark.parametrize(
    "path, method, asked, origin",
    [
        ("/methods", "PUT", None, APP),
        ("/headers", "PUT", "x-token", APP),
        ("/origin", "PUT", "x-token", APP),
        ("/none", "PUT", "x-token", APP),
    ],
)
def test_what_was_replaced_is_gone(server, path, method, asked, origin):
    answer = server.preflight(path, origin, method, asked, host="fields.example")
    assert (answer.status, cors(answer)) == (403, expected(vary="preflight"))


def test_expose_is_replaced(server):
    answer = server.get("/expose", APP, host="fields.example")
    assert cors(answer) == expected(APP, credentials=True, expose="x-else", vary="origin")


def test_modes_are_inherited_and_changed(server):
    for path, status, headers in (
        ("/off/x.txt", 200, {}),
        ("/off/on/x.txt", 200, expected(vary="origin")),
        ("/enforce/x.txt", 403, expected(vary="origin")),
        ("/enforce/report/x.txt", 404, {}),
    ):
        answer = server.get(path, EVIL, host="fields.example")
        assert (answer.status, cors(answer)) == (status, headers), path


def test_macro(server):
    answer = server.preflight("/macro/x.txt", APP, host="macro.example")
    assert cors(answer) == expected(APP, methods="PUT", headers="x-wrong", max_age=99, vary="preflight")
    answer = server.get("/macro/x.txt", "https://a.macro.example", host="macro.example")
    assert cors(answer) == expected("https://a.macro.example", vary="origin")


@pytest.mark.core
def test_policy_of_the_server_is_that_of_its_hosts(make_httpd):
    server = make_httpd()
    server.write("htdocs/x.txt", "x")
    server.configure("""
CorsAllowOrigin https://app.example
<VirtualHost *:${PORT}>
  ServerName one.example
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName two.example
  CorsAllowOrigin https://two.example
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName three.example
  CorsGuard Off
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName four.example
  CorsAllowOrigin +https://four.example
</VirtualHost>
""")
    allowed = {"one.example": {APP}, "two.example": {"https://two.example"}, "three.example": set()}
    allowed["four.example"] = {APP, "https://four.example"}
    with server:
        for host, origins in allowed.items():
            for origin in (APP, "https://two.example", "https://four.example"):
                answer = server.get("/x.txt", origin, host=host)
                off = {} if host == "three.example" else expected(vary="origin")
                assert cors(answer) == (expected(origin, vary="origin") if origin in origins else off), (host, origin)


def test_graceful_restart_reads_the_policy_anew(make_httpd):
    server = make_httpd()
    server.write("htdocs/x.txt", "x")
    server.configure("CorsAllowOrigin https://app.example\n")
    with server:
        assert cors(server.get("/x.txt", APP)) == expected(APP, vary="origin")
        for origins in ("https://second.example", "https://third.example"):
            server.configure(f"CorsAllowOrigin {origins}\n")
            server.graceful()
            assert cors(server.get(fresh("/x.txt"), origins)) == expected(origins, vary="origin")
            assert cors(server.get("/x.txt", APP)) == expected(vary="origin")
