# SPDX-License-Identifier: Apache-2.0
"""One private httpd: its directory, configuration, process and logs."""

import atexit
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from functools import lru_cache
from pathlib import Path

from . import client

READY = "resuming normal operations"
CONFIG_FILE = "site.conf"  # what configure() writes: its line numbers are the test's own
START_TIMEOUT = 60
RESTART_TIMEOUT = 90
LOG_TIMEOUT = 10
STOP_TIMEOUT = 60
RUN_TIMEOUT = 120
LOG_LEVELS = ("warn", "error", "crit", "alert", "emerg")
LOG_LINE = re.compile(r"^\[[^]]*\] \[[\w-]*:(\w+)\] ")
FATAL = re.compile(
    r"Sanitizer|runtime error:|exit signal|glibc detected|stack smashing|corrupted|==\d+==ERROR|^==\d+== ", re.M
)
# What httpd runs under, if anything: the words in front of its command.
UNDER = os.environ.get("CG_UNDER", "").split()
# httpd 2.4.58 (Ubuntu) says so whenever its worker MPM is stopped, with and without the module; any does that is slow.
STOPS_SLOWLY = re.compile(r" AH00045: child process \d+ still did not exit, sending a SIGTERM$")
BASE_MODULES = ("unixd", "log_config", "authz_core", "mime", "setenvif")
TREE = Path(__file__).resolve().parents[3]


class LogMismatch(AssertionError):
    """The error log holds what no test named, or lacks what one did."""


@lru_cache
def apxs(name):
    tool = shutil.which("apxs") or shutil.which("apxs2")
    assert tool, "apxs was not found: install apache2-dev"
    return subprocess.run([tool, "-q", name], capture_output=True, text=True, check=True).stdout.strip()


@lru_cache
def program():
    return os.environ.get("CG_HTTPD") or os.path.join(apxs("SBINDIR"), apxs("PROGNAME"))


@lru_cache
def version():
    """(2, 4, 71)"""
    said = subprocess.run([program(), "-v"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in re.search(r"Apache/([\d.]+)", said).group(1).split("."))


@lru_cache
def static_modules():
    listing = subprocess.run([program(), "-l"], capture_output=True, text=True, check=True).stdout
    return {name.removeprefix("mod_") for name in re.findall(r"^\s+(\w+)\.c$", listing, re.M)}


def module_path():
    return Path(os.environ.get("CG_MODULE") or TREE / "build" / "mod_cors_guard.so").resolve()


@lru_cache
def for_children(module):
    """A module where the server's children can read it too, who are not root: checkers do, for names. The tree may be root's
    alone, as all of /root is."""
    if os.geteuid() != 0:
        return module
    folder = Path(tempfile.mkdtemp(prefix="cgmodule-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder)
    folder.chmod(0o755)
    return Path(shutil.copy(module, folder))


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Httpd:
    """modules: further ones, without "mod_". guard=False leaves the module out. log_level: behind "LogLevel".
    defines: names for ${NAME} in configurations, besides DIR, DOCROOT and PORT.
    starts_with: patterns of the log lines of level warn or above that starting it writes. variables: of the process's
    environment, besides those of the test."""

    fatal = FATAL
    registry = []  # every server that was started and not closed: conftest.py judges its log after each test

    def __init__(
        self, modules=(), mpm="event", guard=True, log_level=None, defines=None, starts_with=(), variables=None
    ):
        self.dir = Path(tempfile.mkdtemp(prefix="cgtest-", dir="/tmp"))
        self.dir.chmod(0o755)
        self.modules = [f"mpm_{mpm}", *BASE_MODULES, *modules]
        self.mpm = mpm
        self.guard = guard
        self.log_level = log_level or ("warn cors_guard:info" if guard else "warn")
        self.defines = dict(defines or {})
        self.variables = dict(variables or {})
        self.port = free_port()
        self.process = None
        self.log_seen = 0
        self.expectations = list(starts_with)
        self.root = os.geteuid() == 0
        for folder in ("htdocs", "logs", "run"):
            self.folder(folder)
        self.configure("")

    # files

    def folder(self, path, writable=False):
        """A folder below the server's directory; writable by the server's children where asked."""
        folder = self.dir / path
        folder.mkdir(parents=True, exist_ok=True)
        if writable and self.root:
            user = pwd.getpwnam(self.user)
            os.chown(folder, user.pw_uid, user.pw_gid)
        return folder

    def write(self, path, content="", mode=0o644):
        """A file below the server's directory: "htdocs/x.txt" is /x.txt of the site."""
        file = self.dir / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(mode)
        return file

    def cgi(self, path, script):
        """An executable shell script: the lines of script behind "#!/bin/sh"."""
        return self.write(path, f"#!/bin/sh\n{script}\n", 0o755)

    @property
    def user(self):
        for name in ("www-data", "apache", "nobody"):
            try:
                return pwd.getpwnam(name).pw_name
            except KeyError:
                continue
        raise AssertionError("no user that httpd could run as")

    # configuration

    def configure(self, text):
        """Writes the test's configuration. It stands in a file of its own (CONFIG_FILE), included last."""
        self.write(CONFIG_FILE, text)
        self.write("httpd.conf", self.base_config())

    def base_config(self):
        names = {"DIR": self.dir, "DOCROOT": self.dir / "htdocs", "PORT": self.port, **self.defines}
        lines = [f'Define {name} "{value}"' for name, value in names.items()]
        lines += [f"ServerRoot {self.dir}", f"Listen 127.0.0.1:{self.port}", "ServerName localhost"]
        lines += [f"DefaultRuntimeDir {self.dir}/run", "PidFile run/httpd.pid", "ErrorLog logs/error.log"]
        lines += [f"LoadModule {self.symbol(name)} {apxs('LIBEXECDIR')}/mod_{name}.so" for name in self.dynamic()]
        if self.guard:
            lines.append(f"LoadModule cors_guard_module {for_children(module_path())}")
        if self.root:
            group = pwd.getpwnam(self.user).pw_gid
            lines += [f"User {self.user}", f"Group #{group}"]
        lines += self.sizes()
        lines += [f"LogLevel {self.log_level}", r'LogFormat "%{CORS_GUARD}e %{CORS_GUARD_REASON}e %>s %r" guard']
        lines += ["CustomLog logs/access.log guard", "TypesConfig /dev/null"]
        lines += ["AddType text/html .html", "AddType text/plain .txt", "DocumentRoot htdocs"]
        if {"cgid", "cgi"} & set(self.modules):
            lines.append("AddHandler cgi-script .cgi")
        lines += ["<Directory />\n  AllowOverride None\n  Require all granted\n</Directory>"]
        lines.append(f"Include {CONFIG_FILE}")
        return "\n".join(lines) + "\n"

    def dynamic(self):
        """Modules that are not built in; the CGI module that the MPM needs."""
        for name in dict.fromkeys(self.modules):
            if name in ("cgi", "cgid"):
                name = "cgi" if self.mpm == "prefork" else "cgid"
            if name not in static_modules():
                yield name

    @staticmethod
    def symbol(name):
        return {"cgi": "cgi_module"}.get(name, f"{name}_module")

    def sizes(self):
        if self.mpm == "prefork":
            return ["StartServers 2", "MinSpareServers 1", "MaxSpareServers 4", "MaxRequestWorkers 8"]
        return [
            "ServerLimit 2",
            "StartServers 1",
            "ThreadsPerChild 16",
            "MaxRequestWorkers 32",
            "MinSpareThreads 4",
            "MaxSpareThreads 32",
        ]

    def command(self, *arguments):
        return [*UNDER, program(), "-d", str(self.dir), "-f", str(self.dir / "httpd.conf"), *arguments]

    def environment(self):
        """CG_PRELOAD is for a sanitizer's library, which an httpd that was built without it needs."""
        environment = {**os.environ, "LC_ALL": "C", **self.variables}
        if os.environ.get("CG_PRELOAD"):
            environment["LD_PRELOAD"] = os.environ["CG_PRELOAD"]
        return environment

    def configtest(self, *arguments):
        """Runs httpd -t with further arguments, and returns its exit code and what it wrote to stderr."""
        code, _, err = self.run("-t", *arguments)
        return code, err

    def run(self, *arguments):
        """Runs httpd once with these arguments: exit code, stdout, stderr."""
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=RUN_TIMEOUT,
            check=False,
        )
        assert not FATAL.search(done.stderr), done.stderr
        return done.returncode, done.stdout, done.stderr

    # process

    def start(self):
        stderr = open(self.dir / "logs" / "stderr.log", "ab")  # the child's for its whole life
        self.process = subprocess.Popen(
            self.command("-DFOREGROUND"), env=self.environment(), stdout=stderr, stderr=stderr, start_new_session=True
        )
        stderr.close()
        if self not in Httpd.registry:
            Httpd.registry.append(self)
        deadline = time.monotonic() + START_TIMEOUT
        while not self.answers():
            if self.process.poll() is not None:
                raise AssertionError(f"httpd ended with {self.process.returncode}:\n{self.said()}")
            if time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"httpd does not answer:\n{self.said()}")
            time.sleep(0.02)
        return self

    def answers(self):
        try:
            return bool(client.exchange(self.port, client.request_bytes("OPTIONS", "*"))) and self.runs_scripts()
        except (OSError, AssertionError):
            return False

    def runs_scripts(self):
        """mod_cgid's daemon makes its socket, and gives it to the children's user, while they answer already."""
        if "cgid" not in self.dynamic():
            return True
        owner = pwd.getpwnam(self.user).pw_uid if self.root else os.geteuid()
        return any(socket_file.stat().st_uid == owner for socket_file in (self.dir / "run").glob("cgisock*"))

    def said(self):
        return "".join(self.read_log(name) for name in ("stderr.log", "error.log"))

    def graceful(self):
        """Has it read its configuration anew, and returns when that serves and the last old child, which may still answer,
        is gone."""
        old, size = set(self.children()), self.log_size()
        self.process.send_signal(signal.SIGUSR1)
        self.wait(lambda: READY in self.log_since(size), "did not restart")
        self.wait(lambda: not old & set(self.children()), f"still has old children of {sorted(old)}")
        self.wait(self.runs_scripts, "does not run scripts")

    def children(self):
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def log_size(self):
        log = self.dir / "logs/error.log"
        return log.stat().st_size if log.exists() else 0

    def log_since(self, size):
        with open(self.dir / "logs/error.log", encoding="utf-8", errors="replace") as log:
            log.seek(size)
            return log.read()

    def wait(self, condition, problem):
        deadline = time.monotonic() + RESTART_TIMEOUT
        while not condition():
            assert self.process.poll() is None, f"httpd ended by itself:\n{self.said()[-3000:]}"
            assert time.monotonic() < deadline, f"httpd {problem} within {RESTART_TIMEOUT} s:\n{self.said()[-3000:]}"
            time.sleep(0.02)

    def stop(self):
        """Ends the process that start() began; a second call does nothing."""
        if self.process is None:
            return
        time.sleep(0.05)  # TERM while a worker still ends a connection makes httpd itself log AH03092, or crash
        self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("httpd did not stop on TERM") from None
        finally:
            self.process = None

    def close(self):
        """Stops it, looks for a crash on the way down, removes its directory."""
        try:
            self.stop()
            assert not self.fatal.search(self.said()), self.said()
        finally:
            if self in Httpd.registry:
                Httpd.registry.remove(self)
            if not os.environ.get("CG_KEEP"):
                shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.stop()

    # requests

    def request(self, method, target, headers=(), body=b"", host="localhost", origin=None, http2=False):
        """One request on its own connection. origin: an Origin header in front of headers. HTTP/2 goes by curl."""
        headers = ([("Origin", origin)] if origin is not None else []) + list(headers)
        if http2:
            return client.curl(self.port, method, target, headers, body, host, http2=True)
        data = client.request_bytes(method, target, [("Connection", "close"), *headers], body, host)
        answers = client.exchange(self.port, data, [method])
        assert answers, f"{method} {target}: the connection was closed without an answer\n{self.said()[-2000:]}"
        return answers[0]

    def get(self, target, origin=None, headers=(), **more):
        return self.request("GET", target, headers, origin=origin, **more)

    def preflight(self, target, origin, method="GET", request_headers=None, headers=(), **more):
        """OPTIONS with Access-Control-Request-Method, and -Headers unless request_headers is None."""
        asked = [("Access-Control-Request-Method", method)]
        if request_headers is not None:
            asked.append(("Access-Control-Request-Headers", request_headers))
        return self.request("OPTIONS", target, [*asked, *headers], origin=origin, **more)

    def exchange(self, data, methods=("GET",)):
        """Exact bytes over one connection; see client.exchange."""
        return client.exchange(self.port, data, methods)

    # logs

    def read_log(self, name):
        file = self.dir / "logs" / name
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def expect_log(self, *patterns):
        """This test provokes lines that match these regular expressions. Each must appear before it ends, and lines of
        level warn or above that match none of them fail the test."""
        self.expectations += patterns

    def new_log(self):
        """What the error log has got since the last test."""
        return self.read_log("error.log")[self.log_seen :]

    def wait_for_log(self, pattern):
        """The first new line that matches pattern."""
        return self.wait_for_line(self.new_log, pattern, "error log")

    def verdict(self, target):
        """CORS_GUARD and CORS_GUARD_REASON as logged for the only request with this target: see client.fresh."""
        return self.verdicts(target, 1)[0]

    def verdicts(self, target, count):
        """The same for count requests, sorted: threads log in any order."""
        deadline = time.monotonic() + LOG_TIMEOUT
        while True:
            text = self.read_log("access.log")
            lines = re.findall(rf"^(\S+) (\S+) \d+ \S+ {re.escape(target)}(?: HTTP.*)?$", text, re.M)
            if len(lines) >= count:
                return sorted(lines)
            if time.monotonic() > deadline:
                raise LogMismatch(f"the access log has {len(lines)} of {count} requests for {target}:\n{text[-2000:]}")
            time.sleep(0.01)

    @staticmethod
    def wait_for_line(read, pattern, name):
        deadline = time.monotonic() + LOG_TIMEOUT
        while True:
            text = read()
            for line in text.splitlines():
                if re.search(pattern, line):
                    return line
            if time.monotonic() > deadline:
                raise LogMismatch(f"no line of the {name} matches {pattern!r}:\n{text}")
            time.sleep(0.01)

    def judge_log(self):
        """Compares what the log has got since the last call with what was expected, and forgets both."""
        patterns, self.expectations = self.expectations, []
        try:
            for pattern in patterns:
                self.wait_for_log(pattern)
        finally:
            text = self.new_log()
            self.log_seen += len(text)
        if FATAL.search(text):
            raise LogMismatch(f"the error log tells of a crash:\n{text}")
        for line in text.splitlines():
            level = LOG_LINE.match(line)
            if (self.mpm == "worker" or UNDER) and STOPS_SLOWLY.search(line):
                continue
            unnamed = level is None or level.group(1) in LOG_LEVELS
            if unnamed and not any(re.search(pattern, line) for pattern in patterns):
                raise LogMismatch(f"the error log holds a line that the test did not name:\n{line}")
