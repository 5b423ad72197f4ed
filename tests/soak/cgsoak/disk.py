# SPDX-License-Identifier: Apache-2.0
"""A server whose logs are on a disk of their own, which is small. For root: nobody else may mount one."""

import time
from pathlib import Path

from .server import SoakHttpd, served
from .tally import Generations
from .traffic import Traffic

SIZE = 512  # KiB
TIMEOUT = 60


class SmallDisk(SoakHttpd):
    """The disk is mounted where only this httpd sees it, and is gone with it."""

    def __init__(self, backend):
        super().__init__(backend, more="LogLevel cors_guard:info\n")

    def command(self, *arguments):
        command = super().command(*arguments)
        if "-DFOREGROUND" not in arguments:
            return command
        mount = f'mount -t tmpfs -o size={SIZE}k,mode=755 tmpfs "$0" && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", mount, str(self.dir / "logs"), *command]

    @property
    def logs(self):
        """As httpd sees them."""
        return Path(f"/proc/{self.process.pid}/root/{self.dir}/logs")

    def is_full(self):
        return sum(log.stat().st_size for log in self.logs.iterdir()) >= (SIZE - 8) * 1024


def fill_disk(backend, requests):
    """Asks until the disk is full and for some time more, then makes room. Returns the tally of each part."""
    with served(SmallDisk(backend)) as server:
        with Traffic(server, requests, Generations()) as filling:
            wait(server.is_full, "the disk is not full")
            time.sleep(3)
        with Traffic(server, requests, Generations(), seed=2) as full:
            time.sleep(3)
        assert server.is_full()
        for log in server.logs.iterdir():
            log.write_bytes(b"")
        with Traffic(server, requests, Generations(), seed=3) as free:
            wait(lambda: (server.logs / "access.log").stat().st_size > 4096, "nothing is logged again")
    return {"while it fills": filling.tally, "while it is full": full.tally, "with room again": free.tally}


def wait(condition, problem):
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline, problem
        time.sleep(0.05)
