# SPDX-License-Identifier: Apache-2.0
"""The audit of policies: the inventory, and what is risky in it. Witnesses are sent what the audit says by the running
server, and every remedy is pasted in place of its policy."""

import json
from pathlib import Path

import jsonschema
import pytest

TREE = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((TREE / "docs/audit-schema-1.json").read_text())
MODULES = ["headers", "authz_host", "authz_user", "authn_core", "access_compat", "macro", "alias"]


def audit(server):
    code, out, err = server.run("-t", "-D", "DUMP_CORS_JSON")
    assert code == 0, err
    report = json.loads(out)
    jsonschema.validate(report, SCHEMA)
    return report


def report_of(make_httpd, text):
    server = make_httpd(modules=MODULES)
    server.configure(text)
    return audit(server)


def rows(report, host):
    [found] = [each for each in report["hosts"] if each["name"].split(":")[0] == host]
    return {policy["section"]: policy for policy in found["policies"]}


def findings_in(report, section, host=None):
    return {
        finding["id"]: finding
        for finding in report["findings"]
        for place in finding["places"]
        if place["section"] == section and host in (None, place["host"].split(":")[0])
    }


# The inventory

HOSTS = """
CorsAllowOrigin https://all.example
<Directory "${DOCROOT}/app">
  CorsAllowMethods PUT
</Directory>
<Location "/v1">
  CorsAllowOrigin +https://v1.example -https://all.example
</Location>
<VirtualHost *:${PORT}>
  ServerName one.example
  DocumentRoot "${DOCROOT}"
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName two.example
  DocumentRoot "${DOCROOT}"
  CorsAllowOrigin https://two.example https://*.two.example http://localhost:*
  CorsAllowCredentials On
  <Location "/v2">
    CorsMaxAge 10m
    CorsGuard Enforce
    CorsAllowOrigin -https://old.two.example -https://two.example
    <If "%{REQUEST_METHOD} == 'POST'">
      CorsExposeHeaders X-Count X-Next
    </If>
  </Location>
  <Location "/off">
    CorsGuard Off
  </Location>
  <LocationMatch "^/v3/[0-9]+$">
    CorsAllowOriginMatch "https://(a|b)\\.two\\.example"
    CorsAllowHeaders * Authorization
  </LocationMatch>
</VirtualHost>
"""


@pytest.fixture(scope="module")
def hosts(module_httpd):
    server = module_httpd(modules=MODULES)
    server.write("htdocs/app/.htaccess")
    server.configure(HOSTS)
    return audit(server)


def test_each_host_and_section_has_its_row(hosts):
    assert [each["name"].split(":")[0] for each in hosts["hosts"]] == ["localhost", "one.example", "two.example"]
    kinds = {
        name: [section.split(" ")[0].strip("<") for section in rows(hosts, name)]
        for name in ("localhost", "one.example", "two.example")
    }
    assert kinds["localhost"] == ["", "Directory", "Location"]
    assert kinds["one.example"] == []
    assert kinds["two.example"] == ["", "Directory", "Location", "Location", "If", "LocationMatch"]


def test_main_server_sections_stand_once_with_all_their_hosts(hosts):
    for section in ("", '<Location "/v1">'):
        assert [name.split(":")[0] for name in rows(hosts, "localhost")[section]["hosts"]] == ["one.example"]
    assert rows(hosts, "two.example")['<Location "/v1">']["hosts"] == [], "its origins differ there"


def test_policies_are_merged(hosts):
    two = rows(hosts, "two.example")
    outside = ["https://two.example", "https://*.two.example", "http://localhost:*"]
    assert two[""]["origins"] == outside
    assert rows(hosts, "localhost")['<Location "/v1">']["origins"] == ["https://v1.example"]
    assert two['<Location "/v1">']["origins"] == [*outside, "https://v1.example", "-https://all.example"]
    v2 = two['<Location "/v2">']
    assert v2["origins"] == [*outside[1:], "-https://old.two.example"]
    assert (v2["mode"], v2["credentials"], v2["max_age"], v2["methods"]) == ("Enforce", True, 600, [])
    v3 = two['<LocationMatch "^/v3/[0-9]+$">']
    assert v3["origins"] == ["~ https://(a|b)\\.two\\.example"]
    assert (v3["mode"], v3["headers"], v3["max_age"]) == ("On", ["*", "Authorization"], None)
    inner = next(policy for section, policy in two.items() if section.startswith("<If"))
    assert (inner["expose"], inner["max_age"]) == (["X-Count", "X-Next"], 600)


def test_each_field_tells_where_it_was_written(hosts):
    lines = HOSTS.splitlines()
    fields = rows(hosts, "two.example")['<Location "/v2">']["fields"]
    written = {name: lines[field["line"] - 1].split()[0] for name, field in fields.items()}
    assert written == {name: name for name in written}
    assert set(written) == {"CorsGuard", "CorsAllowOrigin", "CorsAllowCredentials", "CorsMaxAge"}


def test_htaccess_is_a_section(make_httpd):
    server = make_httpd(modules=MODULES)
    server.write("htdocs/app/.htaccess", "CorsAllowOrigin https://app.example.com\n")
    server.configure('<Directory "${DOCROOT}">\nAllowOverride FileInfo\n</Directory>\n')
    [policy] = audit(server)["hosts"][0]["policies"]
    assert (policy["section"], policy["origins"]) == (".htaccess", ["https://app.example.com"])
    assert policy["fields"]["CorsAllowOrigin"] == {"file": f"{server.dir}/htdocs/app/.htaccess", "line": 1}


def test_a_long_list_is_written_once(make_httpd):
    server = make_httpd()
    origins = [f"https://t{i}.example.com" for i in range(20000)]
    server.write("o.txt", "\n".join(origins))
    section = '<Location "/{}">\nCorsMaxAge {}\n</Location>\n'
    server.configure("CorsAllowOriginFile o.txt\n" + "".join(section.format(i, i) for i in range(100)))
    code, out, _ = server.run("-t", "-D", "DUMP_CORS_JSON")
    assert code == 0 and len(out) < 4_000_000
    report = json.loads(out)
    jsonschema.validate(report, SCHEMA)
    first, *others = report["hosts"][0]["policies"]
    assert first["origins"] == origins and "origins_left_out" not in first
    assert len(others) == 100
    for policy in others:
        assert policy["origins"] == origins[: len(policy["origins"])]
        assert len(policy["origins"]) + policy["origins_left_out"] == len(origins)
    code, text, _ = server.run("-t", "-D", "DUMP_CORS")
    assert text.count("and 19995 more") == 101


# Findings: what a section says, and what is found in it, with the origin that proves it.

HTTPS = "secure.example"
CREDENTIALS = "CorsAllowCredentials On\n"
RISKY = {
    "suffix": ("CorsAllowOrigin https://*.github.io https://a.example\n", "public-suffix-wildcard", "https://evil.github.io"),
    "suffix-with-credentials": (
        f"CorsAllowOrigin https://*.github.io\n{CREDENTIALS}CorsDangerouslyAllow public-suffixes\n",
        "public-suffix-wildcard-with-credentials",
        "https://evil.github.io",
    ),
    "suffix-with-exceptions": (
        "CorsAllowOrigin https://*.com:* https://a.example\n",
        "public-suffix-wildcard",
        "https://evil.com",
    ),
    "subdomains": (
        f"CorsAllowOrigin https://*.example.com https://a.example\n{CREDENTIALS}",
        "subdomain-wildcard-with-credentials",
        "https://evil.example.com",
    ),
    "insecure": ("CorsAllowOrigin http://a.example:8080\n", "insecure-origin", "http://a.example:8080"),
    "insecure-with-credentials": (
        f"CorsAllowOrigin http://*.a.example:443\n{CREDENTIALS}CorsDangerouslyAllow insecure-origins\n",
        "insecure-origin",
        "http://evil.a.example:443",
    ),
    "insecure-regex": (
        'CorsAllowOriginMatch "http://(a|b)\\.example\\.com"\nCorsAllowMethods PUT\n',
        "insecure-origin",
        "http://a.example.com",
    ),
    "lift-of-null": ("CorsAllowOrigin null\nCorsDangerouslyAllow null-origin\n", "dangerously-allowed", "null"),
    "null": (
        "CorsAllowOrigin null https://a.example\nCorsDangerouslyAllow null-origin\nCorsMaxAge off\n",
        "null-origin",
        "null",
    ),
    "lift-of-http": (
        f"CorsAllowOrigin http://b.example\n{CREDENTIALS}CorsDangerouslyAllow insecure-origins\n",
        "dangerously-allowed",
        "http://b.example",
    ),
    "lift-of-regex": (
        'CorsAllowOriginMatch "https://a.example\\.com"\nCorsDangerouslyAllow open-patterns\n',
        "dangerously-allowed",
        "https://axexample.com",
    ),
    "any": (
        f'CorsAllowOriginMatch ".*"\n{CREDENTIALS}CorsDangerouslyAllow open-patterns insecure-origins\n',
        "reflects-any-origin-with-credentials",
        "https://evil.example",
    ),
    "any-without-credentials": (
        'CorsAllowOriginMatch "https://.*"\nCorsDangerouslyAllow open-patterns\n',
        "reflects-any-origin",
        "https://evil.example",
    ),
    "tail": (
        'CorsAllowOriginMatch "https://x\\.example\\.com.*"\nCorsDangerouslyAllow open-patterns\n',
        "open-pattern",
        "https://x.example.com.evil.example",
    ),
    "before": (
        f'CorsAllowOriginMatch "https://.*example\\.com"\n{CREDENTIALS}CorsDangerouslyAllow open-patterns\n',
        "open-pattern-with-credentials",
        "https://evilexample.com",
    ),
    "dot": (
        f'CorsAllowOriginMatch "https://api.example\\.com"\n{CREDENTIALS}CorsDangerouslyAllow open-patterns\n',
        "registrable-dot",
        "https://apixexample.com",
    ),
    "regex-over-suffix": (
        'CorsAllowOriginMatch "https://[a-z]+\\.github\\.io"\nCorsDangerouslyAllow open-patterns\n',
        "public-suffix-wildcard",
        None,
    ),
    "null-beside-a-hole": (
        'CorsAllowOriginMatch "null|https://y\\.example\\.com.*"\nCorsDangerouslyAllow open-patterns\n',
        "open-pattern",
        "https://y.example.com.evil.example",
    ),
    "headers": ("CorsAllowOrigin https://a.example\nCorsAllowHeaders * Authorization\n", "all-headers", "https://a.example"),
    "methods": (
        'CorsAllowOriginMatch "https://(a|b)\\.example\\.com"\nCorsAllowMethods *\nCorsPreflightStatus 200\n',
        "all-methods",
        "https://a.example.com",
    ),
    "age": (
        "CorsAllowOrigin https://a.example\nCorsMaxAge 1d\nCorsPreflight Forward\nCorsSelfOrigin https://c.example\n",
        "max-age-above-cap",
        None,
    ),
    "patch": ("CorsAllowOrigin https://a.example\nCorsAllowMethods PUT patch\n", "lower-case-patch", None),
    "star": ("CorsAllowOrigin *\nCorsExposeHeaders *\n", "wildcard", "https://evil.example"),
    "star-by-address": ("CorsAllowOrigin *\nRequire ip 127.0.0.1\n", "wildcard-behind-ip-access", "https://evil.example"),
    "layers": (
        'CorsAllowOrigin https://a.example\nCorsGuard Enforce\nHeader set Access-Control-Allow-Origin "*"\n',
        "two-layers",
        None,
    ),
    "quotes": (
        'CorsAllowOriginMatch "https://(a|b)\\\\x2eexample\\\\.com" "https://c[^\\"]d\\.example\\.com"\n'
        "CorsAllowHeaders *\n",
        "all-headers",
        None,
    ),
}


def site(bodies):
    sections = "".join(f'<Location "/{name}">\n{body}</Location>\n' for name, body in bodies.items())
    return f"<VirtualHost *:${{PORT}}>\nServerName https://{HTTPS}\nAlias / ${{DOCROOT}}/\n{sections}</VirtualHost>\n"


@pytest.fixture(scope="module")
def risky(module_httpd):
    server = module_httpd(modules=MODULES, starts_with=["CG0104"])
    server.configure(site({name: body for name, (body, _, _) in RISKY.items()}))
    for name in RISKY:
        server.write(f"htdocs/{name}/x.txt", "x")
    with server:
        yield server, audit(server)


@pytest.mark.parametrize("name", RISKY)
def test_risk_is_found_and_proved(risky, name):
    server, report = risky
    _, slug, origin = RISKY[name]
    finding = findings_in(report, f'<Location "/{name}">')[slug]
    witness = finding["witness"]
    assert finding["confidence"] == "certain"
    assert finding["places"][0]["host"].split(":")[0] == HTTPS
    if origin:
        assert witness["origin"] == origin
    if not witness:
        return
    answer = server.get(f"/{name}/x.txt", origin=witness["origin"], host=HTTPS)
    assert answer.values("access-control-allow-origin") == [witness["acao"]]
    assert answer.values("access-control-allow-credentials") == (["true"] if witness["credentials"] else [])


WITHOUT_WITNESS = {"max-age-above-cap", "lower-case-patch", "two-layers"}


def test_what_opens_has_a_witness(risky):
    for finding in risky[1]["findings"]:
        assert (finding["witness"] is None) == (finding["id"] in WITHOUT_WITNESS), finding


def test_lines_are_those_of_the_cause(risky):
    server, report = risky
    lines = (server.dir / "site.conf").read_text().splitlines()

    def directives(name, slug):
        found = findings_in(report, f'<Location "/{name}">')[slug]["lines"]
        return [lines[line["line"] - 1].split()[0] for line in found]

    assert directives("subdomains", "subdomain-wildcard-with-credentials") == ["CorsAllowOrigin", "CorsAllowCredentials"]
    assert directives("before", "open-pattern-with-credentials") == ["CorsAllowOriginMatch", "CorsAllowCredentials"]
    assert directives("star-by-address", "wildcard-behind-ip-access") == ["CorsAllowOrigin", "Require"]
    assert directives("any", "dangerously-allowed") == ["CorsDangerouslyAllow"]
    assert directives("insecure", "insecure-origin") == ["CorsAllowOrigin"]
    assert directives("age", "max-age-above-cap") == ["CorsMaxAge"]
    assert directives("layers", "two-layers") == ["Header"]


# What a remedy corrects is gone when it is pasted. Enforce, preflights and the rest of the policy stay.


@pytest.mark.parametrize("name", RISKY)
def test_remedy_passes_configtest_and_helps(risky, make_httpd, name):
    found = findings_in(risky[1], f'<Location "/{name}">')
    for slug, finding in found.items():
        report = report_of(make_httpd, site({"pasted": finding["remedy"]}))
        assert slug not in findings_in(report, '<Location "/pasted">'), finding["remedy"]
        assert "dangerously-allowed" not in findings_in(report, '<Location "/pasted">')
        after = rows(report, HTTPS)['<Location "/pasted">']
        before = rows(risky[1], HTTPS)[f'<Location "/{name}">']
        for key in ("mode", "credentials", "expose"):
            assert after[key] == before[key], key
        assert after["origins"]


def test_remedy_keeps_what_is_right(risky):
    def remedy(name, slug):
        return findings_in(risky[1], f'<Location "/{name}">')[slug]["remedy"].splitlines()

    assert remedy("suffix", "public-suffix-wildcard") == [
        "CorsAllowOrigin https://me.github.io",
        "CorsAllowOrigin https://a.example",
    ]
    assert remedy("tail", "open-pattern") == ["CorsAllowOrigin https://x.example.com"]
    assert remedy("before", "open-pattern-with-credentials")[0] == "CorsAllowOrigin https://example.com"
    assert remedy("null", "null-origin") == ["CorsAllowOrigin https://a.example", "CorsMaxAge off"]
    assert remedy("insecure-with-credentials", "insecure-origin")[0] == "CorsAllowOrigin https://*.a.example"
    assert remedy("headers", "all-headers")[1] == "CorsAllowHeaders Content-Type Authorization"
    assert remedy("methods", "all-methods")[0] == 'CorsAllowOriginMatch "https://(a|b)\\.example\\.com"'
    assert remedy("age", "max-age-above-cap")[1:] == [
        "CorsMaxAge 2h",
        "CorsPreflight Forward",
        "CorsSelfOrigin https://c.example",
    ]


SOUND = {
    "exact origins with credentials": f"CorsAllowOrigin https://a.github.io https://b.example\n{CREDENTIALS}CorsMaxAge 2h\n",
    "subdomains without credentials": "CorsAllowOrigin https://*.example.com\n",
    "loopback": f"CorsAllowOrigin http://localhost:* http://127.0.0.1\n{CREDENTIALS}",
    "PATCH and patch": "CorsAllowOrigin https://a.example\nCorsAllowMethods patch PATCH\n",
    "a sound expression": f'CorsAllowOriginMatch "https://(a|b)\\.example\\.com"\n{CREDENTIALS}',
    "none": "CorsAllowOrigin none\nCorsAllowMethods *\nCorsAllowHeaders *\n",
    "only a mode": "CorsGuard Enforce\n",
    "not in effect": "CorsGuard Off\nCorsAllowOrigin *\n",
    "lines that unset": "CorsAllowOrigin https://a.example\nHeader unset Access-Control-Allow-Origin\n",
    "Report beside a recipe": "CorsAllowOrigin https://a.example\nCorsGuard Report\nHeader set Access-Control-Max-Age 5\n",
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_policy_has_no_finding(make_httpd, name):
    report = report_of(make_httpd, site({"x": SOUND[name]}))
    assert report["findings"] == []
    assert report["coverage"]["unresolved"] == []


def test_http_origin_of_an_http_host_is_none(make_httpd):
    report = report_of(make_httpd, 'CorsAllowOrigin http://a.example\nCorsAllowOriginMatch "http://b\\.example"\n')
    assert report["findings"] == []


def test_what_a_nearer_section_takes_away_is_no_risk(make_httpd):
    outer = "CorsAllowOrigin https://*.github.io http://a.example https://*.example.com\n"
    inner = "CorsAllowOrigin -https://*.github.io -http://a.example -https://*.example.com\nCorsAllowCredentials On\n"
    report = report_of(make_httpd, site({"x": outer, "x/y": inner}))
    assert set(findings_in(report, '<Location "/x">')) == {"public-suffix-wildcard", "insecure-origin"}
    assert findings_in(report, '<Location "/x/y">') == {}


def test_exceptions_do_not_survive_as_permissions(make_httpd):
    """A remedy is one plain list, which cannot say "all of these but one": the wildcard becomes a host."""
    outer = f"CorsAllowOrigin https://*.example.com\n{CREDENTIALS}"
    report = report_of(make_httpd, site({"x": outer, "x/y": "CorsAllowOrigin -https://old.example.com\nCorsMaxAge 1d\n"}))
    remedy = findings_in(report, '<Location "/x/y">')["max-age-above-cap"]["remedy"]
    assert remedy.splitlines()[0] == "CorsAllowOrigin https://app.example.com"


def test_star_with_exceptions_is_a_star(make_httpd):
    report = report_of(make_httpd, site({"x": "CorsAllowOrigin *\n", "x/y": "CorsAllowOrigin -https://old.example\n"}))
    found = findings_in(report, '<Location "/x/y">')["wildcard"]
    assert found["witness"] == {"origin": "https://evil.example", "acao": "https://evil.example", "credentials": False}


def test_many_risky_origins_make_one_finding(make_httpd):
    server = make_httpd(modules=MODULES)
    server.write("o.txt", "".join(f"http://t{i}.example.com\n" for i in range(5000)))
    server.configure(site({"x": "CorsAllowOriginFile o.txt\n"}))
    [finding] = audit(server)["findings"]
    assert finding["id"] == "insecure-origin" and len(finding["lines"]) == 21
    assert finding["lines"][3] == {"file": f"{server.dir}/o.txt", "line": 4}
    assert "and 4980 more of the list" in finding["remedy"]
    server.configure(site({"x": finding["remedy"]}))
    assert audit(server)["findings"] == []


def test_one_snippet_is_one_finding(make_httpd):
    server = make_httpd(modules=MODULES)
    server.write("snippet.conf", f"CorsAllowOrigin https://*.example.com\n{CREDENTIALS}Header add Access-Control-Max-Age 1\n")
    host = "<VirtualHost *:${{PORT}}>\nServerName h{}.example\nInclude snippet.conf\n</VirtualHost>\n"
    server.configure("".join(host.format(i) for i in range(30)))
    found = {finding["id"]: finding for finding in audit(server)["findings"]}
    assert set(found) == {"subdomain-wildcard-with-credentials", "two-layers"}
    for finding in found.values():
        assert len(finding["places"]) == 30
        assert {line["file"] for line in finding["lines"]} == {f"{server.dir}/snippet.conf"}


def test_lines_of_the_server_meet_policies_of_hosts(make_httpd):
    report = report_of(
        make_httpd,
        'Header always set Access-Control-Allow-Origin "*"\nHeader unset Access-Control-Max-Age\n'
        + site({"x": "CorsAllowOrigin https://a.example\n"}),
    )
    by_id = {finding["id"]: finding for finding in report["findings"]}
    assert set(by_id) == {"two-layers", "wildcard"}
    finding = by_id["two-layers"]
    assert [line["line"] for line in finding["lines"]] == [1]
    assert [place["section"] for place in finding["places"]] == ['<Location "/x">']


def test_what_only_reports_is_possible(make_httpd):
    report = report_of(make_httpd, site({"x": "CorsGuard Report\nCorsAllowOrigin https://*.github.io\n"}))
    [finding] = report["findings"]
    assert (finding["id"], finding["confidence"]) == ("public-suffix-wildcard", "possible")
    assert finding["remedy"].startswith("CorsGuard Report\n")


def test_what_an_if_decides_is_likely(make_httpd):
    inner = "<If \"%{HTTP:X-Mode} == 'wide'\">\nCorsAllowOrigin https://*.github.io\n</If>\n"
    [finding] = report_of(make_httpd, site({"x": inner}))["findings"]
    assert (finding["id"], finding["confidence"]) == ("public-suffix-wildcard", "likely")


def test_expression_that_cannot_be_judged_is_possible(make_httpd):
    body = 'CorsAllowOriginMatch "https://(?=a)a\\.example(?#x)(?R)?"\nCorsDangerouslyAllow open-patterns\n'
    found = findings_in(report_of(make_httpd, site({"x": body})), '<Location "/x">')
    assert found["open-pattern"]["confidence"] == "possible" and found["open-pattern"]["witness"] is None
    assert "cannot be judged" in found["open-pattern"]["summary"]


def test_a_lift_without_a_policy_is_told(make_httpd):
    [finding] = report_of(make_httpd, "CorsDangerouslyAllow null-origin\n")["findings"]
    assert (finding["id"], finding["witness"]) == ("dangerously-allowed", None)
    report_of(make_httpd, finding["remedy"])


# Access by address

BY_ADDRESS = {
    "Require ip": "Require ip 10.0.0.0/8",
    "Require local": "Require local",
    "Require host": "Require host example.org",
    "several": "Require ip 10.0.0.0/8\nRequire local",
    "RequireAny": "<RequireAny>\nRequire ip 10.0.0.0/8\nRequire host example.org\n</RequireAny>",
    "RequireAll": "<RequireAll>\nRequire all granted\nRequire ip 10.0.0.0/8\nRequire not ip 10.1.0.0/16\n</RequireAll>",
    "Allow from": "Order deny,allow\nDeny from all\nAllow from 10.0.0.0/8",
    "Order allow,deny": "Order Allow,Deny\nAllow from 10.0.0.0/8 example.org",
}
NOT_BY_ADDRESS = {
    "granted": "Require all granted",
    "a login": "Require valid-user\nAuthType None",
    "an address or a login": "Require ip 10.0.0.0/8\nRequire valid-user\nAuthType None",
    "an address and a login": "<RequireAll>\nRequire ip 10.0.0.0/8\nRequire valid-user\n</RequireAll>\nAuthType None",
    "an address or everybody": "Require ip 10.0.0.0/8\nRequire all granted",
    "not an address": "<RequireAll>\nRequire all granted\nRequire not ip 10.0.0.0/8\n</RequireAll>",
    "some methods": "<Limit POST>\nRequire ip 10.0.0.0/8\n</Limit>",
    "a variable": "Order deny,allow\nDeny from all\nAllow from env=inside",
    "all": "Order allow,deny\nAllow from all",
    "deny some": "Order deny,allow\nDeny from 10.0.0.0/8",
    "an inner section lifts it": 'Require ip 10.0.0.0/8\n</Location>\n<Location "/x">\nRequire all granted',
}


@pytest.mark.parametrize("name", [*BY_ADDRESS, *NOT_BY_ADDRESS])
def test_star_where_only_addresses_are_let_in(make_httpd, name):
    body = f"CorsAllowOrigin *\n{(BY_ADDRESS | NOT_BY_ADDRESS)[name]}\n"
    [finding] = report_of(make_httpd, site({"x": body}))["findings"]
    assert finding["id"] == ("wildcard-behind-ip-access" if name in BY_ADDRESS else "wildcard")


def test_address_of_an_outer_section_counts(make_httpd):
    outer = '<Directory "${DOCROOT}">\nRequire ip 10.0.0.0/8\n</Directory>\n'
    [finding] = report_of(make_httpd, outer + '<Location "/x">\nCorsAllowOrigin *\n</Location>\n')["findings"]
    assert finding["id"] == "wildcard-behind-ip-access"


# What is refused only when a request comes


def test_conflict_with_an_htaccess_is_told(make_httpd):
    server = make_httpd(modules=MODULES)
    server.write("htdocs/app/.htaccess", "CorsAllowCredentials On\n")
    server.configure('<Directory "${DOCROOT}">\nAllowOverride FileInfo\nCorsAllowOrigin *\n</Directory>\n')
    report = audit(server)
    [gap] = report["coverage"]["unresolved"]
    assert (gap["file"], gap["line"]) == (f"{server.dir}/site.conf", 3)
    assert "wildcard-with-credentials" in gap["reason"] and f"{server.dir}/htdocs/app/.htaccess:1" in gap["reason"]
    assert [place["section"].split(" ")[0] for finding in report["findings"] for place in finding["places"]] == ["<Directory"]
