# SPDX-License-Identifier: Apache-2.0
"""The targets: what each is about, its corpus, and how it is run."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FUZZ = Path(__file__).resolve().parents[1]
TREE = FUZZ.parents[1]
sys.path.insert(0, str(TREE / "tests/http"))

from cgtest import Httpd, for_children  # noqa: E402

ORIGIN = ["cg_origin.c", "cg_host.c"]
PATTERN = ["cg_pattern.c", "cg_pattern_host.c", "cg_reading.c"]
PROBE = ["cg_client.c", "cg_trial.c", "cg_trial_judge.c", "cg_trial_write.c", "cg_probe_command.c"]
REGEX = ["cg_regex_tree.c", "cg_regex_group.c", "cg_regex_atom.c", "cg_witness.c", "cg_probe.c", "cg_hostile.c"]
REGEX += ["cg_example.c", "cg_example_list.c", "cg_bytes.c", "cg_owner.c"]


@dataclass(frozen=True)
class Target:
    """sources: the files, or folders, of src/ that it is about. most: the longest input in bytes, for speed."""

    name: str
    sources: tuple
    dictionary: str
    most: int = 2048

    @property
    def corpus(self):
        return FUZZ / "corpus" / self.name

    @property
    def words(self):
        return FUZZ / "dict" / f"{self.dictionary}.dict"

    def binary(self, build):
        return build / "tests/fuzz" / f"fuzz_{self.name}"

    def run(self, build, arguments, stdout):
        """Runs it; exit code."""
        command = [*wrapper(), str(self.binary(build)), *arguments]
        return subprocess.run(command, cwd=build, stdout=stdout, stderr=subprocess.STDOUT, check=False).returncode


class HttpdTarget(Target):
    """One that runs inside httpd: tests/fuzz/httpd."""

    def binary(self, build):
        return build / "tests/fuzz/httpd" / f"fuzz_{self.name}.so"

    @property
    def configuration(self):
        return ALLOW_ALL

    def run(self, build, arguments, stdout):
        binary = for_children(self.binary(build))
        server = Httpd(guard=False, modules=["headers", "rewrite", "env", "dir", "authz_host"])
        server.write("htdocs/index.html", "page")
        server.write("htdocs/api/data.json", "{}")
        modules = "".join(f"LoadModule {name}_module {binary}\n" for name in ("cors_guard", "fuzz"))
        server.configure(modules + self.configuration)
        preload = [*os.environ.get("CG_PRELOAD", "").split(":"), str(build / "tests/fuzz/blocks.so")]
        environment = {
            **server.environment(),
            "LD_PRELOAD": ":".join(filter(None, preload)),
            "ASAN_OPTIONS": "detect_leaks=0:" + os.environ.get("ASAN_OPTIONS", ""),
            "FUZZ_ARGUMENTS": " ".join(arguments),
        }
        try:
            command = server.command("-t", "-D", "FUZZ")
            return subprocess.run(
                command, cwd=build, env=environment, stdout=stdout, stderr=subprocess.STDOUT, check=False
            ).returncode
        finally:
            server.close()


class ServerTarget(HttpdTarget):
    """One whose inputs are a virtual host's: it inherits from this."""

    @property
    def configuration(self):
        return f"{ALLOW_ALL}\n{MAIN}"


ALLOW_ALL = """
<Directory "${DOCROOT}">
  AllowOverride All
  Options FollowSymLinks
</Directory>
"""

MAIN = """
RewriteEngine On
RewriteMap lower int:tolower
RewriteMap later txt:${DOCROOT}/index.html
RewriteRule ^/main/(.*) /api/$1 [E=main:${lower:%{HTTP:Origin}}]
SetEnvIf Origin "^https://app\\.example\\.com$" app=$0
Header set X-Main "%{app}e" env=app
<Location "/main">
  CorsAllowOrigin https://app.example.com
</Location>
<LocationMatch "^/api/[a-z]+">
  Header merge Vary Origin
</LocationMatch>
"""

TARGETS = {
    target.name: target
    for target in [
        Target("acrh", ("core/cg_acrh.c",), "headers"),
        Target("browser", ("core/cg_browser.c", "report/cg_judge.c"), "headers"),
        Target("decide", ("core/cg_decide.c", "core/cg_answer.c", "core/cg_policy.c"), "headers"),
        Target("file", ("core/cg_origins.c",), "origins", 8192),
        Target("host", ("core/cg_host.c",), "origins", 512),
        HttpdTarget("htaccess", ("audit",), "htaccess", 4096),
        Target("names", ("core/cg_names.c", "core/cg_token.c"), "headers"),
        Target("origin", tuple(f"core/{name}" for name in ORIGIN), "origins", 512),
        Target("origins", ("core/cg_origins.c", "core/cg_set.c"), "origins"),
        Target("pattern", tuple(f"core/{name}" for name in PATTERN), "origins"),
        Target("probe", tuple(f"command/{name}" for name in PROBE), "headers", 4096),
        Target("quote", ("core/cg_quote.c", "report/cg_utf8.c"), "headers"),
        Target("regex", tuple(f"core/{name}" for name in REGEX), "regex", 400),
        Target("report", ("report",), "report", 8192),
        Target("safelist", ("core/cg_safelist.c",), "headers"),
        ServerTarget("server", ("audit",), "htaccess", 4096),
        Target("set", ("core/cg_set.c", "core/cg_hash.c"), "origins"),
        Target("vary", ("core/cg_vary.c",), "headers"),
    ]
}


def wrapper():
    """CG_UNDER: a program that runs another one, such as valgrind."""
    return os.environ.get("CG_UNDER", "").split()


def asan_library():
    """What httpd, which is built without, needs to load a module that clang built with AddressSanitizer."""
    folder = subprocess.run(["clang", "-print-resource-dir"], capture_output=True, text=True, check=True).stdout.strip()
    return f"{folder}/lib/linux/libclang_rt.asan-{platform.machine()}.so"
