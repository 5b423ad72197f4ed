# SPDX-License-Identifier: Apache-2.0
"""Servers that are no httpd: started on a free port or a socket of a folder, awaited, ended."""

import os
import signal
import socket
import subprocess
import time

START_TIMEOUT = 60


class Process:
    """address: a port of 127.0.0.1, or the path of a Unix socket, where the command will listen.
    log: the file that gets what it says. environment: further variables."""

    def __init__(self, command, address, log=os.devnull, environment=None):
        self.command = [str(word) for word in command]
        self.address = address
        self.log = log
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", **(environment or {})}
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_TIMEOUT
        while not self.answers():
            assert self.process.poll() is None, f"{self.command[0]} ended:\n{self.said()}"
            assert time.monotonic() < deadline, f"{self.command[0]} does not answer:\n{self.said()}"
            time.sleep(0.02)
        return self

    def answers(self):
        family = socket.AF_INET if isinstance(self.address, int) else socket.AF_UNIX
        target = ("127.0.0.1", self.address) if isinstance(self.address, int) else str(self.address)
        with socket.socket(family) as sock:
            return sock.connect_ex(target) == 0

    def said(self):
        if self.log == os.devnull:
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def kill(self):
        """Ends it and its children as a crash would."""
        os.killpg(self.process.pid, signal.SIGKILL)  # its group is its own: start_new_session
        self.process.wait(10)
        deadline = time.monotonic() + 10
        while self.answers():  # a child may still be ending
            assert time.monotonic() < deadline, f"{self.command[0]} does not end"
            time.sleep(0.01)

    def close(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.close()
