# SPDX-License-Identifier: Apache-2.0
"""Installation as an administrator does it: make install, a2enmod, a request, a2dismod. Everything below a folder of
the test; Debian's own a2enmod is taken from the system or from its unpacked package."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cgtest import cors, expected
from cgtest.httpd import apxs

TREE = Path(__file__).resolve().parents[2]
ORIGIN = "https://app.example.com"
POLICY = f"CorsAllowOrigin {ORIGIN}\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What `make install` put below DESTDIR."""
    destination = tmp_path_factory.mktemp("installed")
    subprocess.run(["make", "-s", "install", f"DESTDIR={destination}"], cwd=TREE, check=True, timeout=300)
    return destination


@pytest.fixture(scope="module")
def a2enmod(tmp_path_factory):
    """The path of Debian's a2enmod; a2dismod is beside it. It is in the package apache2, which is not installed for
    this, as it would start a server."""
    found = shutil.which("a2enmod")
    if found:
        return Path(found)
    folder = tmp_path_factory.mktemp("apache2")
    download = ["apt-get", "download", "-qq", "apache2"]
    if subprocess.run(download, cwd=folder, capture_output=True).returncode != 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        done = subprocess.run(download, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, f"Debian's package apache2, which has a2enmod, is not to be had: {done.stderr}"
    package = next(folder.glob("apache2_*.deb"))
    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return folder / "usr/sbin/a2enmod"


def below(destination, path):
    return destination / path.lstrip("/")


def test_files_are_where_httpd_and_debian_expect_them(installed):
    found = {str(file.relative_to(installed)) for file in installed.rglob("*") if file.is_file()}
    available = f"{apxs('SYSCONFDIR')}/mods-available".lstrip("/")
    assert {
        f"{apxs('LIBEXECDIR')}/mod_cors_guard.so".lstrip("/"),
        f"{available}/cors_guard.load",
        f"{available}/cors_guard.conf",
    } <= found
    assert {"usr/local/sbin/cors-audit", "usr/local/share/man/man8/cors-audit.8"} <= found
    load = below(installed, f"{available}/cors_guard.load").read_text()
    assert load == f"LoadModule cors_guard_module {apxs('LIBEXECDIR')}/mod_cors_guard.so\n"


def test_command_and_manual_are_installed_below_a_prefix_and_go_again(tmp_path):
    def make(target):
        subprocess.run(
            ["make", "-s", target, f"DESTDIR={tmp_path}", "PREFIX=/opt/guard"], cwd=TREE, check=True, timeout=300
        )
        return sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file())

    files = make("install")
    assert len(files) == 5
    assert "opt/guard/share/man/man8/cors-audit.8" in files
    ran = subprocess.run([tmp_path / "opt/guard/sbin/cors-audit", "--version"], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "") and ran.stdout.startswith("cors-audit ")
    assert make("uninstall") == []


class Config:
    """A private configuration folder in Debian's layout."""

    def __init__(self, server, installed, a2enmod):
        self.folder = server.folder("etc")
        self.a2enmod = a2enmod
        server.folder("etc/mods-enabled")
        shutil.copytree(below(installed, f"{apxs('SYSCONFDIR')}/mods-available"), self.folder / "mods-available")
        load = self.folder / "mods-available/cors_guard.load"
        load.write_text(load.read_text().replace(apxs("LIBEXECDIR"), str(below(installed, apxs("LIBEXECDIR")))))

    def tool(self, name, *arguments):
        own = {"APACHE_CONFDIR": str(self.folder), "APACHE_STATE_DIRECTORY": f"{self.folder}/state"}
        command = [self.a2enmod.with_name(name), *arguments]
        return subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=True).stdout

    def enabled(self):
        return sorted(file.name for file in (self.folder / "mods-enabled").iterdir())


def test_a2enmod_and_a2dismod(installed, a2enmod, make_httpd):
    server = make_httpd(guard=False)
    server.write("htdocs/x.txt", "hello")
    config = Config(server, installed, a2enmod)
    enabled = f"{config.folder}/mods-enabled"
    include = f"IncludeOptional {enabled}/*.load\nIncludeOptional {enabled}/*.conf\n"

    assert "Enabling module cors_guard." in config.tool("a2enmod", "cors_guard")
    assert config.enabled() == ["cors_guard.conf", "cors_guard.load"]
    server.configure(include)
    with server:
        assert cors(server.get("/x.txt", ORIGIN)) == {}
    server.configure(include + POLICY)
    with server:
        assert cors(server.get("/x.txt", ORIGIN)) == expected(ORIGIN, vary="origin")

    assert "Module cors_guard disabled." in config.tool("a2dismod", "cors_guard")
    assert config.enabled() == []
    code, message = server.configtest()
    assert (code, "Invalid command 'CorsAllowOrigin'" in message) == (1, True)
    server.configure(include)
    with server:
        assert cors(server.get("/x.txt", ORIGIN)) == {}


def test_need_says_nothing_where_all_is_there():
    """A server's package would start a server: it is in no group."""
    lines = (TREE / "scripts/packages").read_text().splitlines()
    packages = [line.split() for line in lines if line and not line.startswith("#")]
    groups = {"build", "run", "test", "soak", "browser", "bench", "fuzz", "coverage", "deb", "source", "unpack"}
    assert {line[0] for line in packages} == groups
    assert all(line[2] == "#" and len(line) > 3 for line in packages), "each has its reason"
    assert "apache2" not in {line[1] for line in packages}
    done = subprocess.run([TREE / "scripts/need", "build", "run", "test"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_need_takes_a_command_for_a_package(tmp_path):
    shutil.copy(TREE / "scripts/need", tmp_path)
    (tmp_path / "packages").write_text("test  no-such-package=sh  # a shell is there, wherever it comes from\n")
    done = subprocess.run([tmp_path / "need", "test"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_need_leaves_out_what_the_archive_has_not(tmp_path):
    shutil.copy(TREE / "scripts/need", tmp_path)
    (tmp_path / "packages").write_text("browser  no-such-package  # Ubuntu has no package of a browser\n")
    done = subprocess.run([tmp_path / "need", "--packaged", "browser"], capture_output=True, text=True)
    said = "This system's archive has no package no-such-package: what needs it is left out.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
