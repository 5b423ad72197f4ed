# SPDX-License-Identifier: Apache-2.0
"""Debian's Chromium and Firefox ESR, each driven by driver.js."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from cgtest import node_modules

FOLDER = Path(__file__).resolve().parent
PROGRAMS = {"chromium": ("chromium", "CG_CHROMIUM"), "firefox": ("firefox-esr", "CG_FIREFOX")}
START_TIMEOUT = 120
CASE_TIMEOUT = 150


def program_of(kind):
    """The browser's path. Where the system's archive has no such package, as Ubuntu's has not, the test is skipped."""
    name, variable = PROGRAMS[kind]
    path = os.environ.get(variable) or shutil.which(name)
    if path is None:
        if archive_lacks(name):
            pytest.skip(f"this system's archive has no package {name}: set {variable} to the path of one")
        pytest.fail(f"{name} was not found: scripts/need browser installs it", pytrace=False)
    return path


def archive_lacks(package):
    """Whether apt knows an archive, and no such package in it."""
    return shutil.which("apt-cache") is not None and in_archive("bash") and not in_archive(package)


def in_archive(package):
    done = subprocess.run(["apt-cache", "madison", package], capture_output=True, text=True, timeout=60, check=False)
    return bool(done.stdout.strip())


class Browser:
    """One browser with a home of its own, that trusts an Authority. Everything that it starts has that home's path in
    its environment."""

    def __init__(self, kind, authority):
        self.kind = kind
        program, modules = program_of(kind), node_modules(FOLDER)
        self.home = Path(tempfile.mkdtemp(prefix="cgbrowser-", dir="/tmp"))
        profile = self.home / "profile"
        if kind == "chromium":
            self.write_preferences(profile / "Default" / "Preferences")
        authority.trusted_in(profile if kind == "firefox" else self.home / ".pki" / "nssdb")
        environment = {"HOME": self.home, "TMPDIR": self.home, "NODE_PATH": modules, "LC_ALL": "C.UTF-8"}
        with open(self.home / "output.log", "wb") as log:
            self.process = subprocess.Popen(
                ["node", FOLDER / "driver.js", kind, program, profile],
                env={"PATH": "/usr/local/bin:/usr/bin:/bin", **environment},
                cwd=self.home,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.version = self.read(START_TIMEOUT)
        except AssertionError:
            self.remove()
            raise

    @staticmethod
    def write_preferences(file):
        """A new context is a private window, which has no cookies of other sites unless its user wants them."""
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"profile": {"cookie_controls_mode": 0}}))

    def perform(self, steps, fresh):
        """What the steps came to: see page.js. fresh: in a browser context of their own."""
        self.process.stdin.write(json.dumps({"fresh": fresh, "steps": steps}).encode() + b"\n")
        self.process.stdin.flush()
        outcomes = self.read(CASE_TIMEOUT)
        assert isinstance(outcomes, list), f"{self.kind} failed: {outcomes}"
        return outcomes

    def read(self, timeout):
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            assert selector.select(timeout), f"{self.kind} does not answer:\n{self.said()}"
        line = self.process.stdout.readline()
        assert line, f"{self.kind} ended:\n{self.said()}"
        return json.loads(line)

    def said(self):
        return (self.home / "output.log").read_text("utf-8", "replace")[-4000:]

    def processes(self):
        """The ids of all that it started."""
        mark = f"HOME={self.home}".encode()
        return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if mark in contents(path)]

    def close(self):
        """Ends it as its user would. Nothing of it is left."""
        try:
            assert len(self.processes()) > 2, f"only {self.processes()} are found of {self.kind} while it runs"
            self.process.stdin.close()
            self.process.wait(30)
            deadline = time.monotonic() + 10
            while self.processes() and time.monotonic() < deadline:
                time.sleep(0.02)
            left = self.processes()
            assert not left, f"{self.kind} left processes behind: {left}"
        finally:
            self.remove()

    def remove(self):
        for process in self.processes():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def contents(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it ended, or is another user's
