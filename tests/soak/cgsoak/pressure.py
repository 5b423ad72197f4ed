# SPDX-License-Identifier: Apache-2.0
"""wrk and h2load: traffic whose answers are not compared, but whose statuses are counted."""

import re
import subprocess
from collections import Counter

ORIGIN = "https://one.example"
PUBLIC = "public.test"  # always answers 200


def wrk(port, seconds):
    """How many answers there were, and what failed, by class. Neither tool asks for anything again: where httpd closes
    its connections, which it does for a graceful restart, the rest of what they were to carry has failed, all at once.
    So that is counted once."""
    url = f"http://127.0.0.1:{port}/x.txt"
    command = ["wrk", "-t1", "-c6", f"-d{seconds}s", "-H", f"Host: {PUBLIC}", "-H", f"Origin: {ORIGIN}", url]
    text = run(command, seconds)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    connect, read, write, timeout = map(int, errors.groups() if errors else "0000")
    other = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    failed = {"wrk: connection closed": int(read + write > 0), "wrk: connect": connect, "wrk: timeout": timeout}
    failed["wrk: status"] = int(other.group(1)) if other else 0
    return int(re.search(r"(\d+) requests in", text).group(1)), +Counter(failed)


def h2load(port, count):
    """The same for a number of requests over HTTP/2."""
    url = f"http://127.0.0.1:{port}/x.txt"
    command = ["h2load", f"-n{count}", "-c4", "-m10", "-H", f"Host: {PUBLIC}", "-H", f"Origin: {ORIGIN}", url]
    text = run(command, 60)
    cut = int(re.search(r"requests: .* (\d+) failed", text).group(1)) > 0
    codes = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", text).groups()
    answered, *other = map(int, codes)
    return answered, +Counter({"h2load: connection closed": int(cut), "h2load: status": sum(other)})


def run(command, seconds):
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, check=False)
    assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout
