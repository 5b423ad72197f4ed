# SPDX-License-Identifier: Apache-2.0
"""scripts/need, with an apt-get and a dpkg-query that stand in for Debian's and write down what they are asked."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUSY = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (apt-get)"
# Answers the n-th call with the n-th line of "answers": a status, and what it says. Behind the last line it is content.
APT_GET = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >>"$STAND_IN/asked"
line=$(sed -n "$(wc -l <"$STAND_IN/asked")p" "$STAND_IN/answers")
[ -z "$line" ] || { echo "${line#* }"; exit "${line%% *}"; }
if read -r word; then echo "a question was answered with $word"; exit 1; fi
"""
DPKG_QUERY = """#!/bin/sh
grep -qx "$4" "$STAND_IN/installed" && echo "install ok installed"
"""


class StandIn:
    def __init__(self, folder):
        self.folder = folder
        for name, text in (
            ("apt-get", APT_GET),
            ("dpkg-query", DPKG_QUERY),
            ("sleep", '#!/bin/sh\necho "$1" >>"$STAND_IN/slept"\n'),
            ("sudo", '#!/bin/sh\nexec "$@"\n'),
        ):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        self.installed()

    def installed(self, *packages):
        (self.folder / "installed").write_text("\n".join(packages) + "\n")

    def need(self, *groups, answers=()):
        (self.folder / "answers").write_text("".join(f"{code} {said}\n" for code, said in answers))
        environment = {**os.environ, "PATH": f"{self.folder}:/usr/bin:/bin", "STAND_IN": str(self.folder)}
        command = [ROOT / "scripts/need", *groups]
        return subprocess.run(
            command, env=environment, input="yes\n" * 99, capture_output=True, text=True, timeout=60, check=False
        )

    def lines(self, name):
        file = self.folder / name
        return file.read_text().splitlines() if file.exists() else []

    def asked(self):
        """The command of each call of apt-get: its last words, from the first that is no option's."""
        found = []
        for line in self.lines("asked"):
            frontend, *words = line.split()
            assert frontend == "noninteractive"
            found.append(words[words.index("install" if "install" in words else "update") :])
        return found


@pytest.fixture
def stand_in(tmp_path):
    return StandIn(tmp_path)


def listed(group):
    lines = [line.split() for line in (ROOT / "scripts/packages").read_text().splitlines()]
    return [line[1] for line in lines if line and line[0] == group]


SOURCE = listed("source")
INSTALL = ["install", "-y", "--no-install-recommends", *SOURCE]


@pytest.mark.core
def test_nothing_is_done_where_all_is_there(stand_in):
    stand_in.installed(*SOURCE)
    done = stand_in.need("source")
    assert (done.returncode, done.stdout, done.stderr, stand_in.asked()) == (0, "", "", [])


@pytest.mark.core
def test_only_what_is_missing_is_installed(stand_in):
    stand_in.installed(*SOURCE[1:])
    done = stand_in.need("source")
    assert (done.returncode, done.stdout) == (0, f"Installing what is missing: {SOURCE[0]}\n")
    assert stand_in.asked() == [["install", "-y", "--no-install-recommends", SOURCE[0]]]


@pytest.mark.core
def test_package_lists_are_fetched_where_they_are_missing(stand_in):
    done = stand_in.need("source", answers=[(100, "E: Unable to locate package bzip2")])
    assert (done.returncode, stand_in.asked()) == (0, [INSTALL, ["update"], INSTALL])


@pytest.mark.core
def test_another_apt_is_waited_for(stand_in):
    done = stand_in.need("source", answers=[(100, BUSY)] * 5)
    assert (done.returncode, stand_in.asked(), stand_in.lines("slept")) == (0, [INSTALL] * 6, ["5"] * 5)
    assert done.stdout.count("Another apt or dpkg is at work") == 1


@pytest.mark.core
def test_another_apt_that_does_not_end_is_not_waited_for_forever(stand_in):
    done = stand_in.need("source", answers=[(100, BUSY)] * 1000)
    assert done.returncode == 1
    assert BUSY in done.stderr and "could not install" in done.stderr
    assert len(stand_in.lines("slept")) == 120


@pytest.mark.core
def test_why_it_could_not_install_is_said(stand_in):
    done = stand_in.need("source", answers=[(100, "E: no network"), (100, "E: none"), (100, "E: no network")])
    assert (done.returncode, stand_in.asked()) == (1, [INSTALL, ["update"]])
    assert "E: no network" in done.stderr and f"could not install: {' '.join(SOURCE)}" in done.stderr


@pytest.mark.core
def test_no_question_is_answered(stand_in):
    """What stands in for apt-get asks one each time: there must be nobody to answer it."""
    done = stand_in.need("source")
    assert (done.returncode, done.stderr) == (0, "")
    assert stand_in.lines("asked")
    assert all("--force-confold" in line for line in stand_in.lines("asked"))


@pytest.mark.core
def test_unknown_group(stand_in):
    done = stand_in.need("nonsense")
    assert (done.returncode, 'no group "nonsense"' in done.stderr, stand_in.asked()) == (2, True, [])
