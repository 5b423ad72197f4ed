# SPDX-License-Identifier: Apache-2.0
"""The soak (docs/testing.md) in short: a few restarts. What needs many of them, growth and rare failures, is judged by
"make soak" alone."""

import os
import time

import pytest
from cgsoak import judge
from cgsoak.soak import Soak
from cgsoak.steady import keep_steady

RESTARTS = 3


@pytest.mark.parametrize("mpm", ["event", "worker", "prefork"])
def test_restarts_under_traffic(mpm):
    with Soak(mpm) as soak:
        soak.restarts(RESTARTS)
        found = [*judge.answers(soak), *judge.leaks(soak.guarded, soak.bare)]
        assert not found, "\n".join(found)
        assert soak.restarted == RESTARTS
        for record in soak.records:
            assert sum(record.tally.pressed.values()) > 0
            assert not record.server.crashes()
        groups = [(server.process.pid, server.dir) for server in (soak.backend, *soak.servers)]
    for group, folder in groups:
        assert is_gone(group) and not folder.exists()


def is_gone(group):
    """Whether no process of a group is left. mod_cgid's daemon and loggers end by themselves, soon."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_one_process_does_not_grow(backend, requests):
    tally, series = keep_steady(backend, requests, 10_000)
    assert (tally.wrongs, tally.failed.total()) == (0, 0), "\n".join(tally.wrong)
    assert list(judge.unsteady("one process", series)) == []
