# SPDX-License-Identifier: Apache-2.0
"""What Debian packages hold that are not installed, because installing them would start a server or change one."""

import subprocess
from functools import lru_cache
from pathlib import Path

TREE = Path(__file__).resolve().parents[3]


@lru_cache
def file_of(package, pattern):
    """The file of a package of scripts/packages, group unpack: the installed one, or that of the unpacked package.
    pattern: as glob has it, below /."""
    for root in (lambda: Path("/"), lambda: unpacked(package)):
        found = sorted(root().glob(pattern))
        if found:
            return found[-1]
    raise AssertionError(f"{package} has no {pattern}")


def unpacked(package):
    folder = TREE / "build" / "unpacked" / package
    command = [TREE / "scripts" / "unpack", package, folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{package} is not to be had:\n{done.stderr}"
    return folder


def libraries(file):
    """Where the libraries are that were unpacked with a program: the value of LD_LIBRARY_PATH."""
    folder = TREE / "build" / "unpacked"
    if folder not in file.parents:
        return {}
    root = folder / file.relative_to(folder).parts[0]
    return {"LD_LIBRARY_PATH": ":".join(str(path) for path in root.glob("usr/lib/*-linux-gnu*"))}
