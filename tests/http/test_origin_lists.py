# SPDX-License-Identifier: Apache-2.0
"""Lists of origins: plain, signed, from files, by regular expressions, over several levels."""

import pytest
from cgtest import cors, expected

pytestmark = pytest.mark.core

A, B, C, D = (f"https://{name}.example" for name in "abcd")
EVIL = "https://evil.example"
HOST = "site.example"

CONFIG = """
<Location /base>
  CorsAllowOrigin https://a.example https://*.wild.example
  CorsAllowOrigin https://b.example
</Location>
<Location /base/replaced>
  CorsAllowOrigin https://c.example
</Location>
<Location /base/plus>
  CorsAllowOrigin +https://c.example
</Location>
<Location /base/plus/plus>
  CorsAllowOrigin +https://d.example +https://e.example:*
</Location>
<Location /base/plus/minus>
  CorsAllowOrigin -https://c.example -https://a.example
</Location>
<Location /base/plus/minus/again>
  CorsAllowOrigin +https://a.example
</Location>
<Location /base/plus/minus/again/plain>
  CorsAllowOrigin https://d.example
</Location>
<Location /base/minus>
  CorsAllowOrigin -https://x.wild.example -https://*.deep.wild.example
</Location>
<Location /base/both>
  CorsAllowOrigin +https://c.example -https://a.example
  CorsAllowOrigin -https://b.example
</Location>
<Location /base/unknown>
  CorsAllowOrigin -https://never.example
</Location>
<Location /base/none>
  CorsAllowOrigin none
</Location>
<Location /base/none/plus>
  CorsAllowOrigin +https://d.example
</Location>
<Location /orphan>
  CorsAllowOrigin +https://a.example
</Location>
<Location /any>
  CorsAllowOrigin *
</Location>
<Location /any/minus>
  CorsAllowOrigin -https://evil.example -https://*.evil.example
</Location>
<Location /any/plus>
  CorsAllowOrigin +https://a.example
</Location>
<Location /match>
  CorsAllowOriginMatch https://(dev|qa)[0-9]+\\.wild\\.example http://localhost:[0-9]+
</Location>
<Location /match/minus>
  CorsAllowOrigin -https://dev1.wild.example
</Location>
<Location /match/plain>
  CorsAllowOrigin https://a.example
</Location>
<Location /match/both>
  CorsAllowOriginMatch https://qa[0-9]\\.wild\\.example
  CorsAllowOrigin https://a.example
</Location>
<Location /file>
  CorsAllowOriginFile lists/unix.txt
</Location>
<Location /file/more>
  CorsAllowOrigin +https://d.example -https://a.example
</Location>
<Location /file/replaced>
  CorsAllowOrigin https://d.example
</Location>
<Location /file-dos>
  CorsAllowOriginFile "${DIR}/lists/dos.txt"
</Location>
<Location /file-two>
  CorsAllowOriginFile lists/one.txt
  CorsAllowOriginFile lists/two.txt
  CorsAllowOrigin https://d.example
  CorsAllowOriginMatch https://qa[0-9]\\.wild\\.example
</Location>
<Location /file-many>
  CorsAllowOriginFile lists/many.txt
</Location>
<Location /file-empty>
  CorsAllowOriginFile lists/empty.txt
</Location>
<Location /normal>
  CorsAllowOrigin HTTPS://Upper.Example:443 https://b\u00fccher.example http://[::1]:8080 https://a_b.example
  CorsAllowOrigin HTTP://plain.example:80
</Location>
"""

UNIX = """# partners
https://a.example
  https://b.example   # with a remark
\t
https://*.wild.example
https://a.example
https://C.example"""


@pytest.fixture(scope="module")
def server(module_httpd):
    server = module_httpd(starts_with=["CG0105"])
    server.write("lists/unix.txt", UNIX)
    server.write("lists/dos.txt", b"\xef\xbb\xbf" + UNIX.replace("\n", "\r\n").encode())
    server.write("lists/one.txt", "https://a.example\n")
    server.write("lists/two.txt", "https://b.example\nhttps://c.example\n")
    server.write("lists/many.txt", "".join(f"https://t{number}.example\n" for number in range(20000)))
    server.write("lists/empty.txt", "# nobody yet\n")
    server.configure(CONFIG)
    with server:
        yield server


WILD = "https://x.wild.example"
CASES = {
    "/base": ([A, B, WILD, "https://x.deep.wild.example"], [C, D, EVIL, "https://wild.example"]),
    "/base/replaced": ([C], [A, B, WILD]),
    "/base/plus": ([A, B, C, WILD], [D]),
    "/base/plus/plus": ([A, B, C, D, "https://e.example", "https://e.example:8443"], [EVIL, "http://e.example"]),
    "/base/plus/minus": ([B, WILD], [A, C, D]),
    "/base/plus/minus/again": ([A, B, WILD], [C]),
    "/base/plus/minus/again/plain": ([D], [A, B, C, WILD]),
    "/base/minus": (
        [A, B, "https://y.wild.example", "https://deep.wild.example"],
        [WILD, "https://x.deep.wild.example", "https://x.y.deep.wild.example"],
    ),
    "/base/both": ([C, WILD], [A, B]),
    "/base/unknown": ([A, B, WILD], [C, "https://never.example"]),
    "/base/none": ([], [A, B, C, WILD, "null"]),
    "/base/none/plus": ([D], [A, B, WILD]),
    "/orphan": ([A], [B, WILD]),
    # With exceptions the origin itself is sent, and null must be named for that.
    "/any/minus": ([A, B, "http://insecure.example"], [EVIL, "https://a.evil.example", "null"]),
    "/match": (
        ["https://dev1.wild.example", "https://qa42.wild.example", "http://localhost:3000"],
        ["https://dev.wild.example", "https://dev1xwild.example", "https://xdev1.wild.example", "http://localhost", A],
    ),
    "/match/minus": (["https://dev2.wild.example", "https://qa1.wild.example"], ["https://dev1.wild.example", A]),
    "/match/plain": ([A], ["https://dev1.wild.example"]),
    "/match/both": ([A, "https://qa1.wild.example"], ["https://dev1.wild.example", "http://localhost:3000"]),
    "/file": ([A, B, C, WILD], [D, EVIL]),
    "/file/more": ([B, C, D, WILD], [A, EVIL]),
    "/file/replaced": ([D], [A, B, C, WILD]),
    "/file-dos": ([A, B, C, WILD], [D, EVIL]),
    "/file-two": ([A, B, C, D, "https://qa1.wild.example"], [EVIL, WILD]),
    "/file-many": (["https://t0.example", "https://t19999.example"], ["https://t20000.example", A]),
    "/file-empty": ([], [A, "null"]),
    "/normal": (
        ["https://upper.example", "https://xn--bcher-kva.example", "http://[::1]:8080", "https://a_b.example"]
        + ["http://plain.example"],
        ["https://plain.example", "http://[::1]", "https://upper.example:8443"],
    ),
}


@pytest.mark.parametrize("path", CASES)
def test_list_allows_exactly_its_members(server, path):
    allowed, denied = CASES[path]
    for origin in allowed:
        assert cors(server.get(path, origin, host=HOST)) == expected(origin, vary="origin"), origin
        assert cors(server.preflight(path, origin, host=HOST)) == expected(origin, vary="preflight"), origin
    for origin in denied:
        assert cors(server.get(path, origin, host=HOST)) == expected(vary="origin"), origin
        assert cors(server.preflight(path, origin, host=HOST)) == expected(vary="preflight"), origin


@pytest.mark.parametrize("path", ["/any", "/any/plus"])
def test_wildcard_stays_one(server, path):
    for origin in (A, EVIL, "null", None):
        assert cors(server.get(path, origin)) == expected("*")


def test_wildcard_with_exceptions_varies(server):
    assert cors(server.get("/any/minus")) == expected(vary="origin")


NESTED = """
CorsAllowOrigin https://outermost.example
<Directory ${ROOT}/htdocs>
  CorsAllowOrigin +https://directory.example
</Directory>
<Location /a>
  CorsAllowOrigin https://a.example
</Location>
<Location /a/b>
  CorsAllowOrigin +https://b.example
</Location>
<Location /plus>
  CorsAllowOrigin +https://plus.example
</Location>
<Location /plus/minus>
  CorsAllowOrigin -https://outermost.example -https://directory.example
</Location>
"""
OUTERMOST, DIRECTORY = "https://outermost.example", "https://directory.example"


def test_neighbours_are_merged_before_what_is_around_them(make_httpd):
    """httpd merges nested sections of one kind with each other first, then over the Directories and the server."""
    server = make_httpd()
    server.configure(NESTED.replace("${ROOT}", str(server.dir)))
    lists = {
        "/": [OUTERMOST, DIRECTORY],
        "/a": [A],
        "/a/b": [A, B],
        "/plus": [OUTERMOST, DIRECTORY, "https://plus.example"],
        "/plus/minus": ["https://plus.example"],
    }
    with server:
        for path, members in lists.items():
            for origin in {OUTERMOST, DIRECTORY, A, B, "https://plus.example"}:
                names = expected(origin, vary="origin") if origin in members else expected(vary="origin")
                assert cors(server.get(path, origin, host=HOST)) == names, (path, origin)
