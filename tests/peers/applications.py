# SPDX-License-Identifier: Apache-2.0
"""The application of apps/ in each of the ways that connect one to httpd, below /off, /on, /enforce and so on."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cgtest import Httpd, PhpCgi, Process, file_of, free_port, libraries, node_modules
from fronts import unprivileged

HERE = Path(__file__).resolve().parent
APP = "https://app.example"
OTHER = "https://other.example"
POLICY = f"""CorsAllowOrigin {APP} {OTHER}
  CorsAllowCredentials On
  CorsAllowMethods GET PUT DELETE
  CorsAllowHeaders Content-Type X-Token
  CorsExposeHeaders X-Count
  CorsMaxAge 600"""
MODES = {
    "off": "",
    "on": POLICY,
    "enforce": f"{POLICY}\n  CorsGuard Enforce",
    "report": f"{POLICY}\n  CorsGuard Report",
    "forward": f"{POLICY}\n  CorsPreflight Forward",
    "public": "CorsAllowOrigin *",
}
SECTIONS = "\n".join(
    f"<Location /{mode}>\n <IfModule mod_cors_guard.c>\n  {policy}\n </IfModule>\n</Location>"
    for mode, policy in MODES.items()
)


@dataclass
class Kind:
    """How an application is connected: its file in apps/, what httpd needs, and what starts it, if it has a process
    of its own. mount: the directives that put it at /MODE. unpacked: the Debian package and the file of a module for
    httpd, ${MODULE} in config."""

    source: str
    mount: str
    modules: tuple
    config: str = ""
    mpm: str = "event"
    process: callable = None
    unpacked: tuple = ()


def gunicorn(folder, port):
    command = ["gunicorn", "--chdir", folder, "--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", folder, "app"]
    return Process(command, port, folder / "output.log")


def express(folder, port):
    environment = {"NODE_PATH": str(node_modules(HERE)), "NODE_ENV": "production"}
    return Process(["node", folder / "app.js", port], port, folder / "output.log", environment)


FPM = """[global]
daemonize = no
error_log = {folder}/output.log
[app]
{user}
listen = 127.0.0.1:{port}
pm = static
pm.max_children = 4
"""


def php_fpm(folder, port):
    program = file_of("php-fpm", "usr/sbin/php-fpm*")
    user = f"user = {unprivileged()}" if os.geteuid() == 0 else ""
    (folder / "fpm.conf").write_text(FPM.format(folder=folder, port=port, user=user))
    command = [program, "-n", "-y", folder / "fpm.conf"]
    return Process(command, port, folder / "output.log", libraries(program))


PROXY = dict(
    mount="ProxyPass /{mode} http://127.0.0.1:${{APP_PORT}}",
    modules=("proxy", "proxy_http", "http2"),
    config='<Proxy "http://127.0.0.1:${APP_PORT}">\n  ProxySet retry=0\n</Proxy>',
)
KINDS = {
    "mod_php": Kind(
        "app.php",
        'Alias /{mode} "${{APP}}/app.php"',
        ("alias", "dir"),
        'LoadModule php_module ${MODULE}\n<FilesMatch "\\.php$">\n  SetHandler application/x-httpd-php\n</FilesMatch>',
        mpm="prefork",
        unpacked=("libapache2-mod-php", "usr/lib/apache2/modules/libphp*.so"),
    ),
    "php-fastcgi": Kind(
        "app.php",
        'Alias /{mode} "${{APP}}/app.php"',
        ("alias", "proxy", "proxy_fcgi", "http2"),
        '<FilesMatch "\\.php$">\n  SetHandler "proxy:unix:${APP}/socket|fcgi://localhost"\n</FilesMatch>\n'
        "ProxyFCGIBackendType GENERIC\n"
        '<Proxy "fcgi://localhost">\n  ProxySet flushpackets=on retry=0\n</Proxy>',
        process=lambda folder, port: PhpCgi(str(folder / "socket")),
    ),
    "php-fpm": Kind(
        "app.php",
        'Alias /{mode} "${{APP}}/app.php"',
        ("alias", "proxy", "proxy_fcgi", "http2"),
        '<FilesMatch "\\.php$">\n  SetHandler "proxy:fcgi://127.0.0.1:${APP_PORT}"\n</FilesMatch>\n'
        '<Proxy "fcgi://127.0.0.1:${APP_PORT}">\n  ProxySet flushpackets=on retry=0\n</Proxy>',
        process=php_fpm,
    ),
    "mod_wsgi": Kind(
        "app.py",
        'WSGIScriptAlias /{mode} "${{APP}}/app.py"',
        ("alias", "http2"),
        "LoadModule wsgi_module ${MODULE}\nWSGISocketPrefix run/wsgi\nWSGIDaemonProcess app processes=1 threads=4\n"
        "WSGIProcessGroup app\nWSGIApplicationGroup %{GLOBAL}",
        unpacked=("libapache2-mod-wsgi-py3", "usr/lib/apache2/modules/mod_wsgi.so*"),
    ),
    "gunicorn": Kind("app.py", process=gunicorn, **PROXY),
    "express": Kind("app.js", process=express, **PROXY),
}


class Application:
    """bare: the httpd without the module; guarded: with it. The rest of their configuration is the same.
    config: further directives, for both."""

    def __init__(self, kind, config="", modules=()):
        self.kind = kind
        self.modules = (*kind.modules, *modules)
        self.folder = Path(tempfile.mkdtemp(prefix="cgapp-", dir="/tmp"))
        self.folder.chmod(0o777)  # the log is written by whoever runs the application
        shutil.copy(HERE / "apps" / kind.source, self.folder)
        self.port = free_port()
        self.process = kind.process(self.folder, self.port) if kind.process else None
        if self.process and self.process.process is None:
            self.process.start()
        self.bare, self.guarded = (self.server(guard, config) for guard in (False, True))

    def server(self, guard, config):
        defines, variables = {"APP": self.folder, "APP_PORT": self.port}, {}
        if self.kind.unpacked:
            defines["MODULE"] = file_of(*self.kind.unpacked)
            variables = libraries(defines["MODULE"])
        server = Httpd(self.modules, mpm=self.kind.mpm, guard=guard, defines=defines, variables=variables)
        server.folder("cache", writable=True)
        mounts = [self.kind.mount.format(mode=mode) for mode in MODES]
        protocols = "" if self.kind.mpm == "prefork" else "Protocols h2c http/1.1"
        server.configure("\n".join([protocols, self.kind.config, *mounts, SECTIONS, config]))
        return server.start()

    def seen(self, target):
        """How often the application got a request for target, which is a URL below its mount point, with which
        method."""
        log = self.folder / "seen.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line.split()[0] for line in lines if line.split()[1] == target]

    def close(self):
        for server in (self.bare, self.guarded):
            server.close()
        if self.process:
            self.process.close()
        if not os.environ.get("CG_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
