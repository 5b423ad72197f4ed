# SPDX-License-Identifier: Apache-2.0
"""Nanoseconds of one decision: src/core by itself, and rs/cors with the same lists."""

import os
import random
import shlex
import subprocess

from . import sites
from .server import BENCH, BUILD, TREE, Failure

SIZES = (1, 1000, 100000)
KINDS = ("exact", "wildcard")
OPERATIONS = ("allowed", "denied", "preflight")
HOSTILE = ("commas-800KB", "names-800KB", "commas-8KB", "allowed-names-8KB")
ASKED = 1024  # different origins that are asked for by turns
GOPATH = "/usr/share/gocode"  # where Debian's Go libraries are


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Failure(f"{shlex.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def flags(tool, *options):
    return shlex.split(run([tool, *options]))


def build_core():
    """core_bench with the module's own optimisation, from today's sources."""
    sources = sorted((TREE / "src" / "core").glob("*.c"))
    built = BUILD / "core_bench"
    newest = max(file.stat().st_mtime for file in [*sources, *(TREE / "src/core").glob("*.h"), BENCH / "core_bench.c"])
    if built.exists() and built.stat().st_mtime >= newest:
        return built
    includes = flags("apr-1-config", "--includes", "--cppflags")
    command = ["cc", "-std=gnu11", "-O2", "-fPIC", "-fstack-protector-strong", "-Wall", "-Wextra", "-Werror", *includes]
    command += [f"-I{TREE}/src/core", BENCH / "core_bench.c", *sources, "-o", built]
    run([*command, *flags("apr-1-config", "--link-ld"), "-lpsl", "-lidn2"])
    return built


def build_rs_cors():
    built = BUILD / "rs_cors_bench"
    own = {"GO111MODULE": "off", "GOPATH": GOPATH, "GOCACHE": str(BUILD / "gocache"), "GOFLAGS": ""}
    run(["go", "build", "-o", built, BENCH / "rs_cors_bench.go"], env={**os.environ, **own})
    return built


def write_list(kind, count):
    """A file of origins, or of patterns that allow every subdomain, and one of origins that it allows."""
    members = sites.origins(count)
    asked = random.Random(3).choices(members, k=ASKED if count > 1 else 1)
    if kind == "wildcard":
        members = [member.replace("://", "://*.") for member in members]
        asked = [member.replace("://", "://tenant.") for member in asked]
    file = BUILD / f"core-{kind}-{count}.txt"
    file.write_text("\n".join(members) + "\n")
    file.with_name(file.name + ".asked").write_text("\n".join(asked) + "\n")
    return file


def read_lines(text):
    rows = [line.split("\t") for line in text.splitlines()]
    return {row[0]: tuple(float(cell) for cell in row[1:]) for row in rows}


def measure(say):
    """({name: nanoseconds} of the core, {name: (nanoseconds, bytes allocated)} of rs/cors)."""
    BUILD.mkdir(parents=True, exist_ok=True)
    hostile = BUILD / "core-hostile.txt"
    hostile.write_text("https://app.example\n")
    programs = [("the core", build_core()), ("rs/cors", build_rs_cors())]
    lists = [(f"{kind}-{count}", write_list(kind, count)) for kind in KINDS for count in SIZES]
    found = []
    for name, program in programs:
        say(f"timing {name}")
        words = [word for pair in lists for word in pair]
        found.append(read_lines(run([program, hostile, *words], timeout=300)))
    core, peer = found
    return {name: figures[0] for name, figures in core.items()}, peer
