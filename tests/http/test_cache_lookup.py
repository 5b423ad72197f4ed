# SPDX-License-Identifier: Apache-2.0
"""A hit of mod_cache's quick handler has the policy that the same request has without a cache."""

import time

import pytest
from cgtest import cors, expected, fresh

ONE = "https://one.example"
EVIL = "https://evil.example"

CONFIG = """
CacheHeader on
CacheRoot "${DIR}/cache"
CacheEnable disk /
RewriteEngine On
RewriteRule ^/nosubreq/(.*)$ /restricted/$1 [NS,PT]
RewriteCond %{IS_SUBREQ} false
RewriteRule ^/condition/(.*)$ /restricted/$1 [PT]
RewriteCond %{REQUEST_METHOD} HEAD
RewriteRule ^/head/(.*)$ /restricted/$1 [PT]
<Directory "${DOCROOT}">
  Header set Cache-Control max-age=600
  CorsAllowOrigin *
</Directory>
<Directory "${DOCROOT}/restricted">
  CorsAllowOrigin https://one.example
</Directory>
<Directory "${DOCROOT}/branch">
  CorsAllowOrigin https://one.example
</Directory>
<If "%{REQUEST_URI} =~ m#^/branch# && %{IS_SUBREQ} == 'true'">
  CorsAllowOrigin *
</If>
<Location /only>
  CorsAllowOrigin https://one.example
</Location>
"""


@pytest.fixture(scope="module")
def server(module_httpd):
    server = module_httpd(modules=["headers", "cache", "cache_disk", "rewrite"])
    server.folder("cache", writable=True)
    for folder in ("restricted", "branch", "only", "head"):
        server.write(f"htdocs/{folder}/page.txt", "page")
    server.configure(CONFIG)
    with server:
        yield server


def store(server, target):
    for _ in range(100):
        if (server.get(target, ONE).value("x-cache") or "").startswith("HIT"):
            return
        time.sleep(0.02)
    raise AssertionError("never stored")


@pytest.mark.parametrize("path", ["/nosubreq/page.txt", "/condition/page.txt", "/branch/page.txt"])
def test_hit_denies_whom_the_miss_denied(server, path):
    target = fresh(path)
    assert cors(server.get(target, EVIL)) == expected(vary="origin")  # the miss
    store(server, target)
    assert cors(server.get(target, EVIL)) == expected(vary="origin")  # the hit


def test_hit_of_head_has_the_policy_of_head(server):
    target = fresh("/head/page.txt")
    assert cors(server.request("HEAD", target, origin=EVIL)) == expected(vary="origin")
    store(server, target)
    assert cors(server.request("HEAD", target, origin=EVIL)) == expected(vary="origin")


@pytest.mark.parametrize("origin", [ONE, EVIL, None])
def test_only_if_cached_that_is_not_cached(server, origin):
    answer = server.get(fresh("/only/page.txt"), origin, [("Cache-Control", "only-if-cached")])
    assert (answer.status, cors(answer)) == (504, expected(ONE if origin == ONE else None, vary="origin"))


def test_hit_has_its_policy_after_a_graceful_restart(server):
    target = fresh("/restricted/page.txt")
    server.get(target, ONE)
    store(server, target)
    server.graceful()
    for origin in (ONE, EVIL, None):
        answer = server.get(target, origin)
        assert answer.value("x-cache").startswith("HIT")
        assert cors(answer) == expected(ONE if origin == ONE else None, vary="origin")
