# SPDX-License-Identifier: Apache-2.0
""".htaccess files as the audit reads and finds them: like httpd, of which each answer here is compared with that of a
running server; without carrying out what their authors want; and nothing that was not read goes untold."""

import json
import os
import pty
import subprocess

import pytest
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
    if folder in LOGGED:
        server.expect_log(LOGGED[folder])
    answer = server.get(f"/{folder}/x.txt", APP)
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
    assert not marker.exists()
    assert told["policy"]["state"] == "allowed"
    with server:
        server.get("/x.txt", APP)
        assert marker.exists(), "httpd did not run it either: this test shows nothing"


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
