# SPDX-License-Identifier: Apache-2.0
"""What an .htaccess file may cost the audit, whoever wrote it: bounded memory, bounded steps, and what was not tried is
told. Each of these files took gigabytes, minutes or hours before."""

import json
import os
import resource
import subprocess

import pytest
from test_explain import explain, said, sent

APP = "https://app.example"
ORIGIN = "Access-Control-Allow-Origin"
OPEN = f'Header set {ORIGIN} "expr=%{{req:Origin}}"\n'
pytestmark = pytest.mark.skipif(
    any(os.environ.get(name) for name in ("CG_PRELOAD", "CG_CHECKER")), reason="a sanitizer reserves terabytes"
)
ALL = '<Directory "${DOCROOT}">\n  AllowOverride All\n</Directory>\n'
MODULES = ["headers", "rewrite", "setenvif", "version", "alias", "dir"]
MEMORY = 200 << 20  # of address space beyond what httpd takes for an empty file
STEPS = "this and what follows takes more steps than this audit follows"
ROUNDS = "its rules do more than this audit follows"
SPENT = "not all of it was tried: it takes more steps than this audit follows"
BACKTRACKS = "its regular expression backtracks more than this audit follows"
LONG = "the header gets longer than this audit follows"
EVIL = "^(([^!]+)+)+[!?]$"  # doubles its work with every byte of an origin

FILES = {
    "conditions-again-and-again": (
        STEPS,
        "RewriteEngine On\n"
        + "RewriteCond a b [OR]\n" * 20000
        + f"RewriteCond a a\nRewriteRule ^ - [E=A:x,N]\n{OPEN}",
    ),
    "braces-again-and-again": (ROUNDS, f"RewriteEngine On\nRewriteRule ^ - [E=A:{'%{' * 3900},N]\n{OPEN}"),
    "sections-with-rounds": (
        SPENT,
        "RewriteEngine On\nRewriteCond %{ENV:A} !^x{8000}$\nRewriteRule ^ - [E=A:%{ENV:A}x,N]\n"
        + "".join(f"<Files f{number}>\n{OPEN}</Files>\n" for number in range(300)),
    ),
    "edits-of-a-long-line": (
        STEPS,
        f"Header set {ORIGIN} aaaaaaaa\n"
        + f"Header edit* {ORIGIN} a aa\n" * 11
        + f"Header edit* {ORIGIN} a b\nHeader edit* {ORIGIN} b a\n" * 5000,
    ),
    "edits-of-many-lines": (STEPS, f"Header add {ORIGIN} a\n" * 5000 + f"Header edit {ORIGIN} a b\n" * 5000),
    "members-of-a-long-line": (
        LONG,
        f"Header set {ORIGIN} a\n" + "".join(f"Header merge {ORIGIN} {APP}:{port}\n" for port in range(1, 7600)),
    ),
    "variables-that-double": (
        "its value gets longer than this audit follows",
        "SetEnvIf Origin (.+) X=$1\n" + "SetEnvIf X (.+) Y=$1$1\nSetEnvIf Y (.+) X=$1$1\n" * 14 + OPEN,
    ),
    "variables-in-a-value": (
        LONG,
        f"SetEnvIf Origin (.+) X={'$1' * 400}\n" + f"Header set {ORIGIN} \"{'%{X}e' * 1500}\"\n" * 20,
    ),
    "headers-that-double": (
        LONG,
        "RequestHeader set X aaaaaaaa\n" + 'RequestHeader set X "expr=%{req:X}%{req:X}"\n' * 30 + OPEN,
    ),
    "regex-of-a-variable": (BACKTRACKS, f'SetEnvIf Origin "{EVIL}" A\n' * 500 + OPEN),
    "regex-of-an-expression": (BACKTRACKS, f'SetEnvIfExpr "%{{HTTP:Origin}} =~ m#{EVIL}#" A\n' * 500 + OPEN),
    "regex-of-a-condition": (
        BACKTRACKS,
        f'<If "\'x\' == \'x\' && %{{HTTP:Origin}} =~ m#{EVIL}#">\nHeader set X y\n</If>\n' * 300 + OPEN,
    ),
    "regex-of-an-edit": (BACKTRACKS, f'Header set X {"a" * 60}\n' + f'Header edit X "{EVIL}" b\n' * 500 + OPEN),
    "sections-by-regex": (
        "the regular expression of <FilesMatch",
        f'<FilesMatch "{EVIL}">\nHeader set X y\n</FilesMatch>\n' * 300 + f"<Files {'a' * 40}.txt>\n{OPEN}</Files>\n",
    ),
}

# Text is made in every round, and forgotten with its request.
AGAIN = f"""RewriteEngine On
RewriteCond %{{HTTP:Origin}} .
RewriteCond %{{ENV:A}} !^x{{8000}}$
RewriteRule ^ - [E=A:%{{ENV:A}}x,N]
Header set {ORIGIN} {APP} env=A
""" + "".join(f"SetEnvIf Origin ^https://a{number}[.]example$ B\n" for number in range(8))


def limit():
    """Address space, of which httpd itself takes 100 MB; and, for what would not end, a minute of the processor's."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY + (100 << 20),) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


def report(server):
    done = subprocess.run(
        server.command("-t", "-DDUMP_CORS_JSON"),
        env=server.environment(),
        capture_output=True,
        check=False,
        preexec_fn=limit,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.core
@pytest.mark.parametrize("name", FILES)
def test_a_file_is_tried_up_to_a_bound_and_that_is_told(make_httpd, name):
    server = make_httpd(modules=MODULES)
    reason, text = FILES[name]
    assert len(text) < 512 * 1024
    server.write("htdocs/one/.htaccess", text)
    server.write("htdocs/two/.htaccess", f"SetEnvIf X y Z\n{OPEN}")
    server.configure(ALL)
    told = report(server)
    gaps = [each for each in told["coverage"]["unresolved"] if reason in each["reason"]]
    assert gaps and told["coverage"]["unread"] == []
    assert {each["file"] for each in gaps} == {str(server.dir / "htdocs/one/.htaccess")}
    assert all(1 <= each["line"] <= text.count("\n") for each in gaps)
    found = {place["file"] for each in told["findings"] for place in each["places"]
             if each["id"] == "reflects-any-origin"}
    assert str(server.dir / "htdocs/two/.htaccess") in found, "one file's bound took from another's"


def test_what_was_not_tried_is_a_finding(make_httpd):
    """Or else whoever has something to hide would write a loop before it."""
    server = make_httpd(modules=MODULES)
    server.write("htdocs/.htaccess", FILES["sections-with-rounds"][1])
    server.configure(ALL)
    assert "unresolved-origin" in {each["id"] for each in report(server)["findings"]}


def test_fifty_files_take_no_more_than_one_at_a_time(make_httpd):
    server = make_httpd(modules=MODULES)
    for number in range(50):
        server.write(f"htdocs/{number}/.htaccess", AGAIN + f"SetEnvIf Origin ^https://b{number}[.]example$ B\n")
    server.configure(ALL)
    told = report(server)
    assert len({each["file"] for each in told["coverage"]["unresolved"] if each["reason"] == SPENT}) == 50


def test_a_report_does_not_list_thousands_of_lines(make_httpd):
    server = make_httpd(modules=MODULES)
    server.write("htdocs/.htaccess", f"Header set {ORIGIN} %t\n" * 12000)
    server.configure(ALL)
    gaps = report(server)["coverage"]["unresolved"]
    assert 200 <= len(gaps) <= 401
    assert "this and what follows cannot be told: not all is listed" in {each["reason"] for each in gaps}


def test_regexes_that_anybody_means_are_decided(make_httpd):
    """In every place that limits them, and beside text that only looks like one."""
    server = make_httpd(modules=MODULES)
    conditions = [
        "%{HTTP:Origin} =~ m#^https://(.+[.])?app[.]example$#",
        "%{HTTP:Origin} =~ /^HTTPS:..app[.]example$/i",
        "'=' == '=' && %{HTTP:Origin} !~ m|^(?!https:..app)|",
        "%{HTTP:Origin} =~ /app/ && 'a=b' != '/' && %{REQUEST_URI} =~ m:^/:",
    ]
    for number, condition in enumerate(conditions):
        server.write(f"htdocs/{number}/.htaccess", f'<If "{condition}">\nHeader set {ORIGIN} {APP}\n</If>\n')
        server.write(f"htdocs/{number}e/.htaccess", f'SetEnvIfExpr "{condition}" O\nHeader set {ORIGIN} {APP} env=O\n')
    server.write("htdocs/f/.htaccess", f'<FilesMatch "^(.+[.])?(txt|js)$">\n{OPEN}</FilesMatch>\n')
    server.configure(ALL)
    assert report(server)["coverage"]["unresolved"] == []
    urls = [f"/{number}{kind}/x.txt" for number in range(len(conditions)) for kind in ("", "e")] + ["/f/x.txt"]
    for url in urls:
        server.write(f"htdocs{url}", "x")
    told = explain(server, [{"url": f"http://localhost:{server.port}{url}", "origin": APP} for url in urls])
    with server:
        for url, each in zip(urls, told, strict=True):
            assert said(each) == sent(server.get(url, APP)), url
            assert said(each)[0] == [(ORIGIN.lower(), APP)], url
