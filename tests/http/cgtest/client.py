# SPDX-License-Identifier: Apache-2.0
"""Clients: raw sockets, where every byte is the test's, and curl, for HTTP/2 too."""

import itertools
import os
import socket
import subprocess
import tempfile

TIMEOUT = 30
NO_BODY = (204, 304)
NAME_LISTS = ("access-control-allow-headers", "access-control-expose-headers")
COUNTER = itertools.count(1)


class Response:
    """One answer. headers keeps every line, in order, names in lower case."""

    def __init__(self, status, headers, body, version="1.1", interim=()):
        self.status = status
        self.headers = headers
        self.body = body
        self.version = version
        self.interim = list(interim)  # (status, headers) of each 1xx before it

    def values(self, name):
        return [value for key, value in self.headers if key == name]

    def value(self, name):
        """The only value of a header; None where it is absent."""
        values = self.values(name)
        assert len(values) < 2, f"{name} was sent more than once: {values}"
        return values[0] if values else None

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def __repr__(self):
        lines = "\n".join(f"  {key}: {value}" for key, value in self.headers)
        return f"<HTTP/{self.version} {self.status}\n{lines}\n  body: {self.body[:120]!r}>"


def fresh(target):
    """The target with a query of its own, so that no cache and no log has it yet."""
    return f"{target}{'&' if '?' in target else '?'}n={next(COUNTER)}"


def cors(answer):
    """Everything of a response that is about CORS, to be compared as a whole: each Access-Control-* name with the
    list of the values sent (two lines: two members; header names in lower case), and the members of Vary, in lower
    case, sorted, not made unique."""
    found = {}
    for name, value in answer.headers:
        if name.startswith("access-control-"):
            found.setdefault(name, []).append(value.lower() if name in NAME_LISTS else value)
    vary = [member.strip().lower() for value in answer.values("vary") for member in value.split(",")]
    if vary:
        found["vary"] = sorted(vary)
    return found


def expected(origin=None, credentials=False, expose=None, methods=None, headers=None, max_age=None, vary=""):
    """What cors() must return. vary: members separated by spaces; "preflight" stands for the three of a preflight."""
    names = {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true" if credentials else None,
        "access-control-expose-headers": expose,
        "access-control-allow-methods": methods,
        "access-control-allow-headers": headers,
        "access-control-max-age": max_age,
    }
    answer = {name: [str(value)] for name, value in names.items() if value is not None}
    preflight = "origin access-control-request-method access-control-request-headers"
    members = vary.replace("preflight", preflight).split()
    if members:
        answer["vary"] = sorted(members)
    return answer


def request_bytes(method, target, headers=(), body=b"", host="localhost"):
    """A request as bytes. headers: pairs of str (latin-1) or bytes; a Host is added unless host is None."""
    lines = [method.encode("latin-1") + b" " + target.encode("latin-1") + b" HTTP/1.1"]
    if host is not None:
        lines.append(b"Host: " + host.encode("latin-1"))
    for name, value in headers:
        name = name if isinstance(name, bytes) else name.encode("latin-1")
        value = value if isinstance(value, bytes) else value.encode("latin-1")
        lines.append(name + b": " + value)
    if body:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def exchange(port, data, methods=("GET",), host="127.0.0.1"):
    """Sends data as it is over one connection and reads one answer for each of methods (HEAD has no body).
    Returns the list of answers; shorter than methods where the server closed the connection."""
    with socket.create_connection((host, port), timeout=TIMEOUT) as sock:
        sock.sendall(data)
        reader = sock.makefile("rb")
        answers = []
        for method in methods:
            answer = read_answer(reader, method)
            if answer is None:
                break
            answers.append(answer)
        return answers


def read_answer(reader, method="GET"):
    interim = []
    while True:
        head = read_head(reader)
        if head is None:
            return None
        version, status, headers = head
        if 100 <= status < 200 and status != 101:
            interim.append((status, headers))
            continue
        body = b"" if status == 101 else read_body(reader, method, status, headers)
        return Response(status, headers, body, version, interim)


def read_head(reader):
    status_line = reader.readline()
    if not status_line:
        return None
    assert status_line.startswith(b"HTTP/"), f"not a status line: {status_line!r}"
    version, status = status_line.decode("latin-1").split(" ", 2)[:2]
    headers = []
    while True:
        line = reader.readline()
        assert line, f"the connection ended within the headers {headers}"
        line = line.rstrip(b"\r\n").decode("latin-1")
        if not line:
            return version.removeprefix("HTTP/"), int(status), headers
        name, _, value = line.partition(":")
        headers.append((name.lower(), value.strip()))


def read_body(reader, method, status, headers):
    fields = dict(headers)
    if method == "HEAD" or status in NO_BODY:
        return b""
    if fields.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while size := int(reader.readline().split(b";")[0], 16):
            body += reader.read(size)
            reader.readline()
        while reader.readline() not in (b"\r\n", b""):
            pass
        return body
    if "content-length" in fields:
        return reader.read(int(fields["content-length"]))
    return reader.read()


def curl(port, method, target, headers=(), body=b"", host="localhost", http2=False, options=(), site=None):
    """One request by curl, over HTTP/1.1 or HTTP/2 with prior knowledge. site: scheme://host:port for another server
    than that on the port; options say how to reach it."""
    with tempfile.TemporaryDirectory(prefix="cgcurl-") as folder:
        head, content = os.path.join(folder, "head"), os.path.join(folder, "body")
        command = ["curl", "--silent", "--show-error", "--path-as-is", "--max-time", str(TIMEOUT), "--noproxy", "*"]
        command += ["--http2-prior-knowledge" if http2 else "--http1.1", "--dump-header", head, "--output", content]
        command += ["--head"] if method == "HEAD" else ["--request", method]
        command += [] if site else ["--header", f"Host: {host}"]
        for name, value in headers:
            command += ["--header", f"{name}: {value}" if value else f"{name};"]
        if body:
            command += ["--data-binary", "@-"]
        command += [*options, f"{site or f'http://127.0.0.1:{port}'}{target}"]
        done = subprocess.run(command, input=body, capture_output=True, check=False)
        assert done.returncode == 0, f"curl ended with {done.returncode}: {done.stderr.decode()}"
        with open(head, "rb") as file:
            answer = read_curl_heads(file)
        if os.path.exists(content):
            with open(content, "rb") as file:
                answer.body = file.read()
        return answer


def read_curl_heads(file):
    interim = []
    while True:
        version, status, headers = read_head(file)
        if status >= 200 or status == 101:
            return Response(status, headers, b"", version, interim)
        interim.append((status, headers))
