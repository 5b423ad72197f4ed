# SPDX-License-Identifier: Apache-2.0
"""configtest: it says why, it refuses nothing that is sound, and it manages long lists."""

import os
import re
import resource
import subprocess

import pytest

WILDCARD_THEN_CREDENTIALS = 'CorsAllowOrigin *\n<Location "/a">\nCorsAllowCredentials On\n</Location>\n'

SOUND = {
    "a file whose Files section replaces the origins": """
<Directory "${DOCROOT}/app">
  CorsAllowOrigin *
  <Files "login.php">
    CorsAllowOrigin https://app.example.com
  </Files>
</Directory>
<Location "/app/login.php">
  CorsAllowCredentials On
</Location>
""",
    "a Directory of a virtual host that is proxied as a whole": """
<VirtualHost *:80>
  <Directory "${DOCROOT}">
    CorsAllowOrigin https://app.example.com
    CorsAllowCredentials On
  </Directory>
  ProxyPass "/" "http://127.0.0.1:1/"
  <Location "/">
    CorsAllowOrigin *
  </Location>
</VirtualHost>
""",
    "the same with a rewrite": """
<Directory "${DOCROOT}">
  CorsAllowOrigin https://app.example.com
  CorsAllowCredentials On
</Directory>
RewriteEngine On
RewriteRule ^/(.*)$ http://127.0.0.1:1/$1 [P]
<Location "/">
  CorsAllowOrigin *
</Location>
""",
    "a response header that begins like Set-Cookie": "CorsExposeHeaders Set-Cookie-Policy\n",
}


@pytest.mark.parametrize("level", ["crit", "alert", "emerg"])
@pytest.mark.parametrize("scope", ["", "cors_guard:"])
def test_reason_is_shown_whatever_the_log_level(make_httpd, scope, level):
    server = make_httpd()
    server.configure(f"LogLevel {scope}{level}\n{WILDCARD_THEN_CREDENTIALS}")
    code, said = server.configtest()
    assert code == 1
    assert "wildcard-with-credentials" in said


@pytest.mark.parametrize("name", SOUND)
def test_sound_configuration_is_not_refused(make_httpd, name):
    server = make_httpd(modules=["proxy", "proxy_http", "rewrite"])
    server.write("htdocs/app/login.php", "")
    server.configure(SOUND[name])
    code, said = server.configtest()
    assert code == 0, said


@pytest.mark.parametrize(
    "regex",
    [
        r"https://[a-z]+\.example\.com/",
        r"https://App\.example\.com",
        r"https://a\.example\.com:443",
        r"[a-z]+\.example\.com",
    ],
)
def test_regex_that_matches_no_origin_is_called_that(make_httpd, regex):
    server = make_httpd()
    server.configure(f'CorsAllowOriginMatch "{regex}"\n')
    code, said = server.configtest()
    assert code == 1
    assert "an attacker could own" not in said
    assert "CorsDangerouslyAllow" not in said


@pytest.mark.parametrize("argument", ["+", "-"])
def test_lone_sign_is_quoted_as_read(make_httpd, argument):
    server = make_httpd()
    server.configure(f"CorsAllowOrigin {argument} https://a.example\n")
    assert f'"{argument}"' in server.configtest()[1]


def test_nul_byte_at_the_end_of_a_line_is_refused(make_httpd):
    server = make_httpd()
    server.write("o.txt", b"https://a.example\0\n\0https://b.example\n")
    server.configure("CorsAllowOriginFile o.txt\n")
    code, said = server.configtest()
    assert code == 1
    assert "o.txt:1" in said and "o.txt:2" in said


@pytest.mark.core
@pytest.mark.parametrize("content", ["", "# nobody yet\n\n \t# https://a.example\n"], ids=["nothing", "comments"])
@pytest.mark.parametrize("more", ["", "CorsAllowOrigin https://b.example\n"], ids=["alone", "beside-another"])
def test_file_without_an_origin_is_warned_of(make_httpd, content, more):
    server = make_httpd()
    server.write("o.txt", content)
    server.configure(f"{more}<Location /a>\n{more}CorsAllowOriginFile o.txt\nCorsAllowCredentials On\n</Location>\n")
    code, said = server.configtest()
    [warning] = re.findall(r"\[cors_guard:warn\].*?(CG0105: .*)", said)
    line = 4 if more else 2
    assert code == 0 and f"{server.dir}/site.conf:{line})" in warning
    assert f"{server.dir}/o.txt lists no origin" in warning


@pytest.mark.core
def test_file_with_one_origin_is_not(make_httpd):
    server = make_httpd()
    server.write("o.txt", "# the only one\nhttps://a.example")
    server.configure("CorsAllowOriginFile o.txt\n" * 2)
    assert server.configtest() == (0, "Syntax OK\n")


def test_server_with_an_empty_file_starts_and_warns_once(make_httpd):
    server = make_httpd(starts_with=["CG0105"])
    server.write("o.txt", "")
    server.configure("CorsAllowOriginFile o.txt\n")
    with server:
        assert server.said().count("CG0105") == 1
        assert server.get("/", origin="https://a.example").values("access-control-allow-origin") == []


@pytest.mark.skipif(
    any(os.environ.get(name) for name in ("CG_PRELOAD", "CG_CHECKER")), reason="a sanitizer reserves terabytes"
)
def test_problems_of_a_long_list_fit_into_memory(make_httpd):
    """100,000 http origins, and five sections that allow credentials."""
    server = make_httpd()
    server.write("o.txt", "".join(f"http://t{i}.example.com\n" for i in range(100000)))
    section = '<Location "/a{}">\nCorsAllowOrigin -http://t0.example.com\nCorsAllowCredentials On\n</Location>\n'
    server.configure("CorsAllowOriginFile o.txt\n" + "".join(map(section.format, range(5))))
    limit = 1 << 30
    done = subprocess.run(
        server.command("-t"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert "CG0103" in done.stderr, (done.returncode, done.stderr[-300:])
