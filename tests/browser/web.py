# SPDX-License-Identifier: Apache-2.0
"""The sites that pages and browsers of the tests know: one httpd with the module, one without, each with TLS.

All names lead to the same files, and a path begins with the name of a policy: /listed/file.txt and /public/file.txt
are one file. What a policy stands for is in site.conf. An origin is written with a scheme that says which server and
which protocol is meant, and without the port, which is another one each time: see Web.located."""

import re
import time
from pathlib import Path

from authority import Authority
from cgtest import Backend, Httpd, free_port
from font import font

FOLDER = Path(__file__).resolve().parent
NAMES = (
    "localhost app.test www.site.test api.site.test other.site.test evil.test other.test vhost.test"
    " a.apps.test b.a.apps.test bad.apps.test apps.test xn--bcher-kva.test"
).split()
MODULES = (
    "alias auth_basic authn_core authn_file authz_user cgid deflate filter headers http2 proxy proxy_http rewrite ssl"
)
# What the schemes of this folder mean: the scheme that browsers see, the server, the name of its port.
SCHEMES = {
    "https": ("https", "guarded", "TLS"),
    "h2": ("https", "guarded", "H2"),
    "http": ("http", "guarded", "PORT"),
    "ws": ("ws", "guarded", "PORT"),
    "wss": ("wss", "guarded", "TLS"),
    "bare": ("https", "bare", "TLS"),
    "barewss": ("wss", "bare", "TLS"),
}
URL = re.compile(rf"\b({'|'.join(SCHEMES)})://([\w*.-]+\.test\b\.?)(?!:)")
LINE = re.compile(r'(\d+) (\S+) (\d+) (\S+) (\S+) "(.*?)" "(.*?)" (.*)')

LOG_TIMEOUT = 20

PIXEL = bytes.fromhex("47494638376101000100800000ffffff0000002c00000000010001000002024401003b")  # a GIF
FILES = {
    "file.txt": "hello",
    "long.txt": "0123456789" * 1000,
    "script.js": "answer = 42;",
    "module.js": "export default 'loaded';",
    "style.css": "p { color: red }",
    "image.gif": PIXEL,
    "font.ttf": font(),
    "events.sse": "data: hello\n\n",
    "private/file.txt": "secret",
    "forbidden/file.txt": "never",
    "directory/index.html": "index",
    "kept.txt": "for ten minutes",
    "kept.gif": PIXEL,
    "checked.txt": "asked again each time",
    "packed.txt": "0123456789" * 1000,
    "htaccess/file.txt": "hello",
    "less/file.txt": "hello",
    "sorry.html": "sorry",
}
HTACCESS = "CorsAllowOrigin https://app.test\nCorsExposeHeaders ETag\n"


class Web:
    """All names lead to two servers: guarded has the module, bare has not."""

    def __init__(self):
        self.backend = Backend()
        self.dead = free_port()
        self.guarded = self.server(guard=True)
        self.bare = self.server(guard=False)
        self.authority = Authority(self.guarded.dir, NAMES)
        for name in ("site.pem", "site.key"):
            self.bare.write(name, (self.guarded.dir / name).read_bytes())
        self.guarded.write("htdocs/data/htaccess/.htaccess", self.located(HTACCESS))
        for server in self.servers:
            server.configure(self.located((FOLDER / "site.conf").read_text("utf-8")))
            server.start()
        self.cases = {}  # what was expected of each

    @property
    def servers(self):
        return [self.guarded, self.bare]

    def server(self, guard):
        defines = {"TLS": free_port(), "H2": free_port(), "BACKEND": self.backend.port, "DEAD": self.dead}
        server = Httpd(MODULES.split(), guard=guard, defines=defines, starts_with=["AH01873"])
        for name in ("page.html", "page.js", "worker.js"):
            server.write(f"htdocs/{name}", (FOLDER / name).read_bytes())
        for name, content in FILES.items():
            server.write(f"htdocs/data/{name}", content)
        server.cgi("htdocs/data/broken.cgi", "exit 1")
        server.write("users", "ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")  # secret
        return server

    def located(self, text):
        """The text with the ports of its origins: "h2://app.test" becomes "https://app.test:40001"."""

        def whole(match):
            scheme, name = match.groups()
            real, server, port = SCHEMES[scheme]
            server = getattr(self, server)
            return f"{real}://{name}:{server.defines.get(port, server.port)}"

        return URL.sub(whole, text)

    def requests(self):
        """What the servers logged for each case, in the order in which the requests came."""
        found = {}
        for server in self.servers:
            for line in server.read_log("cases.log").splitlines():
                time, method, status, verdict, version, origin, cookie, target = LINE.fullmatch(line).groups()
                if case := re.search(r"[?&]case=([^&]+)", target):
                    words = [method, status, verdict]
                    words += ["h2"] if version == "HTTP/2.0" else []
                    words += ["from null"] if origin == "null" else []
                    words += [f"with {cookie}"] if cookie != "-" else []
                    found.setdefault(case.group(1), []).append((int(time), " ".join(words)))
        return {case: [words for _, words in sorted(lines)] for case, lines in found.items()}

    def requested(self, case, allowed):
        """The same, once they are one of the lists that are allowed, or too many for any. All cases are looked at again
        at the end: see close."""
        most, deadline = max(map(len, allowed)), time.monotonic() + LOG_TIMEOUT
        while (found := self.requests().get(case, [])) not in allowed and len(found) < most:
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        self.cases[case] = found
        return found

    def close(self):
        """Ends the servers, and looks whether anything was requested that came too late to be seen by its case."""
        for server in self.servers:
            server.stop()
        found = self.requests()
        late = {case: made for case, made in found.items() if len(made) > len(self.cases.get(case, made))}
        for server in self.servers:
            server.close()
        self.backend.close()
        assert not late, f"more was requested than expected: {late}"
