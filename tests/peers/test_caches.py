# SPDX-License-Identifier: Apache-2.0
"""Shared caches: mod_cache_disk in the same httpd, with its quick handler and without, and Varnish in front. What one
origin was told is never told another one. What a cache did is told by its own header, and by the application's log."""

from itertools import permutations

import pytest
from applications import APP, KINDS, OTHER, Application
from cgtest import cors, exchange, expected, fresh
from cgtest.client import request_bytes
from varnish import Varnish

EVIL = "https://evil.example"
VISITORS = (APP, OTHER, EVIL, None)
ORDERS = list(permutations(VISITORS))
MOD_CACHE = 'CacheRoot "${DIR}/cache"\nCacheEnable disk /\nCacheHeader on\n'
CACHES = {"quick": f"{MOD_CACHE}CacheQuickHandler on", "late": f"{MOD_CACHE}CacheQuickHandler off", "varnish": ""}
# CorsGuard On of an application that sends no Vary: how many fetches serve the four visitors.
FETCHES = {"quick": 1, "late": 1, "varnish": 4}


class Client:
    """Reads until the connection ends, which is when mod_cache has stored what it sent."""

    def __init__(self, port):
        self.port = port

    def request(self, method, target, origin=None, headers=()):
        headers = [("Connection", "close"), *([("Origin", origin)] if origin else []), *headers]
        [answer] = exchange(self.port, request_bytes(method, target, headers), [method, method])
        return answer

    def get(self, target, origin=None, headers=()):
        return self.request("GET", target, origin, headers)

    def preflight(self, target, origin, method):
        return self.request("OPTIONS", target, origin, [("Access-Control-Request-Method", method)])


class Cache:
    """An application behind httpd with a cache; bare and guarded are where requests go."""

    def __init__(self, name, kind):
        self.name = name
        self.application = Application(KINDS[kind], CACHES[name], () if name == "varnish" else ("cache", "cache_disk"))
        self.servers = [self.application.bare, self.application.guarded]
        self.fronts = [Varnish(server.port) for server in self.servers] if name == "varnish" else []
        self.bare, self.guarded = [Client(server.port) for server in self.fronts or self.servers]
        # What makes the cache ask the application again, in the request that stores and in the one that asks.
        self.stored_stale = [("X-Stale", "yes")] if self.fronts else []
        self.asked_stale = [] if self.fronts else [("Cache-Control", "max-age=0")]

    def did(self, answer):
        """HIT, MISS or REVALIDATE, as the cache says. Varnish also names the request that stored what it found."""
        if not self.fronts:
            return answer.value("x-cache").split()[0]
        word = answer.value("x-was")
        assert (word == "HIT") == (len(answer.value("x-varnish").split()) == 2)
        return word

    def close(self):
        for front in self.fronts:
            front.close()
        self.application.close()



@pytest.fixture(scope="module", params=CACHES)
def cache(request):
    """In front of Express, whose answer names one origin and has no Vary: the usual mistake."""
    cache = Cache(request.param, "express")
    yield cache
    cache.close()


@pytest.fixture(scope="module", params=CACHES)
def varying_cache(request):
    """In front of Flask, whose answer has Vary: Origin."""
    cache = Cache(request.param, "gunicorn")
    yield cache
    cache.close()


def own(visitor):
    if visitor in (APP, OTHER):
        return expected(visitor, credentials=True, expose="x-count", vary="origin")
    return expected(vary="origin")


def name_of(order):
    return "-".join(origin.removeprefix("https://").partition(".")[0] if origin else "none" for origin in order)


# the control


def test_poisoned_without_the_module(cache):
    """Whoever asks first decides what all others are told, as the application leaves Vary out."""
    target = fresh("/cached")
    told = expected(EVIL, credentials=True, expose="x-app")
    assert cors(cache.bare.get(f"/on{target}", EVIL)) == told
    for visitor in (APP, OTHER, None):
        answer = cache.bare.get(f"/on{target}", visitor)
        assert (cors(answer), cache.did(answer)) == (told, "HIT")
    assert cache.application.seen(target) == ["GET"]


def test_poisoned_by_no_origin_without_the_module(cache):
    """An image tag is first: scripts of allowed pages are refused from then on."""
    target = fresh("/cached")
    told = expected(None, credentials=True, expose="x-app")
    assert cors(cache.bare.get(f"/on{target}")) == told
    answer = cache.bare.get(f"/on{target}", APP)
    assert (cors(answer), cache.did(answer)) == (told, "HIT")


def test_report_leaves_the_poison(cache):
    target = fresh("/cached")
    for visitor in (EVIL, APP):
        answer = cache.guarded.get(f"/report{target}", visitor)
        assert cors(answer) == expected(EVIL, credentials=True, expose="x-app")
    assert cache.did(answer) == "HIT"


# the module


@pytest.mark.parametrize("order", ORDERS, ids=name_of)
def test_each_visitor_gets_his_own_headers(cache, order):
    target = fresh("/cached")
    for visitor in order:
        answer = cache.guarded.get(f"/on{target}", visitor)
        assert (answer.status, cors(answer), answer.text) == (200, own(visitor), "cached")
    for visitor in order[::-1]:
        answer = cache.guarded.get(f"/on{target}", visitor)
        assert (answer.status, cors(answer), cache.did(answer)) == (200, own(visitor), "HIT")
    assert cache.application.seen(target) == ["GET"] * FETCHES[cache.name]


@pytest.mark.parametrize("order", ORDERS[::5], ids=name_of)
def test_application_with_vary(varying_cache, order):
    """One object an origin; in mod_cache fewer, once the answer to a request without Origin, which has no Vary, is
    there for all."""
    cache, target = varying_cache, fresh("/cached")
    for round in (1, 2):
        for visitor in order:
            answer = cache.guarded.get(f"/on{target}", visitor)
            assert (answer.status, cors(answer)) == (200, own(visitor))
            assert round == 1 or cache.did(answer) == "HIT"
    fetches = len(cache.application.seen(target))
    assert fetches == len(order) if cache.name == "varnish" else fetches in range(1, len(order) + 1)


def test_wildcard_policy_is_stored_once(cache):
    """No Vary is added, so that one object serves everybody."""
    target = fresh("/cached")
    for visitor in (*VISITORS, *VISITORS):
        answer = cache.guarded.get(f"/public{target}", visitor)
        assert (answer.status, cors(answer)) == (200, expected("*"))
    assert cache.did(answer) == "HIT"
    assert cache.application.seen(target) == ["GET"]


@pytest.mark.parametrize("order", ORDERS[::5], ids=name_of)
def test_enforce(cache, order):
    """A refusal is not stored, and no hit gets round it."""
    target = fresh("/cached")
    for visitor in (*order, *order):
        answer = cache.guarded.get(f"/enforce{target}", visitor)
        assert (answer.status, cors(answer)) == (403 if visitor == EVIL else 200, own(visitor))
        assert (b"cached" in answer.body) == (visitor != EVIL)
    last = cache.guarded.get(f"/enforce{target}", APP)
    assert (last.status, cache.did(last)) == (200, "HIT")
    assert len(cache.application.seen(target)) <= 3


def test_not_modified_from_the_cache(cache):
    """A browser has it already, and the cache too: the cache's own 304."""
    target = fresh("/cached")
    for visitor in VISITORS:
        cache.guarded.get(f"/on{target}", visitor)
    for visitor in VISITORS:
        answer = cache.guarded.get(f"/on{target}", visitor, [("If-None-Match", '"c1"')])
        assert (answer.status, cors(answer), cache.did(answer)) == (304, own(visitor), "HIT")
    assert len(cache.application.seen(target)) == FETCHES[cache.name]


def test_revalidation(cache):
    """The cache asks whether what it has is still good, the application says 304: each visitor's own headers stay."""
    target = fresh("/cached")
    for visitor in VISITORS:
        cache.guarded.get(f"/on{target}", visitor, cache.stored_stale)
    before = len(cache.application.seen(target))
    for count, visitor in enumerate(VISITORS[::-1], 1):
        answer = cache.guarded.get(f"/on{target}", visitor, cache.asked_stale)
        assert (answer.status, cors(answer), cache.did(answer)) == (200, own(visitor), "REVALIDATE")
        assert len(cache.application.seen(target)) == before + count
    for visitor in VISITORS:
        answer = cache.guarded.get(f"/on{target}", visitor)
        assert (answer.status, cors(answer), cache.did(answer)) == (200, own(visitor), "HIT")


def test_head(cache):
    target = fresh("/cached")
    for visitor in (*VISITORS, *VISITORS):
        assert cors(cache.guarded.get(f"/on{target}", visitor)) == own(visitor)
        answer = cache.guarded.request("HEAD", f"/on{target}", origin=visitor)
        assert (answer.status, cors(answer)) == (200, own(visitor))


def test_preflights_pass_the_cache_by(cache):
    target = fresh("/cached")
    for _ in range(2):
        for origin, status in ((APP, 204), (EVIL, 403), (OTHER, 204)):
            answer = cache.guarded.preflight(f"/on{target}", origin, "PUT")
            assert (answer.status, answer.values("access-control-allow-origin")) == (
                status,
                [origin] if status == 204 else [],
            )
        cache.guarded.get(f"/on{target}", APP)
    assert set(cache.application.seen(target)) == {"GET"}


def test_origin_that_is_allowed_no_longer():
    """Varnish keeps for an origin what it was told, until it fetches anew: a 304 without a header takes none away
    (RFC 9111, 3.2). mod_cache decides each hit by the policy of today."""
    cache = Cache("varnish", "express")
    try:
        target = fresh("/cached")
        assert cors(cache.guarded.get(f"/on{target}", APP, cache.stored_stale)) == own(APP)
        server = cache.application.guarded
        policy = (server.dir / "site.conf").read_text().replace(f"{APP} {OTHER}", OTHER)
        server.configure(policy)
        server.graceful()
        assert cors(server.get(f"/on{target}", APP)) == own(EVIL)
        for did in ("REVALIDATE", "HIT"):
            answer = cache.guarded.get(f"/on{target}", APP)
            assert (cors(answer), cache.did(answer)) == (own(APP), did)
        assert cors(cache.guarded.get(fresh(f"/on{target}"), APP)) == own(EVIL)
    finally:
        cache.close()
