# SPDX-License-Identifier: Apache-2.0
"""What the documents say is so: every block of configuration in them is tried.

A fenced block "apache" passes configtest; "apache refused" fails with the text of the block behind it; "apache
htaccess" is tried as a .htaccess file; "apache wrong" and "apache right" are the recipes of docs/from-recipes.md."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from cgtest import cors, expected

TREE = Path(__file__).resolve().parents[2]
DOCUMENTS = [TREE / "README.md", TREE / "CHANGELOG.md", *sorted((TREE / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```apache(?P<kind>[^\n]*)\n(?P<text>.*?)^```\n(?:```text\n(?P<says>.*?)^```\n)?", re.M | re.S)
MODULES = ["alias", "auth_basic", "authn_core", "authn_file", "authz_user", "headers", "proxy", "proxy_http", "rewrite"]
APP, EVIL = "https://app.example.com", "https://evil.example"


def blocks(*kinds):
    found = []
    for document in DOCUMENTS:
        content = document.read_text()
        for match in BLOCK.finditer(content):
            if match["kind"].strip() in kinds:
                line = content.count("\n", 0, match.start()) + 1
                found.append(pytest.param(match["text"], match["says"], id=f"{document.name}:{line}"))
    assert found, f"no document has a block of the kinds {kinds}"
    return found


def one_line(text):
    return " ".join(text.split())


@pytest.fixture
def site(make_httpd):
    server = make_httpd(modules=MODULES)
    server.write("origins/tenants.txt", (TREE / "conf/examples/tenants.txt").read_text())
    server.write("htdocs/x.txt", "hello")
    return server


@pytest.mark.parametrize("text, says", blocks("", "wrong", "right"))
def test_block_passes_configtest(site, text, says):
    assert says is None, "only a refused block has a message"
    site.configure(text)
    assert site.configtest() == (0, "Syntax OK\n")


@pytest.mark.parametrize("text, says", blocks("refused"))
def test_refused_block_fails_with_its_message(site, text, says):
    site.configure(text)
    code, message = site.configtest()
    assert code == 1
    assert one_line(says) in one_line(message.replace(f"{site.dir}/", ""))
    assert "site.conf" in message, "the message names the file"


@pytest.mark.parametrize("text, says", blocks("htaccess", "htaccess refused"))
def test_htaccess_block(site, text, says):
    site.configure('<Directory "${DOCROOT}">\n  AllowOverride FileInfo\n</Directory>')
    site.write("htdocs/.htaccess", text)
    if says:
        site.expect_log(re.escape(one_line(says)))
    with site:
        assert site.get("/x.txt").status == (500 if says else 200)


def test_every_directive_has_its_entry(site):
    """mod_info lists the module's directives."""
    site.modules.append("info")
    site.configure('<Location "/info">\n  SetHandler server-info\n</Location>')
    with site:
        page = site.get("/info?mod_cors_guard.c").text
    known = set(re.findall(r"\bCors[A-Z]\w+", page.split("Module Directives:")[1].split("Current Configuration:")[0]))
    document = (TREE / "docs/directives.md").read_text()
    assert known == set(re.findall(r"^## (Cors\w+)$", document, re.M))
    for name in known:
        entry = document.split(f"## {name}\n")[1].split("\n## ")[0]
        for label in ("Description", "Syntax", "Default", "Context", "Module"):
            assert re.search(rf"^- {label}: ", entry, re.M) or (label, name) == ("Default", "none"), f"{name}: {label}"
        assert (".htaccess" in entry.split("- Module:")[0]) == ("- Override: FileInfo" in entry), name


def test_every_message_id_is_documented():
    source = (TREE / "src/core/cg_logno.h").read_text()
    known = re.findall(r'#define CG_LOG_\w+[\s\\]+"(CG\d{4}): "\s*/\* (\w+):', source)
    assert len(known) == source.count("#define CG_LOG_") > 0
    rows = re.findall(r"^\| (CG\d{4}) \| (\w+) \|", (TREE / "docs/messages.md").read_text(), re.M)
    assert rows == known


def anchors(document):
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)]+)\)", document.read_text()):
        path, _, anchor = target.partition("#")
        file = document.parent / path if path else document
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


# docs/security.md, "What cannot be guarded"

UNGUARDED = """
Redirect "/section/moved" "/x.txt"
RewriteEngine On
RewriteRule ^/section/gone - [F]
<Directory "${DOCROOT}">
  Options +ExecCGI
</Directory>
<Location "/section">
  CorsGuard Enforce
  CorsAllowOrigin https://app.example.com
</Location>
"""
NPH = r"printf 'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n'"


def test_what_cannot_be_guarded(site):
    site.modules.append("cgid")
    site.cgi("htdocs/section/nph-x.cgi", NPH)
    site.configure(UNGUARDED)
    with site:
        assert cors(site.get("/section/nph-x.cgi", APP)) == expected("*")
        for path, status in (("/section/moved", 302), ("/section/gone", 403)):
            assert site.preflight(path, APP).status == status
            answer = site.get(path, EVIL)
            assert (answer.status, cors(answer)) == (status, expected(vary="origin"))
            assert cors(site.get(path, APP)) == expected(APP, vary="origin")
        malformed = site.get("/section/x.txt", APP, headers=[("Bad Name", "x")])
        assert (malformed.status, cors(malformed)) == (400, {})
        assert site.get("/section/" + "a" * 9000, APP).status == 414
        for method in ("OPTIONS", "TRACE"):
            asterisk = site.request(method, "*" if method == "OPTIONS" else "/section/x.txt", origin=APP)
            assert (asterisk.status, cors(asterisk)) == (200, {})


def test_early_refusals_have_the_policy_of_the_host(site):
    site.configure(f"CorsAllowOrigin {APP}")
    with site:
        assert cors(site.get("/x.txt", APP, headers=[("Bad Name", "x")])) == expected(APP, vary="origin")
        long = site.get("/" + "a" * 9000, APP)
        assert (long.status, cors(long)) == (414, expected(vary="origin"))


# The recipes


def star(wrong, right):
    assert cors(wrong.get("/x.txt", EVIL)) == expected("*", credentials=True)
    assert cors(right.get("/x.txt", APP)) == expected(APP, credentials=True, vary="origin")
    assert cors(right.get("/x.txt", EVIL)) == expected(vary="origin")


def reflection(wrong, right):
    assert cors(wrong.get("/x.txt", EVIL)) == expected(EVIL, credentials=True)
    assert cors(right.get("/x.txt", EVIL)) == expected(vary="origin")


def expression(wrong, right):
    assert cors(wrong.get("/x.txt", EVIL)) == expected(EVIL)
    assert cors(wrong.get("/x.txt")) == expected("")
    assert cors(right.get("/x.txt", EVIL)) == expected(vary="origin")
    assert cors(right.get("/x.txt")) == expected(vary="origin")


def without_end(wrong, right):
    hostile = "https://example.com.evil.example"
    assert cors(wrong.get("/x.txt", hostile)) == expected(hostile)
    assert cors(right.get("/x.txt", hostile)) == expected(vary="origin")
    for origin in ("https://example.com", "https://www.example.com"):
        assert cors(right.get("/x.txt", origin)) == expected(origin, vary="origin")


def without_beginning(wrong, right):
    for hostile in ("https://evilexample.com", "http://example.com"):
        assert cors(wrong.get("/x.txt", hostile)) == expected(hostile, vary="origin")
        assert cors(right.get("/x.txt", hostile)) == expected(vary="origin")
    for origin in ("https://example.com", "https://a.example.com"):
        assert cors(right.get("/x.txt", origin)) == expected(origin, vary="origin")


def a_list(wrong, right):
    assert cors(wrong.get("/x.txt", APP)) == expected("https://app.example.com https://www.example.com")
    assert cors(right.get("/x.txt", APP)) == expected(APP, vary="origin")


def errors(wrong, right):
    assert cors(wrong.get("/x.txt", APP)) == expected(APP)
    assert cors(wrong.get("/absent", APP)) == {}
    assert cors(right.get("/absent", APP)) == expected(APP, vary="origin")


def two_layers(wrong, right):
    assert cors(wrong.get("/app?reflect=1", APP))["access-control-allow-origin"] == [APP, APP]
    assert cors(right.get("/app?reflect=1", APP)) == expected(APP, vary="origin")


def rewrite(wrong, right):
    assert wrong.request("OPTIONS", "/absent").status == 204
    assert wrong.request("OPTIONS", "/api/x.txt", origin=EVIL).status == 204
    assert right.request("OPTIONS", "/api/x.txt").status == 401
    answer = right.preflight("/api/x.txt", APP, "PUT")
    assert answer.status == 204
    assert cors(answer) == expected(APP, methods="GET, PUT", vary="preflight")


def login(wrong, right):
    assert wrong.request("OPTIONS", "/api/x.txt").status == 200
    assert right.request("OPTIONS", "/api/x.txt").status == 401
    assert right.preflight("/api/x.txt", APP).status == 204


RECIPES = {
    "A star with credentials": star,
    "Any origin, sent back": reflection,
    "The same by an expression": expression,
    "A regular expression without an end": without_end,
    "A regular expression without a beginning": without_beginning,
    "A list in the header": a_list,
    "Headers that errors lack": errors,
    "Two layers that both answer": two_layers,
    "A rewrite that answers OPTIONS": rewrite,
    "A login that leaves OPTIONS out": login,
}


def recipes():
    """Heading → the text of its two blocks, of every section that has a wrong one."""
    sections = re.split(r"^## ", (TREE / "docs/from-recipes.md").read_text(), flags=re.M)[1:]
    pairs = {}
    for section in sections:
        found = {match["kind"].strip(): match["text"] for match in BLOCK.finditer(section)}
        if "wrong" in found:
            pairs[section.splitlines()[0]] = found
    return pairs


def site_named(server, host):
    """The server's requests with that Host."""
    return SimpleNamespace(
        get=lambda target, origin=None: server.get(target, origin, host=host),
        request=lambda method, target, **more: server.request(method, target, host=host, **more),
        preflight=lambda target, origin, method="GET": server.preflight(target, origin, method, host=host),
    )


@pytest.fixture(scope="module")
def kitchen(module_httpd, backend):
    """Every block in a virtual host of its own: wrong0, right0, wrong1 …"""
    server = module_httpd(modules=MODULES)
    server.write("htdocs/x.txt", "hello")
    server.write("htdocs/api/x.txt", "hello")
    server.write("users", "alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    hosts = []
    for number, pair in enumerate(recipes().values()):
        for kind, text in pair.items():
            hosts.append(f'<VirtualHost *>\nServerName {kind}{number}\n{text}</VirtualHost>\n')
    server.configure("".join(hosts).replace("http://127.0.0.1:8080", backend.url))
    with server:
        yield server


@pytest.mark.parametrize("heading", recipes())
def test_recipe_does_what_the_document_says(kitchen, heading):
    number = list(recipes()).index(heading)
    RECIPES[heading](site_named(kitchen, f"wrong{number}"), site_named(kitchen, f"right{number}"))


def test_rewrite_in_htaccess_comes_after_the_login(site):
    """What docs/from-recipes.md says of a rewrite that answers OPTIONS."""
    site.write("users", "alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    rules = ["RewriteEngine On", "RewriteCond %{REQUEST_METHOD} OPTIONS", "RewriteRule ^ - [R=204,L]"]
    site.write("htdocs/.htaccess", "\n".join(rules))
    site.configure("""
<Directory "${DOCROOT}">
  AllowOverride FileInfo
  Options +FollowSymLinks
  AuthType Basic
  AuthName api
  AuthUserFile users
  Require valid-user
</Directory>
""")
    with site:
        assert site.preflight("/x.txt", APP).status == 401


def test_echo_of_the_match_alone_is_no_hole(site):
    """What docs/from-recipes.md says of the variant with $0."""
    site.configure("""
SetEnvIf Origin "^https://(www\\.)?example\\.com" CORS_ORIGIN=$0
Header set Access-Control-Allow-Origin "%{CORS_ORIGIN}e" env=CORS_ORIGIN
""")
    with site:
        for origin in ("https://example.com.evil.example", "https://example.com:8443"):
            assert cors(site.get("/x.txt", origin)) == expected("https://example.com")
