# SPDX-License-Identifier: Apache-2.0
"""A private httpd with the site, whose configuration changes while it serves."""

import os
import re
import signal
from collections import Counter
from contextlib import contextmanager

from cgtest import Httpd

from . import measure
from .site import CGI, HTACCESS_FILES, MODULES, POLICIES, PUBLIC_POLICIES, SITE

PAGES = ("x.txt", "dir/index.html", *(f"{name}/x.txt" for name in ("ht", "private", "z", "none", "enforce", "report")))
OLD = 1600000000  # when the pages were written, so that an answer can be 304
# Not those that the tests kill, nor mod_cgid's daemon where the log says that it was that. It does not ignore SIGPIPE, so a child
# that is killed before it has read which process runs its script takes it along, in about one of ninety runs here; without this
# module too: tried with a client of its socket that closes at once. Any other process that ends of a signal is a crash.
DAEMON = r"Broken pipe \(13\)\n(?:.*\n){0,20}?.* AH01239: "
CRASH = re.compile(
    rf"Sanitizer|runtime error:|exit signal (?!Killed|{DAEMON})|glibc detected|stack smashing|corrupted"
)
# What the site provokes: a broken .htaccess, and Header lines that the module replaces.
SITE_SAYS = re.compile(r"/ht/\.htaccess: | CG0104: ")


class LoadedHttpd(Httpd):
    """One that is restarted under load."""

    fatal = CRASH

    def sizes(self):
        if self.mpm == "prefork":
            return ["StartServers 6", "MinSpareServers 4", "MaxSpareServers 10", "MaxRequestWorkers 64"]
        return [
            "ServerLimit 16",
            "StartServers 2",
            "ThreadsPerChild 24",
            "MaxRequestWorkers 384",
            "MinSpareThreads 24",
            "MaxSpareThreads 96",
        ]

    def workers(self):
        """The children that answer requests. mod_cgid's daemon is another one: it has no threads."""
        return [child for child in self.children() if self.mpm == "prefork" or threads(child) > 1]

    def crashes(self):
        return crashes_in(self.said())

    def judge_log(self):
        """Logs of the soak are long, and compared with those of the other server (judge.py)."""


class SoakHttpd(LoadedHttpd):
    """guard=False: the same site without the module. more: further directives of the main server."""

    def __init__(self, backend, guard=True, mpm="event", more="", modules=MODULES, **options):
        http2 = ["http2"] if mpm != "prefork" else []
        super().__init__(
            modules=[*modules, *http2], mpm=mpm, guard=guard, log_level="warn", defines={"BACKEND": backend}, **options
        )
        self.write("users", "user:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n")
        for page in PAGES:
            os.utime(self.write(f"htdocs/{page}", f"{page} {'x' * 80}\n"), (OLD, OLD))
        self.folder("cgi")
        self.cgi("cgi/app.cgi", CGI)
        self.put_policy(0)
        self.put_htaccess(0)
        self.configure(("Protocols h2c http/1.1\n" if http2 else "") + more + SITE)

    # configuration

    def replace(self, path, text):
        """Puts a file in place as an editor or a deployment does: complete, at once."""
        self.write(f"{path}.new", text).rename(self.dir / path)

    def put_policy(self, generation):
        policy, public = POLICIES[generation % len(POLICIES)], PUBLIC_POLICIES[generation % len(POLICIES)]
        self.replace("origins.txt", "".join(f"{origin}\n" for origin in policy.listed))
        self.replace("policy.conf", "\n".join(policy.directives("origins.txt") if self.guard else []) + "\n")
        self.replace("public.conf", "\n".join(public.directives("origins.txt")) + "\n")

    def put_htaccess(self, generation):
        text = HTACCESS_FILES[generation % len(HTACCESS_FILES)]
        if text is None:
            (self.dir / "htdocs/ht/.htaccess").unlink()
        else:
            self.replace("htdocs/ht/.htaccess", text if self.guard else without_guard(text))

    # processes

    def kill_child(self, choice):
        """SIGKILL to one of its children, as the kernel does where memory ends: its id; None where none was there."""
        workers = self.workers()
        if not workers:
            return None
        pid = choice(workers)
        os.kill(pid, signal.SIGKILL)
        return pid

    def idle_descriptors(self):
        """What httpd's first process and its fullest child hold once no connection is left: by kind."""
        self.wait(lambda: not measure.connections(self.port), "still has connections")
        most = Counter()
        for worker in self.workers():
            most |= measure.descriptors(worker)
        return measure.descriptors(self.process.pid), most

    # log

    def odd_lines(self):
        """Lines of warn and above that the site does not explain."""
        level = re.compile(r"^\[[^]]*\] \[[\w-]*:(warn|error|crit|alert|emerg)\] ")
        lines = [line for line in self.read_log("error.log").splitlines() if level.match(line)]
        return [line for line in lines if not CRASH.search(line) and not SITE_SAYS.search(line)]


def crashes_in(log):
    """The lines that tell of a crash. What a line means may stand in those behind it."""
    return [log[log.rfind("\n", 0, at.start()) + 1 :].split("\n", 1)[0] for at in CRASH.finditer(log)]


def threads(pid):
    """How many threads a process has; none where it is gone."""
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except FileNotFoundError:
        return 0


def without_guard(htaccess):
    """What httpd without the module may read: a broken .htaccess stays broken."""
    return "NoSuchDirective\n" if "ht2" in htaccess else ""


@contextmanager
def served(server, start=True):
    """Started, and its folder removed behind it."""
    try:
        yield server.start() if start else server
    finally:
        server.close()
