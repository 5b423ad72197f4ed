# SPDX-License-Identifier: Apache-2.0
"""mod_dav with real clients: cadaver, and litmus, the conformance suite of WebDAV servers. What they find must not
depend on the module; and a page of an allowed origin may do all that they do."""

import re
import subprocess
import tempfile
from pathlib import Path

import pytest
from cgtest import Httpd, cors, expected, free_port

APP = "https://app.example"
EVIL = "https://evil.example"
METHODS = "COPY DELETE LOCK MKCOL MOVE OPTIONS PROPFIND PROPPATCH PUT UNLOCK"
NAMES = "Content-Type Depth Destination If Lock-Token Overwrite Timeout"
POLICY = f"""CorsAllowOrigin {APP}
  CorsAllowMethods {METHODS}
  CorsAllowHeaders {NAMES}
  CorsExposeHeaders DAV ETag Lock-Token"""
MODES = {
    "on": POLICY,
    "enforce": f"{POLICY}\n  CorsGuard Enforce",
    "report": f"{POLICY}\n  CorsGuard Report",
    "forward": f"{POLICY}\n  CorsPreflight Forward",
}
# The clients send no Origin. On further ports they do, as far as the guard can see: "early" is before it.
PAGES = {"page": APP, "evil-page": EVIL}
PAGE = """Listen 127.0.0.1:{port}
<VirtualHost *:{port}>
  DocumentRoot "${{DOCROOT}}"
  RequestHeader set Origin {origin} early
</VirtualHost>"""
CONFIG = """
DavLockDB "${DIR}/dav/lock"
LogFormat "%m %>s %{CORS_GUARD}e %{Access-Control-Allow-Origin}o %{Vary}o %U" page
CustomLog logs/page.log page
<Directory "${DOCROOT}">
  Dav On
</Directory>
"""
SCRIPT = """mkcol folder
put a.txt
copy a.txt folder/b.txt
move folder/b.txt folder/c.txt
propset a.txt colour red
propget a.txt colour
lock a.txt
unlock a.txt
cat a.txt
get folder/c.txt
delete a.txt
rmcol folder/
quit
"""
SUITES = ("basic", "copymove", "props", "locks", "http")
# What mod_dav writes of requests that litmus makes to be refused.
LOCKED = r"^\[.*\] \[(dav|core):(error|warn)\] "
ALLOWED = expected(APP, expose="dav, etag, lock-token", vary="origin")
OTHERS = expected(vary="origin")


def start(guard):
    server = Httpd(["dav", "dav_fs", "headers", "dir"], guard=guard)
    server.folder("dav", writable=True)
    server.ports = {name: free_port() for name in PAGES}
    policies = {**MODES, **dict.fromkeys(PAGES, MODES["enforce"])}
    for name in policies:
        server.folder(f"htdocs/{name}", writable=True)
    sections = [f"<Location /{name}>\n  {policy}\n</Location>" for name, policy in policies.items()]
    pages = [PAGE.format(port=server.ports[name], origin=origin) for name, origin in PAGES.items()]
    server.configure("\n".join([CONFIG, *(sections if guard else []), *pages]))
    return server.start()


@pytest.fixture(scope="module")
def bare():
    server = start(guard=False)
    yield server
    server.close()


@pytest.fixture(scope="module")
def guarded():
    server = start(guard=True)
    yield server
    server.close()


def address(server, place):
    return f"http://127.0.0.1:{server.ports.get(place, server.port)}/{place}/"


def run(command, folder, said=""):
    """Without make's variables: litmus has one named TESTS as well."""
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    return subprocess.run(
        command, cwd=folder, env=environment, input=said, capture_output=True, text=True, timeout=120, check=False
    )


def litmus(server, mode, folder):
    """The results of all of its tests, in order, and how many each suite ran and passed."""
    done = run(["litmus", "-k", address(server, mode)], folder)
    results = re.findall(r"^ *(?:\d+\. (\w+)|)\.+ (pass|FAIL|SKIPPED).*$", done.stdout, re.M)
    assert results, done.stdout + done.stderr
    return results, re.findall(r"summary for `(\w+)': of (\d+) tests run: (\d+) passed", done.stdout)


def cadaver(server, mode, folder):
    """What it says of each command, and what it fetched. Progress bars are as long as the network is slow."""
    folder = Path(tempfile.mkdtemp(dir=folder))
    (folder / "a.txt").write_text("hello")
    done = run(["cadaver", address(server, mode)], folder, SCRIPT)
    said = done.stdout.replace(f"/{mode}/", "/MODE/")
    return re.sub(r"\[[.=> %\d]*", "", said), (folder / "c.txt").read_text()


def test_clients_without_the_module(bare, tmp_path):
    """The control: mod_dav passes all of litmus, and cadaver can do all that it tries."""
    bare.expect_log(LOCKED)
    _, summaries = litmus(bare, "on", tmp_path)
    assert tuple(name for name, _, _ in summaries) == SUITES
    assert sum(int(run) for _, run, _ in summaries) > 100
    assert all(run == passed for _, run, passed in summaries)
    said, fetched = cadaver(bare, "on", tmp_path)
    assert (said.count("succeeded."), fetched) == (10, "hello")
    assert "failed" not in said and "Value of colour is: red" in said


@pytest.mark.parametrize("mode", ["on", "enforce", "report", "forward", "page"])
def test_clients_with_the_module(bare, guarded, mode, tmp_path):
    for server in (bare, guarded):
        server.expect_log(LOCKED)
    assert litmus(guarded, mode, tmp_path) == litmus(bare, mode, tmp_path)
    assert cadaver(guarded, mode, tmp_path) == cadaver(bare, mode, tmp_path)


def test_page_that_does_all_this_gets_its_headers_each_time(guarded, tmp_path):
    """litmus again, with an Origin that is allowed: on every method and status that it meets."""
    guarded.expect_log(LOCKED)
    before = len(guarded.read_log("page.log"))
    litmus(guarded, "page", tmp_path)
    lines = [line.split() for line in guarded.read_log("page.log")[before:].splitlines() if " /page/" in line]
    assert {line[0] for line in lines} >= {*METHODS.split(), "GET"}
    assert {line[1] for line in lines} >= {"200", "201", "204", "207", "400", "404", "405", "409", "412", "423"}
    early = ["DELETE", "400", "-", "-", "-", "/page/litmus/frag/"]  # a URL with "#": httpd refuses it unread
    lines.remove(early)
    assert {tuple(line[2:5]) for line in lines} == {("allowed", APP, "Origin")}


def test_page_of_another_site_does_nothing(guarded, tmp_path):
    guarded.expect_log(r"CG0001")
    results, _ = litmus(guarded, "evil-page", tmp_path)
    assert results == [("init", "pass"), ("begin", "FAIL")] * len(SUITES)
    lines = [line.split() for line in guarded.read_log("page.log").splitlines() if "/evil-page/" in line]
    assert lines and {tuple(line[1:4]) for line in lines} == {("403", "denied", "-")}
    assert list((guarded.dir / "htdocs/evil-page").iterdir()) == []


BODY = {
    "PROPFIND": b'<propfind xmlns="DAV:"><allprop/></propfind>',
    "LOCK": b'<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>',
    "PUT": b"hello",
}


def steps(server, mode):
    """What a page does, as (method, path, headers, status)."""
    there = [("Destination", f"http://localhost/{mode}/copy.txt")]
    return [
        ("PUT", "a.txt", [], 201),
        ("PUT", "a.txt", [], 204),
        ("PROPFIND", "a.txt", [("Depth", "0")], 207),
        ("MKCOL", "a.txt", [], 405),
        ("COPY", "a.txt", there, 201),
        ("COPY", "a.txt", [*there, ("Overwrite", "F")], 412),
        ("LOCK", "a.txt", [], 200),
        ("PUT", "a.txt", [], 423),
        ("UNLOCK", "a.txt", [], 204),
        ("DELETE", "copy.txt", [], 204),
        ("DELETE", "a.txt", [], 204),
        ("GET", "a.txt", [], 404),
    ]


@pytest.mark.parametrize("mode", ["on", "enforce"])
def test_page_with_its_preflights(guarded, mode):
    """Each request with the preflight that a browser sends before it; mod_dav sees none of them."""
    guarded.expect_log(LOCKED)
    token = None
    for method, path, headers, status in steps(guarded, mode):
        asked = ", ".join(sorted(name.lower() for name, _ in headers)) or None
        answer = guarded.preflight(f"/{mode}/{path}", APP, method, asked)
        assert (answer.status, answer.value("dav"), answer.value("access-control-allow-origin")) == (204, None, APP)
        headers = [*headers, ("Lock-Token", token)] if method == "UNLOCK" else headers
        answer = guarded.request(method, f"/{mode}/{path}", headers, BODY.get(method, b""), origin=APP)
        assert (method, answer.status, cors(answer)) == (method, status, ALLOWED)
        token = answer.value("lock-token") or token
        assert guarded.preflight(f"/{mode}/{path}", EVIL, method).status == 403


def test_other_page_is_refused_before_mod_dav(guarded):
    for method in METHODS.split():
        answer = guarded.request(method, "/enforce/evil.txt", [], BODY.get(method, b""), origin=EVIL)
        assert (answer.status, cors(answer), answer.value("dav")) == (403, OTHERS, None)
    assert list((guarded.dir / "htdocs/enforce").glob("evil*")) == []


def test_options_of_clients(guarded):
    """mod_dav answers them, with an Origin too where they are no preflight; and preflights that are forwarded."""
    for origin, names in ((None, OTHERS), (APP, ALLOWED)):
        answer = guarded.request("OPTIONS", "/on/", origin=origin)
        assert (answer.status, cors(answer), answer.values("dav") != []) == (200, names, True)
    answer = guarded.preflight("/forward/", APP, "PROPFIND", "depth")
    assert (answer.status, answer.value("access-control-allow-origin"), answer.values("dav") != []) == (200, APP, True)
    answer = guarded.preflight("/report/", APP, "PROPFIND", "depth")
    assert (answer.status, cors(answer), answer.values("dav") != []) == (200, {}, True)
