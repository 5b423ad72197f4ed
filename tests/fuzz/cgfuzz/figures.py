# SPDX-License-Identifier: Apache-2.0
"""What a run came to: libFuzzer's figures, and the lines and branches of the sources that its inputs reach."""

import json
import os
import re
import subprocess
from pathlib import Path

from .targets import TREE

COVERED = re.compile(r"cov: (\d+) ft: \d+ corp: (\d+)/")
RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
SPEED = re.compile(r"stat::average_exec_per_sec:\s*(\d+)")


def of_log(text):
    """(executions, executions a second, inputs, edges)"""
    edges, inputs = COVERED.findall(text)[-1]
    return int(RUNS.findall(text)[-1]), int(SPEED.findall(text)[-1]), int(inputs), int(edges)


def is_of(name, sources):
    path = Path(name).relative_to(TREE / "src").as_posix() if name.startswith(f"{TREE}/src/") else ""
    return any(path == source or path.startswith(f"{source}/") for source in sources)


def reached(target, build, folders):
    """(lines, branches) of the target's sources, in per cent, that the inputs in some folders reach. build has
    clang's counters and replay.c."""
    raw, merged = build / f"{target.name}.profraw", build / f"{target.name}.profdata"
    os.environ["LLVM_PROFILE_FILE"] = str(raw)
    with open(build / f"{target.name}.log", "wb") as log:
        code = target.run(build, [str(folder) for folder in folders], log)
    assert code == 0, f"{build}/{target.name}.log"
    subprocess.run(["llvm-profdata", "merge", "-o", merged, raw], check=True)
    command = ["llvm-cov", "export", "-summary-only", target.binary(build), f"-instr-profile={merged}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    files = [each for each in json.loads(said)["data"][0]["files"] if is_of(each["filename"], target.sources)]
    assert files, f"no source of {target.name} in {target.binary(build)}"
    return tuple(share(files, what) for what in ("lines", "branches"))


def share(files, what):
    count = sum(each["summary"][what]["count"] for each in files)
    return 100 * sum(each["summary"][what]["covered"] for each in files) / max(count, 1)
