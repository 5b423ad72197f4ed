# SPDX-License-Identifier: Apache-2.0
"""Fixtures of all tests that start an httpd. The harness itself is in http/cgtest/."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "http"))

from cgtest import Backend, Httpd, LogMismatch, PhpCgi  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "core: the quick part that every change runs")


@pytest.fixture
def make_httpd():
    """Makes servers that this test alone uses: make_httpd(modules=[...]) as Httpd(...); closed behind it."""
    yield from closing_maker()


@pytest.fixture(scope="module")
def module_httpd():
    """The same for servers that the tests of one module share."""
    yield from closing_maker()


def closing_maker():
    servers = []

    def make(*arguments, **options):
        servers.append(Httpd(*arguments, **options))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.fixture(autouse=True)
def clean_error_log(make_httpd):
    """After every test the error log of every server holds only what the test named (Httpd.expect_log).
    make_httpd is asked for only so that its servers are closed after this."""
    yield
    problems = []
    for server in Httpd.registry:
        try:
            server.judge_log()
        except LogMismatch as problem:
            problems.append(str(problem))
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.fixture(scope="module")
def backend():
    """An HTTP backend: see cgtest/backend.py for what its URLs can be told."""
    server = Backend()
    yield server
    server.close()


@pytest.fixture(scope="module")
def php():
    server = PhpCgi()
    yield server
    server.close()
