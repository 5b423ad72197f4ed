# SPDX-License-Identifier: Apache-2.0
"""Backends behind the private httpd. They do what badly written applications do, and count what reaches them."""

import base64
import hashlib
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from .httpd import free_port
from .process import Process

WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Handler(BaseHTTPRequestHandler):
    """The query of the URL says what to answer; each may be repeated:
    status=404, reflect=1 (Origin into Access-Control-Allow-Origin, with credentials), vary=Accept-Language,
    header=Name:Value, body=text, cache=60 (Cache-Control: max-age), interim=1 (a 103 first), garbage=1 (a bad header),
    hangup=1 (no answer)."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self):
        parts = urlsplit(self.path)
        query = parse_qsl(parts.query)
        asked = dict(query)
        self.server.backend.count(self.command, parts.path, dict(self.headers))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self.upgrade()
            return
        if "garbage" in asked:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n")
        if "hangup" in asked or "garbage" in asked:
            self.close_connection = True
            return
        if "interim" in asked:
            self.send_response(103)
            self.send_header("Link", "</style.css>; rel=preload")
            self.end_headers()
        status = int(asked.get("status", "200"))
        body = b"" if status in (204, 304) else asked.get("body", f"backend {self.command} {parts.path}").encode()
        self.send_response(status)
        if "reflect" in asked:
            self.reflect()
        if "cache" in asked:
            self.send_header("Cache-Control", f"public, max-age={asked['cache']}")
        for value in [value for name, value in query if name == "vary"]:
            self.send_header("Vary", value)
        for name, _, value in [value.partition(":") for key, value in query if key == "header"]:
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain")
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def reflect(self):
        self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", "https://backend.invalid"))
        self.send_header("Access-Control-Allow-Credentials", "true")
        self.send_header("Access-Control-Expose-Headers", "X-Backend")
        self.send_header("Access-Control-Allow-Private-Network", "true")
        self.send_header("Access-Control-Allow-Methods", "GET, DELETE")

    def upgrade(self):
        key = self.headers.get("Sec-WebSocket-Key", "").encode()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key + WEBSOCKET_GUID).digest()).decode())
        self.end_headers()
        self.rfile.read(1)  # a browser must see it open before it ends
        self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_patch = do_PURGE = answer

    def log_message(self, *arguments):
        """Silent: the test reads the counters."""


class Backend:
    """An HTTP server in a thread of the test. seen counts (method, path); last is the headers of the last request."""

    def __init__(self):
        self.seen = Counter()
        self.last = {}
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.backend = self
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def count(self, method, path, headers):
        with self.lock:
            self.seen[method, path] += 1
            self.last = headers

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class PhpCgi(Process):
    """php-cgi as a FastCGI server, on a port or on the Unix socket that is named; already started."""

    def __init__(self, path=None):
        self.port = free_port() if path is None else None
        super().__init__(
            ["php-cgi", "-n", "-b", path or f"127.0.0.1:{self.port}"],
            path or self.port,
            environment={"PHP_FCGI_CHILDREN": "0", "PHP_FCGI_MAX_REQUESTS": "0"},
        )
        self.start()
