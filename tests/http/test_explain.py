# SPDX-License-Identifier: Apache-2.0
"""-D DUMP_CORS_EXPLAIN: what is explained is what a running server does. Each answer here is compared with that of the
server itself."""

import json
import os
import re
import subprocess
import time

import pytest
from cgtest import CONFIG_FILE, client, fresh
from cgtest.httpd import FATAL, free_port
from test_decisions import MODES, POLICIES

APP = "https://app.example"
EVIL = "https://evil.example"


def ask(server, document, define="DUMP_CORS_EXPLAIN", stdout=subprocess.PIPE):
    """Runs httpd -t with a document of bytes on its stdin."""
    done = subprocess.run(
        server.command("-t", f"-D{define}"), env=server.environment(), input=document, stdout=stdout,
        stderr=subprocess.PIPE, timeout=60, check=False,
    )
    assert not FATAL.search(done.stderr.decode()), done.stderr
    return done


def explain(server, questions):
    done = ask(server, json.dumps(questions).encode())
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["schema"] == 1 and document["tool"]["name"] == "mod_cors_guard"
    assert len(document["answers"]) == len(questions)
    return document["answers"]


def sent(answer):
    """What a real answer says about CORS: the lines in order, and what Vary names."""
    lines = [(name, value) for name, value in answer.headers if name.startswith("access-control-")]
    return lines, vary_of(answer.values("vary"))


def said(answer):
    lines = [(name.lower(), value) for name, value in answer["headers"] if name.lower() != "vary"]
    return lines, vary_of([value for name, value in answer["headers"] if name.lower() == "vary"])


def vary_of(values):
    return sorted(member.strip().lower() for value in values for member in value.split(","))


# sections


WALKS = """
DirectoryIndex none.html index.txt
Alias /aliased "${DIR}/elsewhere"
Alias /links "${DIR}/links"
Redirect permanent /moved https://elsewhere.example/
ProxyPass /excluded !
ProxyPass /proxied http://127.0.0.1:${BACKEND}/base
ProxyPassMatch ^/by-(regex)/(.*) http://127.0.0.1:${BACKEND}/$1/$2
<Location /located>
  Header always add X-Section "Location located"
  ProxyPass http://127.0.0.1:${BACKEND}/located
</Location>
<Proxy *>
  Header always add X-Section "any proxy"
</Proxy>
<Proxy "http://127.0.0.1:${BACKEND}/base">
  Header always add X-Section "proxy base"
</Proxy>
<ProxyMatch "/regex/.*end$">
  Header always add X-Section "proxy regex"
</ProxyMatch>
<LocationMatch "//">
  Header always add X-Section "two slashes"
</LocationMatch>
<Location />
  Header always add X-Section "Location"
</Location>
<Location /dir/index.txt>
  Header always add X-Section "Location index"
</Location>
<Location "/a b">
  Header always add X-Section "Location space"
</Location>
<Location /dir>
  Header always add X-Section "Location dir"
</Location>
<Location "/d?r/*">
  Header always add X-Section "Location wildcard"
</Location>
<LocationMatch "^/dir/(sub|x)">
  Header always add X-Section "Location regex"
</LocationMatch>
<DirectoryMatch "/sub">
  Header always add X-Section "Directory regex"
</DirectoryMatch>
<Directory "${DOCROOT}/dir/sub">
  Header always add X-Section "sub"
  <Files "f.*">
    Header always add X-Section "Files of sub"
  </Files>
</Directory>
<Files "index.txt">
  Header always add X-Section "Files index"
</Files>
<Files "dir">
  Header always add X-Section "Files dir"
</Files>
<FilesMatch "^f|^$">
  Header always add X-Section "Files regex"
</FilesMatch>
<Directory "${DOCROOT}/dir/*">
  Header always add X-Section "below dir"
</Directory>
<Directory "${DOCROOT}/dir">
  Header always add X-Section "dir"
</Directory>
<Directory "${DOCROOT}">
  Header always add X-Section "htdocs"
  <FilesMatch "txt$">
    Header always add X-Section "Files of htdocs"
  </FilesMatch>
</Directory>
<Directory "${DIR}/elsewhere">
  Header always add X-Section "elsewhere"
  FallbackResource /aliased/front.txt
</Directory>
<Files front.txt>
  Header always add X-Section "front"
</Files>
<Directory "${DOCROOT}/closed">
  Header always add X-Section "closed"
  Options None
</Directory>
<Directory "${DOCROOT}/closed/*">
  Header always add X-Section "below closed"
</Directory>
<Directory "${DOCROOT}/owner">
  Header always add X-Section "owner"
  Options SymLinksIfOwnerMatch
</Directory>
"""

PATHS = [
    "/",
    "/dir",
    "/dir/",
    "/dir/index.txt",
    "/dir/index.txt/info/more",
    "/dir/sub/f.txt",
    "/dir/sub/f.txt/",
    "/dir/sub/",
    "/dir/sub/none/deeper",
    "/dir/missing",
    "/direction",
    "//dir///sub//f.txt",
    "/x/../dir/./sub/f.txt",
    "/%64ir/%73ub/f%2Etxt",
    "/dir/%2e%2e/dir/sub",
    "/a%20b/x",
    "/a+b",
    "/aliased/a.txt",
    "/aliased/none/at/all",
    "/aliasedx",
    "/moved/x",
    "/proxied/x",
    "/proxied",
    "/by-regex/x/end",
    "/located/x",
    "/excluded/x",
    "/links/to-dir/f.txt",
    "/links/to-file",
    "/links/to-nothing",
    "/closed/link/f.txt",
    "/closed/f.txt",
    "/owner/link/f.txt",
    "/owner/foreign/",
    "/dir/sub/" + "d/" * 40,
]


def make_site(server):
    for file in ("dir/index.txt", "dir/sub/f.txt", "closed/f.txt", "owner/f.txt"):
        server.write(f"htdocs/{file}", "x")
    server.write("elsewhere/a.txt", "x")
    server.write("elsewhere/front.txt", "x")
    for folder in ("links", "htdocs/owner", "htdocs/closed"):
        server.folder(folder)
    os.symlink(server.dir / "htdocs/dir/sub", server.dir / "links/to-dir")
    os.symlink(server.dir / "htdocs/dir/sub/f.txt", server.dir / "links/to-file")
    os.symlink(server.dir / "nothing", server.dir / "links/to-nothing")
    os.symlink(server.dir / "htdocs/dir/sub", server.dir / "htdocs/closed/link")
    os.symlink(server.dir / "htdocs/dir/sub", server.dir / "htdocs/owner/link")
    foreign = server.folder("foreign", writable=True) if server.root else "/etc"
    os.symlink(foreign, server.dir / "htdocs/owner/foreign")


def walking(make, backend, before=""):
    server = make(modules=["dir", "headers", "alias", "proxy", "proxy_http"], defines={"BACKEND": backend.port})
    make_site(server)
    server.configure(before + WALKS)
    return server


@pytest.fixture(scope="module", params=["", "MergeSlashes Off\n", "Options None\n", "AllowEncodedSlashes On\n"])
def walked(request, module_httpd, backend):
    before = request.param
    if before.startswith("Options"):
        before = '<Directory "${DIR}">\n  Header always add X-Section "all"\n  Options None\n</Directory>\n'
    server = walking(module_httpd, backend, before)
    with server:
        yield server


def names_of(server, answer):
    """The X-Section of each section named; every section of the configuration has one in its first line."""
    lines = (server.dir / CONFIG_FILE).read_text().splitlines()
    found = []
    for section in answer["sections"]:
        if section["file"].endswith(CONFIG_FILE):
            found.append(lines[section["line"]].split('"')[1])
    return found


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_the_sections_are_those_that_httpd_merges(walked, method):
    walked.expect_log(r"AH00037", r"\[proxy|\[core:error\]")
    paths = PATHS + ["/dir/%2Fsub", "/%2e%2e/x", "/%zz"]
    questions = [{"url": f"http://localhost:{walked.port}{path}", "method": method} for path in paths]
    wrong = []
    for path, explained in zip(paths, explain(walked, questions), strict=True):
        answer = walked.request(method, path)
        if "error" in explained:
            if f"answers {answer.status} " not in explained["error"]:
                wrong.append((path, answer.status, explained["error"]))
        elif names_of(walked, explained) != answer.values("x-section"):
            wrong.append((path, answer.status, answer.values("x-section"), names_of(walked, explained)))
        elif explained["status"] not in (None, answer.status):
            wrong.append((path, answer.status, explained["status"]))
    assert wrong == [], "\n".join(map(str, wrong))


def test_a_url_that_a_rewrite_rule_takes_somewhere_is_unsure(make_httpd, backend):
    server = make_httpd(modules=["rewrite", "proxy", "proxy_http"], defines={"BACKEND": backend.port})
    server.configure(
        """RewriteEngine On
RewriteRule ^/front /index.php
RewriteRule ^/there http://127.0.0.1:${BACKEND}/ [P]
<Proxy *>
  CorsAllowOrigin https://app.example
</Proxy>
"""
    )
    urls = [f"http://localhost:{server.port}{path}" for path in ("/front/x", "/there", "/other")]
    front, there, other = explain(server, [{"url": url} for url in urls])
    assert front["unsure"] == ["it is decided at request time where /front/x leads"] and front["path"] is None
    assert there["unsure"] == ["a rewrite rule decides where /there is proxied to"]
    assert other["unsure"] == []


# hosts


HOSTS = """
Listen 127.0.0.1:${OTHER}
Listen 127.0.0.2:${PORT}
Header always set X-Host "main"
<VirtualHost *:${PORT}>
  ServerName first.example
  ServerAlias *.wild.example wild?.example
  Header always set X-Host "first"
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName https://second.example:8443
  ServerAlias www.second.example second.wild.example
  Header always set X-Host "second"
</VirtualHost>
<VirtualHost 127.0.0.2:${PORT}>
  ServerName by-address.example
  Header always set X-Host "by address"
</VirtualHost>
<VirtualHost 127.0.0.2:${PORT}>
  ServerName other-by-address.example
  Header always set X-Host "other by address"
</VirtualHost>
"""
NAMES = [
    "first.example",
    "FIRST.Example",
    "first.example.",
    "a.wild.example",
    "a.b.wild.example",
    "wild1.example",
    "wild12.example",
    "second.example",
    "www.second.example",
    "second.wild.example",
    "unknown.example",
    "localhost",
    "127.0.0.1",
    "under_score.example",
    "x" * 300,
]


@pytest.fixture(scope="module")
def hosted(module_httpd, unused_ports):
    server = module_httpd(modules=["headers"], defines={"OTHER": unused_ports[0]})
    server.configure(HOSTS)
    with server:
        yield server


@pytest.fixture(scope="module")
def unused_ports():
    return [free_port()]


def host_of(server, answer):
    """The X-Host of the virtual host named; the main server has its own."""
    host = answer["host"]
    if host["file"] is None:
        return "main"
    lines = (server.dir / CONFIG_FILE).read_text().splitlines()
    return next(line.split('"')[1] for line in lines[host["line"] :] if "X-Host" in line)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2"])
def test_the_host_is_the_one_that_httpd_finds_by_name(hosted, address):
    """The Host header says which; the URL says where the connection goes."""
    questions = [{"url": f"http://{address}:{hosted.port}/", "headers": {"Host": name}} for name in NAMES]
    wrong = []
    for name, explained in zip(NAMES, explain(hosted, questions), strict=True):
        real = client.curl(hosted.port, "GET", "/", host=name, options=["--connect-to", f"::{address}:"])
        if host_of(hosted, explained) != real.value("x-host"):
            wrong.append((name, real.value("x-host"), explained["host"]))
    assert wrong == [], wrong


def test_a_host_is_found_by_its_name_alone(hosted, unused_ports):
    """As people ask: the address is where a host of that name is."""
    names = ["second.example", "a.wild.example", "by-address.example", "other-by-address.example", "unknown.example"]
    questions = [{"url": f"http://{name}:{hosted.port}/"} for name in names]
    questions.append({"url": f"http://first.example:{unused_ports[0]}/"})
    answers = explain(hosted, questions)
    found = [host_of(hosted, answer) for answer in answers]
    assert found == ["second", "first", "by address", "other by address", "first", "main"]
    assert [answer["host"]["name"] for answer in answers[:2]] == ["second.example:8443", "first.example"]


# decisions


ORIGINS = [
    None,
    APP,
    EVIL,
    "null",
    "https://a.apps.example",
    "http://localhost:3000",
    "https://app.example/",
    "",
    "https://api.example",
    "http://api.example",
    "http://api.example:8080",
    "https://front.example",
    "https://secure.example",
    "chrome-extension://abcdefghijklmnop",
    "HTTPS://APP.EXAMPLE",
]
PREFLIGHTS = [
    ("PUT", None),
    ("patch", "x-token"),
    ("GET", "x-token, authorization"),
    ("GET", "content-type"),
    ("DELETE", "x-other,x-token"),
    ("TRACE", None),
    ("bad method", None),
]
MORE = {
    "answers": f"CorsAllowOrigin {APP}\n  CorsAllowMethods PUT\n  CorsAllowHeaders X-Token\n  CorsPreflightStatus 200",
    "forwards": f"CorsAllowOrigin {APP}\n  CorsAllowMethods PUT\n  CorsPreflight Forward",
    "all": f"CorsAllowOrigin {APP}\n CorsAllowCredentials On\n CorsAllowMethods *\n CorsAllowHeaders *\n CorsMaxAge 1h",
    "open": "CorsAllowOrigin *\n  CorsAllowMethods *\n  CorsAllowHeaders * Authorization\n  CorsMaxAge off",
}
GUARDED = {**POLICIES, **MORE}
HOST_NAMES = ("api.example", "api.example:8080", "API.example.", "secure.example", "[::1]")


def guarding():
    for mode in ("On", "Enforce"):
        yield f'<Location /{mode}>\n  Header always set Access-Control-Allow-Origin "*"\n'
        yield "  Header set Access-Control-Foo 1\n</Location>\n"
    for mode in MODES:
        for name, policy in GUARDED.items():
            yield f"<Location /{mode}/{name}>\n  CorsGuard {mode}\n  {policy}\n</Location>\n"
    yield "<LocationMatch half>\n  CorsAllowOrigin *\n</LocationMatch>\n"
    yield "<LocationMatch whole>\n  CorsAllowCredentials On\n</LocationMatch>\n"
    yield "<VirtualHost *:${PORT}>\n  ServerName api.example\n</VirtualHost>\n"
    yield "<VirtualHost *:${PORT}>\n  ServerName https://secure.example\n</VirtualHost>\n"


@pytest.fixture(scope="module")
def guarded(module_httpd):
    server = module_httpd(modules=["headers"], starts_with=["CG0102", "CG0104"])
    server.configure("".join(guarding()))
    for mode in MODES:
        for name in GUARDED:
            server.write(f"htdocs/{mode}/{name}", "x")
    server.write("htdocs/half-whole", "x")
    with server:
        yield server


def requests_of(origin):
    """Method and further headers of what is asked with one origin."""
    yield "GET", {}
    yield "PUT", {}
    yield "OPTIONS", {}
    yield "GET", {"Sec-Fetch-Site": "same-origin"}
    yield "OPTIONS", {"Access-Control-Request-Method": ""}
    if origin in (None, APP, EVIL, "null"):
        for method, headers in PREFLIGHTS:
            asked = {"Access-Control-Request-Method": method}
            yield "OPTIONS", {**asked, **({"Access-Control-Request-Headers": headers} if headers else {})}


def verdicts(server, targets):
    """CORS_GUARD and CORS_GUARD_REASON as logged, by target."""
    deadline = time.monotonic() + 20
    while True:
        text = server.read_log("access.log")
        lines = re.findall(r"^(\S+) (\S+) \d+ \S+ (\S+)", text, re.M)
        found = {target: (state, reason) for state, reason, target in lines}
        if found.keys() >= set(targets):
            return found
        assert time.monotonic() < deadline, set(targets) - found.keys()
        time.sleep(0.05)


def differs(explained, answer, verdict):
    """What of an explanation is not as it was; None where all is."""
    policy = explained["policy"] or {}
    was = (policy.get("state") or "-", policy.get("reason") or "-")
    if was != verdict:
        return f"decided {verdict}, explained {was}"
    if said(explained) != sent(answer):
        return f"sent {sent(answer)}, explained {said(explained)}"
    handled = answer.status not in (204, 403)
    if explained["status"] != (None if handled else answer.status) and explained["status"] != answer.status:
        return f"status {answer.status}, explained {explained['status']}"
    return None


def compare(server, asked):
    """asked: host, target, origin, method, headers."""
    questions, answers = [], []
    for host, target, origin, method, headers in asked:
        url = f"http://127.0.0.1:{server.port}{target}"
        questions.append({"url": url, "origin": origin, "method": method, "headers": {**headers, "Host": host}})
        answers.append(server.request(method, target, list(headers.items()), origin=origin, host=host))
    explained = explain(server, questions)
    logged = verdicts(server, [one[1] for one in asked])
    wrong = []
    for one, answer, explanation in zip(asked, answers, explained, strict=True):
        if found := differs(explanation, answer, logged[one[1]]):
            wrong.append(f"{one}: {found}")
    assert wrong == [], "\n".join(wrong[:20])


@pytest.mark.parametrize("mode", MODES)
def test_decisions_headers_and_statuses_are_those_of_the_server(guarded, mode):
    asked = []
    for name in GUARDED:
        for origin in ORIGINS:
            for method, headers in requests_of(origin):
                asked.append(("api.example", fresh(f"/{mode}/{name}"), origin, method, headers))
    compare(guarded, asked)


def test_the_host_header_tells_which_origin_is_the_own(guarded):
    asked = []
    for host in HOST_NAMES:
        for origin in ["https://[::1]", "http://[::1]", "https://api.example.", "http://api.example.", *ORIGINS]:
            asked.append((host, fresh("/Enforce/listed"), origin, "GET", {}))
            asked.append((host, fresh("/On/public"), origin, "POST", {"Sec-Fetch-Site": "same-origin"}))
    compare(guarded, asked)


def test_a_policy_that_is_refused_where_sections_meet_allows_nobody(guarded):
    guarded.expect_log("CG0004")
    asked = []
    for origin in ORIGINS:
        for method, headers in requests_of(origin):
            asked.append(("api.example", fresh("/half-whole"), origin, method, headers))
    compare(guarded, asked)


# the document


def test_questions_that_cannot_be_asked_get_an_error_each(make_httpd):
    server = make_httpd()
    bad = [
        {},
        [],
        {"url": 1},
        {"url": "www.example.com"},
        {"url": "/x"},
        {"url": "ftp://localhost/"},
        {"url": "http://localhost/a b"},
        {"url": "http://localhost/#x"},
        {"url": "http://localhost/\u00e9\n"},
        {"url": "http://:80/"},
        {"url": "http://user@localhost/"},
        {"url": "http://localhost:99999/"},
        {"url": "http://lo,cal/"},
        {"url": "http://localhost/" + "x" * 9000},
        {"url": "http://localhost/", "method": "G T"},
        {"url": "http://localhost/", "method": ""},
        {"url": "http://localhost/", "method": 7},
        {"url": "http://localhost/", "origin": "a\nb"},
        {"url": "http://localhost/", "origin": ["https://a.example"]},
        {"url": "http://localhost/", "headers": []},
        {"url": "http://localhost/", "headers": {"a b": "x"}},
        {"url": "http://localhost/", "headers": {"a": "x\r\ny"}},
        {"url": "http://localhost/", "headers": {"a": None}},
        {"url": "http://localhost/", "headers": {"Host": "a/b"}},
        {"url": "http://localhost/", "headers": {"Host": ""}},
        {"url": "http://localhost/%00"},
    ]
    good = {"url": "http://localhost/", "origin": None, "headers": {"x-a": "1", "X-A": "2"}}
    answers = explain(server, [*bad, good])
    silent = [question for question, answer in zip(bad, answers, strict=False) if not answer.get("error")]
    assert silent == []
    assert all(set(answer) == {"url", "error"} for answer in answers[:-1])
    assert answers[-1]["method"] == "GET" and answers[-1]["headers"] == []


MALFORMED = {
    "nothing": (b"", "not JSON"),
    "object": (b"{}", "not a JSON array"),
    "half": (b"[", "not JSON"),
    "nul": (b'[{"url": "http://localhost/\\u0000"}]', "not JSON"),
    "not UTF-8": (b'[{"url": "http://localhost/\xff"}]', "not JSON"),
    "deep": (b"[" * 100000, "not JSON"),
    "more behind": (b"[]x", "not JSON"),
    "too large": (b" " * (8 * 1024 * 1024 + 1), "more than 8388608 bytes"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_document_is_told(make_httpd, name):
    document, error = MALFORMED[name]
    done = ask(make_httpd(), document)
    assert error in json.loads(done.stdout)["error"]


def test_no_question_is_a_document_too(make_httpd):
    assert explain(make_httpd(), []) == []


def test_only_one_document_is_written(make_httpd):
    server = make_httpd()
    code, out, _ = server.run("-t", "-DDUMP_CORS", "-DDUMP_CORS_JSON", "-DDUMP_CORS_SARIF")
    assert code == 0
    assert isinstance(json.loads(out), dict)


@pytest.mark.parametrize("define", ["DUMP_CORS_JSON", "DUMP_CORS_EXPLAIN"])
def test_what_cannot_be_written_is_no_success(make_httpd, define):
    server = make_httpd()
    with open("/dev/full", "wb") as full:
        done = ask(server, b"[]", define, full)
    assert done.returncode == 1
    assert b"could not be written" in done.stderr
    assert b"Syntax OK" not in done.stderr


def test_without_a_define_stdin_and_stdout_are_left_alone(make_httpd):
    code, out, _ = make_httpd().run("-t")
    assert (code, out) == (0, "")
