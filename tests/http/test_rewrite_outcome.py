# SPDX-License-Identifier: Apache-2.0
"""mod_rewrite, carried out by the audit on requests that are never sent: variables, statuses and Vary are those of a
running server. Each configuration below is served, and what comes of it compared with what is written here and with
what -D DUMP_CORS_EXPLAIN says."""

import json
import subprocess
from collections import namedtuple

import pytest
from cgtest import CONFIG_FILE
from cgtest.httpd import FATAL, version

APP = "https://app.example"
MODULES = ["headers", "rewrite", "alias", "dir", "env", "proxy", "proxy_http"]

# What shows a variable, and what it becomes in a request that httpd redirects to inside itself.
NAMES = [prefix + name for name in "VWXYZ" for prefix in ("", "REDIRECT_", "REDIRECT_REDIRECT_")]
SHOWN = "\n".join(f'Header always set X-{name} "%{{{name}}}e" env={name}' for name in NAMES)

FILES = {
    name: name
    for name in ("x.txt", "index.php", "app/a.txt", "app/b.txt", "app/index.php", "in/er/x.txt", "d/index.html")
}

Case = namedtuple("Case", "config asks htaccess")


def of(*lines):
    return "\n".join(lines) + "\n"


def on(*lines):
    return of("RewriteEngine On", *lines)


def case(config, asks, **htaccess):
    """config: of a virtual host. asks: "target | Header: value" -> what is sent; a variable's value, "status" where it
    is not 200, "vary" where there is one. {root} is the document root. htaccess: folder (or top) -> the file's text."""
    return Case(config, asks, htaccess)


CASES = {
    "plain": case(on(r"RewriteRule ^/x\.txt$ - [E=V:1,E=W,E=X:a:b]"), {"/x.txt": {"V": "1", "W": "", "X": "a:b"}}),
    "noslash": case(on(r"RewriteRule ^x\.txt$ - [E=V:1]"), {"/x.txt": {}}),
    "off": case(of("RewriteRule ^ - [E=V:1]"), {"/x.txt": {}}),
    "unset": case(
        of("SetEnv Q 1", "SetEnvIf Origin . V=early W=early", "RewriteEngine On", "RewriteRule ^ - [E=!V]"),
        {"/x.txt": {"W": "early"}},
    ),
    "origin": case(
        on(
            r"RewriteCond %{HTTP:Origin} ^https://(.+)\.example$ [NC]",
            "RewriteRule ^/(.*)$ - [E=V:%{HTTP:Origin},E=W:%1,E=X:$1,E=Y:%{HTTP:origin}x]",
        ),
        {
            "/x.txt": {
                "V": "https://app.example",
                "W": "app",
                "X": "x.txt",
                "Y": "https://app.examplex",
                "vary": "Origin",
            },
            "/x.txt | Origin: https://evil.test": {},
        },
    ),
    "httporigin": case(
        on(
            "RewriteCond %{HTTP_ORIGIN} ^$",
            "RewriteRule ^ - [E=V:empty%{HTTP_ORIGIN}]",
            "RewriteCond %{HTTP_ORIGIN} .",
            "RewriteRule ^ - [E=W:1]",
        ),
        {"/x.txt": {"V": "empty"}},
    ),
    "or": case(
        on(
            "RewriteCond %{HTTP:Origin} =https://a.example [OR]",
            "RewriteCond %{HTTP:Origin} =https://app.example",
            "RewriteRule ^ - [E=V:1]",
            "RewriteCond %{HTTP:Origin} =https://app.example [OR]",
            "RewriteCond %{HTTP_USER_AGENT} z",
            "RewriteCond %{HTTP:X-Foo} !z",
            "RewriteRule ^ - [E=W:1]",
        ),
        {
            "/x.txt": {"V": "1", "W": "1", "vary": "Origin"},
            "/x.txt | User-Agent: z": {"V": "1", "W": "1", "vary": "Origin"},
        },
    ),
    "vary2": case(
        on(
            "RewriteCond %{HTTP:X-A} ^a",
            "RewriteCond %{HTTP:Origin} app [NV]",
            "RewriteRule ^ - [E=V:1]",
            "RewriteCond %{HTTP:X-A}%{HTTP:X-B} a",
            "RewriteRule ^ - [E=W:%{HTTP:X-C}]",
            "RewriteCond %{HTTP_HOST} .",
            "RewriteRule ^ - [E=X:1]",
            "RewriteCond %{HTTP:Origin} nope",
            "RewriteRule ^ - [E=Y:1]",
        ),
        {"/x.txt | X-A: a | X-B: b | X-C: c": {"V": "1", "W": "c", "X": "1", "vary": "X-A X-B"}, "/x.txt": {"X": "1"}},
    ),
    "varyexpr": case(
        on('RewriteCond expr "%{HTTP:Origin} =~ m#^https://(.*)$#"', "RewriteRule ^ - [E=V:%1]"),
        {"/x.txt": {"V": "app.example", "vary": "Origin"}},
    ),
    "varyexprnv": case(
        on('RewriteCond expr "%{HTTP:Origin} =~ m#^https://(.*)$#" [NV]', "RewriteRule ^ - [E=V:%1]"),
        {"/x.txt": {"V": "app.example"}},
    ),
    "varyexprno": case(
        on(
            'RewriteCond expr "%{HTTP:Origin} =~ m#^nope://(.*)$#"',
            "RewriteRule ^ - [E=V:%1]",
            'RewriteCond expr "! %{HTTP:Origin} =~ m#zz#"',
            "RewriteRule ^ - [E=W:1]",
            'RewriteCond expr "!%{HTTP:Origin} =~ m#zz#"',
            "RewriteRule ^ - [E=X:1]",
        ),
        {"/x.txt": {"W": "1", "X": "1", "vary": "Origin"}},
    ),
    "forbid": case(
        on("RewriteCond %{HTTP:Origin} app", "RewriteRule ^ - [F,E=V:1]", "RewriteRule ^ - [E=W:1]"),
        {"/x.txt": {"V": "1", "status": 403}},
    ),
    "gone": case(on("RewriteRule ^/x /y [G,E=V:1]"), {"/x.txt": {"V": "1", "status": 410}}),
    "redir": case(
        on("RewriteCond %{HTTP:Origin} app", "RewriteRule ^/x.txt$ /y.txt [R,E=V:1]", "RewriteRule ^ - [E=W:1]"),
        {"/x.txt": {"V": "1", "W": "1", "status": 302}},
    ),
    "redirl": case(
        on("RewriteRule ^/x.txt$ /y.txt [R=301,L,E=V:1]", "RewriteRule ^ - [E=W:1]"),
        {"/x.txt": {"V": "1", "status": 301}},
    ),
    "redir204": case(
        on("RewriteRule ^/x.txt$ - [R=204,E=V:1]", "RewriteRule ^ - [E=W:1]"),
        {"/x.txt": {"V": "1", "status": 204}},
    ),
    "redir200": case(on("RewriteRule ^/x.txt$ - [R=200,E=V:1]", "RewriteRule ^ - [E=W:1]"), {"/x.txt": {"V": "1"}}),
    "redirdash": case(
        on("RewriteRule ^/x.txt$ - [R=301,E=V:1]", "RewriteRule ^ - [E=W:1]"),
        {"/x.txt": {"V": "1", "W": "1"}},
    ),
    "implicit": case(
        on(
            "RewriteRule ^/x.txt$ https://other.example/y [E=V:1]",
            "RewriteRule ^ - [E=W:$0]",
            "RewriteRule ^https://(.*) - [E=X:$1]",
        ),
        {"/x.txt": {"V": "1", "W": "", "X": "other.example/y", "status": 302}},
    ),
    "subst": case(
        on("RewriteRule ^/x.txt$ /app/a.txt [E=V:1]", "RewriteRule ^/app - [E=W:1]", "RewriteRule ^/x - [E=X:1]"),
        {"/x.txt": {"V": "1", "W": "1"}},
    ),
    "pt": case(
        on(
            "RewriteRule ^/x.txt$ /app/a.txt [PT,E=V:1]",
            "RewriteRule ^ - [E=W:1]",
            "<Location /app>",
            "SetEnvIf Origin . Y=loc",
            "</Location>",
            "<Location /x.txt>",
            "SetEnvIf Origin . Z=locx",
            "</Location>",
        ),
        {"/x.txt": {"V": "1", "Y": "loc"}},
    ),
    "nopt": case(
        on(
            "RewriteRule ^/x.txt$ /app/a.txt [E=V:1]",
            "<Location /app>",
            "SetEnvIf Origin . Y=loc",
            "</Location>",
            "<Location /x.txt>",
            "SetEnvIf Origin . Z=locx",
            "</Location>",
            "<Directory ${DIR}/htdocs/nopt/app>",
            "SetEnvIf Origin . X=dir",
            "</Directory>",
        ),
        {"/x.txt": {"V": "1", "X": "dir", "Z": "locx"}},
    ),
    "last": case(
        on("RewriteRule ^/x - [L,E=V:1]", "RewriteRule ^ - [E=W:1]"),
        {"/x.txt": {"V": "1"}, "/index.php": {"W": "1"}},
    ),
    "end": case(
        on("RewriteRule ^/x - [END,E=V:1]", "RewriteRule ^ - [E=W:1]"),
        {"/x.txt": {"V": "1"}, "/index.php": {"W": "1", "X": "1"}},
        top=on("RewriteRule ^ - [E=X:1]"),
    ),
    "next": case(
        on("RewriteRule ^/x(.*)$ /$1 [N,E=V:$1]", "RewriteRule ^ - [E=W:$0]"),
        {"/xxxx.txt": {"V": ".txt", "W": "", "status": 404}, "/x.txt": {"V": ".txt", "W": "", "status": 404}},
    ),
    "nextloop": case(
        on("RewriteRule ^/(.*)$ /$1 [N=5,E=V:$1]", "RewriteRule ^ - [E=W:$0]"),
        {"/x.txt": {"V": "x.txt", "status": 500}},
    ),
    "chain": case(
        on(
            "RewriteRule ^/x - [C,E=V:1]",
            "RewriteRule t$ - [C,E=W:1]",
            "RewriteRule ^ - [E=X:1]",
            "RewriteRule ^ - [E=Y:1]",
        ),
        {
            "/x.txt": {"V": "1", "W": "1", "X": "1", "Y": "1"},
            "/index.php": {"Y": "1"},
            "/x.php": {"V": "1", "Y": "1", "status": 404},
        },
    ),
    "skip": case(
        on(
            "RewriteRule ^/x - [S=1,E=V:1]",
            "RewriteRule ^ - [E=W:1]",
            "RewriteRule ^ - [E=X:1]",
            "RewriteRule ^ - [S=9]",
        ),
        {"/x.txt": {"V": "1", "X": "1"}, "/index.php": {"W": "1", "X": "1"}},
    ),
    "negate": case(
        on("RewriteRule !^/x - [E=V:n$0]", "RewriteCond %{REQUEST_URI} !^/(y)", "RewriteRule ^ - [E=W:%1z]"),
        {"/x.txt": {"W": "z"}, "/index.php": {"V": "n", "W": "z"}},
    ),
    "nc": case(
        on(
            "RewriteRule ^/X - [NC,E=V:1]",
            "RewriteRule ^/X - [E=W:1]",
            "RewriteCond %{REQUEST_URI} =/X.TXT [NC]",
            "RewriteRule ^ - [E=X:1]",
        ),
        {"/x.txt": {"V": "1", "X": "1"}},
    ),
    "quote": case(
        on(r'''RewriteRule "^/x\.txt$" "-" "[E=V:a b,E=W:it's]"''', r"RewriteRule ^/x - [E=X:a\ b]"),
        {"/x.txt": {'V': 'a b', 'W': "it's", 'X': 'a b'}},
    ),
    "percent": case(
        on(r"RewriteRule ^ - [E=V:%%1\%1$$,E=W:%{FOO}%{nope,E=X:$1\$0]"),
        {"/x.txt": {"V": "%%1$$", "W": "%{nope", "X": "$0"}},
    ),
    "ht": case(
        "",
        {"/x.txt": {"V": "https://app.example", "W": "x.txt"}},
        top=on(r"RewriteRule ^x\.txt$ - [E=V:%{HTTP:Origin},E=W:$0]", "RewriteRule ^/x - [E=X:1]"),
    ),
    "htsub": case(
        "",
        {
            "/app/a.txt": {"V": "a.txt"},
            "/app/": {"V": "", "status": 404},
            "/app/nope/deep": {"V": "nope/deep", "status": 404},
            "/app": {"status": 301},
        },
        app=on("RewriteRule ^(.*)$ - [E=V:$1]"),
    ),
    "htindex": case(
        "",
        {
            "/x.txt": {"V": "https://app.example"},
            "/nope": {"V": "https://app.example", "REDIRECT_V": "https://app.example"},
            "/nope?q=1": {"V": "https://app.example", "REDIRECT_V": "https://app.example"},
        },
        top=on(
            "RewriteRule ^ - [E=V:%{HTTP:Origin}]",
            "RewriteCond %{REQUEST_FILENAME} !-f",
            "RewriteRule . /index.php [L]",
        ),
    ),
    "htindexrel": case(
        "",
        {
            "/x.txt": {"V": "https://app.example", "vary": "Origin"},
            "/nope": {
                "V": "https://app.example",
                "REDIRECT_V": "https://app.example",
                "REDIRECT_W": "",
                "vary": "Origin",
            },
        },
        top=on(
            "RewriteBase /",
            "RewriteCond %{HTTP:Origin} app",
            "RewriteRule ^ - [E=V:%{HTTP:Origin}]",
            r"RewriteRule ^index\.php$ - [L]",
            "RewriteCond %{REQUEST_FILENAME} !-f",
            "RewriteCond %{REQUEST_FILENAME} !-d",
            "RewriteRule . index.php [L,E=W:%{ENV:REDIRECT_V}]",
        ),
    ),
    "htbase": case(
        "",
        {"/app/nope": {"REDIRECT_V": "/app/nope"}},
        app=on("RewriteBase /app/", r"RewriteCond %{REQUEST_URI} !a\.txt", "RewriteRule ^ a.txt [E=V:%{REQUEST_URI}]"),
    ),
    "htredirstatus": case(
        "",
        {"/x.txt": {"REDIRECT_V": "x.txt", "W": "200x.txt"}},
        top=on(
            "RewriteCond %{ENV:REDIRECT_STATUS} ^$",
            "RewriteRule ^(.*)$ app/a.txt [E=V:$1]",
            "RewriteCond %{ENV:REDIRECT_STATUS} 200",
            "RewriteRule ^ - [E=W:%{ENV:REDIRECT_STATUS}%{ENV:REDIRECT_V}]",
        ),
    ),
    "htslashes": case(
        "",
        {"/x.txt": {"V": "/app/a.txt"}},
        top=on("RewriteRule ^x //app/../app//a.txt", "RewriteRule ^app - [E=V:%{REQUEST_URI}]"),
    ),
    "htline": case(
        "",
        {"/nope?q=1": {"REDIRECT_V": "GET /nope?q=1 HTTP/1.1", "W": "GET /nope?q=1 HTTP/1.1"}},
        top=on(
            "RewriteCond %{REQUEST_FILENAME} !-f",
            "RewriteRule ^ index.php?z=1 [E=V:%{THE_REQUEST},L]",
            "RewriteRule ^ - [E=W:%{THE_REQUEST}]",
        ),
    ),
    "htend": case(
        "",
        {"/x.txt": {"REDIRECT_V": "1"}},
        top=on("RewriteRule ^x - [E=V:1]", "RewriteRule ^x app/a.txt [END]", "RewriteRule ^ - [E=W:1]"),
    ),
    "htloop": case(
        "",
        {"/x.txt": {"V": "1", "REDIRECT_V": "1", "REDIRECT_REDIRECT_V": "1", "status": 500}},
        top=on("RewriteRule ^(.*)$ app/$1 [E=V:1]"),
    ),
    "htsame": case(
        "",
        {"/x.txt": {"V": "1", "W": "1"}},
        top=on(r"RewriteRule ^x\.txt$ x.txt [E=V:1]", "RewriteRule ^ - [E=W:1]"),
    ),
    "htvary": case(
        "",
        {"/x.txt": {"REDIRECT_V": "1", "vary": "Origin"}},
        top=on("RewriteCond %{HTTP:Origin} app", "RewriteRule ^x app/a.txt [E=V:1]"),
    ),
    "htenv": case(
        of("SetEnvIf Origin . V=server", "SetEnv W set"),
        {
            "/x.txt": {
                "V": "server",
                "REDIRECT_V": "server",
                "W": "set",
                "REDIRECT_W": "set",
                "Y": "1",
                "REDIRECT_Y": "1",
            },
            "/app/a.txt": {"V": "server", "W": "set", "Y": "1"},
        },
        top=on(
            "RewriteCond %{ENV:W} set",
            "RewriteRule ^ - [E=X:1]",
            "RewriteCond %{ENV:V} server",
            "RewriteRule ^ - [E=Y:1]",
            "RewriteRule ^x app/a.txt",
        ),
    ),
    "htsetenv": case(of("SetEnv V set"), {"/x.txt": {"V": "rw"}}, top=on("RewriteRule ^ - [E=V:rw]")),
    "htsetenvif": case(
        "",
        {"/x.txt": {"V": "rw"}},
        top=of(
            "SetEnvIf Origin . V=ht W=1",
            "RewriteEngine On",
            "RewriteCond %{ENV:V} ht",
            "RewriteRule ^ - [E=V:rw,E=!W]",
        ),
    ),
    "inherit0": case(
        on("RewriteRule ^ - [E=Z:srv]"),
        {"/app/a.txt": {"W": "inner", "Z": "srv"}},
        top=on("RewriteRule ^ - [E=V:outer]"),
        app=of("RewriteRule ^ - [E=W:inner]"),
    ),
    "inherit1": case(
        on(),
        {"/app/a.txt": {"V": "outer", "W": "inner", "X": "outerinner", "Z": "a.txt"}},
        top=of("RewriteRule ^ - [E=V:outer,E=X:outer%{ENV:W}]"),
        app=of("RewriteOptions Inherit", "RewriteRule ^ - [E=W:inner$0]", "RewriteRule .* - [E=Z:$0]"),
    ),
    "inherit2": case(
        "",
        {"/app/a.txt": {"V": "outer", "W": "inner", "X": "a.txt"}},
        top=on("RewriteRule .* - [E=V:outer,E=X:$0%{ENV:W}]"),
        app=of("RewriteOptions InheritBefore", "RewriteRule ^ - [E=W:inner]"),
    ),
    "inheritdown": case(
        "",
        {"/app/a.txt": {"V": "outer", "W": "inner", "X": "a.txtinner"}},
        top=on("RewriteOptions InheritDown", "RewriteRule .* - [E=V:outer,E=X:$0%{ENV:W}]"),
        app=of("RewriteRule ^ - [E=W:inner]"),
    ),
    "inheritdownb": case(
        "",
        {"/app/a.txt": {"V": "outer", "W": "inner", "X": "a.txt"}},
        top=on("RewriteOptions InheritDownBefore", "RewriteRule .* - [E=V:outer,E=X:$0%{ENV:W}]"),
        app=of("RewriteRule ^ - [E=W:inner]"),
    ),
    "ignore": case(
        "",
        {"/app/a.txt": {"W": "inner"}},
        top=on("RewriteOptions InheritDown", "RewriteRule .* - [E=V:outer]"),
        app=of("RewriteOptions IgnoreInherit", "RewriteRule ^ - [E=W:inner]"),
    ),
    "engineonly": case("", {"/app/a.txt": {}}, top=on("RewriteRule .* - [E=V:outer]"), app=of("RewriteEngine On")),
    "engineoff": case("", {"/app/a.txt": {}}, top=on("RewriteRule .* - [E=V:outer]"), app=of("RewriteEngine Off")),
    "baseonly": case("", {"/app/a.txt": {}}, top=on("RewriteRule .* - [E=V:outer]"), app=of("RewriteBase /")),
    "dirsec": case(
        of("<Directory ${DIR}/htdocs/dirsec>", "RewriteEngine On", "RewriteRule ^(.*)$ - [E=V:$1]", "</Directory>"),
        {"/app/a.txt": {"V": "app/a.txt"}},
    ),
    "locsec": case(
        of("<Location /app>", "RewriteEngine On", "RewriteRule ^(.*)$ - [E=V:$1]", "</Location>"),
        {"/app/a.txt": {"V": "{root}/app/a.txt"}},
    ),
    "locdocroot": case(
        of("<Location />", "RewriteEngine On", "RewriteRule ^tmp/ - [E=V:1]", "</Location>"),
        {"/app/a.txt": {"V": "1"}},
    ),
    "locsub": case(
        of("<Location /app>", "RewriteEngine On", r"RewriteRule a\.txt$ b.txt [E=V:1]", "</Location>"),
        {"/app/a.txt": {"REDIRECT_V": "1"}},
    ),
    "locmatch": case(
        of("<LocationMatch ^/app>", "RewriteEngine On", r"RewriteRule a\.txt$ /app/b.txt [E=V:1]", "</LocationMatch>"),
        {"/app/a.txt": {"REDIRECT_V": "1"}},
    ),
    "filesec": case(
        of("<Files a.txt>", "RewriteEngine On", "RewriteRule ^(.*)$ - [E=V:$1]", "</Files>"),
        {"/app/a.txt": {"V": "{root}/app/a.txt"}, "/x.txt": {}},
    ),
    "filesht": case(
        "",
        {"/app/a.txt": {"V": "{root}/app/a.txt"}},
        app=of("<Files a.txt>", "RewriteEngine On", "RewriteRule ^(.*)$ - [E=V:$1]", "</Files>"),
    ),
    "filesmatchht": case(
        "",
        {"/app/a.txt": {"V": "{root}/app/a.txt"}},
        app=on("RewriteRule ^ - [E=W:1]", r'<FilesMatch "\.txt$">', "RewriteRule ^(.*)$ - [E=V:$1]", "</FilesMatch>"),
    ),
    "ifsec": case(
        of('<If "%{HTTP:Origin} =~ /app/">', "RewriteEngine On", "RewriteRule ^(.*)$ - [E=V:$1]", "</If>"),
        {"/app/a.txt": {"V": "{root}/app/a.txt", "vary": "Origin"}},
    ),
    "ifht": case(
        "",
        {"/app/a.txt": {"V": "{root}/app/a.txt", "vary": "Origin"}},
        top=of('<If "%{HTTP:Origin} =~ /app/">', "RewriteEngine On", "RewriteRule ^(.*)$ - [E=V:$1]", "</If>"),
    ),
    "locengineoff": case(
        on("RewriteRule ^ - [E=V:srv]", "<Location /app>", "RewriteEngine Off", "</Location>"),
        {"/app/a.txt": {}, "/x.txt": {"V": "srv"}},
    ),
    "locengineon": case(
        of("RewriteRule ^ - [E=V:srv]", "<Location /app>", "RewriteEngine On", "</Location>"),
        {"/app/a.txt": {"V": "srv"}, "/x.txt": {}},
    ),
    "direngineoff": case(
        on("RewriteRule ^ - [E=V:srv]", "<Directory ${DIR}/htdocs/direngineoff>", "RewriteEngine Off", "</Directory>"),
        {"/app/a.txt": {"V": "srv"}},
    ),
    "srvinheritdir": case(
        on("RewriteOptions InheritDown", "RewriteRule ^(.*)$ - [E=V:srv$1]"),
        {"/app/a.txt": {"V": "srv/app/a.txt", "W": "1"}},
        top=of("RewriteRule ^ - [E=W:1]"),
    ),
    "htforbid": case(
        "",
        {"/x.txt": {"V": "1", "status": 403}},
        top=on("RewriteCond %{HTTP:Origin} app", "RewriteRule ^ - [F,E=V:1]"),
    ),
    "htredirect": case(
        "",
        {"/x.txt": {"V": "1", "status": 301}},
        top=on("RewriteCond %{HTTP:Origin} app", r"RewriteRule ^x\.txt$ y.txt [R=301,E=V:1,L]"),
    ),
    "htredirectbase": case(
        "",
        {"/app/a.txt": {"V": "1", "status": 301}},
        app=on("RewriteBase /zz/", r"RewriteRule ^a\.txt$ y.txt [R=301,E=V:1,L]"),
    ),
    "aliashtindex": case(
        of(
            "Alias /al ${DIR}/elsewhere",
            "<Directory ${DIR}/elsewhere>",
            "RewriteEngine On",
            "RewriteCond %{REQUEST_URI} !index",
            "RewriteRule ^ index.html [E=V:1,E=W:%{REQUEST_FILENAME}]",
            "</Directory>",
        ),
        {"/al/x.txt": {"REDIRECT_V": "1", "REDIRECT_W": "{dir}/elsewhere/x.txt"}},
    ),
    "symcond": case(
        "",
        {
            "/x.txt": {"V": "f", "X": "s", "Y": "e"},
            "/app": {"W": "d", "X": "s", "Y": "e", "status": 301},
            "/index.php/foo/bar": {"V": "f", "X": "s", "Y": "e", "status": 404},
        },
        top=on(
            "RewriteCond %{REQUEST_FILENAME} -f",
            "RewriteRule ^ - [E=V:f]",
            "RewriteCond %{REQUEST_FILENAME} -d",
            "RewriteRule ^ - [E=W:d]",
            "RewriteCond %{DOCUMENT_ROOT}/x.txt -s",
            "RewriteRule ^ - [E=X:s]",
            "RewriteCond %{REQUEST_URI} !-e",  # no such test, so a regex: file names hold "-e" by chance
            "RewriteRule ^ - [E=Y:e]",
        ),
    ),
    "pathinfo": case(
        "",
        {
            "/index.php/foo/bar": {"V": "index.php/foo/bar", "W": "/foo/bar", "status": 404},
            "/no/pe/there": {"V": "no/pe/there", "W": "/pe/there", "status": 404},
            "/app/no/pe/": {"V": "app/no/pe/", "W": "/pe/", "status": 404},
        },
        top=on("RewriteRule ^(.*)$ - [E=V:$1,E=W:%{PATH_INFO}]"),
    ),
    "map": case(
        on(
            "RewriteMap low int:tolower",
            "RewriteMap up int:toupper",
            "RewriteMap esc int:escape",
            "RewriteMap un int:unescape",
            'RewriteRule ^/(.*) - "[E=V:${low:AbC$1|d},E=W:${up:%{HTTP:Origin}},E=X:${esc:a b?},E=Y:${un:a%20b},E=Z:${nomap:x|dflt$1}]"',
        ),
        {"/x.txt": {"V": "abcx.txt", "W": "HTTPS://APP.EXAMPLE", "X": "a%20b%3f", "Y": "a0b", "Z": "dfltx.txt"}},
    ),
    "mapht": case(
        of("RewriteMap low int:tolower"),
        {"/x.txt": {"V": "abx.txt"}},
        top=on("RewriteRule ^(.*)$ - [E=V:${low:AB$1}]"),
    ),
    "varsht": case(
        "",
        {
            "/x.txt?a=b": {"V": "/x.txt|{root}/x.txt|{root}/x.txt|||{root}|a=b"},
            "/index.php/q%20r": {"V": "/index.php/q r|{root}/index.php|{root}/index.php|/q r||{root}|", "status": 404},
        },
        top=on(
            "RewriteRule ^ - [E=V:%{REQUEST_URI}|%{REQUEST_FILENAME}|%{SCRIPT_FILENAME}|%{PATH_INFO}|%{CONTEXT_PREFIX}|%{CONTEXT_DOCUMENT_ROOT}|%{QUERY_STRING}]",
        ),
    ),
    "cmp": case(
        on(
            "RewriteCond %{QUERY_STRING} =b",
            "RewriteRule ^ - [E=V:%{ENV:V}0]",
            "RewriteCond %{QUERY_STRING} <c",
            "RewriteRule ^ - [E=V:%{ENV:V}1]",
            "RewriteCond %{QUERY_STRING} <=b",
            "RewriteRule ^ - [E=V:%{ENV:V}2]",
            "RewriteCond %{QUERY_STRING} >a",
            "RewriteRule ^ - [E=V:%{ENV:V}3]",
            "RewriteCond %{QUERY_STRING} >=b",
            "RewriteRule ^ - [E=V:%{ENV:V}4]",
            "RewriteCond %{QUERY_STRING} !=b",
            "RewriteRule ^ - [E=V:%{ENV:V}5]",
            "RewriteCond %{QUERY_STRING} !<c",
            "RewriteRule ^ - [E=V:%{ENV:V}6]",
            "RewriteCond %{QUERY_STRING} -eq10",
            "RewriteRule ^ - [E=V:%{ENV:V}7]",
            "RewriteCond %{QUERY_STRING} -ne9",
            "RewriteRule ^ - [E=V:%{ENV:V}8]",
            "RewriteCond %{QUERY_STRING} -lt11",
            "RewriteRule ^ - [E=V:%{ENV:V}9]",
            "RewriteCond %{QUERY_STRING} -le10",
            "RewriteRule ^ - [E=V:%{ENV:V}10]",
            "RewriteCond %{QUERY_STRING} -gt9",
            "RewriteRule ^ - [E=V:%{ENV:V}11]",
            "RewriteCond %{QUERY_STRING} -ge10",
            "RewriteRule ^ - [E=V:%{ENV:V}12]",
            "RewriteCond %{QUERY_STRING} !-eq10",
            "RewriteRule ^ - [E=V:%{ENV:V}13]",
            'RewriteCond %{QUERY_STRING} =""',
            "RewriteRule ^ - [E=V:%{ENV:V}14]",
            "RewriteCond %{QUERY_STRING} >aa",
            "RewriteRule ^ - [E=V:%{ENV:V}15]",
            "RewriteCond %{QUERY_STRING} <aa",
            "RewriteRule ^ - [E=V:%{ENV:V}16]",
            'RewriteCond %{QUERY_STRING} "=b"',
            "RewriteRule ^ - [E=V:%{ENV:V}17]",
            "RewriteCond %{QUERY_STRING} -eq",
            "RewriteRule ^ - [E=V:%{ENV:V}18]",
            "RewriteCond %{QUERY_STRING} -lt",
            "RewriteRule ^ - [E=V:%{ENV:V}19]",
            "RewriteCond %{QUERY_STRING} >B [NC]",
            "RewriteRule ^ - [E=V:%{ENV:V}20]",
        ),
        {
            "/x.txt?b": {"V": "012348910131617"},
            "/x.txt?10": {"V": "345678910111216"},
            "/x.txt": {"V": "1258910131416"},
            "/x.txt?bb": {"V": "34568910131520"},
        },
    ),
    "q": case(
        on(
            "RewriteRule ^/x /app/a.txt?q=1",
            "RewriteRule ^ - [E=V:%{QUERY_STRING}]",
            "RewriteRule ^ - [E=W:%{REQUEST_FILENAME}]",
        ),
        {"/x.txt?a=b": {"V": "q=1", "W": "/app/a.txt"}, "/x.txt": {"V": "q=1", "W": "/app/a.txt"}},
    ),
    "qsa": case(
        on("RewriteRule ^/x /app/a.txt?q=1 [QSA]", "RewriteRule ^ - [E=V:%{QUERY_STRING}]"),
        {"/x.txt?a=b": {"V": "q=1&a=b"}, "/x.txt": {"V": "q=1"}},
    ),
    "qsd": case(
        on("RewriteRule ^/x /app/a.txt [QSD]", "RewriteRule ^ - [E=V:%{QUERY_STRING}]"),
        {"/x.txt?a=b": {"V": ""}, "/x.txt": {"V": ""}},
    ),
    "qlast": case(
        on("RewriteRule ^/x /app/a.txt? [E=W:1]", "RewriteRule ^ - [E=V:%{QUERY_STRING}]"),
        {"/x.txt?a=b": {"V": "", "W": "1"}, "/x.txt": {"V": "", "W": "1"}},
    ),
    "qkeep": case(
        on("RewriteRule ^/x /app/a.txt", "RewriteRule ^ - [E=V:%{QUERY_STRING}]"),
        {"/x.txt?a=b": {"V": "a=b"}, "/x.txt": {"V": ""}},
    ),
    "qsl": case(
        on(
            "RewriteRule ^/x(.*)$ /app/a.txt?p=?&z [QSL]",
            "RewriteRule ^ - [E=V:%{QUERY_STRING},E=W:%{REQUEST_FILENAME}]",
        ),
        {
            "/x.txt?a=b": {"V": "&z", "W": "/app/a.txt?p=", "status": 404},
            "/x.txt": {"V": "&z", "W": "/app/a.txt?p=", "status": 404},
        },
    ),
    "b": case(
        on(
            "RewriteRule ^/(.*)$ - [B,E=V:$1]",
            "RewriteRule ^/(.*)$ /app/a.txt?q=$1 [B]",
            "RewriteRule ^ - [E=W:%{QUERY_STRING}]",
        ),
        {"/a%20b%26": {"V": "a b&", "W": "q=a+b%26"}, "/x.txt": {"V": "x.txt", "W": "q=x%2etxt"}},
    ),
    "b3": case(
        on('RewriteRule ^/(.*)$ /app/a.txt?q=$1 "[B= &,BNP]"', "RewriteRule ^ - [E=W:%{QUERY_STRING}]"),
        {"/a%20b%26c%3d": {"W": "q=a%20b%26c="}, "/x.txt": {"W": "q=x.txt"}},
    ),
    "b2": case(
        on("RewriteRule ^/(.*)$ /app/a.txt?q=$1 [BCTLS]", "RewriteRule ^ - [E=W:%{QUERY_STRING}]"),
        {"/a%20b%26c%3d": {"W": "q=a+b&c="}, "/x.txt": {"W": "q=x.txt"}},
    ),
    "b4": case(
        on("RewriteRule ^/(.*)$ /app/a.txt?q=$1 [B,BNE=/.]", "RewriteRule ^ - [E=W:%{QUERY_STRING}]"),
        {"/x/a%20b.txt": {"W": "q=x/a+b.txt"}, "/x.txt": {"W": "q=x.txt"}},
    ),
    "spaceargs": case(
        on("RewriteRule ^/(.*)$ /app/a.txt?q=$1 [E=V:1]"),
        {"/a%20b": {"V": "1", "status": 403}, "/x.txt": {"V": "1"}},
    ),
    "q3f": case(on("RewriteRule ^/(.*)$ /app/$1 [E=V:1]", "RewriteRule ^ - [E=W:1]"), {"/a.txt%3fx": {"status": 403}}),
    "q3fok": case(
        on("RewriteRule ^/(.*)$ /app/$1 [E=V:1,UnsafeAllow3F]", "RewriteRule ^ - [E=W:1]"),
        {"/a.txt%3fx": {"V": "1", "W": "1"}},
    ),
    "dpi": case(
        "",
        {"/index.php/foo": {"REDIRECT_V": "/foo", "W": "app/a.txt", "REDIRECT_W": "app/a.txt"}},
        top=on("RewriteRule ^index.php app/a.txt [DPI,E=V:%{PATH_INFO}]", "RewriteRule ^(.*)$ - [E=W:$1]"),
    ),
    "nodpi": case(
        "",
        {"/index.php/foo": {"V": "/foo", "W": "index.php/foo", "status": 404}},
        top=on("RewriteRule ^index.php index.php [E=V:%{PATH_INFO}]", "RewriteRule ^(.*)$ - [E=W:$1]"),
    ),
    "dirindex": case(
        on("RewriteRule ^(.*)$ - [E=V:$1,E=W:%{IS_SUBREQ}]"),
        {
            "/d/": {"V": "/d/index.html", "W": "true", "X": "index.html", "Y": "true", "Z": ""},
            "/d": {"V": "/d", "W": "false", "status": 301},
        },
        d=on("RewriteRule ^(.*)$ - [E=X:$1,E=Y:%{IS_SUBREQ}]", "RewriteRule ^(.*)$ - [NS,E=Z:$1]"),
    ),
    "dirindex2": case(
        of("DirectoryIndex index.php"),
        {"/": {"V": "https://app.example", "W": "https://app.example", "vary": "Origin"}},
        top=on(
            "RewriteCond %{HTTP:Origin} app",
            "RewriteRule ^$ - [E=V:%{HTTP:Origin}]",
            "RewriteCond %{HTTP:Origin} app",
            "RewriteRule ^index - [E=W:%{HTTP:Origin}]",
        ),
    ),
    "fsroot": case(on("RewriteRule ^/x /tmp/x.txt [E=V:1]"), {"/x.txt": {"V": "1", "status": 404}}),
    "rel": case(
        on("RewriteRule ^/x app/a.txt [E=V:1]", "RewriteRule ^(.*)$ - [E=W:$1]"),
        {"/x.txt": {"V": "1", "W": "/app/a.txt"}},
    ),
    "slashes": case(
        on(
            "RewriteRule ^/x //app//a.txt [E=V:1]",
            "RewriteRule ^(.*)$ - [E=W:$1]",
            "RewriteRule ^(.*)$ /$1",
            "RewriteRule ^(.*)$ - [E=X:$1]",
        ),
        {"/x.txt": {"V": "1", "W": "//app//a.txt", "X": "/app//a.txt"}},
    ),
    "self": case(
        on("RewriteRule ^/x http://self.test/app/a.txt [E=V:1]", "RewriteRule ^(.*)$ - [E=W:$1]"),
        {"/x.txt": {"V": "1", "W": "http://self.test/app/a.txt", "status": 302}},
    ),
    "proxy": case(
        on(
            "RewriteRule ^/x http://127.0.0.1:9/app/a.txt [P,E=V:1]",
            "RewriteRule ^(.*)$ - [E=W:1]",
            "<Proxy *>",
            "SetEnvIf Origin . X=proxy",
            "</Proxy>",
            "<Directory ${DIR}/htdocs/proxy>",
            "SetEnvIf Origin . Y=dir",
            "</Directory>",
            "<Location /x.txt>",
            "SetEnvIf Origin . Z=loc",
            "</Location>",
        ),
        {"/x.txt": {"V": "1", "X": "proxy", "Z": "loc", "status": 503}},
    ),
    "proxyht": case(
        "",
        {"/x.txt": {"V": "1", "Y": "dir", "status": 503}},
        top=on(
            "SetEnvIf Origin . Y=dir",
            "RewriteRule ^x http://127.0.0.1:9/app/a.txt [P,E=V:1]",
            "RewriteRule ^(.*)$ - [E=W:1]",
        ),
    ),
    "proxypass": case(
        of(
            "ProxyPass /x.txt http://127.0.0.1:9/q",
            "<Location /x.txt>",
            "RewriteEngine On",
            "RewriteRule (.*) - [E=V:$1]",
            "</Location>",
        ),
        {"/x.txt": {"V": "proxy:http://127.0.0.1:9/q", "status": 503}},
    ),
    "alias": case(
        of(
            "Alias /al ${DIR}/htdocs/alias/app",
            "RewriteEngine On",
            "RewriteRule ^/x /al/a.txt [PT,E=V:1]",
            "<Location /al>",
            "RewriteEngine On",
            "RewriteRule (.*) - [E=W:%{REQUEST_URI}]",
            "</Location>",
        ),
        {"/x.txt": {"V": "1", "W": "/al/a.txt"}},
    ),
    "exprfalse": case(
        on('RewriteCond expr "%{HTTP:Origin} =~ /nope/"', "RewriteRule ^ - [E=V:%1]"),
        {"/x.txt": {"vary": "Origin"}},
    ),
    "exprnot": case(
        on(
            'RewriteCond expr "!%{HTTP:Origin} =~ /nope/"',
            "RewriteRule ^ - [E=V:1]",
            'RewriteCond expr "%{HTTP:Origin} =~ /nope/" [OR]',
            "RewriteCond %{REQUEST_URI} x",
            "RewriteRule ^ - [E=W:1]",
        ),
        {"/x.txt": {"V": "1", "W": "1", "vary": "Origin"}},
    ),
    "vunderscore": case(on("RewriteRule ^ - [E=V-W:1,E=%{HTTP:X-N}:2]"), {"/x.txt | X-N: W": {"W": "2"}}),
    "emptyname": case(on("RewriteRule ^ - [E=:1,E=,E=V:ok]"), {"/x.txt": {"V": "ok"}}),
    "condorlast": case(
        on(
            "RewriteCond %{REQUEST_URI} nope [OR]",
            "RewriteRule ^ - [E=V:1]",
            "RewriteCond %{REQUEST_URI} x [OR]",
            "RewriteRule ^ - [E=W:1]",
        ),
        {"/x.txt": {"V": "1", "W": "1"}},
    ),
    "chainlast": case(on("RewriteRule nope - [C,E=V:1]", "RewriteRule ^ - [C,E=W:1]"), {"/x.txt": {}}),
    "backrefkeep": case(
        on(
            "RewriteCond %{HTTP:Origin} ^https://(.*)",
            "RewriteCond %{REQUEST_URI} !nope(.)",
            "RewriteCond %{REQUEST_URI} ^/(x)?",
            "RewriteRule ^ - [E=V:%1]",
            "RewriteRule ^ - [E=W:z%1]",
            "RewriteCond %{HTTP:Origin} ^https://(app)|(zzz)",
            "RewriteRule ^ - [E=X:%1-%2-%3-%9]",
        ),
        {"/x.txt": {"V": "x", "W": "z", "X": "app---", "vary": "Origin"}},
    ),
    "condbackref": case(
        on(
            "RewriteCond %{HTTP:Origin} ^https://([^.]+)",
            "RewriteCond %1 =app",
            "RewriteRule ^/(.) - [E=V:%0,E=W:$1]",
            "RewriteCond $1%{HTTP:Origin} ^xhttps://(.*)$",
            "RewriteRule ^/(.) - [E=X:%1]",
            "RewriteCond %{HTTP:Host}@@%{HTTP:Origin} ^([^@]*)@@https?://.*",
            "RewriteRule ^ - [E=Y:%1]",
        ),
        {"/x.txt": {"V": "https://app", "W": "x", "X": "app.example", "Y": "condbackref.test", "vary": "Origin"}},
    ),
    "envorder": case(
        on("SetEnvIf Origin (.*) V=$1", "RewriteCond %{ENV:V} app", "RewriteRule ^ - [E=W:%{ENV:V}]"),
        {"/x.txt": {"V": "https://app.example", "W": "https://app.example"}},
    ),
    "filesrel": case(
        "",
        {"/app/a.txt": {"V": "1", "status": 400}},
        app=of("<Files a.txt>", "RewriteEngine On", "RewriteRule a b.txt [E=V:1]", "</Files>"),
    ),
    "ifrel": case(
        "",
        {"/app/a.txt": {"V": "1", "status": 400}},
        app=of("<If true>", "RewriteEngine On", "RewriteRule a b.txt [E=V:1]", "</If>"),
    ),
    "ifabs": case(
        "",
        {"/app/a.txt": {"REDIRECT_V": "1"}},
        app=of("<If true>", "RewriteEngine On", r"RewriteRule a\.txt /x.txt [E=V:1]", "</If>"),
    ),
    "dirmatch": case(
        of("<DirectoryMatch /dirmatch/app>", "RewriteEngine On", "RewriteRule ^(.*)$ - [E=V:$1]", "</DirectoryMatch>"),
        {"/app/a.txt": {"V": "{root}/app/a.txt"}},
    ),
    "locs": case(
        of(
            "<Location />",
            "RewriteEngine On",
            "RewriteRule ^ - [E=V:1]",
            "</Location>",
            "<Location /app>",
            "RewriteOptions Inherit",
            "RewriteRule ^ - [E=W:1]",
            "</Location>",
        ),
        {"/app/a.txt": {"V": "1", "W": "1", "X": "1"}},
        top=on("RewriteRule ^ - [E=X:1]"),
    ),
    "locinh": case(
        of("<Location /app>", "RewriteOptions Inherit", "RewriteRule ^(.*)$ - [E=W:$1]", "</Location>"),
        {"/app/a.txt": {"W": "{root}/app/a.txt", "X": "{root}/app/a.txt"}},
        top=on("RewriteRule ^(.*)$ - [E=X:$1]"),
    ),
    "noslashx": case(
        "",
        {"/app": {"V": "1", "X": "[{root}/app]", "status": 301}},
        app=on("RewriteOptions AllowNoSlash", "RewriteRule ^(.*)$ - [E=X:[$1],E=V:1]"),
    ),
    "caseenv": case(
        on('RewriteRule ^ - "[env=V:1,Env=W:2,ENV=X:3, E=Y:4 ]"'),
        {"/x.txt": {"V": "1", "W": "2", "X": "3", "Y": "4"}},
    ),
    "redirquery": case(
        "",
        {"/x.txt?a=b": {"REDIRECT_V": "1", "W": "z=1&a=b"}},
        top=on(r"RewriteRule ^x\.txt$ /app/a.txt?z=1 [QSA,E=V:1]", "RewriteRule ^app - [E=W:%{QUERY_STRING}]"),
    ),
    "pti": case(
        "",
        {"/x.txt": {"REDIRECT_V": "1", "W": "1"}},
        top=on(r"RewriteRule ^x\.txt$ /app/a.txt [PT,E=V:1]", "RewriteRule ^ - [E=W:1]"),
    ),
    "two": case(
        on("RewriteRule ^/x - [E=V:srv]"),
        {"/x.txt": {}},
        top=on("RewriteRule ^ - [E=!V]", "RewriteCond %{ENV:V} srv", "RewriteRule ^ - [E=W:1]"),
    ),
    "bigstatus": case(
        on("RewriteRule ^/x - [R=422,E=V:1]", "RewriteRule ^/a - [R=404]"),
        {"/x.txt": {"V": "1", "status": 422}, "/app/a.txt": {"status": 404}},
    ),
    "rstat": case(
        on("RewriteRule ^/x /y [R=404,E=V:1]", "RewriteRule ^/a /b [R=seeother]", "RewriteRule ^/b - [E=W:1]"),
        {"/x.txt": {"V": "1", "status": 404}, "/app/a.txt": {"status": 303}},
    ),
}

# lines that the server writes to its error log while it serves the cases above
LOGGED = [
    "AH02596: RewriteRule .* exceeded maximum number of rounds",
    "AH10410: Rewritten query string contains control characters",
    r"AH(10508)?: Unsafe URL with %3f",
    "AH00124: Request exceeded the limit of 10 internal redirects",
    "AH00957: .*attempt to connect",
    "AH01114: .*failed to make connection",
]


def host_of(name, config):
    root = f"${{DIR}}/htdocs/{name}"
    return f"""<VirtualHost *:${{PORT}}>
ServerName {name}.test
DocumentRoot {root}
<Directory {root}>
AllowOverride All
</Directory>
{SHOWN}
{config}</VirtualHost>
"""


def serve(make_httpd, cases, main=""):
    server = make_httpd(modules=MODULES)
    for name, each in cases.items():
        for file, content in FILES.items():
            server.write(f"htdocs/{name}/{file}", content)
        for folder, text in each.htaccess.items():
            server.write(f"htdocs/{name}/{'' if folder == 'top' else folder + '/'}.htaccess", text)
    for file in ("index.html", "x.txt"):
        server.write(f"elsewhere/{file}", file)
    server.configure(main + "".join(host_of(name, each.config) for name, each in cases.items()))
    return server


def headers_of(ask):
    headers = [tuple(part.split(": ", 1)) for part in ask.split(" | ")[1:]]
    return headers if any(name == "Origin" for name, _ in headers) else [("Origin", APP), *headers]


def members(lines):
    return " ".join(sorted({member.strip() for line in lines for member in line.split(",")}))


def put_together(variables, status, vary, server, name):
    root = f"{server.dir}/htdocs/{name}"
    found = {key: value.replace(root, "{root}").replace(str(server.dir), "{dir}") for key, value in variables.items()}
    if status != 200:
        found["status"] = status
    if vary:
        found["vary"] = vary
    return found


def sent(server, name, ask):
    answer = server.request("GET", ask.split(" | ")[0], headers_of(ask), host=f"{name}.test")
    shown = {key[2:].upper(): value for key, value in answer.headers if key.startswith("x-")}
    return put_together(shown, answer.status, members(answer.values("vary")), server, name)


def question(server, name, ask):
    headers = dict(headers_of(ask))
    return {
        "url": f"http://{name}.test:{server.port}{ask.split(' | ')[0]}",
        "origin": headers.pop("Origin"),
        "headers": {**headers, "Host": f"{name}.test"},
    }


def explain(server, questions):
    done = subprocess.run(
        server.command("-t", "-DDUMP_CORS_EXPLAIN"), env=server.environment(), input=json.dumps(questions),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and not FATAL.search(done.stderr), done.stderr
    return json.loads(done.stdout)["answers"]


def explained(answer, server, name, wanted):
    """The variables and Vary of an answer. A status that no rule made is the handler's: it is not compared."""
    shown = {key: value for key, value in answer["variables"].items() if key in NAMES}
    status = answer["status"] or wanted.get("status", 200)
    vary = members(value for key, value in answer["headers"] if key == "Vary")
    return put_together(shown, status, vary, server, name)


def compare(make_httpd, cases, main="", logged=()):
    server = serve(make_httpd, cases, main)
    asked = [(name, ask, wanted) for name, each in cases.items() for ask, wanted in each.asks.items()]
    with server:
        server.expect_log(*logged)
        real = {(name, ask): sent(server, name, ask) for name, ask, _ in asked}
    assert real == {(name, ask): wanted for name, ask, wanted in asked}
    answers = explain(server, [question(server, name, ask) for name, ask, _ in asked])
    said = {
        (name, ask): explained(answer, server, name, wanted)
        for (name, ask, wanted), answer in zip(asked, answers, strict=True)
    }
    assert said == real
    assert all(answer["unresolved"] == [] for answer in answers)



# What virtual hosts make of a rule of the main server, without RewriteOptions there, with InheritDown, and with
# InheritDownBefore. A host that has no directive of mod_rewrite at all has no rules, whatever is handed down.
MAIN = of("RewriteEngine On", "RewriteMap low int:tolower", "RewriteRule ^ - [E=V:main%{ENV:W}]")
OWN = "RewriteRule ^ - [E=W:own%{ENV:V}]"
NONE, ALONE = {}, {"W": "own"}
BEHIND, BEFORE = {"W": "own", "V": "mainown"}, {"W": "ownmain", "V": "main"}
IN_SECTION, IN_FILE = of("<Location />", "RewriteRule ^ - [E=X:1]", "</Location>"), of("RewriteRule ^ - [E=X:1]")
INHERITED = {
    "none": ("", NONE, NONE, NONE),
    "section": (IN_SECTION, {"X": "1"}, {"X": "1", "V": "main"}, {"X": "1", "V": "main"}),
    "own": (of(OWN), ALONE, BEHIND, BEFORE),
    "off": (of("RewriteEngine Off", OWN), NONE, NONE, NONE),
    "inherit": (of("RewriteOptions Inherit", OWN), BEHIND, BEHIND, BEHIND),
    "before": (of("RewriteOptions InheritBefore", OWN), BEFORE, BEHIND, BEFORE),
    "ignore": (of("RewriteOptions IgnoreInherit", OWN), ALONE, ALONE, ALONE),
    "other": (of("RewriteOptions AllowNoSlash", OWN), ALONE, BEHIND, BEFORE),
    "map": (of("RewriteRule ^ - [E=W:${low:ABC}]"), {"W": ""}, {"W": "abc", "V": "mainabc"}, {"W": "abc", "V": "main"}),
}


# A virtual host whose rules cannot all be told: the lines that are said to be unresolved, by what is in them; and
# the variables as the audit takes them to be.
SHOW = of(
    "Header set Access-Control-Allow-Origin %{V}e env=V",
    "Header set Access-Control-Allow-Credentials %{W}e env=W",
)
ADDRESS = "RewriteCond %{REMOTE_ADDR} ^10"
SET = "RewriteRule ^ - [E=V:1]"
UNRESOLVED = {
    "map": (on("RewriteMap txt txt:${DIR}/map.txt", "RewriteRule ^ - [E=V:${txt:%{HTTP:Origin}}]"), ["E=V"], {}),
    "map-condition": (
        on("RewriteMap txt txt:${DIR}/map.txt", "RewriteCond ${txt:%{HTTP:Origin}} yes", SET), ["E=V"], {"V": "1"},
    ),
    "address": (on(ADDRESS, SET), ["E=V"], {"V": "1"}),
    "not-address": (on(ADDRESS.replace("^10", "!^10"), SET), ["E=V"], {"V": "1"}),
    "subrequest": (on("RewriteCond %{REQUEST_URI} -U", SET), ["E=V"], {"V": "1"}),
    "subrequest-file": (on("RewriteCond %{REQUEST_URI} !-F", SET), ["E=V"], {"V": "1"}),
    "look-ahead": (on("RewriteRule ^ - [E=V:%{LA-U:REMOTE_USER}]"), ["E=V"], {}),
    "look-ahead-file": (on("RewriteRule ^ - [E=V:%{LA-F:REMOTE_USER}]"), ["E=V"], {}),
    "tls": (on("RewriteRule ^ - [E=V:%{SSL:SSL_PROTOCOL}]"), ["E=V"], {}),
    "time": (on("RewriteCond %{TIME_HOUR} >08", SET), ["E=V"], {"V": "1"}),
    "unset": (on("RewriteRule ^ - [E=V:1]", ADDRESS, "RewriteRule ^ - [E=!V]"), ["E=!V"], {"V": "1"}),
    "captured": (on("RewriteCond %{REMOTE_ADDR}x ^(.*)x", "RewriteRule ^ - [E=V:%1]"), ["E=V"], {}),
    "redirected-inside": (
        on(
            "<Location /x.txt>", "RewriteEngine On", ADDRESS, SET, "RewriteRule ^ /app/a.txt", "</Location>",
        ),
        ["E=V"],
        {"REDIRECT_V": "1"},
    ),
    "variable": (
        on(ADDRESS, "RewriteRule ^ - [E=W:1]", "RewriteCond %{ENV:W} 1", SET), ["E=W", "E=V"], {"V": "1", "W": "1"},
    ),
    "chained": (
        on(ADDRESS, "RewriteRule ^ - [C]", SET, "RewriteRule ^ - [E=W:1]"), ["[C]", "E=V"], {"V": "1", "W": "1"},
    ),
    "skipped": (
        on(ADDRESS, "RewriteRule ^ - [S=1]", SET, "RewriteRule ^ - [E=W:1]"), ["[S=1]", "E=V"], {"V": "1", "W": "1"},
    ),
    "last": (on(ADDRESS, "RewriteRule ^ - [L]", SET), ["[L]", "E=V"], {"V": "1"}),
    "substitution": (on("RewriteRule ^ /%{REMOTE_ADDR}", SET), ["RewriteRule ^ /", "E=V"], {"V": "1"}),
    "too-long": (on("RewriteRule ^ - [E=V:" + "x" * 8200 + "]"), ["E=V"], {}),
    "rounds": (
        on("RewriteRule ^(.*)$ $1 [N=90000]", "RewriteRule ^ - [E=V:1]"), ["[N=90000]"], {},
    ),
    # What can be told all the same.
    "refused": (on(ADDRESS, "RewriteRule ^ - [F]", SET), [], {"V": "1"}),
    "redirected": (on(ADDRESS, "RewriteRule ^ https://other.example/ [R,L]", SET), [], {"V": "1"}),
    "or": (on(ADDRESS + " [OR]", "RewriteCond %{HTTP:Origin} app", SET), [], {"V": "1"}),
    "and": (on(ADDRESS, "RewriteCond %{HTTP:Origin} !app", SET), [], {}),
    "or-and": (on(ADDRESS + " [OR]", "RewriteCond %{HTTP:Origin} !app", SET), ["E=V"], {"V": "1"}),
    "other-chain": (on(ADDRESS, "RewriteRule !^/x - [C]", SET), [], {}),
    "decided": (on(SET, ADDRESS, "RewriteRule ^ - [E=W:1]"), ["E=W"], {"V": "1", "W": "1"}),
}


def test_one_place(make_httpd):
    cases = dict(CASES)
    if version() < (2, 4, 60):  # it leaves leading slashes alone
        del cases["slashes"]
    compare(make_httpd, cases, logged=LOGGED)


@pytest.mark.parametrize("column, options", enumerate(["", "InheritDown", "InheritDownBefore"], 1))
def test_main_server(make_httpd, column, options):
    cases = {name: case(row[0], {"/x.txt": row[column]}) for name, row in INHERITED.items()}
    cases["file"] = case("", {"/x.txt": {"X": "1"}}, top=IN_FILE)
    compare(make_httpd, cases, main=MAIN + (f"RewriteOptions {options}\n" if options else ""))


def test_unresolved(make_httpd):
    cases = {name: case(config + SHOW, {"/x.txt": said}) for name, (config, _, said) in UNRESOLVED.items()}
    server = serve(make_httpd, cases)
    server.write("map.txt", f"{APP} yes\n")
    lines = (server.dir / CONFIG_FILE).read_text().splitlines()
    answers = explain(server, [question(server, name, "/x.txt") for name in cases])
    for (name, (_, unresolved, said)), answer in zip(UNRESOLVED.items(), answers, strict=True):
        shown = {key: value for key, value in answer["variables"].items() if key in NAMES}
        found = [lines[each["line"] - 1] for each in answer["unresolved"]]
        found = [line for line in found if line.startswith("RewriteRule")]
        assert shown == said, name
        assert len(found) == len(unresolved), (name, found)
        assert all(part in line for part, line in zip(unresolved, found, strict=True)), (name, found)


# Which sections count where rules answer: those of the server know of Locations only.
LEVELS = of(
    "Header always set Access-Control-Allow-Origin https://host.example",
    "<Directory />",
    "Header always set Access-Control-Allow-Origin https://directory.example",
    "</Directory>",
    "<Location /app>",
    "Header always set Access-Control-Allow-Origin https://location.example",
    "</Location>",
)
ANSWERING = {
    "server": (LEVELS + on("RewriteRule ^ - [F]"), {}, "host", "location"),
    "condition": (LEVELS + on("RewriteCond %{HTTP:Origin} app", "RewriteRule ^ - [R=404]"), {}, "host", "location"),
    "redirect": (LEVELS + on("RewriteRule ^ https://other.example/ [R]"), {}, "host", "location"),
    "file": (LEVELS, {"top": on("RewriteRule ^ - [F]")}, "directory", "location"),
}


def test_sections_of_an_answer(make_httpd):
    cases = {name: Case(row[0], {"/x.txt": row[2], "/app/a.txt": row[3]}, row[1]) for name, row in ANSWERING.items()}
    server = serve(make_httpd, cases)
    asked = [(name, ask, f"https://{level}.example") for name, each in cases.items() for ask, level in each.asks.items()]
    with server:
        for name, ask, wanted in asked:
            answer = server.request("GET", ask, headers_of(ask), host=f"{name}.test")
            assert answer.value("access-control-allow-origin") == wanted, (name, ask)
    answers = explain(server, [question(server, name, ask) for name, ask, _ in asked])
    for (name, ask, wanted), answer in zip(asked, answers, strict=True):
        assert answer["headers"] == [["Access-Control-Allow-Origin", wanted]], (name, ask)
