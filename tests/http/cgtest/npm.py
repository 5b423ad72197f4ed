# SPDX-License-Identifier: Apache-2.0
"""npm packages for tests: the versions and digests of a package-lock.json, below the build directory."""

import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

TREE = Path(__file__).resolve().parents[3]
FILES = ("package.json", "package-lock.json")


@lru_cache
def node_modules(folder):
    """The folder of the packages that folder/package-lock.json names: fetched once a build directory, anew where the
    lock file changed. npm compares each one's digest, and runs no script of theirs."""
    target = TREE / "build" / "npm" / folder.name
    lock = FILES[1]
    if not (target / lock).exists() or (target / lock).read_bytes() != (folder / lock).read_bytes():
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as work:
            for name in FILES:
                shutil.copy(folder / name, work)
            install(work)
            Path(work).rename(target)
            Path(work).mkdir()  # what the with statement removes
    return target / "node_modules"


def install(folder):
    command = ["npm", "ci", "--silent", "--ignore-scripts", "--no-bin-links", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    except FileNotFoundError:
        raise AssertionError("npm was not found: scripts/need test installs it") from None
    assert done.returncode == 0, f"{' '.join(command)} failed; it needs a registry:\n{done.stdout}{done.stderr}"
