# SPDX-License-Identifier: Apache-2.0
"""Which policy governs where a request wanders: internal redirects, error documents, front controllers, subrequests.
And every kind of application: none of them gets a header of its own through."""

import pytest
from cgtest import cors, expected

APP = "https://app.example"
EVIL = "https://evil.example"
ALLOWED = expected(APP, credentials=True, expose="x-count", vary="origin")
OTHERS = expected(vary="origin")

POLICY = """CorsAllowOrigin https://app.example
  CorsAllowCredentials On
  CorsExposeHeaders X-Count
"""

CONFIG = """
Protocols h2c http/1.1
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
<Directory "${DOCROOT}">
  Options +ExecCGI +Includes
</Directory>
<Directory "${DOCROOT}/api">
  POLICY
</Directory>

# targets of internal redirects, each with a policy that must not be seen
<Location /public>
  CorsAllowOrigin *
</Location>
<Location /off>
  CorsGuard Off
  Header always set Access-Control-Allow-Origin "*"
</Location>
<Location /enforced>
  CorsGuard Enforce
  CorsAllowOrigin https://nobody.example
</Location>
<Location /enforced-error>
  CorsGuard Enforce
  POLICY
  ErrorDocument 403 /public/error.txt
</Location>
<Location /reported>
  CorsGuard Report
  POLICY
  ErrorDocument 404 /public/error.txt
</Location>
<Location /always>
  POLICY
  Header always append Vary Accept
  Header append Vary Accept-Language
  Header append Vary Origin
</Location>
<Location /public/proxied>
  ProxyPass http://127.0.0.1:${BACKEND}/
</Location>

# error documents
<Location /api/ed/text>
  ErrorDocument 404 "not here"
</Location>
<Location /api/ed/public>
  ErrorDocument 404 /public/error.txt
</Location>
<Location /api/ed/off>
  ErrorDocument 404 /off/error.txt
</Location>
<Location /api/ed/enforced>
  ErrorDocument 404 /enforced/error.txt
</Location>
<Location /api/ed/cgi>
  ErrorDocument 404 /plain/reflect.cgi
</Location>
<Location /api/ed/missing>
  ErrorDocument 404 /plain/missing.html
</Location>
<Location /api/ed/failing>
  ErrorDocument 404 /plain/silent.cgi
</Location>
<Location /api/ed/denied>
  ErrorDocument 404 /plain/denied/x.txt
</Location>
<Location /api/ed/proxied>
  ErrorDocument 404 /proxied/error
</Location>
<Location /api/ed/redirected>
  ErrorDocument 404 https://errors.example/404
</Location>
<Location /plain/ed/api>
  ErrorDocument 404 /api/page.txt
</Location>
<Location /plain/denied>
  Require all denied
</Location>
<Location /proxied>
  ProxyPass http://127.0.0.1:${BACKEND}/
</Location>

# directory index, fallback, negotiation
<Directory "${DOCROOT}/api/index">
  DirectoryIndex missing.html index.cgi
</Directory>
<Directory "${DOCROOT}/api/index-public">
  DirectoryIndex /public/page.txt
</Directory>
<Directory "${DOCROOT}/api/fallback">
  FallbackResource /api/fallback/front.cgi
</Directory>
<Directory "${DOCROOT}/api/fallback-public">
  FallbackResource /public/page.txt
</Directory>
<Directory "${DOCROOT}/api/views">
  Options +MultiViews
</Directory>
<Directory "${DOCROOT}/plain/index">
  <Files chosen.txt>
    POLICY
  </Files>
  DirectoryIndex chosen.txt
</Directory>
<Directory "${DOCROOT}/plain/index-enforced">
  <Files chosen.txt>
    CorsGuard Enforce
    POLICY
  </Files>
  DirectoryIndex chosen.txt
</Directory>
<Directory "${DOCROOT}/plain/fallback">
  <Files front.cgi>
    POLICY
  </Files>
  FallbackResource /plain/fallback/front.cgi
</Directory>
<Directory "${DOCROOT}/plain/views">
  Options +MultiViews
  <Files page.txt>
    POLICY
  </Files>
</Directory>

# rewriting
<Directory "${DOCROOT}/api/front">
  RewriteEngine On
  RewriteCond %{REQUEST_FILENAME} !-f
  RewriteRule . /api/front/front.cgi [L]
</Directory>
<Directory "${DOCROOT}/api/to-public">
  RewriteEngine On
  RewriteRule . /public/page.txt [L]
</Directory>
<Directory "${DOCROOT}/api/to-off">
  RewriteEngine On
  RewriteRule . /off/error.txt [L]
</Directory>
<Directory "${DOCROOT}/api/to-proxy">
  RewriteEngine On
  RewriteRule (.*) http://127.0.0.1:${BACKEND}/$1?reflect=1 [P,L]
</Directory>
<Directory "${DOCROOT}/api/to-enforced">
  RewriteEngine On
  RewriteRule . /enforced/error.txt [L]
</Directory>
<Directory "${DOCROOT}/off/to-api">
  RewriteEngine On
  RewriteRule . /api/page.txt [L]
</Directory>
<Directory "${DOCROOT}/plain/to-api">
  RewriteEngine On
  RewriteRule . /api/page.txt [L]
</Directory>
<Directory "${DOCROOT}/plain/to-plain">
  RewriteEngine On
  RewriteRule . /plain/reflect.cgi [L]
</Directory>
<Directory "${DOCROOT}/plain/to-enforced">
  RewriteEngine On
  RewriteRule . /enforced/error.txt [L]
</Directory>
RewriteEngine On
RewriteRule ^/api-by-server$ /api/reflect.cgi [PT]
RewriteRule ^/api/proxy-by-server$ http://127.0.0.1:${BACKEND}/x?reflect=1 [P]
<Location /api/proxy-by-server>
  POLICY
</Location>

# applications
<Location /api/proxied>
  POLICY
  ProxyPass http://127.0.0.1:${BACKEND}/
</Location>
<FilesMatch "\\.php$">
  ProxyFCGIBackendType GENERIC
  SetHandler "proxy:fcgi://127.0.0.1:${PHP}"
</FilesMatch>
<Directory "${DOCROOT}/api/dav">
  Dav On
</Directory>
<Directory "${DOCROOT}/api/deflated">
  SetOutputFilter DEFLATE
</Directory>
<Directory "${DOCROOT}/api/expr">
  Header set X-Seen "yes" "expr=%{req:Accept-Language} =~ /en/"
</Directory>
DavLockDB "${DIR}/dav/lock"
""".replace("POLICY", POLICY)

REFLECT = """echo "Access-Control-Allow-Origin: ${HTTP_ORIGIN:-none}"
echo "Access-Control-Allow-Credentials: true"
echo "Access-Control-Allow-Private-Network: true"
echo "Access-Control-Unheard-Of: 1"
echo "Content-Type: text/plain"
echo
echo "$REQUEST_METHOD $CORS_GUARD $REDIRECT_CORS_GUARD"
"""
TWICE = 'echo "Access-Control-Allow-Origin: https://one.example"\n' + REFLECT
PHP = """<?php
header('Access-Control-Allow-Origin: *');
header('Access-Control-Allow-Origin: https://php.example', false);
header('Access-Control-Allow-Credentials: true');
header('Vary: Accept-Language', false);
header('Vary: Origin', false);
if (isset($_GET['status'])) http_response_code((int) $_GET['status']);
echo 'php ' . $_SERVER['REQUEST_METHOD'];
"""


def make_site(server):
    for path in ("api/page.txt", "public/page.txt", "public/error.txt", "off/error.txt", "enforced/error.txt"):
        server.write(f"htdocs/{path}", path)
    for path in ("plain/denied/x.txt", "plain/index/chosen.txt", "plain/index-enforced/chosen.txt", "plain/page.txt"):
        server.write(f"htdocs/{path}", path)
    for path in ("api/views/page.txt", "plain/views/page.txt"):
        server.write(f"htdocs/{path}", path)
    scripts = ("api/reflect", "plain/reflect", "api/index/index", "api/front/front")
    for path in (*scripts, "api/fallback/front", "plain/fallback/front"):
        server.cgi(f"htdocs/{path}.cgi", REFLECT)
    server.cgi("htdocs/api/twice.cgi", TWICE)
    server.cgi("htdocs/plain/silent.cgi", "exit 0")
    server.cgi("htdocs/public/reflect.cgi", REFLECT)
    for target in ("public/page.txt", "off/error.txt", "plain/reflect.cgi", "api/reflect.cgi"):
        server.cgi(f"htdocs/api/local-{target.split('/')[0]}.cgi", f'echo "Location: /{target}"; echo')
    server.cgi("htdocs/plain/local-api.cgi", 'echo "Location: /api/page.txt"; echo')
    includes = ("/api/page.txt", "/public/reflect.cgi", "/off/error.txt", "/enforced/error.txt", "/plain/reflect.cgi")
    page = "".join(f'<!--#include virtual="{path}" -->\n' for path in includes)
    server.write("htdocs/api/page.shtml", page)
    server.write("htdocs/plain/page.shtml", page)
    for folder in ("index-public", "fallback-public", "to-public", "to-off", "to-proxy", "to-enforced"):
        server.folder(f"htdocs/api/{folder}")
    server.folder("htdocs/off/to-api")
    for folder in ("to-api", "to-plain", "to-enforced"):
        server.folder(f"htdocs/plain/{folder}")
    server.write("htdocs/api/app.php", PHP)
    server.write("htdocs/api/deflated/page.txt", "hello " * 500)
    server.write("htdocs/api/expr/page.txt", "expr")
    server.folder("dav", writable=True)
    server.folder("htdocs/api/dav", writable=True)
    server.write("htdocs/api/dav/file.txt", "dav")


@pytest.fixture(scope="module")
def server(module_httpd, backend, php):
    modules = ["headers", "dir", "alias", "rewrite", "negotiation", "include", "filter", "deflate", "dav", "dav_fs"]
    modules += ["cgid", "proxy", "proxy_http", "proxy_fcgi", "http2"]
    server = module_httpd(modules=modules, defines={"BACKEND": backend.port, "PHP": php.port})
    make_site(server)
    server.configure(CONFIG)
    with server:
        yield server


def check(server, path, status, http2=False, method="GET", headers=(), body=b"", also=()):
    """The /api policy governs path, for an allowed, a denied and no origin. also: further members of Vary."""
    for origin, names in ((APP, ALLOWED), (EVIL, OTHERS), (None, OTHERS)):
        answer = server.request(method, path, headers, body, origin=origin, http2=http2)
        assert answer.status == status
        assert cors(answer) == {**names, "vary": sorted(["origin", *also])}
    return answer


def check_untouched(server, path, status, headers):
    """No policy is in effect for path: the application's headers pass. headers: of the origin."""
    for origin in (APP, EVIL):
        answer = server.get(path, origin)
        assert answer.status == status
        assert cors(answer) == headers(origin)


HTTP = pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])

GOVERNED = [
    ("/api/page.txt", 200),
    ("/api/reflect.cgi", 200),
    ("/api/twice.cgi", 200),
    # error documents
    ("/api/ed/text", 404),
    ("/api/ed/public", 404),
    ("/api/ed/off", 404),
    ("/api/ed/enforced", 404),
    ("/api/ed/cgi", 404),
    ("/api/ed/missing", 404),
    ("/api/ed/redirected", 302),
    # index, fallback, negotiation
    ("/api/index/", 200),
    ("/api/index-public/", 200),
    ("/api/fallback/some/route", 200),
    ("/api/fallback-public/some/route", 200),
    # rewriting
    ("/api/front/some/route", 200),
    ("/api/to-public/x", 200),
    ("/api/to-off/x", 200),
    ("/api/to-enforced/x", 200),
    ("/api/to-proxy/x", 200),
    ("/api-by-server", 200),
    ("/api/proxy-by-server", 200),
    # a CGI that answers with a path
    ("/api/local-public.cgi", 200),
    ("/api/local-off.cgi", 200),
    ("/api/local-plain.cgi", 200),
    ("/api/local-api.cgi", 200),
    # applications
    ("/api/proxied/x?reflect=1", 200),
    ("/api/proxied/x?reflect=1&vary=Origin&vary=origin", 200),
    ("/api/page.shtml", 200),
]


@pytest.mark.core
@HTTP
@pytest.mark.parametrize("path, status", GOVERNED)
def test_first_request_governs(server, path, status, http2):
    check(server, path, status, http2)


@pytest.mark.parametrize("path, log", [("/api/ed/failing", "End of script output"), ("/api/ed/denied", "AH01630")])
@HTTP
def test_failing_error_document(server, path, log, http2):
    server.expect_log(log)
    check(server, path, 404, http2)


@HTTP
def test_proxied_error_document(server, http2):
    answer = check(server, "/api/ed/proxied", 200, http2)  # mod_proxy gives the backend's status
    assert answer.text.startswith("backend")


@HTTP
def test_multiviews(server, http2):
    check(server, "/api/views/page", 200, http2, also=["negotiate"])


# Where the first request has no policy in effect, the one that it ends at takes its own.


@pytest.mark.core
@pytest.mark.parametrize(
    "path, status",
    [
        ("/plain/to-api/x", 200),
        ("/off/to-api/x", 200),
        ("/plain/ed/api", 404),
        ("/plain/local-api.cgi", 200),
        ("/plain/index/", 200),
        ("/plain/fallback/some/route", 200),
    ],
)
def test_redirected_request_takes_its_own_policy(server, path, status):
    check(server, path, status)


def test_negotiated_file_takes_its_own_policy(server):
    check(server, "/plain/views/page", 200, also=["negotiate"])


def test_index_that_is_enforced(server):
    for origin in (EVIL, "null"):
        answer = server.get("/plain/index-enforced/", origin)
        assert (answer.status, cors(answer)) == (403, OTHERS)
    answer = server.get("/plain/index-enforced/", APP)
    assert (answer.status, cors(answer)) == (200, ALLOWED)


def test_redirect_into_an_enforced_section(server):
    for origin in (APP, EVIL):
        answer = server.get("/plain/to-enforced/x", origin)
        assert (answer.status, cors(answer)) == (403, OTHERS)
    answer = server.get("/plain/to-enforced/x")
    assert (answer.status, cors(answer)) == (200, OTHERS)


def test_error_document_of_a_refused_request(server):
    """The 403 is told in a page of a section that allows everybody: the refusal stays one."""
    answer = server.get("/enforced-error/x", EVIL)
    assert (answer.status, cors(answer)) == (403, OTHERS)
    answer = server.get("/enforced-error/x", APP)
    assert (answer.status, cors(answer)) == (404, ALLOWED)


def test_report_governs_its_error_documents_too(server):
    for origin in (APP, EVIL, None):
        answer = server.get("/reported/x", origin)
        assert (answer.status, answer.text, cors(answer)) == (404, "public/error.txt", {})


def reflected(origin):
    return {
        "access-control-allow-origin": [origin],
        "access-control-allow-credentials": ["true"],
        "access-control-allow-private-network": ["true"],
        "access-control-unheard-of": ["1"],
    }


@pytest.mark.parametrize("path", ["/plain/reflect.cgi", "/plain/to-plain/x"])
def test_no_policy_on_the_way_changes_nothing(server, path):
    check_untouched(server, path, 200, reflected)


def test_subrequests_emit_nothing(server):
    """/plain/page.shtml has no policy; what it includes has."""
    answer = server.get("/plain/page.shtml", APP)
    assert (answer.status, cors(answer)) == (200, {})
    assert "api/page.txt" in answer.text
    assert "off/error.txt" in answer.text


# applications


@HTTP
@pytest.mark.parametrize("status", [200, 404, 500])
def test_php_by_fastcgi(server, http2, status):
    answer = check(server, f"/api/app.php?status={status}", status, http2, also=["accept-language"])
    assert answer.text == "php GET"


@HTTP
def test_dav(server, http2):
    check(server, "/api/dav/file.txt", 207, http2, "PROPFIND", [("Depth", "0")])
    check(server, "/api/dav/file.txt", 200, http2, "OPTIONS")
    check(server, "/api/dav/missing.txt", 404, http2, "PROPFIND", [("Depth", "0")])
    check(server, "/api/dav/file.txt", 204, http2, "PUT", body=b"new")
    check(server, "/api/dav/file.txt", 405, http2, "MKCOL")


@HTTP
def test_deflate_and_vary(server, http2):
    headers = [("Accept-Encoding", "gzip")]
    answer = check(server, "/api/deflated/page.txt", 200, http2, headers=headers, also=["accept-encoding"])
    assert answer.values("content-encoding") == ["gzip"]


def test_vary_of_an_expression(server):
    check(server, "/api/expr/page.txt", 200, headers=[("Accept-Language", "en")], also=["accept-language"])


@pytest.mark.core
@HTTP
@pytest.mark.parametrize(
    "query, vary",
    [
        ("vary=Accept", ["accept", "origin"]),
        ("vary=Accept,Accept-Language", ["accept", "accept-language", "origin"]),
        ("vary=Accept&vary=Accept-Language", ["accept", "accept-language", "origin"]),
        ("vary=Origin", ["origin"]),
        ("vary=origin,Accept", ["accept", "origin"]),
        ("vary=Origin&vary=Origin,Origin", ["origin"]),
        ("vary=Accept,Accept", ["accept", "origin"]),
        ("vary=Originally,X-Origin", ["origin", "originally", "x-origin"]),
        ("vary=", ["origin"]),
        ("vary=,,Accept,", ["accept", "origin"]),
        ("vary=*", ["*"]),
        ("vary=*&vary=Accept", ["*"]),
        ("vary=Accept,*", ["*"]),
        ("vary=Origin,*", ["*"]),
    ],
)
def test_vary_is_merged(server, query, vary, http2):
    for origin in (APP, EVIL, None):
        answer = server.get(f"/api/proxied/x?reflect=1&{query}", origin, http2=http2)
        assert cors(answer)["vary"] == vary


def test_wildcard_policy_adds_no_vary(server):
    assert cors(server.get("/public/page.txt", APP)) == expected("*")
    answer = server.get("/public/proxied/x?reflect=1&vary=Origin,Accept", APP)
    assert cors(answer) == expected("*", vary="origin accept")


@HTTP
def test_vary_of_header_directives(server, http2):
    for origin, names in ((APP, ALLOWED), (EVIL, OTHERS), (None, OTHERS)):
        answer = server.get("/always/x", origin, http2=http2)
        found = cors(answer)
        assert answer.status == 404
        assert {"accept", "origin"} <= set(found["vary"]) <= {"accept", "accept-language", "origin"}
        assert len(found["vary"]) == len(set(found["vary"]))
        assert {**found, "vary": ["origin"]} == names
    answer = server.preflight("/always/x", APP, http2=http2)
    assert cors(answer) == expected(APP, credentials=True, vary="preflight accept")


# what the application sees


@pytest.mark.core
@pytest.mark.parametrize(
    "path, origin, seen",
    [
        ("/api/reflect.cgi", APP, "GET allowed"),
        ("/api/reflect.cgi", EVIL, "GET denied"),
        ("/api/reflect.cgi", None, "GET none"),
        ("/plain/reflect.cgi", APP, "GET"),
    ],
)
def test_cgi_sees_the_verdict(server, path, origin, seen):
    assert server.get(path, origin).text.strip() == seen


def test_cgi_behind_a_rewrite_sees_the_verdict(server):
    assert "allowed" in server.get("/api/front/some/route", APP).text
    assert "denied" in server.get("/api/front/some/route", EVIL).text


# the application's own OPTIONS


@pytest.mark.parametrize("path", ["/api/reflect.cgi", "/api/front/x", "/api/fallback/x"])
def test_options_that_is_no_preflight_reaches_the_application(server, path):
    answer = server.request("OPTIONS", path, origin=APP)
    assert answer.text.startswith("OPTIONS")
    assert cors(answer) == ALLOWED
