# SPDX-License-Identifier: Apache-2.0
"""The corpus of CORS recipes (tests/http/recipes/README.md tells its format), and the origins that are tried on it."""

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "recipes"
DOMAIN = "recipe.test"
PAGES = (
    "index.html",
    "index.php",
    "app.js",
    "error.html",
    "api/data.json",
    "api/index.html",
    "fonts/site.woff2",
    "images/logo.png",
    "private/report.txt",
)
EVIL = "https://evil.test"

# What a request says in Origin: one line of it, several, or none.
ORIGINS = {
    "app": ["https://app.example.com"],
    "www": ["https://www.example.com"],
    "apex": ["https://example.com"],
    "shop": ["https://shop.example.net"],
    "net": ["https://example.net"],
    "partner": ["https://partner.test:8443"],
    "local": ["http://localhost:3000"],
    "evil": [EVIL],
    "null": ["null"],
    "absent": [],
    "empty": [""],
    "http": ["http://app.example.com"],
    "port": ["https://app.example.com:8443"],
    "deep": ["https://a.b.example.com"],
    "idn": ["https://xn--bcher-kva.example.com"],
    "underscore": ["https://app_1.example.com"],
    "suffix": ["https://app.example.com.evil.test"],
    "apex-suffix": ["https://example.com.evil.test"],
    "prefix": ["https://evilexample.com"],
    "prefix-www": ["https://evilwww.example.com"],
    "dash-prefix": ["https://evil-example.com"],
    "dot": ["https://appxexample.com"],
    "last-dot": ["https://app.examplexcom"],
    "apex-dot": ["https://examplexcom"],
    "special": ["https://app.example.com_.evil.test"],
    "local-suffix": ["http://localhost.evil.test:3000"],
    "shared": ["https://team.github.io"],
    "other-shared": ["https://other.github.io"],
    "upper": ["HTTPS://APP.EXAMPLE.COM"],
    "slash": ["https://app.example.com/"],
    "list": ["https://app.example.com, https://evil.test"],
    "two-lines": ["https://evil.test", "https://app.example.com"],
    "ip": ["http://192.0.2.10"],
    "long": ["https://" + ("a" * 59 + ".") * 5 + "example.com"],
    "utf-8": ["https://b\u00fccher.example.com"],
    "extension": ["chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai"],
}


def sent_as(origin):
    """The value that httpd makes of an origin's lines: it merges them before anything sees them."""
    return ", ".join(ORIGINS[origin]) if ORIGINS[origin] else None


@dataclass
class Request:
    method: str
    target: str
    headers: list = field(default_factory=list)  # of (name, value)

    def __str__(self):
        return " ".join([self.method, self.target, *(f"{name}: {value}" for name, value in self.headers)])


@dataclass
class Recipe:
    name: str
    head: dict  # "title": text
    host: list  # lines of the virtual host
    server: list  # of the main server
    files: dict  # path below the document root: text
    requests: list

    @property
    def host_name(self):
        return f"{self.name}.{DOMAIN}"

    @property
    def text(self):
        """Everything that httpd reads of it."""
        return "\n".join([*self.host, *self.server, *(text for name, text in self.files.items() if ".htaccess" in name)])

    def write(self, server, backend):
        """Writes the site's files below the server's directory, and returns what makes its virtual host."""
        root = f"sites/{self.name}"
        for page in PAGES:
            server.write(f"{root}/{page}", f"{page} of {self.name}\n")
        for path, text in self.files.items():
            server.write(f"{root}/{path}", self.filled(text, server, backend))
        scheme = "https://" if self.head.get("scheme") == "https" else ""
        lines = [f"<VirtualHost *:{server.port}>", f"ServerName {scheme}{self.host_name}", "DocumentRoot @ROOT@"]
        lines += ["<Directory @ROOT@>", "AllowOverride All", "Options FollowSymLinks", "</Directory>"]
        lines += [*self.host, "</VirtualHost>", ""]
        return self.filled("\n".join(lines), server, backend)

    def filled(self, text, server, backend):
        return text.replace("@ROOT@", str(server.dir / "sites" / self.name)).replace("@BACKEND@", backend)


def read_recipe(path):
    head, host, server, files, requests = {}, [], [], {}, []
    into = host
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("### "):
            word, _, rest = line.removeprefix("### ").partition(" ")
            into = start_part(path, word, rest.strip(), server, files, requests)
        elif line.startswith("# ") and into is host and not any(line and line[0] != "#" for line in host):
            key, colon, value = line.removeprefix("# ").partition(": ")
            assert colon, f"{path.name}: not a line of the head: {line}"
            head[key] = value.strip()
        elif into is not None:
            into.append(line)
        else:
            name, colon, value = line.partition(": ")
            assert colon or not line, f"{path.name}: not a header: {line}"
            requests[-1].headers += [(name, value)] if colon else []
    content = {name: "\n".join(lines).strip() + "\n" for name, lines in files.items()}
    return Recipe(path.stem, head, host, server, content, requests or [Request("GET", "/index.html")])


def start_part(path, word, rest, server, files, requests):
    """Where the lines behind "### word rest" go; None: they are headers of the request that it began."""
    if word == "server":
        return server
    if word in (".htaccess", "file"):
        name = str(Path(rest, ".htaccess")) if word == ".htaccess" else rest
        return files.setdefault(name, [])
    if word == "request":
        requests.append(Request(*rest.split()))
    elif word == "preflight":
        target, method, *names = rest.split()
        asked = [("Access-Control-Request-Method", method)]
        asked += [("Access-Control-Request-Headers", name) for name in names]
        requests.append(Request("OPTIONS", target, asked))
    else:
        raise AssertionError(f"{path.name}: no such part: ### {word}")
    return None


def read_recipes():
    return [read_recipe(path) for path in sorted(FOLDER.glob("*.conf"))]
