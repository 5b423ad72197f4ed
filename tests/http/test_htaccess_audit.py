# SPDX-License-Identifier: Apache-2.0
""".htaccess files as the audit reads and finds them: like httpd, of which each answer here is compared with that of a
running server; without carrying out what their authors want; and nothing that was not read goes untold."""

import json
import os
import pty
import subprocess

import pytest
from cgtest import module_path
from test_explain import explain, said, sent

APP = "https://app.example"
POLICY = f"CorsAllowOrigin {APP}\nCorsAllowCredentials On\n"
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away, or take it from others")
NESTED = 64  # CG_HTACCESS_NESTED_MAX
SIZE = 512 * 1024  # CG_HTACCESS_SIZE_MAX
DEPTH = 64  # CG_HTACCESS_DEPTH_MAX


# Reading as httpd reads: folder: (its section in the configuration, its .htaccess)

READ = {
    "all": ("AllowOverride All", POLICY),
    "fileinfo": ("AllowOverride FileInfo", POLICY),
    "none": ("AllowOverride None", POLICY),
    "none-broken": ("AllowOverride None", "Unknown\n"),
    "authconfig": ("AllowOverride AuthConfig", POLICY),
    "list": ("AllowOverride None\n  AllowOverrideList CorsAllowOrigin CorsAllowCredentials", POLICY),
    "list-short": ("AllowOverride None\n  AllowOverrideList CorsAllowOrigin", POLICY),
    "list-none": ("AllowOverride None\n  AllowOverrideList None", POLICY),
    "list-section": ("AllowOverride None\n  AllowOverrideList CorsAllowOrigin", f"<Files x.txt>\n{POLICY}</Files>\n"),
    "nonfatal-override": (
        "AllowOverride AuthConfig Nonfatal=Override",
        f"{POLICY}Header always set Access-Control-Allow-Origin *\n",
    ),
    "nonfatal-unknown": ("AllowOverride FileInfo Nonfatal=Unknown", f"Unknown\n{POLICY}"),
    "nonfatal-other": ("AllowOverride AuthConfig Nonfatal=Unknown", POLICY),
    "options": ("AllowOverride FileInfo Options=Indexes", f"Options +Indexes\n{POLICY}"),
    "options-other": ("AllowOverride FileInfo Options=Indexes", f"Options +ExecCGI\n{POLICY}"),
    "unknown": ("AllowOverride All", f"{POLICY}Unknown\n"),
    "unknown-in-files": ("AllowOverride All", f"{POLICY}<Files y.txt>\n  Unknown\n</Files>\n"),
    "not-there": ("AllowOverride All", f"{POLICY}ServerName x\n"),
    "include": ("AllowOverride All", f"{POLICY}Include other.conf\n"),
    "define": ("AllowOverride All", f"Define NAME value\n{POLICY}"),
    "regex": ("AllowOverride All", f"{POLICY}RewriteEngine On\nRewriteRule ( x\n"),
    "regex-of-ours": ("AllowOverride All", "CorsAllowOriginMatch (\n"),
    "expression": ("AllowOverride All", f'{POLICY}<If "%{{">\n</If>\n'),
    "reads-files": ("AllowOverride All", f'{POLICY}<If "file(\'/etc/passwd\') == \'\'">\n</If>\n'),
    "method": ("AllowOverride All", f"{POLICY}<Limit NEW>\n</Limit>\n"),
    "ours": ("AllowOverride All", "CorsAllowOrigin https://*\n"),
    "conflict": ("AllowOverride All", "CorsAllowOrigin *\nCorsAllowCredentials On\n"),
    "unclosed": ("AllowOverride All", f"<Files x.txt>\n{POLICY}"),
    "crossed": ("AllowOverride All", f"<Files x.txt>\n<IfModule mod_headers.c>\n{POLICY}</Files>\n</IfModule>\n"),
    "no-end": ("AllowOverride All", POLICY.rstrip("\n")),
    "crlf": ("AllowOverride All", POLICY.replace("\n", "\r\n")),
    "continued": ("AllowOverride All", f"CorsAllowOrigin \\\n  https://b.example \\\n  {APP}\n"),
    "empty": ("AllowOverride All", ""),
    "latin-1": ("AllowOverride All", POLICY.encode() + b"Header set X-Name \xe9\n"),
    "latin-1-origin": ("AllowOverride All", b"CorsAllowOrigin https://\xe9.example\n"),
    "long-line": ("AllowOverride All", f"#{'x' * 8200}\n{POLICY}"),
    "line-that-fits": ("AllowOverride All", f"#{'x' * 8100}\n{POLICY}"),
    "just-small-enough": ("AllowOverride All", POLICY + ("#" * 1023 + "\n") * 511),
    "files": ("AllowOverride All", f"<Files x.txt>\n{POLICY}</Files>\n"),
    "other-files": ("AllowOverride All", f"<Files y.txt>\n{POLICY}</Files>\n"),
    "files-match": ("AllowOverride All", f'<FilesMatch "\\.(js|txt)$">\n{POLICY}</FilesMatch>\n'),
    "if": ("AllowOverride All", f'<If "%{{REQUEST_URI}} =~ /x/">\n{POLICY}</If>\n'),
    "if-in-files": ("AllowOverride All", f'<Files x.txt>\n<If "true">\n{POLICY}</If>\n</Files>\n'),
    "modules": (
        "AllowOverride All",
        f"<IfModule !mod_headers.c>\nUnknown\n</IfModule>\n<IfVersion >= 2.4>\n<IfDefine !NAME>\n"
        f"{POLICY}</IfDefine>\n</IfVersion>\n",
    ),
    "variable": ("AllowOverride All", "CorsAllowOrigin ${APP_ORIGIN}\n"),
    "variable-command": ("AllowOverride All", f"${{COMMAND}} {APP}\n"),
    "headers": (
        "AllowOverride All",
        'SetEnvIf Origin "^https://app\\.example$" FOUND=$0\n'
        "Header always set Access-Control-Allow-Origin %{FOUND}e env=FOUND\n",
    ),
    "deep": ("AllowOverride All", "<IfModule mod_headers.c>\n" * NESTED + POLICY + "</IfModule>\n" * NESTED),
    "by-pattern/one": (None, POLICY),  # permitted by <Directory ".../by-pattern/*">
    "by-pattern/one/two": (None, POLICY),
    "by-regex": (None, POLICY),  # forbidden by <DirectoryMatch>, which comes too late
    "denied-below/down": ("AllowOverride None", POLICY),
    "denied-below": ("AllowOverride All", f"CorsMaxAge 5\n{POLICY}"),
    "late": ("AllowOverride All", POLICY),  # the .htaccess is a directory
    "linked": ("AllowOverride All", None),  # a symbolic link to that of "all"
    "to-directory": ("AllowOverride All", None),
    "loop": ("AllowOverride All", None),
    "dangling": ("AllowOverride All", None),
}
# What a running server writes to its log.
LOGGED = {
    **dict.fromkeys(
        ["authconfig", "list-short", "list-section", "nonfatal-other", "options-other", "unknown", "unknown-in-files"]
        + ["not-there", "include", "define", "regex", "regex-of-ours", "expression", "reads-files", "method", "ours"]
        + ["conflict", "unclosed", "crossed", "latin-1-origin", "long-line"],
        r":alert\].*\.htaccess: ",
    ),
    "nonfatal-override": "AH02295",
    "nonfatal-unknown": "AH02296",
    "to-directory": "AH00529|AH00554",
    "loop": "AH00529",
}
PATTERNS = """
<Directory "${DOCROOT}/by-pattern/*">
  AllowOverride All
</Directory>
<Directory "${DOCROOT}/by-regex">
  AllowOverride FileInfo
</Directory>
<DirectoryMatch "/by-regex">
  AllowOverride None
</DirectoryMatch>
"""
MODULES = ["headers", "rewrite", "version", "alias", "dir"]


def section(folder, lines):
    return f'<Directory "${{DOCROOT}}/{folder}">\n  {lines}\n</Directory>\n' if lines else ""


def make_files(server):
    for folder, (_, text) in READ.items():
        server.write(f"htdocs/{folder}/x.txt", "x")
        if text is not None:
            server.write(f"htdocs/{folder}/.htaccess", text)
    links = {"linked": "../all/.htaccess", "to-directory": "../all", "loop": ".htaccess", "dangling": "nowhere"}
    for folder, target in links.items():
        os.symlink(target, server.dir / "htdocs" / folder / ".htaccess")


@pytest.fixture(scope="module")
def server(module_httpd):
    made = module_httpd(modules=MODULES, defines={"APP_ORIGIN": APP, "COMMAND": "CorsAllowOrigin"})
    make_files(made)
    made.configure(PATTERNS + "".join(section(folder, lines) for folder, (lines, _) in READ.items()))
    with made:
        yield made


@pytest.fixture(scope="module")
def explained(server):
    questions = [{"url": f"http://localhost:{server.port}/{folder}/x.txt", "origin": APP} for folder in READ]
    return dict(zip(READ, explain(server, questions), strict=True))


@pytest.mark.parametrize("folder", READ)
def test_a_file_is_read_as_httpd_reads_it(server, explained, folder):
    answer = server.get(f"/{folder}/x.txt", APP)
    # httpd before 2.4.60 reads files there.
    if folder in LOGGED and (folder != "reads-files" or answer.status == 500):
        server.expect_log(LOGGED[folder])
    told = explained[folder]
    assert (told["status"] or 200) == answer.status, told
    assert said(told) == sent(answer)
    if answer.status == 200 and "policy" in told:
        assert bool(told["policy"]) == (("access-control-allow-credentials", "true") in said(told)[0] or folder in [
            "continued", "variable", "variable-command"
        ])


def test_httpd_looks_for_files_where_nothing_is_said(make_httpd):
    """Without any AllowOverride: what it permits by default is nothing, but it looks all the same."""
    server = make_httpd()
    texts = {"empty": "", "comment": "# nothing\n", "ours": POLICY, "unknown": "Unknown\n"}
    for folder, text in texts.items():
        server.write(f"htdocs/{folder}/x.txt", "x")
        server.write(f"htdocs/{folder}/.htaccess", text)
    server.configure("")
    config = server.dir / "httpd.conf"
    config.write_text(config.read_text().replace("AllowOverride None", ""))
    server.expect_log(r":alert\].*ours.*not allowed here", r":alert\].*unknown.*Invalid command")
    told = explain(server, [{"url": f"http://localhost:{server.port}/{folder}/x.txt"} for folder in texts])
    with server:
        assert [each["status"] or 200 for each in told] == [server.get(f"/{each}/x.txt").status for each in texts]
    assert [each["status"] for each in told] == [None, None, 500, 500]


def test_the_file_is_a_section_of_its_own(server, explained):
    told = explained["if-in-files"]["sections"]
    file = str(server.dir / "htdocs/if-in-files/.htaccess")
    assert [(each["section"], each["line"]) for each in told if each["file"] == file] == [
        (".htaccess", 1),
        ("<Files x.txt>", 1),
        ('<If "true">', 2),
    ]


NAMES = {
    "first": {".access": POLICY, ".htaccess": "Unknown\n"},
    "second": {".htaccess": POLICY},
    "neither": {".other": POLICY},
    "first-broken": {".access": "Unknown\n", ".htaccess": POLICY},
    "first-irregular": {".access/x": "", ".htaccess": POLICY},
}


def test_the_first_of_several_names_counts(make_httpd):
    server = make_httpd()
    for folder, files in NAMES.items():
        server.write(f"htdocs/{folder}/x.txt", "x")
        for name, text in files.items():
            server.write(f"htdocs/{folder}/{name}", text)
    server.configure(f"AccessFileName .access .htaccess\n{section('', 'AllowOverride All')}")
    server.expect_log(r":alert\].*first-broken", "AH00529|AH00554")
    questions = [{"url": f"http://localhost:{server.port}/{folder}/x.txt", "origin": APP} for folder in NAMES]
    with server:
        for folder, told in zip(NAMES, explain(server, questions), strict=True):
            answer = server.get(f"/{folder}/x.txt", APP)
            assert (told["status"] or 200, said(told)) == (answer.status, sent(answer)), folder


HOSTS = """
<VirtualHost *:${PORT}>
  ServerName open.example
  <Directory "${DOCROOT}">
    AllowOverride All
  </Directory>
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName closed.example
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName strict.example
  <Directory "${DOCROOT}">
    AllowOverride AuthConfig
  </Directory>
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName named.example
  AccessFileName .named
  <Directory "${DOCROOT}">
    AllowOverride All
  </Directory>
</VirtualHost>
"""


def test_each_host_sees_a_file_its_own_way(make_httpd):
    server = make_httpd()
    server.write("htdocs/x.txt", "x")
    server.write("htdocs/.htaccess", POLICY)
    server.write("htdocs/.named", "CorsAllowOrigin *\n")
    server.configure(HOSTS)
    server.expect_log(r":alert\].*not allowed here")
    names = ["open.example", "closed.example", "strict.example", "named.example"]
    questions = [{"url": f"http://{name}:{server.port}/x.txt", "origin": APP} for name in names]
    statuses = []
    with server:
        for name, told in zip(names, explain(server, questions), strict=True):
            answer = server.get("/x.txt", APP, host=name)
            assert (told["status"] or 200, said(told)) == (answer.status, sent(answer)), name
            statuses.append(answer.status)
    assert statuses == [200, 200, 500, 200]


# What the authors of such files would like to be carried out by root

EXECUTED = """AuthType Basic
AuthName x
AuthBasicProvider ldap
AuthLDAPURL ldap://127.0.0.1/o=x
AuthLDAPBindDN cn=x
AuthLDAPBindPassword "exec:{script}"
"""


def test_no_program_is_run_for_a_file(make_httpd):
    """httpd runs it when it reads the file: with the rights of its children, while an audit is often root's."""
    server = make_httpd(modules=["ldap", "authnz_ldap", "authn_core", "auth_basic"])
    marker = server.folder("made", writable=True) / "marker"
    script = server.cgi("script", f"touch {marker}; echo secret")
    server.write("htdocs/x.txt", "x")
    server.write("htdocs/.htaccess", EXECUTED.format(script=script) + POLICY)
    server.configure(section("", "AllowOverride All"))
    told = explain(server, [{"url": f"http://localhost:{server.port}/x.txt", "origin": APP}])[0]
    report(server)
    assert not marker.exists()
    assert told["policy"]["state"] == "allowed"
    with server:
        server.get("/x.txt", APP)
        assert marker.exists(), "httpd did not run it either: this test shows nothing"


@AS_ROOT
def test_nothing_is_read_that_the_children_may_not(make_httpd):
    server = make_httpd()
    server.write("secret", "top-secret-word of somebody\n", 0o600)
    server.write("htdocs/x.txt", "x")
    server.write("htdocs/closed/x.txt", "x")
    os.symlink(server.dir / "secret", server.dir / "htdocs/.htaccess")
    server.write("htdocs/closed/.htaccess", POLICY, 0o600)
    server.configure(section("", "AllowOverride All") + section("closed", "Require all granted"))
    server.expect_log("AH00529")
    command = server.command("-t", "-DDUMP_CORS_JSON")
    done = subprocess.run(command, env=server.environment(), capture_output=True, check=True)
    assert b"top-secret-word" not in done.stdout + done.stderr
    told = explain(server, [{"url": f"http://localhost:{server.port}/x.txt", "origin": APP}])[0]
    with server:
        assert server.get("/x.txt", APP).status == told["status"] == 403


@pytest.mark.skipif(not os.path.exists("/usr/lib/apache2/modules/mod_macro.so"), reason="mod_macro is not installed")
def test_what_would_be_carried_out_on_reading_is_left_alone(make_httpd):
    server = make_httpd(modules=["macro"])
    server.write("htdocs/macro/.htaccess", f"<Macro Mine>\n{POLICY}</Macro>\nUse Mine\n")
    server.write("htdocs/included/.htaccess", "Include /dev/zero\n")
    server.write("htdocs/quoted/.htaccess", '"<Macro" Mine>\n</Macro>\n')
    server.configure(section("", "AllowOverride All") + section("included", "AllowOverrideList Include"))
    reasons = unread(server)
    assert "line 1: <Macro>" in reasons["htdocs/macro/.htaccess"]
    assert "line 1: Include" in reasons["htdocs/included/.htaccess"]
    assert "line 1: <Macro>" in reasons["htdocs/quoted/.htaccess"]


@pytest.mark.core
def test_an_expression_that_ends_httpd_is_left_alone(make_httpd):
    """Its parser calls exit ("flex scanner jammed"): one file must not hide what all others hold."""
    server = make_httpd(modules=["headers"], defines={"QUOTE": "'"})
    server.write("htdocs/apart/.htaccess", "Header set A b \"expr=%{HTTP:Origin'}\"\n")
    server.write("htdocs/in/.htaccess", "Header set A b \"expr=%{HTTP:Origin in {'https://a.com'}\"\n")
    server.write("htdocs/escaped/.htaccess", 'Header set A b "expr=%{HTTP:\\}\\"}"\n')
    server.write("htdocs/defined/.htaccess", "<If \"%{HTTP:${QUOTE}}\">\n</If>\n")
    server.write("htdocs/nested/.htaccess", "<If \"%{HTTP:%{reqenv:O}'a'\">\n</If>\n")
    server.write("htdocs/sound/.htaccess", "Header set A b \"expr=%{HTTP:Origin} in {'https://a.com'}\"\n")
    server.configure(section("", "AllowOverride All"))
    reasons = unread(server)
    assert sorted(reasons) == [f"htdocs/{name}/.htaccess" for name in ("apart", "defined", "escaped", "in", "nested")]
    assert all("line 1: a quotation mark in %{" in reason for reason in reasons.values())


@pytest.mark.core
def test_a_file_of_very_many_sections_is_not_read(make_httpd):
    """What is tried for each of them meets all of them, which took minutes."""
    server = make_httpd(modules=MODULES)
    server.write("htdocs/many/.htaccess", "<Files a>\n</Files>\n" * 15000)
    server.write("htdocs/fine/.htaccess", "<Files a>\n</Files>\n" * 1000)
    server.configure(section("", "AllowOverride All"))
    assert unread(server) == {"htdocs/many/.htaccess": "line 2001: more than 1000 sections"}


# Files whose lines make a text longer and longer: what was told of them before took gigabytes, and minutes.
ORIGIN = "Access-Control-Allow-Origin"
GREEDY = {
    "edit": f"Header set {ORIGIN} aaaaaaaa\n" + f"Header edit* {ORIGIN} a aaaaaaaa\n" * 60,
    "append": f"Header set {ORIGIN} a\n" + f"Header append {ORIGIN} {APP}\n" * 2000,
    "merge": f"Header set {ORIGIN} a\n" + "".join(f"Header merge {ORIGIN} {APP}:{port}\n" for port in range(1, 2000)),
}
AGAIN = """
RewriteEngine On
RewriteCond %{HTTP:Origin} ^https
RewriteCond %{HTTP:User-Agent} .
RewriteCond %{ENV:A} !^x{20}$
RewriteRule ^ - [E=A:%{ENV:A}x,N]
Header set X-A %{A}e env=A
"""


@pytest.mark.core
@pytest.mark.parametrize("name", GREEDY)
def test_a_header_does_not_grow_without_end(make_httpd, name):
    server = make_httpd(modules=MODULES)
    server.write("htdocs/.htaccess", GREEDY[name])
    server.write("htdocs/x.txt", "x")
    server.configure(section("", "AllowOverride All"))
    (told,) = explain(server, [{"url": f"http://localhost:{server.port}/x.txt", "origin": APP}])
    assert all(len(value) <= 16384 for _, value in told["headers"])
    assert {"the header gets longer than this audit follows", "httpd cannot make its replacement"} & {
        each["reason"] for each in told["unresolved"]
    }


@pytest.mark.core
def test_rounds_of_a_rule_name_what_varies_once(make_httpd):
    server = make_httpd(modules=MODULES)
    server.write("htdocs/x.txt", "x")
    server.write("htdocs/.htaccess", AGAIN)
    server.configure(section("", "AllowOverride All"))
    question = {"url": f"http://localhost:{server.port}/x.txt", "origin": APP, "headers": {"User-Agent": "x"}}
    (told,) = explain(server, [question])
    assert [value for name, value in told["headers"] if name == "Vary"] == ["Origin, User-Agent"]


WILD = {
    "define": "Define APP_ORIGIN https://evil.example\n",
    "undefine": "UnDefine APP_ORIGIN\n",
    "macro": "<Macro Ours>\nCorsAllowOrigin *\n</Macro>\n",
    "unclosed": "<Files x>\n<IfModule mod_headers.c>\nHeader set A b\n",
    "location": "<Location />\nCorsAllowOrigin *\n</Location>\n",
    "host": "<VirtualHost *>\nCorsAllowOrigin *\n</VirtualHost>\n",
    "root": "ServerRoot /\nDocumentRoot /\n",
    "rewrite": "RewriteEngine On\nRewriteRule ^ http://evil.example/ [R]\nRedirect / http://evil.example/\n",
    "limit": "<Limit NEW>\n</Limit>\n",
    "nested": "<Files x>\n" * 30 + "</Files>\n" * 30,
}


def test_what_was_read_before_is_not_changed(make_httpd):
    server = make_httpd(modules=["macro", *MODULES], defines={"APP_ORIGIN": APP})
    server.write("htdocs/calm/x.txt", "x")
    server.write("htdocs/calm/.htaccess", "CorsAllowOrigin ${APP_ORIGIN}\n")
    server.configure(section("", "AllowOverride All") + "<Location /calm>\nCorsMaxAge 5\n</Location>\n")
    calm = f"http://localhost:{server.port}/calm/x.txt"
    before = explain(server, [{"url": calm, "origin": APP}])
    for folder, text in WILD.items():
        server.write(f"htdocs/{folder}/.htaccess", text)
        server.write(f"htdocs/{folder}/x.txt", "x")
    questions = [{"url": f"http://localhost:{server.port}/{folder}/x.txt"} for folder in WILD]
    after = explain(server, [*questions, {"url": calm, "origin": APP}])
    assert after[-1:] == before
    assert before[0]["policy"]["state"] == "allowed"


# Finding them


def report(server):
    code, out, err = server.run("-t", "-DDUMP_CORS_JSON")
    assert code == 0, err
    return json.loads(out)


def coverage(server):
    return report(server)["coverage"]


def unread(server):
    """The reasons by path, below the server's directory."""
    return {os.path.relpath(each["path"], server.dir): each["reason"] for each in coverage(server)["unread"]}


def test_what_could_not_be_read_is_told(make_httpd):
    server = make_httpd(modules=MODULES)
    server.write("htdocs/large/.htaccess", "#" * (SIZE + 1))
    server.write("htdocs/huge/.htaccess", ("#" * 1023 + "\n") * 1024)
    server.write("htdocs/nul/.htaccess", b"CorsAllowOrigin\0*\n")
    server.write("htdocs/deep/.htaccess", "<IfModule mod_headers.c>\n" * (NESTED + 1))
    server.write("htdocs/skipped/.htaccess", "<IfModule !mod_headers.c>\n" * 20000)
    server.write("htdocs/quoted/.htaccess", '"<IfModule" mod_headers.c>\n' * 19000)
    server.write("htdocs/broken/.htaccess", f"\n{'#' * 100}\nUnknown {'x' * 5000}\n")
    server.write("htdocs/directory/.htaccess/x", "")
    server.write("htdocs/fine/.htaccess", POLICY)
    server.folder("htdocs/fifo")
    os.mkfifo(server.dir / "htdocs/fifo/.htaccess")
    server.folder("htdocs/loop")
    os.symlink(".htaccess", server.dir / "htdocs/loop/.htaccess")
    server.configure(section("", "AllowOverride All"))
    reasons = unread(server)
    assert reasons == {
        "htdocs/large/.htaccess": "it is larger than 512 kB",
        "htdocs/huge/.htaccess": "it is larger than 512 kB",
        "htdocs/nul/.htaccess": "it has a NUL byte in it",
        "htdocs/deep/.htaccess": f"line {NESTED + 1}: sections stand in each other more than {NESTED} deep",
        "htdocs/skipped/.htaccess": f"line {NESTED + 1}: sections stand in each other more than {NESTED} deep",
        "htdocs/quoted/.htaccess": f"line {NESTED + 1}: sections stand in each other more than {NESTED} deep",
        "htdocs/broken/.htaccess": "httpd answers 500 in this directory: line 3: Invalid command 'Unknown', perhaps "
        "misspelled or defined by a module not included in the server configuration",
        "htdocs/directory/.htaccess": "httpd answers 403 in this directory: it is not a regular file",
        "htdocs/fifo/.htaccess": "httpd answers 403 in this directory: it is not a regular file",
        "htdocs/loop/.htaccess": "httpd answers 403 in this directory: Too many levels of symbolic links",
    }
    assert coverage(server)["htaccess"] == len(reasons) + 1


def test_an_ignored_file_is_no_problem(make_httpd):
    server = make_httpd()
    server.write("htdocs/.htaccess", "Unknown\n")
    server.folder("htdocs/fifo")
    os.mkfifo(server.dir / "htdocs/fifo/.htaccess")
    server.configure("")
    covered = coverage(server)
    assert (covered["htaccess"], covered["unread"]) == (2, [])


def test_names_of_any_bytes_are_walked(make_httpd):
    server = make_httpd()
    root = os.fsencode(server.dir / "htdocs")
    for name in (b"\xff\xfe", b"a\nb", b"\xc3\xa9", b"%2e", b"*", b"[x", b"-rf", b"..."):
        os.makedirs(os.path.join(root, name))
        with open(os.path.join(root, name, b".htaccess"), "wb") as file:
            file.write(b"Unknown\n")
    server.configure(section("", "AllowOverride All"))
    covered = coverage(server)
    assert (covered["htaccess"], len(covered["unread"])) == (8, 8)
    assert any("\\xff\\xfe" in each["path"] for each in covered["unread"])


def test_links_are_not_followed_but_for_roots(make_httpd):
    server = make_httpd(modules=["alias"])
    server.write("real/down/.htaccess", "Unknown\n")
    server.write("elsewhere/.htaccess", "Unknown\n")
    os.symlink(server.dir / "real", server.dir / "root")
    os.symlink(server.dir / "elsewhere", server.dir / "real/away")
    os.symlink(server.dir / "real", server.dir / "real/down/up")
    os.symlink("nowhere", server.dir / "real/dangling")
    os.symlink("self", server.dir / "real/self")
    server.configure(
        f'DocumentRoot "{server.dir}/root"\nAlias /again "{server.dir}/real"\n'
        f'<Directory "{server.dir}">\n  AllowOverride All\n</Directory>\n'
    )
    covered = coverage(server)
    assert (covered["directories"], covered["links"]) == (2, 2)
    names = sorted(os.path.relpath(each["path"], server.dir) for each in covered["unread"])
    assert names == ["real/down/.htaccess", "root/down/.htaccess"]


def test_files_around_a_root_count(make_httpd):
    server = make_httpd()
    server.write(".htaccess", "Unknown\n")
    server.write("htdocs/x.txt", "x")
    server.configure('<Directory "${DIR}">\n  AllowOverride All\n</Directory>\n')
    assert list(unread(server)) == [".htaccess"]
    told = explain(server, [{"url": f"http://localhost:{server.port}/x.txt"}])[0]
    assert told["status"] == 500


def test_directories_that_no_url_leads_to_are_walked_only_if_one_may(make_httpd):
    server = make_httpd(modules=["alias"])
    for folder in ("served", "apart/one", "apart/two", "closed", "htdocs/in"):
        server.write(f"{folder}/.htaccess", "Unknown\n")
    text = """
<Directory "${DIR}/apart/*">
  AllowOverride All
</Directory>
<Directory "${DIR}/served">
  AllowOverride All
</Directory>
<Directory "${DIR}/closed">
  Require all denied
</Directory>
<Directory "${DOCROOT}/in">
  AllowOverride All
</Directory>
"""
    server.configure(text)
    assert sorted(unread(server)) == ["htdocs/in/.htaccess"]
    server.configure(text + 'AliasMatch "^/to/([a-z]+)" "${DIR}/$1"\n')
    found = ["apart/one/.htaccess", "apart/two/.htaccess", "htdocs/in/.htaccess", "served/.htaccess"]
    assert sorted(unread(server)) == found


def test_a_directory_too_deep_is_told(make_httpd):
    server = make_httpd()
    deep = "/".join(["htdocs"] + ["d"] * DEPTH)
    server.write(f"{deep}/.htaccess", "Unknown\n")
    server.write(f"{deep}/e/.htaccess", "Unknown\n")
    server.configure(section("", "AllowOverride All"))
    reasons = unread(server)
    assert reasons.pop(f"{deep}/e") == f"more than {DEPTH} directories deep"
    assert list(reasons) == [f"{deep}/.htaccess"]


def test_a_path_that_is_too_long_is_told(make_httpd):
    """Longer than any path may be, so that httpd cannot serve it either."""
    server = make_httpd()
    top = at = os.open(server.dir / "htdocs", os.O_RDONLY)
    for _ in range(20):
        os.mkdir("n" * 250, dir_fd=at)
        at = os.open("n" * 250, os.O_RDONLY, dir_fd=at)
    os.close(os.open(".htaccess", os.O_WRONLY | os.O_CREAT, dir_fd=at))
    os.close(top)
    server.configure(section("", "AllowOverride All"))
    covered = coverage(server)
    assert covered["directories"] == 21
    assert [each["reason"] for each in covered["unread"]] == [
        "httpd answers 403 in this directory: File name too long"
    ]


def test_an_unreadable_directory_is_told(make_httpd, monkeypatch):
    server = make_httpd()
    server.folder("htdocs/closed").chmod(0)
    # Another user reads it, who may not be let into the folder of this tree.
    monkeypatch.setenv("CG_MODULE", str(server.write("module.so", module_path().read_bytes(), 0o755)))
    server.configure(section("", "AllowOverride All"))
    if not server.root:
        assert unread(server) == {"htdocs/closed": "Permission denied"}
        return
    server.dir.chmod(0o755)
    command = ["setpriv", "--reuid", "65534", "--clear-groups", *server.command("-t", "-DDUMP_CORS_JSON")]
    done = subprocess.run(command, env=server.environment(), capture_output=True, check=False, text=True)
    told = json.loads(done.stdout)["coverage"]["unread"]
    assert [(os.path.relpath(each["path"], server.dir), each["reason"]) for each in told] == [
        ("htdocs/closed", "Permission denied")
    ]


def test_ten_thousand_directories(make_httpd):
    server = make_httpd()
    for outer in range(100):
        for inner in range(100):
            os.makedirs(server.dir / f"htdocs/{outer}/{inner}")
    server.write("htdocs/7/7/.htaccess", POLICY)
    server.write("htdocs/99/99/.htaccess", "Unknown\n")
    server.configure(section("", "AllowOverride All"))
    covered = coverage(server)
    assert (covered["directories"], covered["htaccess"], len(covered["unread"])) == (10101, 2, 1)


def test_progress_is_shown_on_a_terminal_only(make_httpd):
    server = make_httpd()
    for number in range(200):
        server.folder(f"htdocs/{number}")
    server.configure("")
    assert "Looking" not in server.run("-t", "-DDUMP_CORS_JSON")[2]
    master, terminal = pty.openpty()
    command = server.command("-t", "-DDUMP_CORS_JSON")
    subprocess.run(command, env=server.environment(), stdout=subprocess.PIPE, stderr=terminal, check=True)
    os.close(terminal)
    shown = os.read(master, 4096).decode()
    os.close(master)
    assert "Looking for .htaccess files: " in shown
    assert "\r\x1b[K" in shown.split("directories")[-1]
