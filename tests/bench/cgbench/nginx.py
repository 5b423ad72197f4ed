# SPDX-License-Identifier: Apache-2.0
"""A private nginx with the same list as a map, in the leanest form: each origin maps to the same word."""

import os
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from . import sites
from .server import BUILD, TREE, Failure, Server, account, free_port


def program():
    """The path of nginx. Debian's package would start a server when installed: it is only unpacked."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return found or str(unpacked() / "usr" / "sbin" / "nginx")


@lru_cache
def unpacked():
    folder = TREE / "build" / "unpacked" / "nginx"
    done = subprocess.run([TREE / "scripts" / "unpack", "nginx", folder], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"Debian's package nginx is not to be had: {done.stderr}")
    return folder


def version():
    return subprocess.run([program(), "-v"], capture_output=True, text=True).stderr.strip().rpartition("/")[2]


def map_file(count):
    file = BUILD / f"origins-{count}.map"
    file.write_text("".join(f'"{origin}" 1;\n' for origin in sites.origins(count)))
    return file


def guard(count):
    """map_hash_* as they load fastest: much smaller ones make nginx try many sizes, larger ones touch more memory."""
    return f"""
    map_hash_max_size {max(count // 8, 64)};
    map_hash_bucket_size 1024;
    map $http_origin $listed {{ default 0; include {map_file(count)}; }}
    map $listed $cors_origin {{ default ""; 1 $http_origin; }}
    map $listed $cors_credentials {{ default ""; 1 true; }}
    map $listed $cors_expose {{ default ""; 1 {sites.EXPOSE}; }}
    add_header Access-Control-Allow-Origin $cors_origin always;
    add_header Access-Control-Allow-Credentials $cors_credentials always;
    add_header Access-Control-Expose-Headers $cors_expose always;
    add_header Vary Origin always;
"""


class Nginx(Server):
    """count: how many origins are allowed; 0 for a server without CORS."""

    def __init__(self, count):
        self.folder = Path(tempfile.mkdtemp(prefix="cgbench-", dir="/tmp"))
        self.folder.chmod(0o755)
        (self.folder / "htdocs").mkdir()
        (self.folder / "htdocs" / "x.txt").write_text("x" * 99 + "\n")
        self.port = free_port()
        self.file = self.folder / "nginx.conf"
        self.file.write_text(self.text(count))
        self.process = None

    def text(self, count):
        user = f"user {account().pw_name};\n" if os.geteuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"    {kind}_temp_path {self.folder}/{kind};\n" for kind in kinds)
        return f"""{user}daemon off;
worker_processes 1;
pid {self.folder}/nginx.pid;
error_log {self.folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    types {{ text/plain txt; }}
{temporary}{guard(count) if count else ""}
    server {{ listen 127.0.0.1:{self.port}; server_name localhost; root {self.folder}/htdocs; }}
}}
"""

    def command(self, *arguments):
        log = f"{self.folder}/error.log"
        return [program(), "-q", "-p", str(self.folder), "-e", log, "-c", str(self.file), *arguments]

    def start(self, *prefix):
        self.process = subprocess.Popen(
            [*prefix, *self.command()],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )
        return self

    def said(self):
        log = self.folder / "error.log"
        return log.read_text()[-2000:] if log.exists() else ""
