# SPDX-License-Identifier: Apache-2.0
"""cors-audit as a user runs it."""

import json
import os
import subprocess
from pathlib import Path

from .httpd import FATAL, module_path, program

TIMEOUT = 120


def command_path():
    return Path(os.environ.get("CG_COMMAND") or module_path().with_name("cors-audit")).resolve()


class Ran:
    """What a run left behind. Its messages are all on stderr and begin alike."""

    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"<exit {self.code}\nstdout: {self.out[:3000]}\nstderr: {self.err[:3000]}>"


def cors_audit(*arguments, server=None, env=None, cwd=None, stdout=subprocess.PIPE, command=None, user=None):
    """Runs cors-audit. server: an Httpd (cgtest.Httpd) whose configuration it shall read. command: another copy of it;
    user: who runs it."""
    own = ["--httpd", program(), "-f", str(server.dir / "httpd.conf")] if server else []
    environment = {**os.environ, "LC_ALL": "C", **(env or {})}
    if os.environ.get("CG_PRELOAD"):
        environment["LD_PRELOAD"] = os.environ["CG_PRELOAD"]
        environment["ASAN_OPTIONS"] = "detect_leaks=1"  # in it, and in the httpd -t that it starts
    done = subprocess.run(
        [command or command_path(), *map(str, arguments), *own], env=environment, cwd=cwd, stdin=subprocess.DEVNULL, stdout=stdout,
        stderr=subprocess.PIPE, text=True, timeout=TIMEOUT, check=False,
        user=user,
    )
    assert not FATAL.search(done.stderr), done.stderr
    assert done.returncode in (0, 1, 2), done
    assert not done.stderr or done.stderr.startswith("cors-audit: "), done.stderr
    return Ran(done)
