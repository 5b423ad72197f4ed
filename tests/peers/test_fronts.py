# SPDX-License-Identifier: Apache-2.0
"""TLS ends in front of httpd, at nginx and at HAProxy: whose pages are this site's own, and what reaches browsers."""

import pytest
from cgtest import Httpd, cors, expected, fresh, free_port
from fronts import CLIENT, DOMAIN, Front

APP = "https://app.example"
EVIL = "https://evil.example"
INNER = "https://inner.example"
OTHERS = expected(vary="origin")
ALLOWED = expected(APP, credentials=True, vary="origin")

SITE = """
  <IfModule mod_cors_guard.c>
    CorsGuard Enforce
    CorsAllowOrigin https://app.example
    <Location /api>
      CorsGuard On
      CorsAllowCredentials On
    </Location>
    <Location /inner>
      <If "-R '127.0.0.2'">
        CorsAllowOrigin https://inner.example
      </If>
    </Location>
    SELF
  </IfModule>
  ProxyPass /api http://127.0.0.1:${BACKEND}
  Alias /inner "${DOCROOT}"
  Alias /other-host "${DOCROOT}"
"""
# Virtual hosts by what each says of the front. The first one serves requests for names that no host has.
HOSTS = {
    "outside": ("outside.example.test", "CorsSelfOrigin https://outside.example.test:${FRONT}"),
    "plain": ("plain.example.test", ""),
    "named": ("https://named.example.test:${FRONT}", ""),
    "listed": ("listed.example.test", "CorsSelfOrigin https://listed.example.test:${FRONT}"),
}
MODULES = ("alias", "proxy", "proxy_http", "remoteip")
HTTP = pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])


def config():
    lines = ["RemoteIPHeader X-Forwarded-For", "RemoteIPInternalProxy 127.0.0.1", "Listen 127.0.0.1:${ADDRESSED}"]
    for name, (server_name, own) in HOSTS.items():
        lines += ["<VirtualHost *:${PORT}>", f"ServerName {server_name}", SITE.replace("SELF", own), "</VirtualHost>"]
    lines += ["<VirtualHost *:${ADDRESSED}>", "ServerName https://addressed.example.test:${FRONT}"]
    return "\n".join([*lines, "RemoteIPProxyProtocol On", SITE.replace("SELF", ""), "</VirtualHost>"])


class Pair:
    """A front, and the httpd behind it."""

    def __init__(self, kind, backend, guard=True):
        self.kind = kind
        addressed = free_port()
        self.httpd = Httpd(MODULES, guard=guard, defines={"BACKEND": backend.port, "ADDRESSED": addressed, "FRONT": 0})
        self.front = Front(kind, self.httpd.port, addressed)
        self.httpd.defines["FRONT"] = self.front.port
        self.httpd.write("htdocs/x.txt", "page")
        self.httpd.configure(config())
        self.httpd.start()

    def close(self):
        self.front.close()
        self.httpd.close()


@pytest.fixture(scope="module", params=["nginx", "haproxy"])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def guarded(kind, backend):
    pair = Pair(kind, backend)
    yield pair
    pair.close()


@pytest.fixture(scope="module")
def bare(kind, backend):
    pair = Pair(kind, backend, guard=False)
    yield pair
    pair.close()


# what reaches browsers


@HTTP
def test_without_the_module(bare, http2):
    """The control: what the application says of any origin goes through both servers."""
    for origin in (APP, EVIL):
        answer = bare.front.request("named", "GET", "/api/x?reflect=1&header=Set-Cookie:a=1", origin, http2=http2)
        assert (answer.status, answer.version[0], answer.value("set-cookie")) == (200, "2" if http2 else "1", "a=1")
        assert answer.value("access-control-allow-origin") == origin
    assert bare.front.preflight("named", "/api/x?reflect=1", EVIL, http2=http2).status == 200


@HTTP
@pytest.mark.parametrize("status", [200, 404, 500, 503])
def test_with_the_module(guarded, status, http2):
    target = f"/api/x?reflect=1&header=Set-Cookie:a=1&status={status}"
    for origin, names in ((APP, ALLOWED), (EVIL, OTHERS), (None, OTHERS)):
        answer = guarded.front.request("named", "GET", target, origin, http2=http2)
        assert (answer.status, answer.value("set-cookie"), cors(answer)) == (status, "a=1", names)


@HTTP
def test_preflight_does_not_reach_the_application(guarded, backend, http2):
    path = fresh("/x").replace("?", "").replace("=", "")
    for origin, status in ((APP, 204), (EVIL, 403)):
        answer = guarded.front.preflight("named", f"/api{path}", origin, http2=http2)
        names = expected(APP, credentials=True, vary="preflight") if origin == APP else expected(vary="preflight")
        assert (answer.status, answer.body, cors(answer)) == (status, b"", names)
    assert backend.seen["OPTIONS", path] == 0


def test_front_that_adds_headers_of_its_own(guarded):
    """What cannot be guarded: a line that is added behind httpd. Browsers refuse an answer with two."""
    answer = guarded.front.request("named", "GET", "/api/added", APP)
    assert sorted(answer.values("access-control-allow-origin")) == ["*", APP]


# whose pages are this site's own


@HTTP
@pytest.mark.parametrize(
    "name, scheme, verdict",
    [
        ("plain", "https", "denied"),  # httpd cannot know that TLS ends at the front
        ("plain", "http", "same-origin"),
        ("named", "https", "same-origin"),
        ("named", "http", "denied"),
        ("listed", "https", "same-origin"),
        ("listed", "http", "same-origin"),
    ],
)
def test_own_origin(guarded, name, scheme, verdict, http2):
    target = fresh("/x.txt")
    answer = guarded.front.request(name, "POST", target, guarded.front.site(name, scheme), body=b"a=1", http2=http2)
    assert (answer.status, cors(answer)) == (403 if verdict == "denied" else 200, OTHERS)
    assert guarded.httpd.verdict(target)[0] == verdict


def test_own_port_is_part_of_the_origin(guarded):
    for name in ("named", "listed"):
        assert guarded.front.request(name, "POST", "/x.txt", f"https://{name}.{DOMAIN}", body=b"a=1").status == 403


@pytest.mark.parametrize("name", ["plain", "named", "listed"])
def test_browser_says_whose_page_it_is(guarded, name):
    site = guarded.front.site(name)
    for word, status in (("same-origin", 200), ("same-site", None), ("cross-site", None)):
        answer = guarded.front.request(name, "POST", "/x.txt", site, [("Sec-Fetch-Site", word)], b"a=1")
        assert answer.status == (status or (403 if name == "plain" else 200))


@pytest.mark.parametrize("name, status", [("plain", 403), ("named", 200)])
def test_what_the_front_says_of_the_scheme_is_not_read(guarded, name, status):
    """Both fronts send X-Forwarded-Proto: https; a client may add its own."""
    for headers in ([], [("X-Forwarded-Proto", "http")], [("Forwarded", "proto=https"), ("X-Forwarded-Ssl", "on")]):
        answer = guarded.front.request(name, "POST", "/x.txt", guarded.front.site(name), headers, b"a=1")
        assert answer.status == status


def test_front_that_replaces_host(guarded):
    """httpd gets its own address as Host: CorsSelfOrigin of the first virtual host makes up for it."""
    for name, status in (("outside", 200), ("named", 403)):
        answer = guarded.front.request("outside", "POST", "/other-host/x.txt", guarded.front.site(name), body=b"a=1")
        assert (answer.status, cors(answer)) == (status, OTHERS)


# whose address it is


def hosts_with_address(pair):
    return ["named", "addressed"] if pair.kind == "haproxy" else ["named"]


def test_log_names_the_client(guarded):
    """By mod_remoteip, from X-Forwarded-For and from the PROXY protocol."""
    for name in hosts_with_address(guarded):
        assert guarded.front.request(name, "GET", "/x.txt", EVIL).status == 403
        line = guarded.httpd.wait_for_log(r"CG0001.*https://evil\.example")
        assert f"[client {CLIENT}" in line
        guarded.httpd.judge_log()


def test_policy_of_a_client_address(guarded):
    for name in hosts_with_address(guarded):
        answer = guarded.front.request(name, "GET", "/inner/x.txt", INNER)
        assert (answer.status, cors(answer)) == (200, expected(INNER, vary="origin"))
        assert guarded.front.request(name, "GET", "/inner/x.txt", APP).status == 403
    answer = guarded.httpd.get("/inner/x.txt", INNER, host=f"named.{DOMAIN}")  # not by the front: from 127.0.0.1
    assert answer.status == 403
