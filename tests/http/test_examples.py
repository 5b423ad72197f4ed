# SPDX-License-Identifier: Apache-2.0
"""The files of conf/: each passes configtest and does what its comment says. And `make run` shows what it claims."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from cgtest import client, cors, expected, module_path

TREE = Path(__file__).resolve().parents[2]
EXAMPLES = TREE / "conf" / "examples"
EVIL = "https://evil.example"
LOGIN = ("Authorization", "Basic YWxpY2U6c2VjcmV0")
HOST = """
<VirtualHost *>
  ServerName {name}
  ProxyPass "/v1" "{backend}/v1"
  ProxyPass "/api" "{backend}/api"
  ProxyPass "/any" "{backend}/any"
  Include "{file}"
</VirtualHost>
"""
LOGIN_AT_V1 = """
<Location "/v1/me">
  AuthType Basic
  AuthName api
  AuthUserFile users
  Require valid-user
</Location>
"""


@pytest.fixture(scope="module")
def server(module_httpd, backend):
    """A virtual host for each example, in front of a backend that reflects any origin where it is asked to."""
    modules = ["auth_basic", "authn_core", "authn_file", "authz_user", "proxy", "proxy_http"]
    server = module_httpd(modules=modules)
    server.write("users", "alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    server.write("origins/tenants.txt", (EXAMPLES / "tenants.txt").read_text())
    server.write("htdocs/data/list.json", "[]")
    files = sorted(EXAMPLES.glob("*.conf"))
    hosts = [HOST.format(name=file.stem, backend=backend.url, file=file) for file in files]
    server.configure(LOGIN_AT_V1 + "".join(hosts))
    with server:
        yield server


@pytest.fixture
def at(server):
    """Requests to the virtual host of one example."""

    def site(host):
        return SimpleNamespace(
            get=lambda target, origin=None, headers=(): server.get(target, origin, headers, host=host),
            send=lambda method, target, origin=None, headers=(): server.request(
                method, target, headers, origin=origin, host=host
            ),
            preflight=lambda target, origin, method="GET", headers=None: server.preflight(
                target, origin, method, headers, host=host
            ),
        )

    return site


def test_every_example_is_tried():
    assert {file.name for file in EXAMPLES.iterdir()} == {
        "app-and-api.conf",
        "behind-tls-proxy.conf",
        "from-recipe.conf",
        "public-api.conf",
        "shared-hosting.htaccess",
        "tenants.conf",
        "tenants.txt",
    }


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.conf")), ids=lambda file: file.name)
def test_example_passes_configtest_by_itself(make_httpd, file):
    server = make_httpd()
    server.write("origins/tenants.txt", (EXAMPLES / "tenants.txt").read_text())
    server.configure(f'Include "{file}"')
    assert server.configtest() == (0, "Syntax OK\n")


# app-and-api.conf

APP = "https://app.example.com"
APP_ANSWER = expected(APP, credentials=True, expose="etag, x-request-id", vary="origin")


def test_app_reads_answers_and_errors_with_cookies(at):
    api = at("app-and-api")
    assert cors(api.get("/v1/list", APP)) == APP_ANSWER
    missing = api.get("/v1/list?status=404", APP)
    assert (missing.status, cors(missing)) == (404, APP_ANSWER)
    anonymous = api.get("/v1/me", APP)
    assert (anonymous.status, cors(anonymous)) == (401, APP_ANSWER)


def test_app_preflight_is_answered_before_the_login(at):
    answer = at("app-and-api").preflight("/v1/me", APP, "PATCH", "content-type,x-csrf-token")
    assert answer.status == 204
    assert cors(answer) == expected(
        APP,
        credentials=True,
        methods="GET, POST, PUT, PATCH, DELETE",
        headers="content-type, x-csrf-token",
        max_age=600,
        vary="preflight",
    )


def test_other_origins_do_not_reach_the_application(at, backend):
    api = at("app-and-api")
    seen = backend.seen.total()
    for origin in (EVIL, "http://app.example.com", "https://app.example.com.evil.example", "null"):
        denied = api.send("POST", "/v1/me?reflect=1", origin, [LOGIN])
        assert (denied.status, cors(denied)) == (403, expected(vary="origin"))
    assert backend.seen.total() == seen
    assert api.preflight("/v1/list", EVIL).status == 403


def test_request_without_origin_is_served(at):
    answer = at("app-and-api").get("/v1/list?reflect=1")
    assert (answer.status, cors(answer)) == (200, expected(vary="origin"))


# public-api.conf


@pytest.mark.parametrize("origin", [EVIL, "null", None])
def test_public_api_is_read_by_everybody(at, origin):
    answer = at("public-api").get("/data/list.json", origin)
    assert (answer.status, cors(answer)) == (200, expected("*", expose="link, x-total-count"))


def test_public_api_preflight(at):
    api = at("public-api")
    answer = api.preflight("/data/list.json", EVIL, "GET", "authorization,content-type")
    assert answer.status == 204
    found = cors(answer)
    assert found["access-control-allow-origin"] == ["*"]
    assert found["access-control-allow-headers"] == ["content-type, authorization"]
    assert "access-control-allow-credentials" not in found
    assert api.preflight("/data/list.json", EVIL, "PUT").status == 403
    assert api.preflight("/data/list.json", EVIL, "GET", "x-custom").status == 403


# tenants.conf


@pytest.mark.parametrize(
    "origin, allowed",
    [
        ("https://shop.example.net", True),
        ("https://admin.example.org:8443", True),
        ("https://admin.example.org", False),
        ("https://a.tenants.example.com", True),
        ("https://tenants.example.com", False),
        ("https://eviltenants.example.com", False),
        (EVIL, False),
    ],
)
def test_tenants_of_the_file_are_allowed(at, origin, allowed):
    answer = at("tenants").get("/v1/list?reflect=1", origin)
    assert answer.status == 200
    assert cors(answer) == (expected(origin, credentials=True, vary="origin") if allowed else expected(vary="origin"))


def test_closed_tenant_is_denied_though_a_pattern_allows_it(at):
    origin = "https://closed.tenants.example.com"
    assert cors(at("tenants").get("/v1/list", origin)) == expected(origin, credentials=True, vary="origin")
    assert cors(at("tenants").get("/v1/admin", origin)) == expected(vary="origin")
    other = "https://a.tenants.example.com"
    assert cors(at("tenants").get("/v1/admin", other)) == expected(other, credentials=True, vary="origin")


def test_wrong_line_of_the_tenants_file_is_named(make_httpd):
    server = make_httpd()
    server.write("origins/tenants.txt", (EXAMPLES / "tenants.txt").read_text() + "https://a.example/path\n")
    lines = len((EXAMPLES / "tenants.txt").read_text().splitlines())
    server.configure(f'Include "{EXAMPLES}/tenants.conf"')
    code, message = server.configtest()
    assert code == 1
    assert f"origins/tenants.txt:{lines + 1}" in message


# shared-hosting.htaccess


@pytest.mark.parametrize(
    "permission, applies",
    [
        ("AllowOverride FileInfo", True),
        ("AllowOverrideList CorsAllowOrigin CorsAllowMethods CorsAllowHeaders", True),
        ("AllowOverride None", False),
    ],
)
def test_shared_hosting(make_httpd, permission, applies):
    server = make_httpd()
    server.write("htdocs/.htaccess", (EXAMPLES / "shared-hosting.htaccess").read_text())
    server.write("htdocs/x.txt", "hello")
    server.configure(f'<Directory "${{DOCROOT}}">\n  {permission}\n</Directory>')
    origin = "https://shop.example.org"
    with server:
        assert cors(server.get("/x.txt", origin)) == (expected(origin, vary="origin") if applies else {})
        assert cors(server.get("/x.txt", EVIL)) == (expected(vary="origin") if applies else {})
        answer = server.preflight("/x.txt", origin, "POST", "content-type")
        assert (answer.status == 204) == applies
        if applies:
            wanted = expected(origin, methods="GET, POST", headers="content-type", vary="preflight")
            assert cors(answer) == wanted


# behind-tls-proxy.conf


@pytest.mark.parametrize("origin", ["https://www.example.com", "https://example.com", "https://www.example.org"])
def test_own_names_behind_a_proxy_are_same_origin(at, origin):
    answer = at("www.example.com").send("POST", "/api/x?reflect=1", origin)
    assert (answer.status, cors(answer)) == (200, expected(vary="origin"))


@pytest.mark.parametrize("origin", ["http://www.example.com", "http://example.com", EVIL])
def test_other_origins_behind_a_proxy_are_denied(at, origin):
    answer = at("www.example.com").send("POST", "/api/x?reflect=1", origin)
    assert (answer.status, cors(answer)) == (403, expected(vary="origin"))


def test_partner_reads_behind_a_proxy(at):
    partner = "https://partner.example.net"
    assert cors(at("www.example.com").get("/api/x?reflect=1", partner)) == expected(partner, vary="origin")


def test_changed_host_header_behind_a_proxy(make_httpd):
    """A proxy that passes its own name for httpd."""
    server = make_httpd()
    server.write("htdocs/api/x.txt", "hello")
    server.configure(f'Include "{EXAMPLES}/behind-tls-proxy.conf"')
    with server:
        request = {"host": "backend.internal:8080", "origin": "https://www.example.com"}
        assert server.get("/api/x.txt", **request).status == 200
        assert server.get("/api/x.txt", host="backend.internal", origin="http://backend.internal").status == 403


# from-recipe.conf


def test_migrated_recipe(at, backend):
    site = at("from-recipe")
    for origin in ("https://example.com", "https://www.example.com"):
        assert cors(site.get("/any?reflect=1", origin)) == expected(origin, credentials=True, vary="origin")
    for origin in ("http://example.com", "https://example.com.evil.example", None):
        answer = site.get("/any?reflect=1", origin)
        assert (answer.status, cors(answer)) == (200, expected(vary="origin"))
    answer = site.preflight("/any", "https://example.com", "PUT", "authorization,content-type")
    wanted = {"methods": "GET, POST, PUT", "headers": "content-type, authorization", "vary": "preflight"}
    assert cors(answer) == expected("https://example.com", credentials=True, **wanted)
    seen = backend.seen["OPTIONS", "/any"]
    assert site.send("OPTIONS", "/any").status == 200
    assert backend.seen["OPTIONS", "/any"] == seen + 1


# conf/cors_guard.conf


def test_installed_configuration_is_inert(make_httpd):
    server = make_httpd()
    server.write("htdocs/x.txt", "hello")
    server.configure(f'Include "{TREE}/conf/cors_guard.conf"')
    with server:
        assert cors(server.get("/x.txt", EVIL)) == {}
        assert server.preflight("/x.txt", EVIL).status == 200


def test_installed_configuration_passes_configtest_uncommented(make_httpd):
    """A line of it that begins with "#" and no space is a directive."""
    text = (TREE / "conf/cors_guard.conf").read_text()
    directives = re.findall(r"^#(?=\S|    \S)(.*)$", text, re.M)
    assert sum("Cors" in line for line in directives) >= 7
    server = make_httpd()
    server.configure("\n".join(directives))
    assert server.configtest() == (0, "Syntax OK\n")


# scripts/run


def run_demo(script, once=""):
    environment = {**os.environ, "ONCE": once, "CG_MODULE": str(module_path())}
    return subprocess.Popen(
        [script],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored in what a shell runs with "&"
    )


def test_demo_is_as_claimed():
    demo = run_demo(TREE / "scripts/run", once="1")
    text = demo.communicate(timeout=60)[0]
    assert demo.returncode == 0, text
    assert len(re.findall(r"^\d\. ", text, re.M)) == 6
    assert max(map(len, text.splitlines())) <= 80
    assert "wildcard-with-credentials" in text


def test_demo_fails_where_an_answer_is_not_as_claimed(tmp_path):
    shutil.copytree(TREE / "scripts", tmp_path / "scripts")
    config = tmp_path / "scripts/demo/httpd.conf"
    config.write_text(config.read_text().replace("# policy", "# policy\n    CorsGuard Off"))
    demo = run_demo(tmp_path / "scripts/run", once="1")
    text = demo.communicate(timeout=60)[0]
    assert demo.returncode == 1
    assert "NOT AS CLAIMED" in text


def test_demo_serves_until_interrupted():
    demo = run_demo(TREE / "scripts/run")
    lines = []
    while not lines or "Ctrl-C stops" not in lines[-1]:
        line = demo.stdout.readline()
        assert line, "".join(lines)
        lines.append(line)
    text = "".join(lines)
    port = int(re.search(r"Try it: http://localhost:(\d+)/", text)[1])
    folder = Path(re.search(r"Log: +(\S+)/logs/error.log", text)[1])
    page = client.exchange(port, client.request_bytes("GET", "/", [("Connection", "close")]))[0]
    assert (page.status, "@API@" in page.text) == (200, False)
    assert folder.exists()
    demo.send_signal(signal.SIGINT)
    assert "Stopped." in demo.communicate(timeout=30)[0]
    assert demo.returncode == 0
    assert not folder.exists()
    with pytest.raises(OSError):
        client.exchange(port, client.request_bytes("GET", "/"))
