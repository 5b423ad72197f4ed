# SPDX-License-Identifier: Apache-2.0
"""Whatever threads of one process share in the module, at once: policies of sections, of .htaccess files and of files
of origins; verdicts on regexes, which are kept; policies that are looked up for cached answers; logging; HTTP/2;
graceful restarts in the midst of it. For an httpd under ThreadSanitizer: the harness fails of a report."""

import random
import re
import subprocess
import threading
from collections import Counter

import pytest
from cgtest import Httpd, cors
from cgtest.client import exchange, request_bytes
from sections import ALLOWED, DENIED, PREFLIGHT, SECTIONS

CLIENTS = 8
BATCHES = 40  # of each client
BATCH = 25  # requests on one connection
SITES = 60  # with a regex each
RESTARTS = 3
STREAMS = 100  # of HTTP/2, on few connections
ROUNDS = 20  # of those

CONFIG = f"""
Protocols h2c http/1.1
<Location /open>
  CorsAllowOrigin *
</Location>
<Location /file>
  CorsAllowOriginFile "${{DIR}}/origins.txt"
</Location>
{SECTIONS}"""
# What is asked, by method and path: further headers, and who may read the answer where an allowed origin asks.
KINDS = [
    ("GET", "/listed/x.txt", [], ALLOWED),
    ("GET", "/listed/missing.txt", [], ALLOWED),
    ("OPTIONS", "/listed/x.txt", PREFLIGHT, ALLOWED),
    ("GET", "/open/x.txt", [], "*"),
    ("GET", "/file/x.txt", [], ALLOWED),
    ("GET", "/enforced/x.txt", [], ALLOWED),
    ("GET", "/report/x.txt", [], None),
    ("GET", "/plain/x.txt", [], None),
    ("GET", "/cached/x.txt", [], ALLOWED),
    *[("GET", f"/sites/{n}/x.txt", [], ALLOWED) for n in range(SITES)],
]


def readable_by(path, origin, allowed):
    """What Access-Control-Allow-Origin must say."""
    return "*" if path.startswith("/open") else allowed if origin == ALLOWED else None


@pytest.fixture(params=["event", "worker"])
def server(request):
    server = Httpd(modules=["headers", "http2", "cache", "cache_disk"], mpm=request.param)
    server.folder("cache", writable=True)
    server.write("origins.txt", "\n".join([ALLOWED, *(f"https://o{n}.example" for n in range(1000))]))
    for path in {path for _, path, _, _ in KINDS if "missing" not in path}:
        server.write(f"htdocs{path}", f"{path}\n")
    server.write("htdocs/cached/.htaccess", f"CorsAllowOrigin {ALLOWED}\n")
    for n in range(SITES):
        server.write(f"htdocs/sites/{n}/.htaccess", f"CorsAllowOriginMatch https://(app|site{n})\\.example\\.com\n")
    server.configure(CONFIG)
    server.start()
    yield server
    server.close()


class Traffic:
    """Clients in threads of their own. answered counts (method, path, status); wrong is what must be empty."""

    def __init__(self, server):
        self.server = server
        self.answered = Counter()
        self.wrong = []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.ask, args=(seed,)) for seed in range(CLIENTS)]
        self.threads.append(threading.Thread(target=self.ask_http2))

    def ask(self, seed):
        chance = random.Random(seed)
        for _ in range(BATCHES):
            batch = [(*chance.choice(KINDS), chance.choice([ALLOWED, DENIED])) for _ in range(BATCH)]
            data = b"".join(request_bytes(m, path, [("Origin", o), *more]) for m, path, more, _, o in batch)
            try:
                answers = exchange(self.server.port, data, [method for method, *_ in batch])
            except OSError:  # a restart closed it
                continue
            for (method, path, _, allowed, origin), answer in zip(batch, answers, strict=False):
                self.judge(method, path, origin, allowed, answer)

    def judge(self, method, path, origin, allowed, answer):
        told = cors(answer).get("access-control-allow-origin")
        wanted = readable_by(path, origin, allowed)
        with self.lock:
            self.answered[method, path, answer.status] += 1
            if told != (wanted and [wanted]):
                self.wrong.append(f"{method} {path} of {origin}: {told}, not {wanted}")

    def ask_http2(self):
        """h2load counts its answers and does not look at them. A restart ends its connections: it is asked often."""
        site = f"http://127.0.0.1:{self.server.port}"
        urls = [site + path for method, path, *_ in KINDS if method == "GET" and "missing" not in path]
        command = ["h2load", "-n", str(STREAMS), "-c", "4", "-m", "20", "-H", f"Origin: {ALLOWED}", *urls]
        for _ in range(ROUNDS):
            said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False).stdout
            found = re.search(r"^status codes: (\d+) 2xx", said, re.M)
            with self.lock:
                self.answered["GET", "HTTP/2", 200] += int(found.group(1)) if found else 0

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        for thread in self.threads:
            thread.join()


def test_threads_share_nothing_unguarded(server):
    with Traffic(server) as traffic:
        for _ in range(RESTARTS):
            server.graceful()
    assert traffic.wrong == []
    assert sum(traffic.answered.values()) > CLIENTS * BATCHES * BATCH / 2
    assert traffic.answered["GET", "HTTP/2", 200] > STREAMS * ROUNDS / 2
    seen = {(method, path) for method, path, _ in traffic.answered}
    assert seen >= {(method, path) for method, path, _, _ in KINDS}
    print(f"{sum(traffic.answered.values())} answers")
