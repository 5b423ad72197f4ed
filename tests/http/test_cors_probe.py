# SPDX-License-Identifier: Apache-2.0
"""cors-audit probe: requests to a running httpd with sound and unsound configurations, and to servers that do what no
server should."""

import json
import re
import socket
import subprocess
import time

import jsonschema
import pytest
from cgtest import cors_audit
from cgtest.command import command_path
from cgtest.httpd import TREE, free_port
from cgtest.raw import RawServer, answer_of, header_of
from cgtest.sarif import sarif_schema

APP = "https://app.example.com"
FORMATS = ["text", "json", "sarif"]
REQUESTS_MAX = 120  # CG_TRIAL_REQUESTS_MAX


def recipe(pattern, *more, vary=True):
    """Sends back an origin that matches; pattern has a group around it."""
    lines = [f'SetEnvIf Origin "{pattern}" ASKED=$1', "Header set Access-Control-Allow-Origin %{ASKED}e env=ASKED", *more]
    return "\n".join([*lines, "Header merge Vary Origin"] if vary else lines)


def always(text):
    """On errors and redirects too."""
    return text.replace("Header ", "Header always ")


CREDENTIALS = "Header set Access-Control-Allow-Credentials true env=ASKED"
EXACT = r"^(https://app\.example\.com)$"
SECTIONS = {
    "none": "",
    "policy": f"CorsAllowOrigin {APP}\nCorsAllowCredentials On\nCorsAllowMethods PUT\nCorsMaxAge 10m",
    "subdomains": "CorsAllowOrigin https://*.example.com",
    "open": "CorsAllowOrigin *",
    "exact": recipe(EXACT, CREDENTIALS),
    "reflect": recipe("^(.+)$"),
    "reflect-credentials": recipe("^(.+)$", CREDENTIALS),
    "suffix": recipe(r"^(https://app\.example\.com.*)$"),
    "suffix-credentials": recipe(r"^(https://app\.example\.com.*)$", CREDENTIALS),
    "prefix": recipe(r"^(https://.*example\.com)$"),
    "dot": recipe(r"^(https://app.example\.com)$"),
    "null": recipe("^(null)$", CREDENTIALS),
    "subdomain-credentials": recipe(r"^(https://(?:[a-z]+\.)*example\.com)$", CREDENTIALS),
    "http": recipe(r"^(https?://app\.example\.com)$"),
    "no-vary": recipe(EXACT, vary=False),
    "two-lines": f'Header set Access-Control-Allow-Origin "{APP}"\nHeader always set Access-Control-Allow-Origin "{APP}"',
    "list": f'Header set Access-Control-Allow-Origin "{APP}, https://b.example.com"',
    "slash": f'Header set Access-Control-Allow-Origin "{APP}/"',
    "text": "Header set Access-Control-Allow-Origin %{NOTHING}e",
    "star-credentials": 'Header set Access-Control-Allow-Origin "*"\nHeader set Access-Control-Allow-Credentials true',
    "powers": recipe(
        EXACT, 'Header set Access-Control-Allow-Methods "*"', 'Header set Access-Control-Allow-Headers "*"',
        "Header set Access-Control-Max-Age 86400",
    ),
    "moved": f'Redirect 301 "/moved" "/policy"\n{always(recipe("^(.+)$"))}',
    "private": always(recipe("^(.+)$")) + "\nRequire all denied",
}
EXPECTED = {
    "none": (0, set()),
    "policy": (0, set()),
    "subdomains": (0, set()),
    "open": (0, {"wildcard"}),
    "exact": (0, set()),
    "reflect": (1, {"reflects-any-origin"}),
    "reflect-credentials": (1, {"reflects-any-origin-with-credentials"}),
    "suffix": (1, {"open-pattern"}),
    "suffix-credentials": (1, {"open-pattern-with-credentials"}),
    "prefix": (1, {"open-pattern"}),
    "dot": (1, {"registrable-dot"}),
    "null": (1, {"null-with-credentials"}),
    "subdomain-credentials": (0, {"subdomain-wildcard-with-credentials"}),
    "http": (0, set()),
    "no-vary": (1, {"missing-vary"}),
    "two-lines": (0, {"two-origin-lines"}),
    "list": (0, {"origin-list"}),
    "slash": (0, {"not-an-origin"}),
    "text": (0, {"variable-unset"}),
    "star-credentials": (0, {"wildcard-with-credentials"}),
    "powers": (0, {"all-methods", "all-headers", "max-age-above-cap"}),
    "moved": (1, {"reflects-any-origin"}),
    "private": (1, {"reflects-any-origin"}),
}
EXPECTED_TLS = {
    "http": (1, {"insecure-origin"}),
    "policy": (0, set()),
    "reflect-credentials": (1, {"reflects-any-origin-with-credentials"}),
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A CA, a certificate of it for localhost, and the key."""
    folder = tmp_path_factory.mktemp("ca")
    for name, more in (
        ("ca", ["-addext", "basicConstraints=critical,CA:TRUE"]),
        ("site", ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:FALSE",
                  "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]),
    ):
        new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        subprocess.run(
            [*new, "-subj", f"/CN={name} of a test", "-keyout", f"{name}.key", "-out", f"{name}.pem", *more],
            cwd=folder, check=True, capture_output=True,
        )
    return folder


@pytest.fixture(scope="module")
def site(module_httpd, authority):
    server = module_httpd(modules=["headers", "alias", "ssl"], starts_with=["AH01873"])  # no session cache
    server.tls_port = free_port()
    sections = "".join(f'<Location "/{name}">\n{text}\n</Location>\n' for name, text in SECTIONS.items())
    for name in SECTIONS:
        server.write(f"htdocs/{name}", "hello")
    server.configure(
        f"{sections}Listen 127.0.0.1:{server.tls_port}\n<VirtualHost 127.0.0.1:{server.tls_port}>\nServerName localhost\n"
        f"SSLEngine on\nSSLCertificateFile {authority}/site.pem\nSSLCertificateKeyFile {authority}/site.key\n</VirtualHost>\n"
    )
    return server.start()


def probe(url, *options, form="json", **more):
    return cors_audit("probe", url, "--format", form, *options, **more)


def ids(ran):
    return {finding["id"] for finding in ran.json["findings"]}


@pytest.mark.parametrize("name", EXPECTED)
def test_finds_what_the_running_site_does(site, name):
    if name == "private":
        site.expect_log("AH01630")
    ran = probe(f"http://localhost:{site.port}/{name}", "--origin", APP)
    assert (ran.code, ids(ran), ran.err) == (*EXPECTED[name], ""), ran
    assert {finding["confidence"] for finding in ran.json["findings"]} <= {"certain"}


@pytest.mark.parametrize("name", EXPECTED_TLS)
def test_finds_it_over_tls(site, authority, name):
    ran = probe(f"https://localhost:{site.tls_port}/{name}", "--origin", APP, "--cacert", authority / "ca.pem")
    assert (ran.code, ids(ran), ran.err) == (*EXPECTED_TLS[name], ""), ran


def test_witness_is_what_was_sent(site):
    """Asked again by hand."""
    for finding in probe(f"http://localhost:{site.port}/suffix-credentials", "--origin", APP).json["findings"]:
        witness = finding["witness"]
        answer = site.get("/suffix-credentials", witness["origin"])
        sent = dict(answer.headers)
        assert witness["credentials"] and sent["access-control-allow-credentials"] == "true"
        assert sent["access-control-allow-origin"] == witness["acao"] == witness["origin"]
        assert finding["places"] == [{"host": f"localhost:{site.port}", "section": "/suffix-credentials"}]


@pytest.mark.parametrize("name", ["reflect-credentials", "no-vary", "powers", "slash", "subdomain-credentials", "open"])
def test_remedy_passes_configtest(site, make_httpd, name):
    server = make_httpd()
    for finding in probe(f"http://localhost:{site.port}/{name}", "--origin", APP).json["findings"]:
        server.configure(finding["remedy"])
        assert server.configtest() == (0, "Syntax OK\n"), finding["remedy"]


@pytest.mark.core
@pytest.mark.parametrize("form", FORMATS)
def test_exit_codes_are_the_same_for_every_format(site, form):
    sound, unsound = (f"http://localhost:{site.port}/{name}" for name in ("policy", "reflect"))
    assert probe(sound, form=form).code == 0
    ran = probe(unsound, form=form)
    assert ran.code == 1 and "reflects-any-origin" in ran.out
    assert probe(sound, unsound, form=form).code == 1
    assert probe(unsound, "--fail-on", "critical", form=form).code == 0
    assert probe(unsound, "--fail-on", "never", form=form).code == 0
    ran = probe(unsound, f"http://127.0.0.1:{free_port()}/", form=form)
    assert ran.code == 2 and "reflects-any-origin" in ran.out, "the one that answers is reported"
    assert "could not be probed" in ran.err and "connect" in ran.err


def test_json_and_sarif_are_as_their_schemas_say(site):
    url = f"http://localhost:{site.port}/reflect-credentials"
    for schema, form in ((json.loads((TREE / "docs/audit-schema-1.json").read_text()), "json"), (sarif_schema(), "sarif")):
        validator = jsonschema.validators.validator_for(schema)(schema)
        assert [error.message for error in validator.iter_errors(probe(url, form=form).json)] == []


def test_text_tells_each_answer_once(site):
    ran = probe(f"http://localhost:{site.port}/policy", "--origin", APP, form="text")
    assert ran.out.count("Access-Control-Allow-Credentials: true") == 2, "a GET and a preflight"
    assert "GET gets 200" in ran.out and "OPTIONS for GET gets 204" in ran.out and "403" in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines() if "http://" not in line), ran.out


def test_redirect_is_shown_and_not_followed(site):
    ran = probe(f"http://localhost:{site.port}/moved")
    answers = ran.json["probes"][0]["answers"]
    assert {each["status"] for each in answers if each["method"] == "GET"} == {301}
    assert ["Location", f"http://localhost:{site.port}/policy"] in answers[0]["headers"]


def test_certificate_that_nobody_knows_is_2_unless_insecure(site, tmp_path):
    url = f"https://localhost:{site.tls_port}/policy"
    for form in FORMATS:
        ran = probe(url, form=form)
        assert ran.code == 2 and "--cacert" in ran.err and "--insecure" in ran.err, ran
    assert probe(url, "--insecure").code == 0
    ran = probe(url, "--cacert", tmp_path / "none.pem")
    assert ran.code == 2 and "none.pem" in ran.err, ran


def test_host_that_no_dns_has_is_asked_where_it_will_be(site):
    ran = probe("http://soon.example.test/reflect", "--connect-to", f"127.0.0.1:{site.port}")
    assert (ran.code, ids(ran)) == (1, {"reflects-any-origin"}), ran
    assert ran.json["probes"][0]["origin"] == "http://soon.example.test"


def test_ipv6(module_httpd):
    server = module_httpd()
    port = free_port()
    server.configure(f"Listen [::1]:{port}\nCorsAllowOrigin *")
    server.start()
    ran = probe(f"http://[::1]:{port}/")
    assert (ran.code, ids(ran)) == (0, {"wildcard"}), ran


# what is sent


@pytest.fixture
def raw():
    servers = []

    def make(answer, **more):
        servers.append(RawServer(answer, **more))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


def names_another(request):
    """A site that trusts one more origin with each answer."""
    return answer_of(f"Access-Control-Allow-Origin: https://x{header_of(request, 'Origin').count('x')}.example.com")


def test_requests_are_plain_and_bounded(raw):
    server = raw(names_another)
    probe(server.url + "?q=1", *[word for i in range(20) for word in ("--origin", f"https://a{i}.example.com")],
          env={"http_proxy": f"http://127.0.0.1:{free_port()}", "HOME": "/nonexistent"})
    assert 20 < len(server.requests) <= REQUESTS_MAX
    for request in server.requests:
        assert request.split(" ")[0] in ("GET", "OPTIONS") and " /?q=1 HTTP/1.1\r\n" in request
        assert header_of(request, "User-Agent").startswith("cors-audit/")
        assert not any(header_of(request, name) for name in ("Cookie", "Authorization", "Content-Length", "Referer"))
    assert len(set(server.requests)) == len(server.requests), "nothing is asked twice"


@pytest.mark.core
def test_what_nobody_could_mean_is_not_sent():
    for url, why in (
        ("ftp://localhost/", "only http and https"),
        ("http://u:p@localhost/", "password"),
        ("http://localhost:0/", "port"),
        ("http://localhost:99999/", "port"),
        ("http://local host/", "percent-encoded"),
        ("http://localhost/\r\nX: y", "percent-encoded"),
        ("localhost", "https://www.example.com/path"),
        ("http://*.example.com/", "without *"),
        ("", "https://www.example.com/path"),
    ):
        ran = probe(url)
        assert (ran.code, ran.out) == (2, "") and why in ran.err, (url, ran)
    for options, why in ((["--connect-to", "8080"], "HOST:PORT"), (["--connect-to", "localhost:http"], "HOST:PORT"),
                         (["--timeout", "0"], "--timeout"),
                         (["--origin", "https://a.example/"], "write https://a.example")):
        ran = probe("http://127.0.0.1:1/", *options)
        assert (ran.code, ran.out) == (2, "") and why in ran.err, ran


# servers that do what none should


def endless(line):
    def answer(_):
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield line

    return answer


def early(_):
    yield b"HTTP/1.1 103 Early Hints\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
    time.sleep(60)


def hints(_):
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\nAccess-Control-Allow-Origin: *\r\n\r\n"


def drip(_):
    for byte in b"HTTP/1.1 200 OK\r\nX: y\r\n" * 1000:
        yield bytes([byte])
        time.sleep(0.1)


@pytest.mark.parametrize(
    "answer, why",
    [
        (endless(b"X-A: " + b"b" * 1000 + b"\r\n"), "128 KiB"),
        (endless(b"a" * 10000), "128 KiB|larger than allowed"),  # libcurl 8 has a limit of its own
        (endless(b"Access-Control-Allow-Methods: A\r\n"), "64 lines"),
        (endless(b"Access-Control-Allow-Headers: " + b"a," * 1000 + b"\r\n"), "16 KiB about CORS"),
        (endless(b"Vary: a\r\n b\r\n"), "64 lines"),
        (hints, "128 KiB"),
        (lambda _: b"", "Empty reply"),
        (lambda _: b"\x00\x01rubbish\r\n\r\n", "HTTP/0.9"),
        (lambda _: b"HTTP/1.1 99999 \x1b[31m\r\n\r\n", r" response|error \(999\)"),  # libcurl 8 reads three digits
        (lambda _: answer_of(b"Vary: \x00"), "Nul"),
        (early, "timed out"),
        (drip, "timed out"),
        (lambda _: answer_of(status="503 Busy"), r"every GET with an error \(503\)"),
        (lambda _: answer_of("Access-Control-Allow-Origin: *", status="429 Slow down"), "429"),
    ],
)
def test_answer_that_is_none_is_2(raw, answer, why):
    server = raw(answer)
    began = time.monotonic()
    ran = probe(server.url, "--timeout", "0.5", form="text")
    assert ran.code == 2 and re.search(why, ran.err) and "Not finished" in ran.out, ran
    assert time.monotonic() - began < 30
    assert "\x1b" not in ran.out + ran.err


def test_silent_server_is_given_up(raw):
    listener = socket.create_server(("127.0.0.1", 0))
    ran = probe(f"http://127.0.0.1:{listener.getsockname()[1]}/", "--timeout", "0.2")
    listener.close()
    assert ran.code == 2 and "timed out" in ran.err, ran
    assert ran.json["coverage"]["unread"][0]["reason"] in ran.err


def slow_site(_):
    time.sleep(0.4)
    return answer_of()


def test_all_requests_together_have_an_end(raw):
    """One answer may take a second here, so that a busy machine is no reason for the end, and all of them six."""
    server = raw(slow_site)
    ran = probe(server.url, "--timeout", "1")
    assert ran.code == 2 and "not everything was asked" in ran.err, ran
    assert 1 < len(server.requests) < 30


def big(_):
    yield b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 104857600\r\n\r\n"
    for _ in range(1600):
        yield b"x" * 65536


def events(_):
    yield b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
    while True:
        yield b"x"
        time.sleep(0.05)


def torn(_):
    return b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 500\r\n\r\nabc"


def hinted(_):
    return b"HTTP/1.1 103 Early Hints\r\nAccess-Control-Allow-Origin: https://a.example\r\n\r\n" + answer_of(
        "Access-Control-Allow-Origin: *"
    )


def trailed(_):
    head = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
    return head + b"HTTP/x: 200 OK\r\nAccess-Control-Allow-Origin: https://a.example\r\n\r\n"


@pytest.mark.parametrize("answer", [big, events, torn, hinted, trailed])
def test_header_counts_whatever_becomes_of_the_body(raw, answer):
    ran = probe(raw(answer).url, "--timeout", "5")
    assert (ran.code, ids(ran)) == (0, {"wildcard"}), ran
    assert {tuple(map(tuple, each["headers"])) for each in ran.json["probes"][0]["answers"]} == {
        (("Access-Control-Allow-Origin", "*"),)
    }


def test_folded_line_goes_on_with_the_one_before_it(raw):
    server = raw(lambda _: answer_of("Vary: Accept", "Vary: Cookie\r\n\tOrigin"))
    assert probe(server.url).json["probes"][0]["answers"][0]["headers"] == [["Vary", "Accept"], ["Vary", "Cookie Origin"]]


@pytest.mark.core
@pytest.mark.parametrize("form", FORMATS)
def test_control_bytes_of_a_server_do_not_reach_the_terminal(raw, form):
    hostile = "\x1b]0;x\x07\x1b[31m\xff\x9b\x7f\u00e2\u0080\u00ae"
    server = raw(lambda _: answer_of(f"Access-Control-Allow-Origin: {hostile}", f"Access-Control-{hostile}: y",
                                     f"Vary: {hostile}", f"Location: {hostile}", status=f"200 {hostile}"))
    ran = probe(server.url, form=form)
    assert ran.code == 0, ran
    for stream in (ran.out, ran.err):
        assert not [byte for byte in stream if byte != "\n" and (byte < " " or "\x7f" <= byte < "\xa0")]
    if form == "text":
        assert "\u202e" not in ran.out and "\\x1b]0;x\\x07" in ran.out


def test_terminal_gets_colours_of_ours_only(raw):
    server = raw(lambda request: answer_of(f"Access-Control-Allow-Origin: {header_of(request, 'Origin')}",
                                           "Vary: \x1b[5m", "Access-Control-Allow-Credentials: true"))
    done = subprocess.run(["script", "-qec", f"{command_path()} probe {server.url}", "/dev/null"], capture_output=True,
                          text=True, check=False, timeout=60)
    assert "\x1b[1;31mCRITICAL" in done.stdout and "\x1b[5m" not in done.stdout
