# SPDX-License-Identifier: Apache-2.0
"""One process with one thread, asked for everything again and again: it must not grow at all. Where there are many
threads, their pools and heaps find their size for minutes, and hide what is lost."""

from . import measure
from .http1 import Http1Client
from .server import SoakHttpd, served
from .site import HTACCESS_FILES
from .tally import HTACCESS, Generations

PART = 2000  # answers between two looks


class OneProcess(SoakHttpd):
    def __init__(self, backend, guard=True):
        super().__init__(backend, guard, mpm="prefork")

    def sizes(self):
        return ["StartServers 1", "MinSpareServers 1", "MaxSpareServers 1", "ServerLimit 1", "MaxRequestWorkers 1"]


def keep_steady(backend, requests, count, guard=True):
    """Has it answer count requests: the tally, and its memory in KiB after each part."""
    generations, series = Generations(), []
    with served(OneProcess(backend, guard)) as server:
        [worker] = server.workers()
        client = Http1Client(server.port, requests, generations.now, seed=4, bare=not guard)
        while client.tally.count < count:
            for _ in HTACCESS_FILES:
                server.put_htaccess(generations.begin(HTACCESS))
                generations.end(HTACCESS)
                enough = client.tally.count + PART // len(HTACCESS_FILES)
                client.run(lambda: client.tally.count < enough)
            series.append(measure.memory(worker))
        assert server.workers() == [worker], "httpd replaced its child"
    return client.tally, series
