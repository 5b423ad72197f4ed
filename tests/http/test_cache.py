# SPDX-License-Identifier: Apache-2.0
"""mod_cache, with its quick handler and without: whoever asks first, everybody gets his own headers, from the cache."""

import time
from itertools import permutations

import pytest
from cgtest import cors, expected, fresh

ONE = "https://one.example"
TWO = "https://two.example"
EVIL = "https://evil.example"
MISS_THEN_HITS = (False, True)
VISITORS = (ONE, TWO, EVIL, None)
ORDERS = list(permutations(VISITORS))


def name_of(order):
    return "-".join(origin.removeprefix("https://").partition(".")[0] if origin else "none" for origin in order)


POLICY = """CorsAllowOrigin https://one.example https://two.example
  CorsAllowCredentials On
"""

CONFIG = """
Protocols h2c http/1.1
CacheQuickHandler QUICK
CacheRoot "${DIR}/cache"
CacheEnable disk /
CacheHeader on
<Directory "${DOCROOT}">
  Header set Cache-Control max-age=600
</Directory>
<Directory "${DOCROOT}/htaccess">
  AllowOverride FileInfo
</Directory>
<Directory "${DOCROOT}/directory">
  POLICY
</Directory>
<Directory "${DOCROOT}/files">
  <Files page.txt>
    POLICY
  </Files>
</Directory>
<Location /location>
  POLICY
</Location>
<If "%{REQUEST_URI} =~ m#^/if/#">
  POLICY
</If>
<Location /enforced>
  POLICY
  CorsGuard Enforce
</Location>
<Location /public>
  CorsAllowOrigin *
  CorsAllowCredentials Off
</Location>
<Location /fought>
  POLICY
  Header set Access-Control-Allow-Origin "expr=%{req:Origin}"
  Header always set Access-Control-Allow-Credentials true
</Location>
<Location /proxied>
  POLICY
  ProxyPass http://127.0.0.1:${BACKEND}/proxied
</Location>
<Location /enforced-proxied>
  POLICY
  CorsGuard Enforce
  ProxyPass http://127.0.0.1:${BACKEND}/enforced-proxied
</Location>
<Directory "${DOCROOT}/front">
  POLICY
  RewriteEngine On
  RewriteRule !^page /front/page.txt [L]
</Directory>
<VirtualHost *:${PORT}>
  ServerName localhost
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName host.example
  POLICY
</VirtualHost>
"""


@pytest.fixture(scope="module", params=["on", "off"], ids=["quick", "late"])
def server(request, module_httpd, backend):
    modules = ["headers", "cache", "cache_disk", "proxy", "proxy_http", "http2", "rewrite", "dir"]
    server = module_httpd(modules=modules, defines={"BACKEND": backend.port}, starts_with=["CG0104"])
    server.folder("cache", writable=True)
    folders = ("htaccess", "directory", "files", "location", "if", "enforced", "public", "fought", "front", "plain")
    for folder in folders:
        server.write(f"htdocs/{folder}/page.txt", "page")
    server.write("htdocs/htaccess/.htaccess", POLICY)
    server.configure(CONFIG.replace("QUICK", request.param).replace("POLICY", POLICY))
    with server:
        yield server


def from_cache(answer):
    """True for a hit, False for a miss."""
    word = answer.value("x-cache").split()[0]
    assert word in ("HIT", "MISS", "REVALIDATE"), word
    return word == "HIT"


def own(visitor, vary="origin"):
    if visitor in (ONE, TWO):
        return expected(visitor, credentials=True, vary=vary)
    return expected(vary=vary)


def visit(server, target, order, http2=False, host="localhost", headers=(), status=200, vary="origin"):
    """Each visitor of order in turn, and all of them again. Returns whether the first came from the cache, and
    whether all of the second round did (the cache may still be storing when the next one asks)."""
    hits = []
    for visitor in (*order, *order):
        answer = server.get(target, visitor, headers, host=host, http2=http2)
        assert (answer.status, cors(answer)) == (status, own(visitor, vary)), visitor
        hits.append(from_cache(answer))
    return hits[0], all(hits[len(order) :])


def stored(server, target):
    """The answer to the first visitor, once the cache has it."""
    for _ in range(100):
        answer = server.get(target, ONE)
        if from_cache(answer):
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{target} is never stored: {answer}")


PLACES = ["/htaccess/page.txt", "/directory/page.txt", "/files/page.txt", "/location/page.txt", "/if/page.txt"]
PLACES += ["/fought/page.txt", "/front/some/route"]


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("order", ORDERS[::3], ids=name_of)
def test_each_visitor_gets_his_own_headers(server, path, order):
    assert visit(server, fresh(path), order) == MISS_THEN_HITS


@pytest.mark.parametrize("order", ORDERS[::5], ids=name_of)
def test_policy_of_a_virtual_host(server, order):
    assert visit(server, fresh("/plain/page.txt"), order, host="host.example") == MISS_THEN_HITS


@pytest.mark.parametrize("path", ["/htaccess/page.txt", "/location/page.txt", "/proxied/x?reflect=1&cache=60"])
def test_hits_over_http2(server, path):
    assert visit(server, fresh(path), VISITORS, http2=True) == MISS_THEN_HITS


@pytest.mark.parametrize("order", ORDERS[::3], ids=name_of)
def test_reflecting_backend_without_vary(server, backend, order):
    path = fresh("/proxied/shared").replace("?", "").replace("=", "")
    assert visit(server, f"{path}?reflect=1&cache=60", order) == MISS_THEN_HITS
    assert backend.seen["GET", path] <= len(order)


@pytest.mark.parametrize("order", ORDERS[::3], ids=name_of)
def test_reflecting_backend_with_vary(server, order):
    first, _ = visit(server, fresh("/proxied/x?reflect=1&cache=60&vary=Origin"), order)
    assert not first


def test_backend_varies_by_something_else(server):
    for language in ("de", "en"):
        headers = [("Accept-Language", language)]
        target = "/proxied/language?reflect=1&cache=60&vary=Accept-Language"
        visit(server, target, VISITORS, headers=headers, vary="origin accept-language")


@pytest.mark.parametrize("path", ["/enforced/page.txt", "/enforced-proxied/x?reflect=1&cache=60"])
@pytest.mark.parametrize("order", ORDERS[::3], ids=name_of)
def test_enforce_refuses_on_a_hit_too(server, path, order):
    target = fresh(path)
    hits = []
    for visitor in (*order, *order):
        answer = server.get(target, visitor)
        assert cors(answer) == own(visitor)
        if visitor == EVIL:
            assert answer.status == 403
            assert b"page" not in answer.body and b"backend" not in answer.body
            continue
        assert answer.status == 200
        hits.append(from_cache(answer))
    assert not hits[0] and all(hits[3:])


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
@pytest.mark.parametrize("path", ["/enforced/page.txt", "/enforced-proxied/x?reflect=1&cache=60&header=ETag:%22tag%22"])
def test_enforce_refuses_every_kind_of_hit(server, path, http2):
    target = fresh(path)
    tag = stored(server, target).value("etag")
    for headers in ([("If-None-Match", tag)], [("Range", "bytes=1-2")], [("If-None-Match", "*")], [("Accept", "*/*")]):
        for method in ("GET", "HEAD"):
            answer = server.request(method, target, headers, origin=EVIL, http2=http2)
            assert (answer.status, cors(answer)) == (403, expected(vary="origin")), headers
    assert from_cache(server.get(target, TWO, http2=http2))


@pytest.mark.parametrize(
    "target, cached",
    [
        ("http://localhost/htaccess/page.txt?x", False),  # to mod_cache another resource
        ("//htaccess//page.txt", True),
        ("/%68taccess/page.txt", True),
        ("/plain/../htaccess/page.txt", True),
    ],
)
def test_odd_targets(server, target, cached):
    """The policy is that of the resource, however its URL is written."""
    for visitor in (*VISITORS, *VISITORS):
        answer = server.get(target, visitor)
        assert (answer.status, cors(answer)) == (200, own(visitor))
    assert not cached or from_cache(answer)


@pytest.mark.parametrize("origin", ["null", "https://one.example/", "https://one.example, https://two.example"])
def test_malformed_origin_on_a_hit(server, origin):
    target = fresh("/htaccess/page.txt")
    stored(server, target)
    answer = server.get(target, origin)
    assert (answer.status, cors(answer), from_cache(answer)) == (200, expected(vary="origin"), True)


def test_own_origin_on_a_hit(server):
    target = fresh("/enforced/page.txt")
    stored(server, target)
    answer = server.get(target, "http://localhost")
    assert (answer.status, cors(answer), from_cache(answer)) == (200, expected(vary="origin"), True)


def test_wildcard_policy(server):
    target = fresh("/public/page.txt")
    for visitor in (*VISITORS, *VISITORS):
        answer = server.get(target, visitor)
        assert (answer.status, cors(answer)) == (200, expected("*"))
    assert from_cache(answer)


def test_no_policy_in_effect(server):
    target = fresh("/plain/page.txt")
    for visitor in (*VISITORS, *VISITORS):
        answer = server.get(target, visitor)
        assert (answer.status, cors(answer)) == (200, {})
    assert from_cache(answer)


@pytest.mark.parametrize("path", ["/htaccess/page.txt", "/location/page.txt"])
def test_not_modified_from_the_cache(server, path):
    target = fresh(path)
    tag = stored(server, target).value("etag")
    for visitor in VISITORS:
        answer = server.get(target, visitor, [("If-None-Match", tag)])
        assert (answer.status, cors(answer)) == (304, own(visitor))


@pytest.mark.parametrize("path", ["/htaccess/page.txt", "/location/page.txt"])
def test_head_and_range_from_the_cache(server, path):
    target = fresh(path)
    stored(server, target)
    for visitor in VISITORS:
        answer = server.request("HEAD", target, origin=visitor)
        assert (answer.status, cors(answer)) == (200, own(visitor))
        answer = server.get(target, visitor, [("Range", "bytes=1-2")])
        assert (answer.status, cors(answer)) == (206, own(visitor))


@pytest.mark.parametrize("path", ["/htaccess/page.txt", "/location/page.txt", "/proxied/x?cache=60"])
def test_preflight_of_a_cached_resource(server, path):
    target = fresh(path)
    for _ in range(2):
        server.get(target, ONE)
        answer = server.preflight(target, TWO)
        assert (answer.status, answer.body) == (204, b"")
        assert cors(answer) == expected(TWO, credentials=True, vary="preflight")
        answer = server.preflight(target, EVIL)
        assert (answer.status, cors(answer)) == (403, expected(vary="preflight"))


def test_cached_verdict_is_logged(server):
    target = fresh("/htaccess/page.txt")
    server.get(target, ONE)
    server.get(f"{target}&", EVIL)
    server.get(f"{target}&", ONE)
    assert server.verdict(target) == ("allowed", "-")
    assert server.verdicts(f"{target}&", 2) == [("allowed", "-"), ("denied", "origin-not-allowed")]


def test_changed_htaccess_holds_for_what_is_cached(server):
    """Each hit is decided by the policy of today."""
    file = server.write("htdocs/htaccess/changing/.htaccess", f"CorsAllowOrigin {ONE}\nCorsAllowCredentials Off\n")
    server.write("htdocs/htaccess/changing/page.txt", "page")
    assert cors(server.get("/htaccess/changing/page.txt", ONE)) == expected(ONE, vary="origin")
    assert cors(server.get("/htaccess/changing/page.txt", TWO)) == expected(vary="origin")
    file.write_text(f"CorsAllowOrigin {TWO}\nCorsAllowCredentials Off\n")
    answer = server.get("/htaccess/changing/page.txt", TWO)
    assert (cors(answer), from_cache(answer)) == (expected(TWO, vary="origin"), True)
    assert cors(server.get("/htaccess/changing/page.txt", ONE)) == expected(vary="origin")
