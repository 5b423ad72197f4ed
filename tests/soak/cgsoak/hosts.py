# SPDX-License-Identifier: Apache-2.0
"""A server of many virtual hosts, each with sections of its own, each of those with another policy."""

import random
import time

from cgtest import Response, cors_audit
from cgtest.client import request_bytes

from . import measure
from .http1 import Http1Client
from .policy import Ask, Policy
from .server import LoadedHttpd, served
from .site import Place, Request, owed_answer
from .tally import MAIN, Generations
from .traffic import Traffic

SECTIONS = 10
PREFLIGHTS = (("GET", None), ("PUT", "x-token"), ("DELETE", None), ("PATCH", "x-token,content-type"))


def policy_of(host, section, generation):
    """No other section has the same origins, and neighbours differ in the rest too."""
    name = f"h{host}-s{section}-g{generation}.example"
    kinds = (
        Policy(origins=(f"https://{name}",), credentials=True, expose="X-One", max_age=str(100 + section)),
        Policy(origins=(f"https://*.{name}", "http://localhost:*"), methods="PUT", headers="X-Token"),
        Policy(origins=(f"https://{name}", f"https://{name}:8443"), methods="PUT DELETE", mode="Enforce"),
        Policy(origins=("*",), expose=f"X-{section}", methods="PUT PATCH", headers="*"),
        Policy(matched=(rf"https://(a|b)\.{name}".replace(".example", r"\.example"),), methods="*", max_age="off"),
    )
    return kinds[(host + section) % len(kinds)]


class ManyHosts(LoadedHttpd):
    """Its configuration is a file that is as long as that of a large hoster."""

    def __init__(self, hosts, guard=True):
        super().__init__(modules=["alias", "http2"], guard=guard, log_level="warn")
        self.hosts = hosts
        self.write("htdocs/x.txt", "hello\n")
        self.put_policies(0)

    def put_policies(self, generation):
        lines = ["Protocols h2c http/1.1", 'AliasMatch "^/s[0-9]+/x.txt$" "${DOCROOT}/x.txt"']
        for host in range(self.hosts):
            lines += [f"<VirtualHost *:{self.port}>", f"ServerName h{host}.test"]
            for section in range(SECTIONS):
                directives = policy_of(host, section, generation).directives(None)
                lines += [f"<Location /s{section}>", *(directives if self.guard else []), "</Location>"]
            lines.append("</VirtualHost>")
        self.configure("\n".join(lines) + "\n")


def some_requests(hosts, count):
    """Random ones of all hosts and sections, for two generations of policies."""
    chosen = random.Random(5)
    return [request(chosen, chosen.randrange(hosts), chosen.randrange(SECTIONS)) for _ in range(count)]


def request(chosen, host, section):
    own = f"http://h{host}.test"
    neighbour = policy_of(host + 5, section, 0)  # of the same kind
    origins = [None, own, "https://evil.example", "null", *examples(neighbour)]
    origins += 3 * [*examples(policy_of(host, section, 0)), *examples(policy_of(host, section, 1))]
    origin = chosen.choice(origins)
    asked = chosen.choice([*PREFLIGHTS, (None, None)]) if origin not in (None, own) else (None, None)
    method = "OPTIONS" if asked[0] else chosen.choice(["GET", "HEAD", "POST"])
    place = Place(f"/s{section}/x.txt", lambda main, _: policy_of(host, section, main), f"h{host}.test")
    made = Request(place, Ask(method, origin, own, *asked))
    made.data = request_bytes(method, place.path, made.headers, host=place.host)
    for main in (0, 1):
        made.bare[main, 0] = 200
        made.owed[main, 0] = owed_answer(made, main, 0, Response(200, [], b""))
    return made


def examples(policy):
    """Origins that a policy allows."""
    name = next((origin.removeprefix("https://").removeprefix("*.") for origin in policy.origins), None)
    if policy.matched:
        return [policy.matched[0].replace("(a|b)", "b").replace("\\", "")]
    return ["https://any.example"] if name == "*" else [f"https://{name}", f"https://a.{name}"]


def try_hosts(hosts, say=lambda text: None):
    """Starts such a server, with the module and without, restarts it under traffic, and audits it. Returns the figures,
    by name: with and without; the tally of the clients; and the audit's report."""
    requests = some_requests(hosts, 3 * hosts)
    with served(ManyHosts(hosts, guard=False), start=False) as bare:
        figures = {"without": start_up(bare)}
    with served(ManyHosts(hosts), start=False) as server:
        figures["with"] = start_up(server)
        say("requests to all hosts")
        generations = Generations()
        with Traffic(server, requests, generations) as traffic:
            generations.begin(MAIN)
            server.put_policies(1)
            figures["with"] |= timed("graceful restart under traffic", server.graceful)
            generations.end(MAIN)
            client = Http1Client(server.port, requests, generations.now, seed=2)
            for request in requests:
                client.ask([request])
            client.leave()
        traffic.tally.add(client.tally)
        figures["with"] |= memories(server)
        say("audit")
        audits = []
        figures["with"] |= timed("cors-audit", lambda: audits.append(cors_audit("--format", "json", server=server)))
    return figures, traffic.tally, audits[0]


def start_up(server):
    figures = timed("configtest", lambda: server.configtest())
    figures |= timed("start", server.start)
    figures |= timed("graceful restart", server.graceful)
    return figures | memories(server)


def memories(server):
    server.wait(server.workers, "has no children")
    workers = max(map(measure.memory, server.workers()))
    return {"first process": f"{measure.memory(server.process.pid)} KiB", "child": f"{workers} KiB"}


def timed(name, work):
    begun = time.monotonic()
    work()
    return {name: f"{time.monotonic() - begun:.1f} s"}
