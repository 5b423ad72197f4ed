# SPDX-License-Identifier: Apache-2.0
"""nginx and HAProxy in front of httpd: they end TLS, so that httpd itself sees plain HTTP."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from cgtest import Process, curl, file_of, free_port, libraries

DOMAIN = "example.test"
CLIENT = "127.0.0.2"  # whence the tests' client comes, so that its address is not the front's own

NGINX = """daemon off;
USER
worker_processes 1;
pid @/nginx.pid;
error_log @/error.log;
events { worker_connections 64; }
http {
    access_log off;
    TEMPORARY
    server {
        listen 127.0.0.1:FRONT ssl http2;
        ssl_certificate @/front.pem;
        ssl_certificate_key @/front.pem;
        proxy_http_version 1.1;
        location / {
            proxy_pass http://127.0.0.1:HTTPD;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-For $remote_addr;
        }
        location /other-host/ {  # as it is where nothing is said: httpd gets the name of the upstream server
            proxy_pass http://127.0.0.1:HTTPD;
        }
        location /api/added {
            add_header Access-Control-Allow-Origin * always;
            proxy_pass http://127.0.0.1:HTTPD;
            proxy_set_header Host $http_host;
        }
    }
}
"""
HAPROXY = """defaults
    mode http
    timeout connect 30s
    timeout client 30s
    timeout server 30s
frontend front
    bind 127.0.0.1:FRONT ssl crt @/front.pem alpn h2,http/1.1
    http-request set-header X-Forwarded-Proto https
    http-request del-header X-Forwarded-For
    http-request set-header Host 127.0.0.1:HTTPD if { path_beg /other-host/ }
    http-request set-var(txn.added) bool(true) if { path_beg /api/added }
    http-response add-header Access-Control-Allow-Origin * if { var(txn.added) -m bool }
    use_backend addressed if { hdr_beg(host) addressed. }
    default_backend httpd
backend httpd
    option forwardfor
    server httpd 127.0.0.1:HTTPD
backend addressed
    server httpd 127.0.0.1:ADDRESSED send-proxy
"""


def unprivileged():
    for name in ("www-data", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise AssertionError("no user that nginx could run as")


class Front:
    """A server that ends TLS for all names below DOMAIN, and its client. addressed: the port where httpd expects the
    PROXY protocol, which HAProxy speaks."""

    def __init__(self, kind, httpd, addressed):
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="cgfront-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.certify()
        text, command = {"nginx": self.nginx, "haproxy": self.haproxy}[kind]()
        values = {"@": self.folder, "FRONT": self.port, "HTTPD": httpd, "ADDRESSED": addressed}
        for name, value in values.items():
            text = text.replace(name, str(value))
        (self.folder / "front.conf").write_text(text)
        self.process = Process(command, self.port, self.folder / "output.log", libraries(command[0])).start()

    def certify(self):
        ec_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        files = ["-keyout", self.folder / "key.pem", "-out", self.folder / "certificate.pem"]
        names = ["-subj", "/CN=front", "-addext", f"subjectAltName=DNS:*.{DOMAIN}"]
        subprocess.run(["openssl", "req", "-x509", *ec_key, *names, *files], capture_output=True, check=True)
        both = [(self.folder / name).read_text() for name in ("certificate.pem", "key.pem")]
        (self.folder / "front.pem").write_text("".join(both))

    def nginx(self):
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "\n    ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        user = f"user {unprivileged()};" if os.geteuid() == 0 else ""
        command = [file_of("nginx", "usr/sbin/nginx"), "-p", self.folder, "-e", self.folder / "error.log"]
        return NGINX.replace("TEMPORARY", temporary).replace("USER", user), [*command, "-c", self.folder / "front.conf"]

    def haproxy(self):
        return HAPROXY, [file_of("haproxy", "usr/sbin/haproxy"), "-db", "-f", self.folder / "front.conf"]

    def site(self, name, scheme="https"):
        """The origin of one of its sites, as a browser has it."""
        return f"{scheme}://{name}.{DOMAIN}:{self.port}"

    def request(self, name, method, target, origin=None, headers=(), body=b"", http2=False):
        """One request over TLS, as a browser sends it to https://name.DOMAIN."""
        headers = ([("Origin", origin)] if origin is not None else []) + list(headers)
        options = ["--cacert", self.folder / "certificate.pem", "--interface", CLIENT]
        options += ["--resolve", f"{name}.{DOMAIN}:{self.port}:127.0.0.1"]
        return curl(None, method, target, headers, body, http2=http2, options=options, site=self.site(name))

    def preflight(self, name, target, origin, method="GET", http2=False):
        asked = [("Access-Control-Request-Method", method)]
        return self.request(name, "OPTIONS", target, origin, asked, http2=http2)

    def close(self):
        self.process.close()
        shutil.rmtree(self.folder, ignore_errors=True)
