# SPDX-License-Identifier: Apache-2.0
"""What the audit says of recipes: every risk that is in the corpus and nothing of the sound ones, each with a witness
that a running httpd confirms, and a remedy that can be pasted."""

import json

import pytest
from cgtest.httpd import Httpd
from cgtest.recipes import read_recipes

RECIPES = {recipe.name: recipe for recipe in read_recipes()}
MODULES = ("headers", "env", "rewrite", "dir", "macro")
RISKY = {"critical", "high"}


def audit(server):
    code, out, err = server.run("-t", "-D", "DUMP_CORS_JSON")
    assert code == 0, err
    return json.loads(out)


@pytest.fixture(scope="module")
def audited():
    """The corpus, a virtual host a recipe, served without the module; and what the audit finds in it."""
    server = Httpd(modules=MODULES, guard=False)
    parts = [recipe.write(server, "") for recipe in RECIPES.values()]
    inside = [recipe.filled("\n".join(recipe.server), server, "") for recipe in RECIPES.values()]
    text = "\n".join([*inside, *parts])
    with Httpd(modules=MODULES) as guarded:
        guarded.configure(text)
        report = audit(guarded)
    server.configure(text)
    with server:
        yield server, report
    server.close()


def found_in(report, name):
    hosts = {recipe.host_name: recipe.name for recipe in RECIPES.values()}
    return [
        finding
        for finding in report["findings"]
        if any(hosts.get(place["host"].split(":")[0]) == name for place in finding["places"])
    ]


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_found(audited, name):
    wanted = RECIPES[name].head["finds"].split()
    assert sorted({finding["id"] for finding in found_in(audited[1], name)}) == [id for id in wanted if id != "nothing"]


@pytest.mark.parametrize("name", RECIPES)
def test_witnesses_are_answered_as_told(audited, name):
    server, report = audited
    targets = [request.target for request in RECIPES[name].requests] + ["/", "/index.html"]
    for finding in found_in(report, name):
        witness = finding["witness"]
        if finding["severity"] not in RISKY:
            continue
        answers = [server.get(target, witness["origin"], host=RECIPES[name].host_name) for target in targets]
        told = [
            (answer.values("access-control-allow-origin"), "true" in answer.values("access-control-allow-credentials"))
            for answer in answers
        ]
        assert ([witness["acao"]], witness["credentials"]) in told, finding


def test_each_remedy_passes_configtest_and_ends_the_finding(audited, make_httpd):
    remedies = sorted({finding["remedy"] for finding in audited[1]["findings"]})
    server = make_httpd(modules=MODULES)
    server.configure("".join(f'<Location "/{i}">\n{remedy}</Location>\n' for i, remedy in enumerate(remedies)))
    code, err = server.configtest()
    assert code == 0, err
    assert len(remedies) > 10
    report = audit(server)
    assert not [finding for finding in report["findings"] if finding["severity"] in RISKY]


@pytest.mark.core
def test_one_snippet_is_one_finding(make_httpd):
    server = make_httpd(modules=["headers"])
    server.write("snippet.conf", 'Header set Access-Control-Allow-Origin "expr=%{req:Origin}"\n')
    host = "<VirtualHost *:${{PORT}}>\nServerName h{}.example\nInclude snippet.conf\n</VirtualHost>\n"
    server.configure("".join(host.format(i) for i in range(300)))
    found = {finding["id"]: finding for finding in audit(server)["findings"]}
    assert set(found) == {"reflects-any-origin", "missing-vary"}
    for finding in found.values():
        assert len(finding["places"]) == 300
        assert [(line["file"], line["line"]) for line in finding["lines"]] == [(f"{server.dir}/snippet.conf", 1)]


def test_what_cannot_be_told_is_told(make_httpd):
    server = make_httpd(modules=["headers", "rewrite"])
    server.write("map.txt", "x y\n")
    server.configure(
        'RewriteEngine On\nRewriteMap allowed "prg:/bin/cat"\n'
        'RewriteRule ^ - [E=ALLOWED:${allowed:%{HTTP:Origin}}]\n'
        "Header set Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED\n"
        'SetEnvIf User-Agent "^Partner/" PARTNER\n'
        "Header set Access-Control-Allow-Origin https://partner.example env=PARTNER\n"
    )
    report = audit(server)
    assert "unresolved-origin" in {finding["id"] for finding in report["findings"]}
    lines = {gap["line"] for gap in report["coverage"]["unresolved"]}
    assert len(lines) >= 2


def test_sections_with_policies_are_not_judged_by_recipes(make_httpd):
    recipe = 'Header set Access-Control-Allow-Origin "expr=%{req:Origin}"\n'
    server = make_httpd(modules=["headers"])
    server.configure(recipe + '<Location "/">\nCorsAllowOrigin https://a.example\n</Location>\n')
    found = {finding["id"] for finding in audit(server)["findings"]}
    assert "two-layers" in found and "reflects-any-origin" not in found
    server.configure(recipe + '<Location "/">\nCorsGuard Report\nCorsAllowOrigin https://a.example\n</Location>\n')
    assert "reflects-any-origin" in {finding["id"] for finding in audit(server)["findings"]}


def test_a_thousand_hosts_are_audited_whole(make_httpd):
    server = make_httpd(modules=["headers"])
    section = (
        '<Location "/s{i}">\nSetEnvIf Origin "^https://(www|app)\\.h{h}s{i}\\.com$" OK=$0\n'
        "Header set Access-Control-Allow-Origin %{{OK}}e env=OK\n{vary}</Location>\n"
    )
    hosts = []
    for h in range(1000):
        vary = ["" if (h, i) == (500, 5) else "Header merge Vary Origin\n" for i in range(10)]
        inside = "".join(section.format(h=h, i=i, vary=vary[i]) for i in range(10))
        hosts.append(f"<VirtualHost *:${{PORT}}>\nServerName h{h}.example\n{inside}</VirtualHost>\n")
    server.configure("".join(hosts))
    report = audit(server)
    assert report["coverage"]["hosts"] == 1001 and report["coverage"]["sections"] >= 10000
    [finding] = report["findings"]
    assert finding["id"] == "missing-vary" and finding["places"][0]["host"].split(":")[0] == "h500.example"


@pytest.mark.parametrize(
    ("recipe", "wanted"),
    [
        ("Header set Access-Control-Allow-Origin http://app.example.com", {"insecure-origin"}),
        ("Header set Access-Control-Allow-Origin http://localhost:3000", set()),
        ('Header set Access-Control-Allow-Origin *\nRequire ip 10.0.0.0/8', {"wildcard-behind-ip-access"}),
        ('<If "%{QUERY_STRING} == \'x\'">\nHeader set Access-Control-Allow-Origin null\n</If>', {"null-origin"}),
        (
            'SetEnvIf Origin "^https://[a-z-]+\\.github\\.io$" PAGES=$0\n'
            "Header set Access-Control-Allow-Origin %{PAGES}e env=PAGES\nHeader merge Vary Origin",
            {"public-suffix-wildcard"},
        ),
        (
            "Header set Access-Control-Allow-Origin https://a.example\nHeader set Access-Control-Max-Age 86400\n"
            'Header set Access-Control-Allow-Headers "*"\nHeader set Access-Control-Allow-Methods "*"',
            {"max-age-above-cap", "all-headers", "all-methods"},
        ),
    ],
)
def test_of_a_site_with_tls(make_httpd, recipe, wanted):
    server = make_httpd(modules=["headers", "authz_host"])
    server.configure(
        "<VirtualHost *:${PORT}>\nServerName https://shop.example.com\n"
        f'<Location "/">\n{recipe}\n</Location>\n</VirtualHost>\n'
    )
    report = audit(server)
    assert {finding["id"] for finding in report["findings"]} == wanted
    for finding in report["findings"]:
        assert {place["section"] for place in finding["places"]} <= {'<Location "/">', "<If \"%{QUERY_STRING} == 'x'\">"}
