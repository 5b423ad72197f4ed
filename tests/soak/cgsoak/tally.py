# SPDX-License-Identifier: Apache-2.0
"""What a client found out, and what is legal while it asks."""

import re
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import Array

from cgtest import Response, cors

from .site import HTACCESS_FILES, POLICIES, frozen

KEPT = 20  # wrong answers that are shown
FAILED = (500, 502, 503, 504)
LINES = re.compile(rb"^(access-control-[^:\r]*|vary):[ \t]*([^\r]*)", re.I | re.M)


class Generations:
    """Which configuration serves, as numbers that only grow. While a change is under way the old one and the new one
    do. A client reads them before it asks and after it was answered: what served at any time between is legal.
    Shared by processes: one writes, all read."""

    def __init__(self):
        self.numbers = Array("q", 4, lock=False)  # main: oldest, newest; .htaccess: oldest, newest

    def begin(self, which):
        """A change begins: from now on the next one may answer. Returns its number."""
        self.numbers[2 * which + 1] += 1
        return self.numbers[2 * which + 1]

    def end(self, which):
        """The change is done: nothing older answers any more."""
        self.numbers[2 * which] = self.numbers[2 * which + 1]

    def now(self):
        return tuple(self.numbers)


MAIN, HTACCESS = 0, 1


def legal(before, after):
    """What may have served between two readings: pairs of a main configuration and a .htaccess."""
    mains = {number % len(POLICIES) for number in range(before[0], after[1] + 1)}
    files = {number % len(HTACCESS_FILES) for number in range(before[2], after[3] + 1)}
    return [(main, file) for main in mains for file in files]


@dataclass
class Tally:
    """answered: by kind of request. decisive: of those, the answers that only one configuration could have given.
    failed: requests that got no answer, or a 5xx that was not owed, by class. pressed: answers that were not compared,
    by tool. closed: connections that ended between requests, which a browser asks again for."""

    answered: Counter = field(default_factory=Counter)
    failed: Counter = field(default_factory=Counter)
    pressed: Counter = field(default_factory=Counter)
    wrong: list = field(default_factory=list)
    wrongs: int = 0
    decisive: int = 0
    closed: int = 0

    def add(self, other):
        self.answered += other.answered
        self.failed += other.failed
        self.pressed += other.pressed
        self.wrong = (self.wrong + other.wrong)[:KEPT]
        self.wrongs += other.wrongs
        self.decisive += other.decisive
        self.closed += other.closed

    @property
    def count(self):
        return self.answered.total()


class Judge:
    """Compares answers with what is owed. bare: the server has no module, and owes the status alone."""

    def __init__(self, tally, bare=False):
        self.tally = tally
        self.bare = bare
        self.known = {}  # lines of a head: what they say

    def judge(self, request, status, lines, before, after):
        """lines: pairs of a header's name and value, as they were sent. before, after: Generations.now()."""
        tally = self.tally
        tally.answered[request.kind] += 1
        said = self.known.get(lines)
        if said is None:
            said = self.known[lines] = reading(lines)
        pairs = legal(before, after)
        owed = {request.owed[pair] for pair in pairs}
        if self.bare:
            right = status in {request.bare[pair] for pair in pairs}
        else:
            right = (status, said) in owed
            tally.decisive += right and len(owed) == 1 and len(set(request.owed.values())) > 1
        if right:
            return
        if status in FAILED and (self.bare or said in {headers for _, headers in owed}):
            tally.failed[f"{status} instead of an answer: {request.kind}"] += 1
            return
        tally.wrongs += 1
        if len(tally.wrong) < KEPT:
            tally.wrong.append(f"{request}\n  got {status} {said}\n  owed {sorted(owed)}")


def reading(lines):
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1").strip()) for name, value in lines]
    return frozen(cors(Response(0, headers, b"")))
