# SPDX-License-Identifier: Apache-2.0
""".htaccess: what AllowOverride permits, what is wrong there and only there, and what fails closed at request time."""

import re

import pytest
from cgtest import cors, expected, fresh

APP = "https://app.example"
EVIL = "https://evil.example"
OTHER = "https://other.example"
POLICY = f"CorsAllowOrigin {APP}\nCorsAllowCredentials On\n"
OURS = expected(APP, credentials=True, vary="origin")
SECTION = expected(OTHER, vary="origin")

# folder: (AllowOverride of its section, its .htaccess)
OVERRIDES = {
    "fileinfo": ("AllowOverride FileInfo", POLICY),
    "all": ("AllowOverride All", POLICY),
    "none": ("AllowOverride None", POLICY),
    "authconfig": ("AllowOverride AuthConfig", POLICY),
    "list": ("AllowOverride None\n  AllowOverrideList CorsAllowOrigin CorsAllowCredentials", POLICY),
    "list-short": ("AllowOverride None\n  AllowOverrideList CorsAllowOrigin", POLICY),
    "nonfatal": ("AllowOverride AuthConfig Nonfatal=Override", POLICY),
    "ifmodule": ("AllowOverride FileInfo", f"<IfModule mod_cors_guard.c>\n{POLICY}</IfModule>\n"),
    "files": ("AllowOverride FileInfo", f'<Files "x.txt">\n{POLICY}</Files>\n'),
    "if": ("AllowOverride FileInfo", f"<If \"%{{REQUEST_URI}} =~ /x/\">\n{POLICY}</If>\n"),
    "plus": ("AllowOverride FileInfo", f"CorsAllowOrigin +{APP}\nCorsAllowCredentials On\n"),
    "match": ("AllowOverride FileInfo", "CorsAllowOriginMatch https://app\\.example\nCorsAllowCredentials On\n"),
}

# .htaccess files that are an error by themselves: the line, and a word of the message.
BROKEN = {
    "star-then-cookies": ("CorsAllowOrigin *\nCorsMaxAge 5\nCorsAllowCredentials On\n", 3, "CorsAllowCredentials"),
    "cookies-then-star": ("\nCorsAllowCredentials On\nCorsAllowOrigin *\n", 3, "credentials"),
    "null-and-cookies": ("CorsAllowCredentials On\nCorsAllowOrigin null\n", 2, "null"),
    "expose-and-cookies": ("CorsAllowCredentials On\nCorsExposeHeaders *\n", 2, "CorsExposeHeaders|expose"),
    "path": ("# comment\nCorsAllowOrigin https://a.example/\n", 2, "https://a.example"),
    "mixed": (f"CorsAllowOrigin {APP}\nCorsAllowOrigin +https://b.example\n", 2, r"\+"),
    "method": ("CorsAllowMethods TRACE\n", 1, "TRACE"),
    "header": ("CorsAllowHeaders Cookie\n", 1, "Cookie"),
    "expose": ("CorsExposeHeaders Set-Cookie\n", 1, "Set-Cookie"),
    "age": ("CorsMaxAge forever\n", 1, "forever"),
    "status": ("CorsPreflightStatus 302\n", 1, "302"),
    "mode": ("CorsGuard Maybe\n", 1, "Maybe"),
    "regex": ("CorsAllowOriginMatch (\n", 1, r"\("),
    "limit": (f"<Limit GET>\n  CorsAllowOrigin {APP}\n</Limit>\n", 2, "Limit"),
}

# Directives that httpd itself does not let in.
FOREIGN = {
    "file": "CorsAllowOriginFile list.txt\n",
    "dangerous": "CorsDangerouslyAllow null-origin\n",
    "audit": "CorsAudit On\n",
}

# The section, its .htaccess, the rule that the two break together, an origin that they would allow.
CONFLICTS = {
    "star-over-cookies": (
        f"CorsAllowOrigin {APP}\n  CorsAllowCredentials On",
        "CorsAllowOrigin *\n",
        "wildcard-with-credentials",
        APP,
    ),
    "cookies-over-star": ("CorsAllowOrigin *", "CorsAllowCredentials On\n", "wildcard-with-credentials", APP),
    "cookies-over-null": (
        "CorsDangerouslyAllow null-origin\n  CorsAllowOrigin null",
        "CorsAllowCredentials On\n",
        "null-with-credentials",
        "null",
    ),
    "cookies-over-expose": (
        f"CorsAllowOrigin {APP}\n  CorsExposeHeaders *",
        "CorsAllowCredentials On\n",
        "expose-all-with-credentials",
        APP,
    ),
    "http-over-cookies": (
        f"CorsAllowOrigin {APP}\n  CorsAllowCredentials On",
        "CorsAllowOrigin http://plain.example\n",
        "insecure-origin-with-credentials",
        "http://plain.example",
    ),
    "plus-http-over-cookies": (
        f"CorsAllowOrigin {APP}\n  CorsAllowCredentials On",
        "CorsAllowOrigin +http://plain.example\n",
        "insecure-origin-with-credentials",
        APP,
    ),
    "suffix-over-cookies": (
        f"CorsAllowOrigin {APP}\n  CorsAllowCredentials On",
        "CorsAllowOrigin https://*.github.io\n",
        "public-suffix-wildcard",
        "https://evil.github.io",
    ),
}
ALONE = {
    "null": ("CorsMaxAge 5", "CorsAllowOrigin null\n", "null-origin", "null"),
    "http-and-cookies": (
        "CorsMaxAge 5",
        "CorsAllowOrigin http://plain.example\nCorsAllowCredentials On\n",
        "insecure-origin-with-credentials",
        "http://plain.example",
    ),
    "open-match": (
        "CorsMaxAge 5",
        "CorsAllowOriginMatch https://.*\\.example\\.com.*\n",
        "open-pattern",
        "https://a.example.com",
    ),
}

# The same, where the server grants it.
LIFTED = {
    "null": ("CorsDangerouslyAllow null-origin", "CorsAllowOrigin null\n", "null", {}),
    "http": (
        "CorsDangerouslyAllow insecure-origins\n  CorsAllowCredentials On",
        "CorsAllowOrigin http://plain.example\n",
        "http://plain.example",
        {"credentials": True},
    ),
    "suffix": (
        "CorsDangerouslyAllow public-suffixes\n  CorsAllowCredentials On",
        "CorsAllowOrigin https://*.github.io\n",
        "https://me.github.io",
        {"credentials": True},
    ),
    "match": (
        "CorsDangerouslyAllow open-patterns",
        "CorsAllowOriginMatch https://.*\\.example\\.com.*\n",
        "https://a.example.com",
        {},
    ),
}


def folders():
    for name, (override, _) in OVERRIDES.items():
        yield f"override/{name}", f"{override}\n  CorsAllowOrigin {OTHER}"
    for group, cases in (("conflict", CONFLICTS), ("alone", ALONE), ("lifted", LIFTED)):
        for name, case in cases.items():
            yield f"{group}/{name}", f"AllowOverride FileInfo\n  {case[0]}"
    yield "broken", "AllowOverride FileInfo Limit"
    yield "levels", "AllowOverride FileInfo"
    yield "enforced", f"AllowOverride FileInfo\n  CorsGuard Enforce\n  CorsAllowOrigin {APP}\n  CorsAllowCredentials On"


@pytest.fixture(scope="module")
def server(module_httpd):
    server = module_httpd()
    config = "CorsMaxAge 7\n"
    for folder, directives in folders():
        server.write(f"htdocs/{folder}/x.txt", "x")
        config += f'<Directory "${{DOCROOT}}/{folder}">\n  {directives}\n</Directory>\n'
    for name, (_, text) in OVERRIDES.items():
        server.write(f"htdocs/override/{name}/.htaccess", text)
    for name, (text, _, _) in BROKEN.items():
        server.write(f"htdocs/broken/{name}/.htaccess", text)
    for name, text in FOREIGN.items():
        server.write(f"htdocs/broken/{name}/.htaccess", text)
    for name in (*BROKEN, *FOREIGN):
        server.write(f"htdocs/broken/{name}/x.txt", "x")
    for group, cases in (("conflict", CONFLICTS), ("alone", ALONE), ("lifted", LIFTED)):
        for name, case in cases.items():
            server.write(f"htdocs/{group}/{name}/.htaccess", case[1])
    server.write("htdocs/enforced/.htaccess", "CorsAllowOrigin *\n")
    server.write("htdocs/levels/.htaccess", f"CorsAllowOrigin {APP}\nCorsExposeHeaders X-Top\n")
    server.write("htdocs/levels/down/.htaccess", f"CorsAllowOrigin +{OTHER}\nCorsAllowCredentials On\n")
    server.write("htdocs/levels/down/down/.htaccess", f"CorsAllowOrigin -{APP}\nCorsExposeHeaders X-Bottom\n")
    for folder in ("levels", "levels/down", "levels/down/down"):
        server.write(f"htdocs/{folder}/x.txt", "x")
    server.configure(config)
    with server:
        yield server


# AllowOverride


@pytest.mark.core
@pytest.mark.parametrize("name", ["fileinfo", "all", "list", "ifmodule", "files", "if", "plus", "match"])
def test_override_is_permitted(server, name):
    answer = server.get(f"/override/{name}/x.txt", APP)
    assert (answer.status, cors(answer)) == (200, OURS)
    answer = server.preflight(f"/override/{name}/x.txt", APP)
    assert (answer.status, cors(answer)) == (204, expected(APP, credentials=True, max_age=7, vary="preflight"))
    other = expected(OTHER, credentials=True, vary="origin") if name == "plus" else expected(vary="origin")
    assert cors(server.get(f"/override/{name}/x.txt", OTHER)) == other


@pytest.mark.core
@pytest.mark.parametrize("name", ["none", "nonfatal"])
def test_override_is_ignored(server, name):
    if name == "nonfatal":
        server.expect_log("AH02295: CorsAllowOrigin in .htaccess", "AH02295: CorsAllowCredentials in .htaccess")
    answer = server.get(f"/override/{name}/x.txt", OTHER)
    assert (answer.status, cors(answer)) == (200, SECTION)
    assert cors(server.get(f"/override/{name}/x.txt", APP)) == expected(vary="origin")


@pytest.mark.parametrize("name, directive", [("authconfig", "CorsAllowOrigin"), ("list-short", "CorsAllowCredentials")])
def test_override_is_an_error(server, name, directive):
    server.expect_log(rf":alert\].*/override/{name}/\.htaccess.*{directive} not allowed")
    for answer in (server.get(f"/override/{name}/x.txt", APP), server.preflight(f"/override/{name}/x.txt", APP)):
        assert answer.status == 500
        assert "access-control-allow-origin" not in cors(answer)


@pytest.mark.parametrize(
    "path, origin, headers",
    [
        ("/levels/x.txt", APP, expected(APP, expose="x-top", vary="origin")),
        ("/levels/x.txt", OTHER, expected(vary="origin")),
        ("/levels/down/x.txt", APP, expected(APP, credentials=True, expose="x-top", vary="origin")),
        ("/levels/down/x.txt", OTHER, expected(OTHER, credentials=True, expose="x-top", vary="origin")),
        ("/levels/down/down/x.txt", APP, expected(vary="origin")),
        ("/levels/down/down/x.txt", OTHER, expected(OTHER, credentials=True, expose="x-bottom", vary="origin")),
    ],
)
def test_nested_files_merge(server, path, origin, headers):
    assert cors(server.get(path, origin)) == headers


# errors


@pytest.mark.core
@pytest.mark.parametrize("name", BROKEN)
def test_error_is_contained_and_has_its_line(server, name):
    _, line, word = BROKEN[name]
    server.expect_log(rf":alert\].*/broken/{name}/\.htaccess\b.*({word})")
    for answer in (server.get(f"/broken/{name}/x.txt", APP), server.preflight(f"/broken/{name}/x.txt", APP)):
        assert answer.status == 500
        assert cors(answer) == {}
    entry = server.wait_for_log(rf":alert\].*/broken/{name}/\.htaccess")
    assert re.search(rf"(\.htaccess:|line ){line}\b", entry), entry
    assert server.get("/broken/x.txt", APP).status == 200


def test_error_is_one_alert_a_request(server):
    server.expect_log(r":alert\].*/broken/star-then-cookies/")
    server.get("/broken/star-then-cookies/x.txt", APP)
    entry = server.wait_for_log(r":alert\]")
    assert len(re.findall(r"cors_guard:|:alert\]", server.new_log())) == 1, server.new_log()
    assert ".htaccess" in entry


def test_conflict_within_a_file_names_both_lines(server):
    server.expect_log(r":alert\].*star-then-cookies")
    server.get("/broken/star-then-cookies/x.txt", APP)
    entry = server.wait_for_log(r":alert\]")
    assert re.search(r"\b1\b", entry) and re.search(r"\b3\b", entry), entry


@pytest.mark.parametrize("name", FOREIGN)
def test_directive_is_not_for_htaccess(server, name):
    directive = FOREIGN[name].split()[0]
    server.expect_log(rf":alert\].*/broken/{name}/\.htaccess.*{directive}")
    answer = server.get(f"/broken/{name}/x.txt", APP)
    assert (answer.status, cors(answer)) == (500, {})


# conflicts that only a request brings together


def without_vary(found):
    """Whether a denial that holds for everybody says Vary is left open."""
    assert found.pop("vary", ["origin"]) == ["origin"]
    return found


def judge_invalid(server, path, rule, origin, status=200):
    server.expect_log(rf"\[cors_guard:error\].*CG\d+.*{rule}")
    target = fresh(path)
    answer = server.get(target, origin)
    assert (answer.status, without_vary(cors(answer))) == (status, {})
    assert server.verdict(target) == ("denied", "policy-invalid")
    entries = [line for line in server.new_log().splitlines() if "[cors_guard:error]" in line]
    assert len(entries) == 1, entries
    target = fresh(path)
    answer = server.preflight(target, origin)
    assert (answer.status, answer.body) == (403, b"")
    assert cors(answer) == expected(vary="preflight")
    assert server.verdict(target) == ("preflight-denied", "policy-invalid")
    assert without_vary(cors(server.get(path))) == {}
    return entries[0]


@pytest.mark.core
@pytest.mark.parametrize("name", CONFLICTS)
def test_conflict_with_the_section_fails_closed(server, name):
    _, _, rule, origin = CONFLICTS[name]
    entry = judge_invalid(server, f"/conflict/{name}/x.txt", rule, origin)
    assert re.search(rf"/conflict/{name}/\.htaccess:1\b", entry), entry
    assert re.search(r"site\.conf:\d+\b", entry), entry


@pytest.mark.core
@pytest.mark.parametrize("name", ALONE)
def test_what_the_server_does_not_grant_fails_closed(server, name):
    _, _, rule, origin = ALONE[name]
    entry = judge_invalid(server, f"/alone/{name}/x.txt", rule, origin)
    assert re.search(rf"/alone/{name}/\.htaccess:1\b", entry), entry


@pytest.mark.parametrize("name", LIFTED)
def test_what_the_server_grants_passes(server, name):
    _, _, origin, more = LIFTED[name]
    answer = server.get(f"/lifted/{name}/x.txt", origin)
    assert cors(answer) == expected(origin, **more, vary="origin")
    answer = server.preflight(f"/lifted/{name}/x.txt", origin)
    assert (answer.status, cors(answer)) == (204, expected(origin, **more, max_age=7, vary="preflight"))


def test_conflict_under_enforce_refuses(server):
    judge_invalid(server, "/enforced/x.txt", "wildcard-with-credentials", APP, status=403)


def test_conflict_does_not_deny_the_own_site(server):
    own = f"http://localhost:{server.port}"
    target = fresh("/enforced/x.txt")
    answer = server.get(target, own, host=f"localhost:{server.port}")
    assert (answer.status, without_vary(cors(answer))) == (200, {})
    assert server.verdict(target)[0] == "same-origin"


# Sections that no look at the configuration can pair for sure: a warning at load, closed at request time.

MAY_MEET = {
    "files": '<Files "secret.txt">',
    "filesmatch": '<FilesMatch "^s.*t\\.txt">',
    "locationmatch": '<LocationMatch "/secret">',
    "directorymatch": '<DirectoryMatch "/directorymatch/secret">',
}


@pytest.mark.parametrize("name", MAY_MEET)
def test_sections_that_may_meet(make_httpd, name):
    server = make_httpd(starts_with=[r"\[cors_guard:warn\].*CG\d+"])
    for path in ("x.txt", "secret.txt", "secret/secret.txt"):
        server.write(f"htdocs/{name}/{path}", "x")
    section = MAY_MEET[name]
    kind = section[1:].split()[0]
    open_to_all = f"<Location /{name}>\n  CorsAllowOrigin *\n</Location>\n"
    server.configure(f"{open_to_all}{section}\n  CorsAllowCredentials On\n</{kind}>\n")
    code, err = server.configtest()
    assert code == 0, err
    assert "wildcard-with-credentials" in err
    assert len(re.findall(r"site\.conf:\d+", err)) >= 2, err
    with server:
        entry = judge_invalid(server, f"/{name}/secret/secret.txt", "wildcard-with-credentials", APP)
        assert len(re.findall(r"site\.conf:\d+", entry)) >= 2, entry
        assert cors(server.get(f"/{name}/x.txt", APP)) == expected("*")


@pytest.mark.parametrize(
    "regex, allowed",
    [(r"https://(dev|qa)[0-9]+\.a\.example", True), (r"https://.*", False), (r"https://dev1.a\.example", False)],
)
def test_regex_is_judged_alike_on_every_request(make_httpd, regex, allowed):
    """What was found of it is kept, and holds for the requests that follow."""
    origin = "https://dev1.a.example"
    server = make_httpd()
    server.write("htdocs/.htaccess", f'CorsAllowOriginMatch "{regex}"\n')
    server.configure(f"<Directory {server.dir}/htdocs>\nAllowOverride FileInfo\n</Directory>\n")
    with server:
        for _ in range(4):
            answer = server.get("/page.txt", origin)
            assert cors(answer) == expected(origin if allowed else None, vary="origin")
            if not allowed:
                server.expect_log("CG0004.*open-pattern")
