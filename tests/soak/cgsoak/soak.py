# SPDX-License-Identifier: Apache-2.0
"""The soak: two servers with the same site, one without the module, under the same traffic, restarted at the same time.
What one has more of than the other is the module's."""

import random
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field

from cgtest import Httpd

from . import measure
from .server import SoakHttpd
from .site import BROKEN, HTACCESS_FILES, all_requests, learn
from .tally import HTACCESS, MAIN, Tally
from .traffic import Traffic

BACKEND = 'KeepAliveTimeout 600\nMaxKeepAliveRequests 0\nHeader set Access-Control-Allow-Origin "https://backend.example"\n'
BROKEN_EVERY = 10  # restarts, of which one is preceded by a configuration that httpd refuses
IDLE_TIMEOUT = 30
# What an administrator may write, and what configtest says of it.
REFUSED = (
    ("policy.conf", "CorsAllowOrigin https://a.example/\n", "line 1 of .*policy.conf.*an origin has no path"),
    ("policy.conf", "CorsAllowOrigin *\nCorsAllowCredentials On\n", "line 2 of .*policy.conf.*wildcard-with-credentials"),
    ("public.conf", "CorsAllowOrigin *\n<Location /x>\n CorsAllowCredentials On\n</Location>\n", "CG0101: .*public.test"),
)


@dataclass
class Record:
    """What was seen of one server. parents: memory of httpd's first process after each restart; children: of the others,
    together, while nothing was restarted. calm: answers of that time."""

    server: SoakHttpd
    parents: list = field(default_factory=list)
    children: list = field(default_factory=list)
    idle: list = field(default_factory=list)  # descriptors of parent and children, at the begin and at the end
    most: Counter = field(default_factory=Counter)  # descriptors of a child under load
    shared: list = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    calm: Tally = field(default_factory=Tally)


class Soak:
    """with Soak(mpm) as soak: soak.restarts(200); soak.calm(30); then soak.guarded and soak.bare, which are Records."""

    def __init__(self, mpm="event", say=lambda text: None, more=""):
        self.mpm, self.say, self.more = mpm, say, more
        self.random = random.Random(7)
        self.stack = ExitStack()
        self.refused = 0
        self.alerts = 0

    def __enter__(self):
        with ExitStack() as stack:
            self.backend = stack.enter_context(served(backend()))
            self.servers = [
                stack.enter_context(served(SoakHttpd(self.backend.port, guard, self.mpm, self.more))) for guard in (True, False)
            ]
            self.guarded, self.bare = self.records = [Record(server) for server in self.servers]
            self.requests = learn(all_requests(), self.bare.server)
            self.stack = stack.pop_all()
        self.note_idle()
        return self

    def __exit__(self, *exception):
        self.stack.close()

    # changes

    def restarts(self, count, seconds=0, pressed=True):
        """Restarts both servers count times under traffic, or for as many seconds, and changes what they serve."""
        end = time.monotonic() + seconds
        traffics = [Traffic(server, self.requests, pressed=pressed) for server in self.servers]
        with traffics[0], traffics[1]:
            done = 0
            while done < count if not seconds else time.monotonic() < end:
                if done % BROKEN_EVERY == BROKEN_EVERY // 2:
                    self.refuse(REFUSED[done // BROKEN_EVERY % len(REFUSED)])
                self.restart(traffics)
                self.change_htaccess(traffics)
                done += 1
                self.note_restart(done)
        for record, traffic in zip(self.records, traffics):
            record.tally.add(traffic.tally)
        self.note_idle()
        return done

    def restart(self, traffics):
        for server, traffic in zip(self.servers, traffics):
            server.put_policy(traffic.generations.begin(MAIN))
        each(self.servers, SoakHttpd.restart)
        for traffic in traffics:
            traffic.generations.end(MAIN)

    def change_htaccess(self, traffics):
        """Some changes, one after the other; a broken one stays until httpd told of it."""
        for _ in range(self.random.randrange(1, 4)):
            for server, traffic in zip(self.servers, traffics):
                size = server.log_size()
                number = traffic.generations.begin(HTACCESS)
                server.put_htaccess(number)
                traffic.generations.end(HTACCESS)
                if number % len(HTACCESS_FILES) == BROKEN:
                    line = r"/ht/.htaccess: .*line 2" if server.guard else r"/ht/.htaccess: Invalid command"
                    server.wait_for_line(lambda: server.log_since(size), line, "error log")
                    self.alerts += server.guard
            time.sleep(self.random.random() / 5)

    def refuse(self, wrong):
        """A mistake in the configuration: httpd says where, and what serves is as it was."""
        name, text, said = wrong
        file = self.guarded.server.dir / name
        right = file.read_text()
        self.guarded.server.replace(name, text)
        code, error = self.guarded.server.configtest()
        self.guarded.server.replace(name, right)
        assert code != 0 and re_search(said, error), f"configtest did not refuse {text!r}: {code}\n{error}"
        self.refused += 1

    def calm(self, seconds):
        """Traffic without restarts, while the memory of the children is looked at."""
        traffics = [Traffic(server, self.requests, seed=2, pressed=True) for server in self.servers]
        workers = [server.workers() for server in self.servers]
        for record, traffic in zip(self.records, traffics):
            traffic.generations = self.continued(record)
        with traffics[0], traffics[1]:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(0.5)
                for record, pids in zip(self.records, workers):
                    record.children.append(sum(map(measure.memory, pids)))
                    record.most |= Counter({"descriptors": max(map(count_descriptors, pids))})
        for record, traffic, pids in zip(self.records, traffics, workers):
            record.calm.add(traffic.tally)
            assert record.server.workers() == pids, "httpd replaced children by itself"
        self.note_idle()

    # notes

    def note_restart(self, number):
        for record in self.records:
            pid = record.server.process.pid
            record.parents.append(measure.memory(pid))
            record.shared.append(measure.shared(pid))
        self.say(f"restart {number}: {[record.parents[-1] for record in self.records]} KiB")

    def note_idle(self):
        """The descriptors that are open once all connections have ended."""
        for record in self.records:
            record.idle.append(idle_descriptors(record.server))


def count_descriptors(pid):
    return measure.descriptors(pid).total()
