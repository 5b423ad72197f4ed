# SPDX-License-Identifier: Apache-2.0
"""Where each directive may stand, and that what stands wrong is refused with file and line."""

import pytest

DIRECTIVES = {
    "CorsGuard": "Enforce",
    "CorsAllowOrigin": "https://app.example",
    "CorsAllowOriginFile": "list.txt",
    "CorsAllowOriginMatch": "https://(dev|qa)[0-9]+\\.example\\.com",
    "CorsAllowCredentials": "On",
    "CorsAllowMethods": "PUT",
    "CorsAllowHeaders": "X-Token",
    "CorsExposeHeaders": "X-Count",
    "CorsMaxAge": "10m",
    "CorsPreflightStatus": "200",
    "CorsPreflight": "Forward",
    "CorsSelfOrigin": "https://self.example",
    "CorsDangerouslyAllow": "null-origin",
}
SECTIONS = [
    '<Directory "${DOCROOT}/a">',
    '<DirectoryMatch "^/never/[0-9]+/">',
    "<Location /a>",
    '<LocationMatch "^/[0-9]+$">',
    '<Files "a.txt">',
    '<FilesMatch "^[0-9]+$">',
    '<If "%{REQUEST_URI} == \'/a\'">',
    '<Proxy "http://127.0.0.1:1/">',
]


def closing(section):
    return f"</{section[1:].split()[0].rstrip('>')}>"


@pytest.fixture
def server(make_httpd):
    server = make_httpd(modules=["macro", "proxy"])
    server.write("list.txt", "https://file.example\n")
    return server


@pytest.mark.core
def test_every_directive_in_every_section(server):
    """They stand in one configuration, so that no two of them disturb each other either."""
    lines = [f"  {name} {value}" for name, value in DIRECTIVES.items()]
    config = list(lines)
    for section in SECTIONS:
        config += [section, *lines, closing(section)]
    config += ["<VirtualHost *:${PORT}>", "  ServerName a.example", *lines]
    for section in SECTIONS:
        config += [section, *lines, closing(section)]
    config += ["</VirtualHost>", "CorsAudit On"]
    server.configure("\n".join(config) + "\n")
    assert server.configtest() == (0, "Syntax OK\n")


@pytest.mark.parametrize("limit", ["Limit GET", "LimitExcept GET"])
@pytest.mark.parametrize("name", [*DIRECTIVES, "CorsAudit"])
def test_limit_is_refused(server, name, limit):
    value = DIRECTIVES.get(name, "On")
    word = limit.split()[0]
    server.configure(f'<Directory "${{DOCROOT}}">\n  <{limit}>\n    {name} {value}\n  </{word}>\n</Directory>\n')
    code, err = server.configtest()
    assert code == 1
    assert f"Syntax error on line 3 of {server.dir}/site.conf" in err
    assert name in err and "Limit" in err


@pytest.mark.parametrize("section", [*SECTIONS, "<VirtualHost *:${PORT}>"])
def test_audit_is_for_the_server(server, section):
    server.configure(f"{section}\n  CorsAudit On\n{closing(section)}\n")
    code, err = server.configtest()
    assert code == 1
    assert f"Syntax error on line 2 of {server.dir}/site.conf" in err
    assert "CorsAudit" in err


@pytest.mark.parametrize("name", [*DIRECTIVES, "CorsAudit"])
def test_argument_is_asked_for(server, name):
    server.configure(f"# comment\n{name}\n")
    code, err = server.configtest()
    assert code == 1
    assert f"Syntax error on line 2 of {server.dir}/site.conf" in err
    assert name in err


@pytest.mark.parametrize("name", ["CorsGuard", "CorsAllowCredentials", "CorsMaxAge", "CorsPreflight", "CorsAudit"])
def test_one_argument_is_enough(server, name):
    server.configure(f"{name} On On\n")
    code, err = server.configtest()
    assert code == 1
    assert name in err


def test_error_in_a_macro_names_the_macro(server):
    macro = "<Macro Cors $origin>\n  CorsAllowOrigin $origin\n</Macro>\n"
    server.configure(f"{macro}<Location /a>\n  Use Cors https://a.com/\n</Location>\n")
    code, err = server.configtest()
    assert code == 1
    assert "https://a.com" in err and "macro" in err.lower()
    assert "line 5" in err


def test_error_in_an_included_file_names_it(server):
    server.write("conf.d/cors.conf", "# one\nCorsAllowOrigin https://a.com/path\n")
    server.configure("Include conf.d/*.conf\n")
    code, err = server.configtest()
    assert code == 1
    assert f"Syntax error on line 2 of {server.dir}/conf.d/cors.conf" in err


@pytest.mark.core
def test_loaded_without_a_directive(server):
    assert server.configtest() == (0, "Syntax OK\n")
