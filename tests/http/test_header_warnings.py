# SPDX-License-Identifier: Apache-2.0
"""configtest warns (CG0104) where a Header line on Access-Control-* meets a policy, which replaces what it writes."""

import re

import pytest

POLICY = "CorsAllowOrigin https://app.example.com"
ACAO = "Access-Control-Allow-Origin"
HEADER = f'Header set {ACAO} "*"'
LIMIT = 1000  # CG_FINDINGS_LOGGED_MAX


def warnings(server, text):
    """The warnings of configtest, which succeeds all the same, without what httpd puts in front of each."""
    server.configure(text)
    code, said = server.configtest()
    assert code == 0, said
    return re.findall(r"\[cors_guard:warn\].*?(CG0104: .*)", said)


def section(kind, path, *lines):
    return "\n".join([f'<{kind} "{path}">', *lines, f"</{kind}>", ""])


def host(*lines):
    return "\n".join(["<VirtualHost *:80>", "ServerName h.example", "DocumentRoot ${DOCROOT}", *lines, "</VirtualHost>", ""])


MEETING = {
    "in one section": section("Location", "/a", POLICY, HEADER),
    "always, add and edit": section("Location", "/a", POLICY, 'Header always edit access-control-max-age "1" "2"'),
    "in the server, over a section": HEADER + "\n" + section("Location", "/a", POLICY),
    "in the server, with its policy": f"{HEADER}\n{POLICY}\n",
    "in the main server, for a host": HEADER + "\n" + host(POLICY),
    "in a host, under the main server's policy": POLICY + "\n" + host(HEADER),
    "in an outer section": section("Directory", "${DOCROOT}", HEADER) + section("Directory", "${DOCROOT}/a", POLICY),
    "in an inner section": section("Directory", "${DOCROOT}", POLICY) + section("Directory", "${DOCROOT}/a", HEADER),
    "in a Directory that a Location leads to": section("Directory", "${DOCROOT}/a", HEADER) + section("Location", "/a", POLICY),
    "in Files": POLICY + "\n" + section("FilesMatch", r"\.woff2?$", HEADER),
    "in a section inside another": section("Directory", "${DOCROOT}", POLICY, section("Files", "x.woff", HEADER)),
    "in an If": POLICY + f"\n<If \"%{{REQUEST_URI}} =~ m#^/a#\">\n{HEADER}\n</If>\n",
    "in a section by regex": POLICY + "\n" + section("LocationMatch", r"^/v[0-9]+/", HEADER),
    "in a section inside Limit": section("Location", "/a", POLICY, "<Limit GET>", HEADER, "</Limit>"),
    "with Enforce and no origins": section("Location", "/a", "CorsGuard Enforce", HEADER),
}

APART = {
    "no policy": section("Location", "/a", HEADER),
    "a policy elsewhere": section("Location", "/a", HEADER) + section("Location", "/b", POLICY),
    "another host": host(HEADER) + host(POLICY),
    "Off": POLICY + "\n" + section("Location", "/a", "CorsGuard Off", HEADER),
    "Report": section("Location", "/a", "CorsGuard Report", POLICY, HEADER),
    "unset": section("Location", "/a", POLICY, f"Header unset {ACAO}", f"Header always unset {ACAO}"),
    "a request header": section("Location", "/a", POLICY, 'RequestHeader set Access-Control-Request-Method "PUT"'),
    "another header": section("Location", "/a", POLICY, "Header merge Vary Origin", f'Header set X-{ACAO} "*"'),
}


@pytest.mark.parametrize("name", MEETING)
def test_line_that_a_policy_replaces_is_warned_of(make_httpd, name):
    server = make_httpd(modules=["headers"])
    server.folder("htdocs/a")
    text = MEETING[name]
    [warning] = warnings(server, text)
    lines = text.splitlines()
    places = re.findall(rf"{re.escape(str(server.dir))}/site\.conf:(\d+)", warning.split("Header (")[1])
    header, policy = (lines[int(place) - 1].split()[0] for place in places)
    assert header == "Header" and policy in ("CorsAllowOrigin", "CorsGuard")
    assert "remove the Header line" in warning


@pytest.mark.parametrize("name", APART)
def test_what_no_policy_replaces_is_not(make_httpd, name):
    assert warnings(make_httpd(modules=["headers"]), APART[name]) == []


def test_each_line_is_told_once(make_httpd):
    server = make_httpd(modules=["headers", "macro"])
    server.write("snippet.conf", f"{HEADER}\nHeader set Access-Control-Allow-Credentials true\n")
    hosts = (host(POLICY, "Include snippet.conf") * 3) + host("Use recipe 1") + host("Use recipe 2")
    macro = f'<Macro recipe $n>\n<Location "/$n">\n{POLICY}\n{HEADER}\n</Location>\n</Macro>\n'
    said = warnings(server, macro + hosts)
    assert len(said) == 3
    assert all("and 2 more virtual hosts" in line for line in said[:2])
    assert "virtual host h.example:80" in said[0] and "snippet.conf:1" in said[0] and "snippet.conf:2" in said[1]
    assert "macro 'recipe'" in said[2] and "and 1 more virtual host" in said[2]


def test_warnings_are_bounded(make_httpd):
    text = "".join(section("Location", f"/{i}", POLICY, HEADER) for i in range(LIMIT + 7))
    said = warnings(make_httpd(modules=["headers"]), text)
    assert len(said) == LIMIT + 1
    assert said[-1].startswith("CG0104: 7 more like these are not listed")


def test_signed_origins_have_their_place(make_httpd):
    """What merging makes of them is gone when the warning is written."""
    inner = section("Location", "/a", "CorsAllowOrigin +https://b.example.com", HEADER)
    [warning] = warnings(make_httpd(modules=["headers"]), POLICY + "\n" + inner + section("Location", "/b", POLICY) * 50)
    assert "the policy of" in warning and "site.conf:3 is in effect" in warning


def test_refusal_is_told_beside_the_warning(make_httpd):
    server = make_httpd(modules=["headers"])
    refused = "CorsAllowOrigin *\n" + section("Location", "/b", "CorsAllowCredentials On")
    server.configure(section("Location", "/a", POLICY, HEADER) + refused)
    code, said = server.configtest()
    assert code == 1 and "CG0101" in said and "CG0104" in said


def test_server_that_starts_warns_once(make_httpd):
    server = make_httpd(modules=["headers"], starts_with=["CG0104"])
    server.configure(section("Location", "/a", POLICY, HEADER))
    with server:
        assert server.said().count("CG0104") == 1
