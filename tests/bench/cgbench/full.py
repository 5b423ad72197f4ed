# SPDX-License-Identifier: Apache-2.0
"""The whole run: every figure, then the document and the plot, then the bounds."""

import datetime
import os
import platform
import re
import subprocess
from dataclasses import dataclass

from . import bounds, cases, core, document, load, nginx, plot, server, throughput
from .server import TREE

DOCUMENT = TREE / "docs" / "benchmarks.md"
PLOT = TREE / "docs" / "benchmarks-growth.svg"


@dataclass(frozen=True)
class Figures:
    """Everything that one run measured."""

    counts: dict
    recipe_most: int
    recipe_message: str
    httpd_turns: dict
    nginx_turns: dict
    loads: dict
    core: dict
    rs_cors: dict


def measure(table, say):
    most, message = cases.recipe_end()
    figures = Figures(
        counts=cases.count_all(table, say=say),
        recipe_most=most,
        recipe_message=message,
        httpd_turns=throughput.measure_httpd(say),
        nginx_turns=throughput.measure_nginx(say),
        loads=load.measure(say),
        **dict(zip(("core", "rs_cors"), core.measure(say))),
    )
    say("")
    return figures


def installed(package):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
    return done.stdout.strip() or "of this machine"


def surroundings():
    """The machine, the versions and the date."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    compiler = subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    go = subprocess.run(["go", "version"], capture_output=True, text=True).stdout.split()
    valgrind = subprocess.run(["valgrind", "--version"], capture_output=True, text=True).stdout.strip()
    return {
        "date": datetime.date.today().isoformat(),
        "machine": f"{model.group(1) if model else platform.processor()}, {len(os.sched_getaffinity(0))} processors, "
        f"{platform.system()} {platform.machine()}",
        "httpd": re.search(r"Apache/(\S+)", server.version()).group(1) + ", MPM prefork for counts and event under wrk",
        "others": f"nginx {nginx.version()}, rs/cors {installed('golang-github-rs-cors-dev')} with {go[2]}, "
        f"wrk {installed('wrk')}, {valgrind.replace('-', ' ')}",
        "compiler": f"{compiler}, -O2",
    }


def draw(figures):
    base = figures.counts["allowed-1"]["none"]
    points = {"module": [], "recipe": []}
    for name, columns in figures.counts.items():
        if name.startswith("allowed-"):
            for column in points.keys() & columns.keys():
                points[column].append((int(name.partition("-")[2]), columns[column]))
    work = throughput.least_work(figures.nginx_turns)
    served = [(count, work[count] / work[0]) for count in work if count]
    return plot.draw(base, points["module"], points["recipe"], figures.recipe_most, served)


def run(table, say):
    figures = measure(table, say)
    verdicts = bounds.verdicts(figures)
    DOCUMENT.write_text(document.updated(DOCUMENT.read_text(), figures, surroundings(), verdicts))
    PLOT.write_text(draw(figures))
    print(document.summary(verdicts))
    print(f"\nwritten: {DOCUMENT.relative_to(TREE)}, {PLOT.relative_to(TREE)}")
    return [verdict.line() for verdict in verdicts if verdict.broken]
