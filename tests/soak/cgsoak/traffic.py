# SPDX-License-Identifier: Apache-2.0
"""Clients in processes of their own, for as long as a with statement lasts."""

import multiprocessing
import os
import signal
import traceback

from . import pressure
from .http1 import Http1Client
from .http2 import Http2Client
from .tally import Tally

END_TIMEOUT = 120
WRK_SECONDS, H2LOAD_COUNT = 2, 3000
CONTEXT = multiprocessing.get_context("fork")


class Traffic:
    """What is asked of one server, over HTTP/1.1 and HTTP/2. pressed: with wrk and h2load beside. generations: what is
    legal. options: of the clients. with Traffic(...) as traffic: ...; then traffic.tally."""

    def __init__(self, server, requests, generations, pressed=False, seed=1, **options):
        self.server = server
        self.requests = requests
        self.generations = generations
        self.options = options
        self.going = CONTEXT.Value("b", 1, lock=False)
        self.tally = Tally()
        http2 = server.mpm != "prefork"  # mod_http2 needs threads
        self.jobs = [(self.check, Http1Client, 2 * seed), *([(self.check, Http2Client, 2 * seed + 1)] if http2 else [])]
        if pressed:
            self.jobs.append((self.press, pressure.wrk, WRK_SECONDS))
            self.jobs += [(self.press, pressure.h2load, H2LOAD_COUNT)] if http2 else []

    def __enter__(self):
        self.running = []
        for work, *arguments in self.jobs:
            ours, theirs = CONTEXT.Pipe(duplex=False)
            process = CONTEXT.Process(target=self.work, args=(theirs, work, arguments), daemon=True)
            process.start()
            theirs.close()
            self.running.append((process, ours))
        return self

    def __exit__(self, *exception):
        self.going.value = 0
        problems = []
        for process, pipe in self.running:
            try:
                said = pipe.recv() if pipe.poll(END_TIMEOUT) else "does not end"
            except EOFError:
                said = "ended without a word"
            if isinstance(said, Tally):
                self.tally.add(said)
            else:
                problems.append(said)
                process.kill()
            process.join()
            pipe.close()
        if not any(exception):
            assert not problems, "\n".join(["a client of the test:", *problems])

    def goes_on(self):
        return self.going.value and os.getppid() == self.parent

    # in the processes

    def work(self, pipe, work, arguments):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the test tells them to end
        self.parent = os.getppid()
        try:
            pipe.send(work(*arguments))
        except BaseException:
            pipe.send(traceback.format_exc())

    def check(self, kind, seed):
        bare = not self.server.guard
        client = kind(self.server.port, self.requests, self.generations.now, seed, bare, **self.options)
        return client.run(self.goes_on)

    def press(self, tool, amount):
        tally = Tally()
        while self.goes_on():
            count, failed = tool(self.server.port, amount)
            tally.pressed[tool.__name__] += count
            tally.failed += failed
        return tally
