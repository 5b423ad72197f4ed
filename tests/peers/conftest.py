# SPDX-License-Identifier: Apache-2.0
"""The applications, once for all tests. Each is on two servers: with the module, and without."""

import pytest
from applications import KINDS, Application


@pytest.fixture(scope="session")
def running():
    """Applications by name, started when first asked for."""
    started = {}

    def get(name):
        if name not in started:
            started[name] = Application(KINDS[name])
        return started[name]

    yield get
    for application in started.values():
        application.close()


@pytest.fixture(params=KINDS)
def application(request, running):
    return running(request.param)
