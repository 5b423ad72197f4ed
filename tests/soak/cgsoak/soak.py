# SPDX-License-Identifier: Apache-2.0
"""The soak: two servers with the same site, one without the module, under the same traffic, restarted at the same time.
What one has more of than the other is the module's."""

import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from cgtest import Httpd

from . import measure
from .server import SoakHttpd, served
from .site import BROKEN, HTACCESS_FILES, all_requests, learn
from .tally import HTACCESS, MAIN, Generations, Tally
from .traffic import Traffic

ALONE = 10  # restarts of the server without the module in one go
REFUSED_EVERY = 10  # restarts, one of which a configuration precedes that httpd refuses
COOKIES = "CorsAllowCredentials On"
# What an administrator may write, and what configtest says of it.
REFUSED = (
    ("policy.conf", "CorsAllowOrigin https://a.example/\n", "line 1 of .*policy.conf.*an origin has no path"),
    ("policy.conf", f"CorsAllowOrigin *\n{COOKIES}\n", "line 2 of .*policy.conf.*wildcard-with-credentials"),
    ("public.conf", f"CorsAllowOrigin *\n<Location /x>\n{COOKIES}\n</Location>\n", "CG0101: .*public.test"),
)


@dataclass
class Record:
    """What was seen of one server. parents: memory of httpd's first process after each restart; children: of the others
    together, while nothing was restarted, which is when calm was counted. idle: descriptors of parent and children
    without a connection, at the begin and after each part."""

    server: SoakHttpd
    parents: list = field(default_factory=list)
    children: list = field(default_factory=list)
    shared: list = field(default_factory=list)
    idle: list = field(default_factory=list)
    most: int = 0  # descriptors of a child under load
    alone: int = 0  # restarts of the server without the module alone, and what was seen then
    further: Tally = field(default_factory=Tally)
    tally: Tally = field(default_factory=Tally)
    calm: Tally = field(default_factory=Tally)


class Soak:
    """with Soak(mpm) as soak: soak.restarts(200); soak.calm(30); then judge.problems(soak)."""

    def __init__(self, mpm="event", say=lambda text: None):
        self.mpm, self.say = mpm, say
        self.random = random.Random(7)
        self.generations = Generations()
        self.restarted = self.refused = self.alerts = 0

    def __enter__(self):
        with ExitStack() as stack:
            self.backend = stack.enter_context(served(backend_httpd()))
            self.servers = [
                stack.enter_context(served(SoakHttpd(self.backend.port, guard, self.mpm))) for guard in (True, False)
            ]
            self.guarded, self.bare = self.records = [Record(server) for server in self.servers]
            self.requests = learn(all_requests(), self.bare.server)
            self.note_idle()
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        self.stack.close()

    def traffic(self, seed):
        return [Traffic(server, self.requests, self.generations, seed=seed, pressed=True) for server in self.servers]

    def restarts(self, count=0, seconds=0):
        """Restarts both servers count times under traffic, or as often as that many seconds allow, and changes what
        they serve between."""
        end = time.monotonic() + seconds
        traffics = self.traffic(1)
        with traffics[0], traffics[1]:
            while self.restarted < count or time.monotonic() < end:
                if self.restarted % REFUSED_EVERY == 1:
                    self.refuse(*REFUSED[self.restarted // REFUSED_EVERY % len(REFUSED)])
                self.restart()
                for _ in range(self.random.randrange(1, 4)):
                    self.change_htaccess()
                self.note_restart()
        for record, traffic in zip(self.records, traffics):
            record.tally.add(traffic.tally)
        self.note_idle()

    def restart(self):
        number = self.generations.begin(MAIN)
        for server in self.servers:
            server.put_policy(number)
        with ThreadPoolExecutor() as pool:  # both at the same time
            list(pool.map(SoakHttpd.graceful, self.servers))
        self.generations.end(MAIN)
        self.restarted += 1

    def change_htaccess(self):
        """A broken one stays until httpd told of it."""
        sizes = [server.log_size() for server in self.servers]
        number = self.generations.begin(HTACCESS)
        for server in self.servers:
            server.put_htaccess(number)
        self.generations.end(HTACCESS)
        if number % len(HTACCESS_FILES) == BROKEN:
            for server, size in zip(self.servers, sizes):
                said = f"/ht/.htaccess: {'line 2: CorsAllowOrigin: ' if server.guard else 'Invalid command'}"
                server.wait_for_line(lambda: server.log_since(size), said, "error log")
            self.alerts += 1
        time.sleep(self.random.random() / 5)

    def refuse(self, name, text, said):
        """A mistake in the configuration: httpd says where, and what serves is as it was."""
        server = self.guarded.server
        right = (server.dir / name).read_text()
        server.replace(name, text)
        code, error = server.configtest()
        server.replace(name, right)
        assert code != 0 and re.search(said, error, re.S), f"configtest did not refuse {text!r}: {code}\n{error}"
        self.refused += 1

    def calm(self, seconds):
        """Traffic without restarts, while the memory of the children is looked at."""
        traffics = self.traffic(2)
        workers = [server.workers() for server in self.servers]
        with traffics[0], traffics[1]:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                self.change_htaccess()
                for record, pids in zip(self.records, workers):
                    record.children.append(sum(map(measure.memory, pids)))
                    record.most = max(record.most, *(measure.descriptors(pid).total() for pid in pids))
        for record, traffic, pids in zip(self.records, traffics, workers):
            record.calm.add(traffic.tally)
            assert record.server.workers() == pids, "httpd replaced children by itself"
        self.note_idle()

    def look_for(self, classes, again=3):
        """What failed only with the module may be httpd's own and rare: the server without it is restarted again, up to
        so many times as often, until each class was seen there too, or it is over."""
        record, limit = self.bare, self.restarted * again
        while classes(self) and record.alone < limit:
            traffic = Traffic(record.server, self.requests, self.generations, pressed=True, seed=3 + record.alone)
            with traffic:
                for _ in range(ALONE):
                    record.server.put_policy(self.generations.begin(MAIN))
                    record.server.graceful()
                    self.generations.end(MAIN)
                    record.alone += 1
                    self.say(f"restart {record.alone} without the module alone, for {classes(self)}")
            record.further.add(traffic.tally)

    def note_restart(self):
        for record in self.records:
            pid = record.server.process.pid
            record.parents.append(measure.memory(pid))
            record.shared.append(measure.shared(pid))
        parents = " and ".join(str(record.parents[-1]) for record in self.records)
        self.say(f"restart {self.restarted}; first process, with and without the module: {parents} KiB")

    def note_idle(self):
        for record in self.records:
            record.idle.append(record.server.idle_descriptors())


def backend_httpd():
    """What mod_proxy asks: an httpd too, which sets CORS headers."""
    server = Httpd(modules=["headers"], guard=False)
    server.write("htdocs/x.txt", "proxied\n")
    server.configure('Header set Access-Control-Allow-Origin "https://backend.example"\n')
    return server
