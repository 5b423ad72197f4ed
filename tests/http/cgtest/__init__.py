# SPDX-License-Identifier: Apache-2.0
"""The harness of tests/http: a private httpd, clients that send exact bytes, backends that count.

    server = Httpd(modules=["headers"])            a directory under /tmp and a free port
    server.write("htdocs/api/x.txt", "hello")      a file of the site
    server.configure("<Location /api>\\n CorsAllowOrigin https://a.example\\n</Location>")
    with server:                                   started, stopped at the end
        answer = server.get("/api/x.txt", origin="https://a.example")
        assert answer.status == 200
        assert cors(answer) == expected("https://a.example", vary="origin")
"""

from .backend import Backend, PhpCgi
from .client import Response, cors, curl, exchange, expected, fresh
from .command import cors_audit
from .httpd import CONFIG_FILE, Httpd, LogMismatch, for_children, free_port, module_path
from .npm import node_modules
from .process import Process
from .unpacked import file_of, libraries

__all__ = [
    "Backend",
    "CONFIG_FILE",
    "Httpd",
    "LogMismatch",
    "PhpCgi",
    "Process",
    "Response",
    "cors",
    "cors_audit",
    "curl",
    "exchange",
    "expected",
    "file_of",
    "for_children",
    "free_port",
    "fresh",
    "libraries",
    "module_path",
    "node_modules",
]
