# SPDX-License-Identifier: Apache-2.0
"""What goes wrong around httpd while it serves. Every answer that arrives is right all the same."""

import os
import random
import signal
import time

import pytest
from cgsoak.http1 import Http1Client
from cgsoak.tally import Generations
from cgtest import cors, expected

MPMS = pytest.mark.parametrize("mpm", ["event", "worker", "prefork"])
CUT = ("the connection ended", "a new connection ended", "no connection", "HTTP/2: ")
KILLS = 8
LONGEST = 8190  # bytes of Access-Control-Request-Headers that the module reads
ONE = "https://one.example"  # allowed by the site's first policy


def pause():
    time.sleep(0.15)


def loggers_of(server):
    """The processes that write its logs, by file."""
    found = {}
    for pid in server.children():
        try:
            with open(f"/proc/{pid}/cmdline", encoding="ascii") as command:
                words = command.read().split("\0")
        except FileNotFoundError:
            continue
        if words[0].endswith("tee"):
            found[words[2]] = pid
    return found


@MPMS
def test_children_are_killed(make_server, checked, mpm):
    server, choice = make_server(mpm=mpm), random.Random(3).choice
    killed = set()
    with checked(server, failing=CUT):
        while len(killed) < KILLS:
            killed |= {server.kill_child(choice)} - {None}
            pause()
    assert server.get("/x.txt", ONE, host="app.test").status == 200


@MPMS
def test_children_end_after_a_few_connections(make_server, checked, mpm):
    server = make_server(mpm=mpm, more="MaxConnectionsPerChild 5\n")
    seen = set()
    with checked(server, rounds=2):
        while len(seen) < KILLS:
            seen |= set(server.workers())
            time.sleep(0.01)


def test_loggers_die(make_server, checked):
    """httpd starts another one for the access log, none for the main error log: denials are written into nothing."""
    more = ["LogLevel cors_guard:info", 'ErrorLog "|/usr/bin/tee -a logs/piped"']
    more.append('CustomLog "|/usr/bin/tee -a logs/lines" guard')
    server = make_server(more="\n".join([*more, ""]))
    killed = set()
    with checked(server):
        while len(killed) < 4:
            for logger in set(loggers_of(server).values()) - killed:
                os.kill(logger, signal.SIGKILL)
                killed.add(logger)
            pause()
    server.wait(lambda: "logs/lines" in loggers_of(server), "did not start its logger again")
    assert loggers_of(server).keys() == {"logs/lines"}
    server.get("/x.txt?last", ONE, host="app.test")
    server.wait_for_line(lambda: server.read_log("lines"), r"^allowed - 200 GET /x.txt\?last", "piped access log")


def test_disk_is_full(make_server, checked):
    """Nothing can be logged: neither denials nor requests."""
    server = make_server(more='LogLevel cors_guard:info\nErrorLog /dev/full\nCustomLog /dev/full guard\n')
    before = server.log_size()
    with checked(server):
        time.sleep(2)
    assert server.log_size() == before


def test_first_process_is_killed(make_server, checked, requests):
    """Its children serve on. Then they are ended, and httpd is started again over what is left."""
    server = make_server()
    group = server.process.pid
    with checked(server):
        time.sleep(0.5)
        server.process.kill()
        server.process.wait()
        time.sleep(1)
    os.killpg(group, signal.SIGKILL)
    server.start()
    client = Http1Client(server.port, requests, Generations().now, seed=1)
    for request in requests:
        client.ask([request])
    client.leave()
    assert (client.tally.count, client.tally.wrongs) == (len(requests), 0), "\n".join(client.tally.wrong)
    assert client.tally.failed.total() == 0


@pytest.mark.parametrize("limit", [60, 400, 8190, 100_000])
def test_limits_of_header_fields(make_server, limit):
    """A header that is too long for httpd gives 400; the module judges any other one by its own bounds."""
    server = make_server(more=f"LimitRequestFieldSize {limit}\n")
    for length in (25, 50, 70, 390, 410, 8100, 8300, 99_000, 101_000):
        origin = "https://" + "a" * (length - len("Origin: https://"))
        answer = server.get("/x.txt", origin, host="app.test")
        assert (answer.status, cors(answer)) == (200 if length < limit else 400, expected(vary="origin")), length
        names = ",".join(["x-a"] * (length // 4))
        answer = server.preflight("/x.txt", ONE, "PUT", names, host="app.test")
        allowed = 204 if len(names) <= LONGEST else 403
        assert answer.status == (allowed if len(f"Access-Control-Request-Headers: {names}") <= limit else 400), length
