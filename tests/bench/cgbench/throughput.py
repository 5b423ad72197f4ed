# SPDX-License-Identifier: Apache-2.0
"""Servers under wrk, by turns of a second, so that what else the machine does hits all of them: requests a second, and
the processor time that the server took for each, which other processes disturb less."""

import os
import re
import socket
import statistics
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from . import counts, sites
from .cases import module_policy
from .nginx import Nginx
from .server import MODULE, Failure, Httpd

ROUNDS, SECONDS = 15, 1
CONNECTIONS = 16
NGINX_SIZES = (1, 1000, 100000, 1000000)


def processors():
    """One processor for the server and one for wrk; the same where there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def pinned(processor):
    return ["taskset", "-c", str(processor)]


def connect(server):
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", server.port), timeout=30)
        except OSError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise Failure(f"a server does not start:\n{server.said()}") from None
            time.sleep(0.05)


def check(server, request):
    with connect(server) as connection:
        connection.sendall(request.data)
        wrong = sites.differences(request, counts.read_answer(connection))
        if wrong:
            raise Failure(wrong)


def processor_seconds(session):
    """What the processes of a session have used so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def turn(server, origin):
    """(requests a second, microseconds of processor time a request) of one turn."""
    url = f"http://127.0.0.1:{server.port}/x.txt"
    wrk = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Origin: {origin}", url]
    before = processor_seconds(server.process.pid)
    done = subprocess.run([*pinned(processors()[1]), *wrk], capture_output=True, text=True, timeout=120)
    used = processor_seconds(server.process.pid) - before
    rate = re.search(r"^Requests/sec:\s+([\d.]+)", done.stdout, re.M)
    count = re.search(r"^\s+(\d+) requests in", done.stdout, re.M)
    if not rate or not count or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise Failure(f"wrk: {done.stdout}{done.stderr}")
    return float(rate.group(1)), 1e6 * used / int(count.group(1))


def in_turns(entries, say):
    """entries: {name: (server, request, origin)}. {name: [turn]}; the first turns are not counted."""
    found = {name: [] for name in entries}
    with ExitStack() as stack:
        for server, request, _ in entries.values():
            stack.enter_context(server)
            server.start(*pinned(processors()[0]))
            check(server, request)
        for number in range(ROUNDS + 1):
            for name, (server, _, origin) in entries.items():
                say(f"wrk: round {number} of {ROUNDS}, {name}")
                figures = turn(server, origin)
                found[name] += [figures] if number else []
    return found


def ratios(rounds, base, which):
    """{name: (median, lower quartile, upper quartile)} of a figure's ratio to that of base in the same round. which: 0
    for the rate, 1 for the processor time."""
    found = {}
    for name, figures in rounds.items():
        each = [mine[which] / other[which] for mine, other in zip(figures, rounds[base])]
        low, middle, high = statistics.quantiles(each, n=4)
        found[name] = (middle, low, high)
    return found


def least_work(rounds):
    """{name: microseconds of processor time a request in the best round}."""
    return {name: min(work for _, work in figures) for name, figures in rounds.items()}


def httpd_entry(config, extra, request, origin):
    return Httpd(config, extra, mpm="event"), request, origin


def measure_httpd(say):
    guard, entries = {"cors_guard": MODULE}, {}
    one = sites.allowed(1)
    entries["no module"] = httpd_entry("", {}, sites.actual(one, False, vary=False), one)
    for count in (1, 1000):
        origin = sites.allowed(count)
        request = sites.actual(origin, True)
        entries[f"module, {count:,}"] = httpd_entry(module_policy(count), guard, request, origin)
        entries[f"recipe, {count:,}"] = httpd_entry(sites.lean_recipe(count), {}, request, origin)
    return in_turns(entries, say)


def measure_nginx(say):
    """{number of origins: [turn]}; 0 is nginx without CORS."""
    one = sites.allowed(1)
    entries = {0: (Nginx(0), sites.actual(one, False, vary=False), one)}
    for count in NGINX_SIZES:
        origin = sites.allowed(count)
        entries[count] = (Nginx(count), sites.actual(origin, True), origin)
    return in_turns(entries, say)
