# SPDX-License-Identifier: Apache-2.0
"""A preflight is answered before whatever would refuse, redirect or run it, and nothing behind sees it."""

import pytest
from cgtest import cors, expected, fresh

APP = "https://app.example"
EVIL = "https://evil.example"
ALLOWED = expected(APP, credentials=True, methods="PUT", headers="x-token", max_age=60, vary="preflight")
REFUSED = expected(vary="preflight")

CONFIG = """
Protocols h2c http/1.1
<VirtualHost *:${PORT}>
  ServerName localhost
  CorsAllowOrigin https://app.example
  CorsAllowCredentials On
  CorsAllowMethods PUT
  CorsAllowHeaders X-Token
  CorsMaxAge 60
  ErrorDocument 403 /error.cgi
  ErrorDocument 401 /error.cgi
  ErrorDocument 404 /error.cgi
  Header set X-Set yes
  Header always set X-Always yes
  Header always set Access-Control-Allow-Origin "*"
  <Directory "${DOCROOT}">
    Options +ExecCGI
  </Directory>
  <Location /basic>
    AuthType Basic
    AuthName test
    AuthUserFile "${DIR}/users"
    Require valid-user
  </Location>
  <Location /ip>
    Require ip 192.0.2.1
  </Location>
  <Location /denied>
    Require all denied
  </Location>
  <Location /old-style>
    Order allow,deny
    Deny from all
  </Location>
  <Location /limited>
    <LimitExcept GET POST>
      Require all denied
    </LimitExcept>
  </Location>
  <Location /methods>
    AllowMethods GET POST
  </Location>
  <Directory "${DOCROOT}/dav">
    Dav On
  </Directory>
  <Directory "${DOCROOT}/front">
    RewriteEngine On
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteRule . /front/marker.cgi [L]
  </Directory>
  <Directory "${DOCROOT}/htaccess">
    AllowOverride All
  </Directory>
  <Directory "${DOCROOT}/fallback">
    FallbackResource /front/marker.cgi
  </Directory>
  <Directory "${DOCROOT}/forbidden">
    RewriteEngine On
    RewriteRule . - [F]
  </Directory>
  <Directory "${DOCROOT}/moved">
    RewriteEngine On
    RewriteRule . https://elsewhere.example/ [R=301]
  </Directory>
  <Directory "${DOCROOT}/directory-proxied">
    RewriteEngine On
    RewriteRule (.*) http://127.0.0.1:${BACKEND}/directory-proxied [P]
  </Directory>
  ScriptAlias /scripts/ "${DIR}/scripts/"
  ProxyPass /proxied http://127.0.0.1:${BACKEND}/proxied
  RewriteEngine On
  RewriteRule ^/rewritten/ /front/marker.cgi [PT]
  RewriteRule ^/file-rewritten/ "${DOCROOT}/front/marker.cgi" [L]
  RewriteRule ^/server-proxied http://127.0.0.1:${BACKEND}/server-proxied [P]
  <Location /handler>
    SetHandler server-status
    Require all denied
  </Location>
  <Location /required>
    Require expr "%{reqenv:CORS_GUARD} == 'allowed'"
  </Location>
</VirtualHost>
"""

PATHS = [
    "/page.txt",
    "/basic/page.txt",
    "/basic/missing",
    "/ip/page.txt",
    "/denied/page.txt",
    "/old-style/page.txt",
    "/limited/page.txt",
    "/methods/page.txt",
    "/dav/",
    "/dav/file.txt",
    "/dav/missing.txt",
    "/marker.cgi",
    "/marker.cgi/path/info",
    "/scripts/marker",
    "/missing",
    "/missing/deeper",
    "/page.txt/path/info",
    "/dir",
    "/dir/",
    "/front/some/route",
    "/front/",
    "/htaccess/some/route",
    "/fallback/some/route",
    "/forbidden/x",
    "/moved/x",
    "/directory-proxied/x",
    "/proxied/x",
    "/rewritten/x",
    "/file-rewritten/x",
    "/server-proxied",
    "/handler",
    "/required/page.txt",
    "/",
]


@pytest.fixture(scope="module")
def server(module_httpd, backend):
    modules = ["headers", "dir", "alias", "rewrite", "auth_basic", "authn_file", "authn_core", "authz_user", "status"]
    modules += ["authz_host", "access_compat", "allowmethods", "dav", "dav_fs", "cgid", "proxy", "proxy_http", "http2"]
    server = module_httpd(modules=modules, defines={"BACKEND": backend.port}, starts_with=["CG0104"])
    server.write("users", "user:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    for folder in ("", "basic/", "ip/", "denied/", "old-style/", "limited/", "methods/", "dir/", "required/"):
        server.write(f"htdocs/{folder}page.txt", "page")
    server.write("htdocs/dir/index.html", "index")
    server.folder("htdocs/dav", writable=True)
    server.write("htdocs/dav/file.txt", "dav")
    for folder in ("fallback", "forbidden", "moved", "directory-proxied"):
        server.folder(f"htdocs/{folder}")
    server.folder("marks", writable=True)
    marker = f'echo ran >> {server.dir}/marks/ran; echo "Content-Type: text/plain"; echo; echo marker'
    for path in ("htdocs/marker.cgi", "htdocs/front/marker.cgi", "scripts/marker", "htdocs/error.cgi"):
        server.cgi(path, marker)
    server.write("htdocs/htaccess/.htaccess", "RewriteEngine On\nRewriteRule . /front/marker.cgi [L]\n")
    server.configure(CONFIG)
    with server:
        yield server


@pytest.mark.core
@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
@pytest.mark.parametrize("path", PATHS)
def test_preflight_is_answered_first(server, backend, path, http2):
    for origin, status, headers, verdict in (
        (APP, 204, ALLOWED, ("preflight-allowed", "-")),
        (EVIL, 403, REFUSED, ("preflight-denied", "origin-not-allowed")),
        (f"{APP}/", 403, REFUSED, ("preflight-denied", "origin-malformed")),
    ):
        target = fresh(path)
        answer = server.preflight(target, origin, "PUT", "x-token", http2=http2)
        assert (answer.status, answer.body) == (status, b"")
        assert cors(answer) == headers
        assert answer.value("x-always") == "yes"
        assert answer.values("content-length") in ([], ["0"])
        assert answer.values("location") == []
        assert answer.values("www-authenticate") == []
        assert server.verdict(target) == verdict
    assert not (server.dir / "marks" / "ran").exists(), "an application ran"
    assert not [key for key in backend.seen if key[0] == "OPTIONS"]


@pytest.mark.core
@pytest.mark.parametrize(
    "path, status, log",
    [
        ("/basic/page.txt", 401, None),
        ("/ip/page.txt", 403, "AH01630"),
        ("/old-style/page.txt", 403, "AH01797"),
        ("/moved/x", 301, None),
        ("/dir", 301, None),
    ],
)
def test_actual_request_still_meets_them(server, path, status, log):
    """What a preflight passes by is not passed by the request that follows it."""
    if log:
        server.expect_log(log)
    answer = server.get(path, APP)
    (server.dir / "marks" / "ran").unlink(missing_ok=True)  # ErrorDocument 401, 403
    assert answer.status == status
    assert cors(answer) == expected(APP, credentials=True, vary="origin")


@pytest.mark.core
@pytest.mark.parametrize(
    "path, status", [("/basic/page.txt", 401), ("/limited/page.txt", 403), ("/methods/page.txt", 405)]
)
def test_options_that_is_no_preflight_meets_them_too(server, path, status):
    if status == 403:
        server.expect_log("AH01630")
    if status == 405:
        server.expect_log("AH01623")
    answer = server.request("OPTIONS", path, origin=APP)
    (server.dir / "marks" / "ran").unlink(missing_ok=True)
    assert answer.status == status
    assert cors(answer) == expected(APP, credentials=True, vary="origin")


# Enforce: a denied actual request, too, is refused before authentication and before the handler.

ENFORCED = """
CorsGuard Enforce
CorsAllowOrigin https://app.example
<Location /basic>
  AuthType Basic
  AuthName test
  AuthUserFile "${DIR}/users"
  Require valid-user
</Location>
<Directory "${DOCROOT}">
  Options +ExecCGI
</Directory>
<Directory "${DOCROOT}/front">
  RewriteEngine On
  RewriteRule !marker /front/marker.cgi [L]
</Directory>
ProxyPass /proxied http://127.0.0.1:${BACKEND}/proxied
ProxyPass /socket http://127.0.0.1:${BACKEND}/socket upgrade=websocket
ProxyPass /tunnel ws://127.0.0.1:${BACKEND}/tunnel
"""


@pytest.fixture(scope="module")
def enforced(module_httpd, backend):
    modules = ["dir", "alias", "rewrite", "auth_basic", "authn_file", "authn_core", "authz_user", "cgid"]
    modules += ["proxy", "proxy_http", "proxy_wstunnel"]
    server = module_httpd(modules=modules, defines={"BACKEND": backend.port})
    server.write("users", "user:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    server.folder("marks", writable=True)
    marker = f'echo ran >> {server.dir}/marks/ran; echo "Content-Type: text/plain"; echo; echo marker'
    for path in ("htdocs/marker.cgi", "htdocs/front/marker.cgi"):
        server.cgi(path, marker)
    server.write("htdocs/dir/index.html", "index")
    server.configure(ENFORCED)
    with server:
        yield server


@pytest.mark.core
@pytest.mark.parametrize("origin", [EVIL, "null", f"{APP}/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/basic/x", "/marker.cgi", "/front/x", "/proxied/x", "/dir", "/missing"])
def test_enforce_refuses_before_anything_runs(enforced, backend, path, method, origin):
    before = sum(backend.seen.values())
    answer = enforced.request(method, path, origin=origin)
    assert (answer.status, cors(answer)) == (403, expected(vary="origin"))
    assert answer.values("www-authenticate") == []
    assert not (enforced.dir / "marks" / "ran").exists()
    assert sum(backend.seen.values()) == before


def upgrade(server, path, origin):
    headers = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
    headers += [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]
    if origin:
        headers.append(("Origin", origin))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return server.exchange(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode())[0]


@pytest.mark.core
@pytest.mark.parametrize("path", ["/socket", "/tunnel"])
def test_enforce_guards_websocket_upgrades(enforced, backend, path):
    before = backend.seen["GET", path]
    for origin in (EVIL, "null", "https://app.example.evil.example"):
        answer = upgrade(enforced, path, origin)
        assert (answer.status, cors(answer)) == (403, expected(vary="origin"))
    assert backend.seen["GET", path] == before
    assert upgrade(enforced, path, APP).status == 101
    assert upgrade(enforced, path, None).status == 101
    assert backend.seen["GET", path] == before + 2


# Authorization can ask for the verdict.

REQUIRING = """
CorsAllowOrigin https://app.example
<Location /allowed>
  Require expr "%{reqenv:CORS_GUARD} == 'allowed'"
</Location>
<Location /any>
  Require env CORS_GUARD
</Location>
<Location /reason>
  Require env CORS_GUARD_REASON
</Location>
<Location /off>
  CorsGuard Off
  Require env CORS_GUARD
</Location>
"""


@pytest.mark.parametrize(
    "path, origin, status",
    [
        ("/allowed/x.txt", APP, 200),
        ("/allowed/x.txt", EVIL, 403),
        ("/allowed/x.txt", None, 403),
        ("/any/x.txt", APP, 200),
        ("/any/x.txt", EVIL, 200),
        ("/any/x.txt", None, 200),
        ("/reason/x.txt", EVIL, 200),
        ("/off/x.txt", APP, 403),
    ],
)
def test_require_env(requiring, path, origin, status):
    if status == 403:
        requiring.expect_log("AH01630")
    assert requiring.get(path, origin).status == status


@pytest.fixture(scope="module")
def requiring(module_httpd):
    server = module_httpd(modules=["authz_host", "env"])
    for folder in ("allowed", "any", "reason", "off"):
        server.write(f"htdocs/{folder}/x.txt", "x")
    server.configure(REQUIRING)
    with server:
        yield server
