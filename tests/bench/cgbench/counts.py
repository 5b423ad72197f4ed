# SPDX-License-Identifier: Apache-2.0
"""Instructions a request, counted by callgrind: the difference of two runs that differ in their number of requests."""

import os
import re
import subprocess
import time
from pathlib import Path

from . import sites
from .server import Failure, Httpd, build_module

SHORT, LONG = 100, 1100


def per_request(request, config="", extra=None, htaccess=None, keep=None):
    """Instructions that one request costs in this configuration. keep: where the longer run's profile is copied to."""
    short = total(request, SHORT, config, extra, htaccess)
    return (total(request, LONG, config, extra, htaccess, keep) - short) / (LONG - SHORT)


def total(request, count, config, extra, htaccess, keep=None):
    """Instructions of one httpd, from the end of its start to its end, over count requests on one connection."""
    counter = {"bench_count": build_module("bench_count")}
    with Httpd(config, {**(extra or {}), **counter}, htaccess) as server:
        profile = server.folder / "callgrind.out"
        profile.touch()
        profile.chmod(0o666)  # callgrind writes it when httpd has dropped root
        server.start(
            "valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", "--vgdb=no",
            f"--callgrind-out-file={profile}", arguments=("-X",),
        )
        with server.connect() as connection:
            send_all(server, connection, request, count)
        server.stop()
        if not profile.exists():
            raise Failure(f"callgrind wrote no profile:\n{server.said()}")
        if keep:
            Path(keep).write_bytes(profile.read_bytes())
        return written_total(profile)


def written_total(profile):
    """The total that callgrind itself wrote: every instruction once, where adding up the lines of a profile would count
    the lines behind "calls=" again."""
    totals = re.findall(r"^totals: (\d+)", profile.read_text(), re.M)
    if len(totals) != 1:
        raise Failure(f"{profile} has {len(totals)} totals")
    return int(totals[0])


def send_all(server, connection, request, count):
    """Sends requests one by one. Each waits until httpd sleeps in poll(), so that httpd goes the same way every time:
    it never finds the next request there already."""
    stat = os.open(f"/proc/{server.process.pid}/stat", os.O_RDONLY)
    try:
        for _ in range(count):
            wait_until_asleep(stat)
            connection.sendall(request.data)
            wrong = sites.differences(request, read_answer(connection))
            if wrong:
                raise Failure(wrong)
    finally:
        os.close(stat)


def wait_until_asleep(stat):
    deadline = time.monotonic() + 120
    while os.pread(stat, 256, 0).rpartition(b")")[2].split()[0] != b"S":
        if time.monotonic() > deadline:
            raise Failure("httpd does not wait for a request")
        time.sleep(0.0001)


def read_answer(connection):
    """The head of one answer, its body read too."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += receive(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"^Content-Length: (\d+)", head, re.M | re.I)
    while len(body) < (int(length.group(1)) if length else 0):
        body += receive(connection)
    return head


def receive(connection):
    data = connection.recv(65536)
    if not data:
        raise Failure("httpd closed the connection")
    return data


def annotate(profile, requests, module):
    """What the functions of a module cost a request, as lines: each with what it called, both inclusive."""
    symbols = subprocess.run(["nm", "--defined-only", module], capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1] for line in symbols.splitlines()}
    options = ["--inclusive=yes", "--tree=calling", "--threshold=100", "--auto=no", "--show-percs=no"]
    done = subprocess.run(["callgrind_annotate", *options, str(profile)], capture_output=True, text=True, check=True)
    blocks = {}  # a function that is called through the PLT stands there twice
    for block in done.stdout.split("\n\n"):
        found = re.findall(r"^\s*([\d,]+)\s+([*>])\s+(?:\S*:)?(\S+)( \([\d,]+x\))?", block, re.M)
        if found and found[0][2].split("'")[0] in names:
            blocks[found[0][2]] = max(blocks.get(found[0][2], []), found, key=len)
    for found in blocks.values():
        for count, mark, name, _ in found:
            each = int(count.replace(",", "")) / requests
            yield f"{each:10.1f}  {name}" if mark == "*" else f"{each:18.1f}  {name}"


def self_costs(profile, requests):
    """{function: instructions a request of its own, what it calls left out}."""
    options = ["--threshold=100", "--auto=no", "--show-percs=no"]
    done = subprocess.run(["callgrind_annotate", *options, str(profile)], capture_output=True, text=True, check=True)
    costs = {}
    for count, name, library in re.findall(r"^\s*([\d,]+)\s+(?:\S*:)?(\S+) \[(?:\S*/)?(\S+)\]$", done.stdout, re.M):
        key = f"{name}  {library}"
        costs[key] = costs.get(key, 0) + int(count.replace(",", "")) / requests
    return costs


def compare(profile, other, requests, least=3):
    """Where profile spends more or less than other, the largest difference first, as lines."""
    mine, theirs = self_costs(profile, requests), self_costs(other, requests)
    changes = [(mine.get(name, 0) - theirs.get(name, 0), name) for name in {*mine, *theirs}]
    for change, name in sorted(changes, key=lambda pair: (-abs(pair[0]), pair[1])):
        if abs(change) >= least:
            yield f"{change:+10.1f}  {name}"
