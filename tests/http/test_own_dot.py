# SPDX-License-Identifier: Apache-2.0
"""A site's own origin where its name ends with a dot: browsers keep the dot in Host and in Origin."""

import pytest


@pytest.fixture(scope="module")
def server(module_httpd):
    server = module_httpd()
    server.write("htdocs/page.txt", "page")
    server.configure("CorsGuard Enforce\nCorsAllowOrigin none\n")
    with server:
        yield server


@pytest.mark.parametrize(
    "host, origin, status",
    [
        ("www.example.com.", "http://www.example.com.", 200),
        ("www.example.com.:8080", "http://www.example.com.:8080", 200),
        ("www.example.com.", "http://www.example.com", 403),
        ("www.example.com", "http://www.example.com.", 403),
    ],
)
def test_dot_at_the_end_is_part_of_the_host(server, host, origin, status):
    assert server.get("/page.txt", origin, host=host).status == status
