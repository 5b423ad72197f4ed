# SPDX-License-Identifier: Apache-2.0
"""Applications that end: the answers that httpd gives in their place have the guard's headers too."""

import pytest
from applications import APP, KINDS, Application
from cgtest import cors, expected

EVIL = "https://evil.example"
SEPARATE = [name for name, kind in KINDS.items() if kind.process]
ALLOWED = expected(APP, credentials=True, expose="x-count", vary="origin")
OTHERS = expected(vary="origin")
REFUSED = r"AH00957|AH01079|AH01114|AH00959"  # mod_proxy could not connect


@pytest.fixture
def mortal(request):
    application = Application(KINDS[request.param])
    yield application
    application.close()


def check(server, target, status, http2=False):
    for origin, names in ((APP, ALLOWED), (EVIL, OTHERS), (None, OTHERS)):
        answer = server.get(f"/on{target}", origin, http2=http2)
        assert (answer.status, cors(answer)) == (status, names)
    assert cors(server.get(f"/report{target}", APP, http2=http2)) == {}


@pytest.mark.parametrize("mortal", SEPARATE, indirect=True)
def test_backend_that_is_dead(mortal):
    """Not one header without the module, and preflights are answered all the same with it."""
    assert mortal.guarded.get("/on/data", APP).status == 200
    mortal.process.kill()
    mortal.bare.expect_log(REFUSED)
    mortal.guarded.expect_log(REFUSED)
    answer = mortal.bare.get("/on/data", APP)
    assert (answer.status, cors(answer)) == (503, {})
    for http2 in (False, True):
        check(mortal.guarded, "/data", 503, http2)
        assert mortal.guarded.get("/enforce/data", EVIL, http2=http2).status == 403
    answer = mortal.guarded.preflight("/on/data", APP, "PUT")
    assert (answer.status, cors(answer)["access-control-allow-origin"]) == (204, [APP])
    assert mortal.guarded.preflight("/on/data", EVIL, "PUT").status == 403
    answer = mortal.guarded.preflight("/forward/data", APP, "PUT")
    assert (answer.status, cors(answer)["access-control-allow-origin"]) == (503, [APP])
    mortal.process.start()
    answer = mortal.guarded.get("/on/data", APP)
    assert (answer.status, answer.value("access-control-allow-origin")) == (200, APP)


def die(application, server, mode, origin, http2=False):
    """A request that ends the application, which runs again afterwards: gunicorn sees to that itself."""
    answer = server.get(f"/{mode}/die", origin, http2=http2)
    if application.kind.source == "app.js":
        application.process.process.wait(10)
        application.process.start()
    return answer


@pytest.mark.parametrize("mortal", ["gunicorn", "express"], indirect=True)
def test_backend_that_dies_of_a_request(mortal):
    for server in (mortal.bare, mortal.guarded):
        server.expect_log(r"AH01102", r"AH00898")
    answer = die(mortal, mortal.bare, "on", APP)
    assert (answer.status, cors(answer)) == (502, {})
    for mode, origin, names in (("on", APP, ALLOWED), ("on", EVIL, OTHERS), ("on", None, OTHERS), ("report", APP, {})):
        answer = die(mortal, mortal.guarded, mode, origin)
        assert (answer.status, cors(answer)) == (502, names)


@pytest.mark.parametrize("mortal", ["express"], indirect=True)
def test_backend_that_dies_of_a_request_over_http2(mortal):
    """A known limit: this 500 is mod_http2's own, which no filter of the request sees. No header lets anybody in."""
    for server in (mortal.bare, mortal.guarded):
        server.expect_log(r"AH01102", r"AH00898")
        for origin in (APP, EVIL):
            answer = die(mortal, server, "on", origin, http2=True)
            assert (answer.status, cors(answer)) == (500, {})


@pytest.mark.parametrize("mortal", ["mod_wsgi"], indirect=True)
def test_daemon_that_dies_of_a_request(mortal):
    for server in (mortal.bare, mortal.guarded):
        server.expect_log(r"Truncated or oversized response headers received from daemon process")
    answer = mortal.bare.get("/on/die", APP)
    assert (answer.status, cors(answer)) == (500, {})
    for origin, names, http2 in ((APP, ALLOWED, False), (EVIL, OTHERS, False), (APP, ALLOWED, True)):
        answer = mortal.guarded.get("/on/die", origin, http2=http2)
        assert (answer.status, cors(answer)) == (500, names)
