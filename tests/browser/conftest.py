# SPDX-License-Identifier: Apache-2.0
"""Both browsers, one after the other, and the sites that they visit."""

import json

import pytest
from browsers import PROGRAMS, Browser
from web import Web


@pytest.fixture(scope="session")
def web():
    web = Web()
    yield web
    web.close()


@pytest.fixture(scope="session", params=PROGRAMS)
def browser(request, web):
    browser = Browser(request.param, web.authority)
    yield browser
    browser.close()


@pytest.fixture
def perform(request, browser, web):
    """Has the browser do a case, and compares outcomes and requests with what they must be. fresh: the case is about
    what a browser keeps, and must not find anything."""

    def perform(name, case, fresh=False):
        case, token = case.seen_by(browser.kind), f"{browser.kind}-{request.node.originalname}-{name}"
        web.guarded.expect_log(*case.errors)
        steps = [{"page": f"{case.page}/page.html", **step} for step in case.steps]
        steps = json.loads(web.located(json.dumps(steps).replace("case=@", f"case={token}")))
        outcomes = browser.perform(steps, fresh)
        found = web.requested(token, [case.requests, *case.or_else])
        assert (outcomes, found) == (case.outcomes, found if found in case.or_else else case.requests)

    return perform
