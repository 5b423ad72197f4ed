# SPDX-License-Identifier: Apache-2.0
"""A private httpd on 127.0.0.1, made for one measurement and removed behind it."""

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from functools import lru_cache
from pathlib import Path

TREE = Path(__file__).resolve().parents[3]
BENCH = TREE / "tests" / "bench"
BUILD = TREE / "build" / "bench"
BUILT_MODULE = Path(os.environ.get("CG_MODULE") or TREE / "build" / "mod_cors_guard.so").resolve()
# What is measured: a copy, so that a build meanwhile does not mix two modules in one table.
MODULE = BUILD / f"measured-{os.getpid()}" / "mod_cors_guard.so"
# Loaded in every configuration, so that a difference is that of the directives alone.
MODULES = ("authz_core", "mime", "setenvif")  # what Debian enables by itself, as far as requests meet it
# What an administrator must enable for a line that begins so.
NEEDED = {"Header ": "headers", "Rewrite": "rewrite"}
START_TIMEOUT = 120


class Failure(Exception):
    """Something could not be measured, or answered wrongly."""


def take_module():
    """Makes the copy."""
    if not BUILT_MODULE.exists():
        raise Failure(f"{BUILT_MODULE} is not there: make")
    MODULE.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(BUILT_MODULE, MODULE)
    atexit.register(shutil.rmtree, MODULE.parent, ignore_errors=True)


@lru_cache
def apxs(name):
    tool = shutil.which("apxs") or shutil.which("apxs2")
    if not tool:
        raise Failure("apxs was not found: install apache2-dev")
    return subprocess.run([tool, "-q", name], capture_output=True, text=True, check=True).stdout.strip()


@lru_cache
def program():
    return os.environ.get("CG_HTTPD") or f"{apxs('SBINDIR')}/{apxs('PROGNAME')}"


@lru_cache
def version():
    return subprocess.run([program(), "-v"], capture_output=True, text=True, check=True).stdout


def build_module(name):
    """Compiles mod_NAME.c of this folder with apxs, where it is newer than its .so."""
    source, built = BENCH / f"mod_{name}.c", BUILD / f"mod_{name}.so"
    if built.exists() and built.stat().st_mtime >= source.stat().st_mtime:
        return built
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(source, folder)
        command = [shutil.which("apxs") or "apxs2", "-c", "-Wc,-O2", "-Wc,-Wall", "-Wc,-Wextra", source.name]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"{source} does not compile:\n{done.stderr}")
        shutil.copy(Path(folder) / ".libs" / built.name, built)
    return built


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def account():
    for name in ("www-data", "apache", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure("there is no user that httpd could run as")


class Server:
    """What ends a process, and removes its folder behind a with statement."""

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(120)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Httpd(Server):
    """config: directives of the main server. extra: more modules, as {name: path}. htaccess: the text of a .htaccess;
    None: .htaccess files are not looked for."""

    def __init__(self, config="", extra=None, htaccess=None, mpm="prefork"):
        self.folder = Path(tempfile.mkdtemp(prefix="cgbench-", dir="/tmp"))
        self.folder.chmod(0o755)
        for name in ("htdocs", "logs", "run"):
            (self.folder / name).mkdir()
        page = self.folder / "htdocs" / "x.txt"
        page.write_text("x" * 99 + "\n")
        os.utime(page, (1600000000, 1600000000))  # its ETag has the same digits every time
        if htaccess is not None:
            (self.folder / "htdocs" / ".htaccess").write_text(htaccess)
        self.port = free_port()
        self.mpm = mpm
        self.file = self.folder / "httpd.conf"
        self.file.write_text(self.text(config, extra or {}, htaccess))
        self.process = None

    def text(self, config, extra, htaccess):
        lines = f"{config}\n{htaccess or ''}".splitlines()
        needed = [name for start, name in NEEDED.items() if any(line.startswith(start) for line in lines)]
        names = (f"mpm_{self.mpm}", *MODULES, *needed)
        paths = {name: f"{apxs('LIBEXECDIR')}/mod_{name}.so" for name in names}
        lines = [f"ServerRoot {self.folder}", f"Listen 127.0.0.1:{self.port}", "ServerName localhost"]
        lines += [f"DefaultRuntimeDir {self.folder}/run", "PidFile run/httpd.pid", "ErrorLog logs/error.log"]
        lines += [f"LoadModule {name}_module {path}" for name, path in {**paths, **extra}.items()]
        if os.geteuid() == 0:
            lines += [f"User {account().pw_name}", f"Group #{account().pw_gid}"]
        if self.mpm == "event":
            lines += ["StartServers 1", "ServerLimit 1", "ThreadsPerChild 32", "MaxRequestWorkers 32"]
        lines += ["KeepAlive On", "MaxKeepAliveRequests 0", "Timeout 300", "KeepAliveTimeout 300"]
        lines += ["TypesConfig /dev/null", "AddType text/plain .txt", f"DocumentRoot {self.folder}/htdocs"]
        override = "None" if htaccess is None else "FileInfo"
        lines += ["<Directory />", "AllowOverride None", "Require all granted", "</Directory>"]
        lines += [f"<Directory {self.folder}/htdocs>", f"AllowOverride {override}", "</Directory>"]
        return "\n".join(lines) + "\n" + config

    def command(self, *arguments):
        return [program(), "-d", str(self.folder), "-f", str(self.file), *arguments]

    def start(self, *prefix, arguments=("-DFOREGROUND",)):
        with open(self.folder / "logs" / "stderr.log", "wb") as stderr:
            self.process = subprocess.Popen(
                [*prefix, *self.command(*arguments)],
                stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr, start_new_session=True,
            )
        return self

    def connect(self):
        """A connection, as soon as httpd listens."""
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=START_TIMEOUT)
            except OSError:
                if self.process.poll() is not None:
                    raise Failure(f"httpd ended by itself:\n{self.said()}") from None
                if time.monotonic() > deadline:
                    raise Failure(f"httpd does not listen:\n{self.said()}") from None
                time.sleep(0.05)

    def said(self):
        logs = [self.folder / "logs" / name for name in ("stderr.log", "error.log")]
        return "".join(log.read_text("utf-8", "replace")[-2000:] for log in logs if log.exists())
