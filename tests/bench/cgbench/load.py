# SPDX-License-Identifier: Apache-2.0
"""What reading a list of origins costs: time and memory of httpd -t and of nginx -t."""

import statistics
import subprocess
import time
from dataclasses import dataclass

from . import sites
from .cases import origin_file
from .nginx import Nginx
from .server import MODULE, Failure, Httpd

SIZES = (1000, 100000, 1000000)
ROUNDS = 7


@dataclass(frozen=True)
class Load:
    seconds: float  # median, from start to end of the process
    kilobytes: int  # median of the largest resident size


def once(server):
    """time(1) starts the program: a child's resident size begins with that of its parent, and Python is large."""
    measured = server.folder / "time"
    command = ["/usr/bin/time", "-f", "%M", "-o", str(measured), *server.command("-t")]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise Failure(f"{command}: {done.stdout}{done.stderr}{server.said()}")
    return seconds, int(measured.read_text())


def median(rounds):
    return Load(statistics.median(row[0] for row in rounds), int(statistics.median(row[1] for row in rounds)))


def measure(say):
    """{number of origins: (httpd, nginx)}; 0: neither knows of CORS."""
    found = {}
    for count in (0, *SIZES):
        say(f"loading {count:,} origins")
        config = sites.policy(count, origin_file(count)) if count else ""
        with Httpd(config, {"cors_guard": MODULE} if count else {}) as httpd, Nginx(count) as nginx:
            rounds = [(once(httpd), once(nginx)) for _ in range(ROUNDS)]
        found[count] = (median([row[0] for row in rounds]), median([row[1] for row in rounds]))
    return found
