# SPDX-License-Identifier: Apache-2.0
"""Exactly one of each header on every status, under each MPM, over HTTP/1.1 and HTTP/2, and with Header directives
that write the same names."""

from dataclasses import dataclass

import pytest
from cgtest import cors, expected

APP = "https://app.example"
EVIL = "https://evil.example"
ALLOWED = expected(APP, credentials=True, expose="x-count", vary="origin")
OTHERS = expected(vary="origin")

# Every way in which mod_headers writes, in both of its tables.
FIGHT = """
  Header set Access-Control-Allow-Origin "*"
  Header always set Access-Control-Allow-Origin "https://header.example"
  Header add Access-Control-Allow-Origin "https://third.example"
  Header always set Access-Control-Allow-Credentials "true"
  Header set Access-Control-Expose-Headers "X-Header"
  Header always add Access-Control-Expose-Headers "X-Always"
  Header set Access-Control-Max-Age 99
  Header always set Access-Control-Allow-Private-Network true
  Header set Access-Control-Unheard-Of 1
  Header always set X-Always kept
"""

SITE = """
<Directory "${DOCROOT}/NAME">
  Options +ExecCGI +Includes
  CorsAllowOrigin https://app.example
  CorsAllowCredentials On
  CorsExposeHeaders X-Count
  FIGHT
</Directory>
<Directory "${DOCROOT}/NAME/denied">
  Require all denied
</Directory>
<Directory "${DOCROOT}/NAME/basic">
  AuthType Basic
  AuthName test
  AuthUserFile "${DIR}/users"
  Require valid-user
</Directory>
<Directory "${DOCROOT}/NAME/moved">
  RewriteEngine On
  RewriteRule ^permanent$ /elsewhere [R=301,L]
  RewriteRule ^found$ https://elsewhere.example/ [R=302,L]
  RewriteRule ^forbidden$ - [F]
  RewriteRule ^gone$ - [G]
</Directory>
<Directory "${DOCROOT}/NAME/small">
  LimitRequestBody 10
</Directory>
<Location /NAME/redirect>
  CorsAllowOrigin https://app.example
  CorsAllowCredentials On
  CorsExposeHeaders X-Count
  FIGHT
  Redirect 302 https://elsewhere.example/
</Location>
<Location /NAME/proxied>
  CorsAllowOrigin https://app.example
  CorsAllowCredentials On
  CorsExposeHeaders X-Count
  FIGHT
  ProxyPass http://127.0.0.1:${BACKEND}/
</Location>
<Location /NAME/unreachable>
  CorsAllowOrigin https://app.example
  CorsAllowCredentials On
  CorsExposeHeaders X-Count
  FIGHT
  ProxyPass http://127.0.0.1:${CLOSED}/
</Location>
"""

# The whole virtual host has the policy: what is answered before its directories are known.
VHOST = """
<VirtualHost *:${PORT}>
  ServerName whole.example
  CorsAllowOrigin https://app.example
  CorsAllowCredentials On
  CorsExposeHeaders X-Count
  FIGHT
  Redirect 301 /old /new
  RedirectMatch gone ^/away
  RewriteEngine On
  RewriteRule ^/rewritten$ /new [R=302,L]
  RewriteRule ^/forbidden$ - [F]
</VirtualHost>
"""


@dataclass(frozen=True)
class Case:
    path: str
    status: int
    method: str = "GET"
    headers: tuple = ()
    body: bytes = b""
    log: tuple = ()
    host: str = "localhost"
    http2: bool = True  # False: mod_http2 answers or resets the stream by itself, with any module

    def __str__(self):
        return f"{self.status}-{self.method}-{self.host}{self.path}"


WHOLE = "whole.example"
CASES = [
    Case("/page.txt", 200),
    Case("/page.txt", 200, "HEAD"),
    Case("/page.txt", 206, headers=(("Range", "bytes=1-2"),)),
    Case("/page.txt", 206, headers=(("Range", "bytes=0-0,2-2"),)),
    Case("/page.txt", 304, headers=(("If-None-Match", "*"),)),
    Case("/page.txt", 304, "HEAD", headers=(("If-None-Match", "*"),)),
    Case("/page.txt", 412, headers=(("If-Match", '"other"'),)),
    Case("/page.txt", 416, headers=(("Range", "bytes=9999-"),)),
    Case("/page.txt", 405, "DELETE"),
    Case("/page.txt", 405, "PUT", body=b"x", http2=False),
    Case("/page.txt", 200, "OPTIONS"),
    Case("/page.txt", 501, "X-UNKNOWN", log=("AH00135",)),
    Case("/missing", 404),
    Case("/page.txt/path/info", 404),
    Case("/dir", 301),
    Case("/dir/", 200),
    Case("/empty/", 404),
    Case("/denied/x.txt", 403, log=("AH01630",)),
    Case("/basic/x.txt", 401),
    Case("/basic/x.txt", 401, headers=(("Authorization", "Basic dXNlcjp3cm9uZw=="),), log=("AH01617",)),
    Case("/basic/x.txt", 200, headers=(("Authorization", "Basic dXNlcjpzZWNyZXQ="),)),
    Case("/moved/permanent", 301),
    Case("/moved/found", 302),
    Case("/moved/forbidden", 403),
    Case("/moved/gone", 410),
    Case("/redirect", 302),
    Case("/small/count.cgi", 413, "POST", body=b"x" * 100, log=("reading request entity data",), http2=False),
    Case("/count.cgi", 200, "POST", body=b"x" * 100),
    Case("/silent.cgi", 500, log=("End of script output before headers",)),
    Case("/garbage.cgi", 500, log=("malformed header from script",)),
    Case("/status.cgi?204", 204),
    Case("/status.cgi?302", 302),
    Case("/status.cgi?404", 404),
    Case("/status.cgi?500", 500),
    Case("/status.cgi?503", 503),
    Case("/proxied/x", 200),
    Case("/proxied/x?reflect=1", 200),
    Case("/proxied/x?reflect=1&status=204", 204),
    Case("/proxied/x?reflect=1&status=304", 304),
    Case("/proxied/x?reflect=1&status=302", 302),
    Case("/proxied/x?reflect=1&status=401", 401),
    Case("/proxied/x?reflect=1&status=404", 404),
    Case("/proxied/x?reflect=1&status=500", 500),
    Case("/proxied/x?reflect=1&interim=1", 200),
    Case("/proxied/x?garbage=1", 502, log=(r"\[proxy",)),
    Case("/proxied/x?hangup=1", 502, log=(r"\[proxy",), http2=False),
    Case("/unreachable/x", 503, log=(r"\[proxy",)),
    Case("/old", 301, host=WHOLE),
    Case("/away", 410, host=WHOLE),
    Case("/rewritten", 302, host=WHOLE),
    Case("/forbidden", 403, host=WHOLE),
    Case("/missing", 404, host=WHOLE),
    Case("/encoded%2Fslash", 404, host=WHOLE),
]
CORE = {("event", False)}
SERVERS = [("event", False), ("event", True), ("worker", False), ("worker", True), ("prefork", False)]


def make_site(server, name):
    page = f"htdocs/{name}"
    for path in ("page.txt", "dir/index.html", "denied/x.txt", "basic/x.txt"):
        server.write(f"{page}/{path}", "hello")
    for folder in ("empty", "moved", "small"):
        server.folder(f"{page}/{folder}")
    reflect = 'echo "Access-Control-Allow-Origin: ${HTTP_ORIGIN:-none}"; echo "Access-Control-Allow-Credentials: true"'
    server.cgi(f"{page}/count.cgi", f'{reflect}; echo "Content-Type: text/plain"; echo; wc -c')
    server.cgi(f"{page}/small/count.cgi", 'echo "Content-Type: text/plain"; echo; cat 2>&1')
    server.cgi(f"{page}/silent.cgi", "exit 0")
    server.cgi(f"{page}/garbage.cgi", "echo garbage")
    server.cgi(
        f"{page}/status.cgi",
        f'echo "Status: $QUERY_STRING"; {reflect}\n'
        'test "$QUERY_STRING" = 302 && echo "Location: https://elsewhere.example/"\n'
        'test "$QUERY_STRING" = 204 || echo "Content-Type: text/plain"; echo',
    )


def make_config(h2):
    protocols = "Protocols h2c http/1.1\n" if h2 else ""
    sites = SITE.replace("NAME", "site").replace("FIGHT", "") + SITE.replace("NAME", "fight").replace("FIGHT", FIGHT)
    main = "<VirtualHost *:${PORT}>\n  ServerName localhost\n</VirtualHost>\n"
    fought = VHOST.replace(WHOLE, f"fight.{WHOLE}").replace("FIGHT", FIGHT)
    return protocols + main + sites + VHOST.replace("FIGHT", "") + fought


@pytest.fixture(scope="module")
def servers(module_httpd, backend):
    """One server for each MPM, started when first asked for."""
    running = {}

    def get(mpm):
        if mpm in running:
            return running[mpm]
        modules = ["headers", "dir", "alias", "rewrite", "auth_basic", "authn_file", "authn_core", "authz_user"]
        modules += ["cgid", "proxy", "proxy_http"] + ([] if mpm == "prefork" else ["http2"])
        # Port 1 of the loopback is closed.
        server = module_httpd(
            modules=modules, mpm=mpm, defines={"BACKEND": backend.port, "CLOSED": 1}, starts_with=["CG0104"]
        )
        server.write("users", "user:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
        for name in ("site", "fight"):
            make_site(server, name)
        server.configure(make_config(h2=mpm != "prefork"))
        running[mpm] = server.start()
        return server

    return get


def parameters():
    for mpm, http2 in SERVERS:
        for fight in (False, True):
            for case in [case for case in CASES if case.http2 or not http2]:
                marks = [pytest.mark.core] if (mpm, http2) in CORE else []
                words = [mpm, "h2" if http2 else "h1"] + (["fight"] if fight else []) + [str(case)]
                yield pytest.param(mpm, http2, fight, case, marks=marks, id="-".join(words))


@pytest.mark.parametrize("mpm, http2, fight, case", parameters())
def test_headers_of_every_status(servers, mpm, http2, fight, case):
    server = servers(mpm)
    host = case.host if case.host != WHOLE or not fight else f"fight.{WHOLE}"
    path = case.path if case.host == WHOLE else f"/{'fight' if fight else 'site'}{case.path}"
    server.expect_log(*case.log)
    for origin, headers in ((APP, ALLOWED), (EVIL, OTHERS), (None, OTHERS)):
        answer = server.request(case.method, path, case.headers, case.body, host, origin, http2)
        assert answer.status == case.status
        assert cors(answer) == headers
        for _, interim in answer.interim:
            assert not [name for name, _ in interim if name.startswith("access-control-") or name == "vary"]
        if fight:
            assert set(answer.values("x-always")) == {"kept"}  # httpd writes it twice in some errors over HTTP/2


@pytest.mark.parametrize("mpm", ["event", "worker", "prefork"])
def test_keep_alive_carries_nothing_over(servers, mpm):
    server = servers(mpm)
    origins = [APP, EVIL, None, APP, None, EVIL, APP]
    lines = [f"Origin: {origin}\r\n" if origin else "" for origin in origins]
    data = "".join(f"GET /site/page.txt HTTP/1.1\r\nHost: localhost\r\n{line}\r\n" for line in lines)
    answers = server.exchange(data.encode(), ["GET"] * len(origins))
    assert [cors(answer) for answer in answers] == [ALLOWED if origin == APP else OTHERS for origin in origins]


def test_expect_continue(servers):
    data = (
        b"POST /site/count.cgi HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n"
        b"Origin: https://app.example\r\nContent-Length: 3\r\n\r\nabc"
    )
    answer = servers("event").exchange(data)[0]
    assert [(status, headers) for status, headers in answer.interim] in ([], [(100, [])])
    assert (answer.status, cors(answer)) == (200, ALLOWED)
