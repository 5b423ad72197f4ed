# SPDX-License-Identifier: Apache-2.0
"""What a process holds: memory, descriptors, shared memory. And whether it grows."""

import os
import re
from collections import Counter
from pathlib import Path

SHARED = re.compile(r"^\S+ \S*s .*(/dev/zero|/SYSV|/dev/shm/|memfd:|anon_inode)", re.M)


def memory(pid):
    """Anonymous memory in KiB: what a process wrote itself, not the files that it maps."""
    return int(re.search(r"^RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M).group(1))


def descriptors(pid):
    """Open descriptors by kind: "socket", "pipe", and so on, or the path of a file."""
    found = Counter()
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{name}")
        except FileNotFoundError:
            continue  # that of listdir itself, or one that was closed meanwhile
        found[target.partition(":")[0] if ":[" in target else target] += 1
    return found


def connections(port):
    """Connections of a port of 127.0.0.1 that a process still has: established, or closed by the other side only."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1] == f"0100007F:{port:04X}" and row[3] in ("01", "08") for row in rows)


def shared(pid):
    """Segments of shared memory, and semaphores, which live in such."""
    return len(SHARED.findall(Path(f"/proc/{pid}/maps").read_text()))


def slope(series):
    """How much a series grows from one member to the next: the line of least squares."""
    count = len(series)
    mean_x, mean_y = (count - 1) / 2, sum(series) / count
    above = sum((x - mean_x) * (y - mean_y) for x, y in enumerate(series))
    return above / sum((x - mean_x) ** 2 for x in range(count))
