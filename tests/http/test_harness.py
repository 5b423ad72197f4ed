# SPDX-License-Identifier: Apache-2.0
"""The harness judges rightly: it needs no module, and must fail where it says it does."""

import pytest
from cgtest import LogMismatch, cors, curl, expected
from cgtest.client import request_bytes

pytestmark = pytest.mark.core


@pytest.fixture(scope="module")
def plain(module_httpd):
    server = module_httpd(modules=["headers", "http2", "cgid"], guard=False)
    server.write("htdocs/x.txt", "hello")
    server.cgi("htdocs/silent.cgi", "exit 0")
    server.configure("""
Protocols h2c http/1.1
<Directory "${DOCROOT}">
  Options +ExecCGI
</Directory>
<Location /x.txt>
  Header set Access-Control-Allow-Origin one
  Header always set Access-Control-Allow-Origin two
  Header merge Vary "Origin, Accept"
</Location>
""")
    with server:
        yield server


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
def test_every_header_line_is_seen(plain, http2):
    answer = plain.get("/x.txt", http2=http2)
    assert answer.version == ("2" if http2 else "1.1")
    assert (answer.status, answer.text) == (200, "hello")
    assert cors(answer) == {"access-control-allow-origin": ["two", "one"], "vary": ["accept", "origin"]}
    assert cors(answer) != expected("one", vary="origin accept")


def test_raw_connection_is_kept(plain):
    answers = plain.exchange(request_bytes("HEAD", "/x.txt") + request_bytes("GET", "/x.txt"), ["HEAD", "GET"])
    assert [(answer.status, answer.text) for answer in answers] == [(200, ""), (200, "hello")]


def test_curl_sends_headers(plain):
    assert curl(plain.port, "HEAD", "/x.txt", [("Range", "bytes=0-1")]).status == 206


def test_unnamed_error_is_found(plain):
    assert plain.get("/silent.cgi").status == 500
    with pytest.raises(LogMismatch, match="did not name"):
        plain.wait_for_log("End of script output")
        plain.judge_log()


def test_named_error_passes(plain):
    plain.expect_log("End of script output before headers")
    assert plain.get("/silent.cgi").status == 500


def test_missing_expectation_is_found(plain, monkeypatch):
    monkeypatch.setattr("cgtest.httpd.LOG_TIMEOUT", 0.05)
    plain.expect_log("AH99999")
    with pytest.raises(LogMismatch, match="no line"):
        plain.judge_log()


def test_configtest_names_file_and_line(make_httpd):
    server = make_httpd(guard=False)
    assert server.configtest() == (0, "Syntax OK\n")
    server.configure("# one\nNoSuchDirective\n")
    code, err = server.configtest()
    assert code == 1
    assert f"Syntax error on line 2 of {server.dir}/site.conf" in err


@pytest.mark.parametrize("mpm", ["event", "worker", "prefork"])
def test_each_mpm_serves(make_httpd, mpm):
    server = make_httpd(modules=["cgid"], mpm=mpm, guard=False)
    server.cgi("htdocs/hello.cgi", "printf 'Content-Type: text/plain\\n\\n%s' \"$REQUEST_METHOD\"")
    server.configure('<Directory "${DOCROOT}">\n  Options +ExecCGI\n</Directory>')
    with server:
        assert server.get("/hello.cgi").text == "GET"


def test_backend_counts_and_reflects(backend):
    target = "/a?reflect=1&status=404&vary=Accept&vary=Origin"
    answer = curl(backend.port, "GET", target, [("Origin", "https://a.example")])
    assert answer.status == 404
    assert cors(answer)["access-control-allow-origin"] == ["https://a.example"]
    assert cors(answer)["vary"] == ["accept", "origin"]
    assert backend.seen == {("GET", "/a"): 1}


def test_php_answers(make_httpd, php):
    server = make_httpd(modules=["proxy", "proxy_fcgi"], guard=False, defines={"PHP": php.port})
    server.write("htdocs/hello.php", "<?php echo $_SERVER['REQUEST_METHOD'];")
    server.configure("""
<FilesMatch "\\.php$">
  ProxyFCGIBackendType GENERIC
  SetHandler "proxy:fcgi://127.0.0.1:${PHP}"
</FilesMatch>
""")
    with server:
        assert server.get("/hello.php").text == "GET"
