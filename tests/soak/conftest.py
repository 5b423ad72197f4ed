# SPDX-License-Identifier: Apache-2.0
"""The requests of the soak, and a server behind mod_proxy, once for all tests of this folder."""

from contextlib import ExitStack, contextmanager

import pytest
from cgsoak.server import SoakHttpd, served
from cgsoak.site import all_requests, learn
from cgsoak.soak import backend_httpd
from cgsoak.tally import Generations
from cgsoak.traffic import Traffic


@pytest.fixture(scope="session")
def backend():
    with served(backend_httpd()) as server:
        yield server.port


@pytest.fixture(scope="session")
def requests(backend):
    """All of them, with what each is owed."""
    with served(SoakHttpd(backend, guard=False)) as bare:
        return learn(all_requests(), bare)


@pytest.fixture
def make_server(backend):
    """make_server(mpm=..., more=...): a started server with the module and the site."""
    with ExitStack() as stack:
        yield lambda kind=SoakHttpd, **options: stack.enter_context(served(kind(backend, **options)))


@pytest.fixture
def checked(requests):
    """with checked(server) as traffic: what the server answers meanwhile is compared, and must be right."""

    @contextmanager
    def check(server, failing=(), **options):
        """failing: beginnings of the failures that this test causes."""
        traffic = Traffic(server, requests, Generations(), **options)
        with traffic:
            yield traffic
        tally = traffic.tally
        assert tally.wrongs == 0, "\n".join(tally.wrong)
        assert tally.decisive > 0
        other = {how: count for how, count in tally.failed.items() if not how.startswith(tuple(failing))}
        assert not other, other
        assert not server.crashes()

    return check
