# SPDX-License-Identifier: Apache-2.0
"""What "make soak" judges by is able to say no: records of two servers as they would be, and with one thing wrong."""

from collections import Counter
from copy import deepcopy
from types import SimpleNamespace

import pytest
from cgsoak import judge
from cgsoak.server import crashes_in
from cgsoak.soak import Record
from cgsoak.tally import Tally

FLAT = [1500, 1504] + [1508] * 198
LOGGED = "[mpm_event:warn] [pid 7] AH00484: server reached MaxRequestWorkers"


class Log:
    """What judge asks a server for."""

    def __init__(self, guard):
        self.guard, self.lines, self.died = guard, [LOGGED], []

    def odd_lines(self):
        return self.lines

    def crashes(self):
        return self.died


def record(guard):
    idle = (Counter(socket=1, pipe=2), Counter(socket=3, pipe=4))
    tally = Tally(answered=Counter({"GET /x.txt": 90_000}), decisive=40_000, failed=Counter({"wrk: read": 500}))
    series = {"parents": list(FLAT), "children": [20_000] * 100, "shared": [2] * 200, "idle": [idle] * 3}
    return Record(Log(guard), tally=tally, calm=deepcopy(tally), **series)


@pytest.fixture
def soak():
    return SimpleNamespace(guarded=record(True), bare=record(False), refused=20, alerts=200)


def test_two_that_are_alike(soak):
    assert judge.problems(soak) == []


def test_growth_with_restarts(soak):
    soak.guarded.parents = [1500 + number // 2 for number in range(200)]
    assert ["a restart" in problem for problem in judge.problems(soak)] == [True]
    soak.bare.parents = list(soak.guarded.parents)  # then it is httpd's
    assert judge.problems(soak) == []


def test_growth_with_answers(soak):
    soak.guarded.children = [20_000 + 40 * number for number in range(100)]
    assert ["a thousand answers" in problem for problem in judge.problems(soak)] == [True]


def test_growth_of_one_process():
    assert list(judge.unsteady("one", [1360, 1368, 1376])) == []
    assert len(list(judge.unsteady("one", [1360, 1400, 1440]))) == 1
    assert len(list(judge.unsteady("one", [1360, 1360]))) == 1


def test_descriptors_that_stay(soak):
    first, child = soak.guarded.idle[0]
    soak.guarded.idle[-1] = (first, child + Counter({"/site/.htaccess": 1}))
    assert ["/site/.htaccess" in problem for problem in judge.problems(soak)] == [True]
    soak.guarded.idle[-1] = (first + Counter(pipe=1), child)
    assert ["first process" in problem for problem in judge.problems(soak)] == [True]


def test_shared_memory_that_stays(soak):
    soak.guarded.shared[-1] = 3
    assert ["shared memory" in problem for problem in judge.problems(soak)] == [True]


def test_failures(soak):
    soak.guarded.tally.failed["502 instead of an answer: GET /proxy/x.txt"] = 1
    assert ["only with the module: 502" in problem for problem in judge.problems(soak)] == [True]
    soak.bare.further.failed["502 instead of an answer: GET /proxy/x.txt"] = 1  # seen there too, when looked for
    assert judge.problems(soak) == []
    soak.guarded.tally.failed["wrk: read"] = 700
    assert ["wrk: read" in problem for problem in judge.problems(soak)] == [True]


def test_crashes_and_log(soak):
    soak.guarded.server.died = ["[core:notice] AH00052: child pid 8 exit signal Segmentation fault (11)"]
    soak.guarded.server.lines = [LOGGED, "[cors_guard:error] CG0005: the policy could not be looked up"]
    said = judge.problems(soak)
    assert len(said) == 2 and "Segmentation fault" in "".join(said) and "CG0005" in "".join(said)


def test_wrong_answers_and_nothing_at_all(soak):
    soak.guarded.calm.wrongs, soak.guarded.calm.wrong = 1, ["GET /x.txt"]
    soak.guarded.tally.decisive = soak.refused = 0
    assert len(judge.problems(soak)) == 3


def test_a_daemon_that_ends_of_a_broken_pipe_is_told_from_a_child():
    ended = "[core:notice] AH00052: child pid 7 exit signal Broken pipe (13)"
    daemon = "[cgid:error] AH01239: cgid daemon process died, restarting"
    assert crashes_in(f"{ended}\n{daemon}\n") == []
    assert crashes_in(f"{ended}\n") == [ended]
    assert crashes_in(f"{daemon}\n{ended}\n") == [ended]
    assert crashes_in(f"a\n{ended.replace('Broken pipe (13)', 'Segmentation fault (11)')}\n{daemon}\n") != []
