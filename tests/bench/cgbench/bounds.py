# SPDX-License-Identifier: Apache-2.0
"""What the module promises of its cost, and what it aims at. A broken promise fails the run; a missed aim does not."""

import re
from dataclasses import dataclass

from .report import added

LOADED_SHARE = 0.01  # loaded without a policy: of the whole request
RECIPE_SHARE = 0.5  # of what the recipe adds
FLAT_SHARE = 0.03  # of the whole request at one origin
LOAD_COUNT = 100000
DECISION_NS = 1000  # "nanoseconds"
HOSTILE_NS = 100000  # "microseconds"
AIM_FLOOR = 1.10
AIM_DECISION_NS = 60


@dataclass(frozen=True)
class Verdict:
    """value and limit in the same unit; a value above the limit is too much."""

    what: str
    value: float
    limit: float
    unit: str
    aim: bool = False

    @property
    def held(self):
        return self.value <= self.limit

    @property
    def broken(self):
        return not self.held and not self.aim

    def line(self):
        return f"{self.what}: {self.value:,.2f}{self.unit}, at most {self.limit:,.2f}{self.unit}"


def of_counts(figures):
    """figures: as cases.count_all returns them. Cases that were not counted are not judged."""
    found = []
    for name in ("no-policy", "no-policy-origin"):
        found += loaded(name, figures.get(name))
    for name in ("no-origin-1", "allowed-1"):
        found += half(name, figures.get(name))
    for count in (1000, 100000):
        found += flat(figures.get("allowed-1"), figures.get(f"allowed-{count}"), count)
    for name in ("htaccess-no-origin", "htaccess-allowed"):
        found += htaccess(name, figures.get(name))
    for name in ("no-origin-1", "allowed-1", "denied-1", "preflight-1"):
        found += near_floor(name, figures.get(name))
    return found


def loaded(name, columns):
    if not columns:
        return []
    share = 100 * (columns["module"] / columns["none"] - 1)
    return [Verdict(f"{name}: loaded without a policy, added to the request", share, 100 * LOADED_SHARE, " %")]


def half(name, columns):
    if not columns:
        return []
    share = added(columns, "module") / added(columns, "recipe")
    return [Verdict(f"{name}: added, of what the recipe adds", share, RECIPE_SHARE, "")]


def flat(one, many, count):
    """What the request costs without the module is taken off on both sides: its Origin has another length."""
    if not one or not many:
        return []
    share = 100 * (added(many, "module") - added(one, "module")) / one["module"]
    return [Verdict(f"allowed-{count}: more than at 1 origin, of the whole request", share, 100 * FLAT_SHARE, " %")]


def htaccess(name, columns):
    if not columns:
        return []
    share = columns["module"] / columns["whole recipe"]
    return [Verdict(f"{name}: six lines in .htaccess, of the same request with the recipe there", share, 1.0, "")]


def near_floor(name, columns):
    """Both ways to read the aim. Where the floor costs less than httpd's own answer (a preflight), it adds nothing that
    something could be a part of."""
    if not columns:
        return []
    whole = columns["module"] / columns["floor"]
    found = [Verdict(f"{name}: of the whole request with the floor", whole, AIM_FLOOR, "", aim=True)]
    if columns["floor"] > columns["none"]:
        share = added(columns, "module") / added(columns, "floor")
        found.append(Verdict(f"{name}: added, of what the floor adds", share, AIM_FLOOR, "", aim=True))
    return found


def of_loads(loads):
    httpd, nginx = loads[LOAD_COUNT]
    return [
        Verdict(f"load of {LOAD_COUNT:,} origins, time", 1000 * httpd.seconds, 1000 * nginx.seconds, " ms"),
        Verdict(f"load of {LOAD_COUNT:,} origins, memory", httpd.kilobytes / 1024, nginx.kilobytes / 1024, " MB"),
    ]


def of_core(core):
    """The slowest of each kind stands for it."""
    hostile = max((name for name in core if name.startswith("hostile")), key=core.get)
    decision = max((name for name in core if not name.startswith("hostile")), key=core.get)
    actual = max((name for name in core if re.match("exact.*(allowed|denied)", name)), key=core.get)
    return [
        Verdict(f"core: the slowest decision ({decision})", core[decision], DECISION_NS, " ns"),
        Verdict(f"core: the slowest hostile header ({hostile})", core[hostile] / 1000, HOSTILE_NS / 1000, " µs"),
        Verdict(f"core: the slowest actual request ({actual})", core[actual], AIM_DECISION_NS, " ns", aim=True),
    ]


def verdicts(figures):
    return [*of_counts(figures.counts), *of_loads(figures.loads), *of_core(figures.core)]
