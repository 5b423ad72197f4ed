# SPDX-License-Identifier: Apache-2.0
"""What can be known of the Debian package and of the workflow without building or running either. `make deb-test` does
that."""

import itertools
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEBIAN = ROOT / "debian"
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
NAME = "libapache2-mod-cors-guard"


MAKEFILE = (ROOT / "Makefile").read_text()
# Targets that no workflow need run: what people run, and what is a folder of http. The rest of .PHONY is tests.
OTHERS = {"run", "bench", "install", "uninstall", "clean", "peers", "browser"}


def targets():
    return set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.M))


def run_by(target):
    """A target with all that its recipe and its prerequisites lead to."""
    prerequisites, recipe = re.search(rf"^{target}:(.*)\n((?:\t.*\n)*)", MAKEFILE, re.M).groups()
    made = [word for line in re.findall(r"\$\((?:MAKE|ASAN)\)(.*)", recipe) for word in line.split()]
    found = {target}
    for word in [*prerequisites.split(), *made]:
        found |= run_by(word) if word in targets() else set()
    return found


def stanzas(path):
    """The paragraphs of a file in the form of debian/control, as dictionaries."""
    for text in re.split(r"\n\n+", path.read_text().strip()):
        fields = re.findall(r"^([\w-]+):(.*(?:\n[ \t].*)*)", text, re.M)
        assert "".join(f"{name}:{value}\n" for name, value in fields).strip() == text.strip(), f"{path}: {text}"
        yield {name: value.strip() for name, value in fields}


def packages(field):
    return {re.match(r"[\w.+-]+", member.strip()).group() for member in field.split(",") if member.strip()}


@pytest.mark.core
def test_one_version_everywhere():
    changelog = (ROOT / "CHANGELOG.md").read_text()
    source = (ROOT / "src/report/cg_version.h").read_text()
    package = (DEBIAN / "changelog").read_text()
    versions = {
        re.search(r"^## (\S+)", changelog, re.M).group(1),
        re.search(r'^#define CG_VERSION "([^"]+)"', source, re.M).group(1),
        re.match(r"mod-cors-guard \(([^-]+)-\d+\) ", package).group(1),
    }
    assert len(versions) == 1


@pytest.mark.core
def test_what_the_package_is_built_from_is_in_the_one_list():
    source, binary = stanzas(DEBIAN / "control")
    assert (source["Source"], binary["Package"]) == ("mod-cors-guard", NAME)
    lines = [line.split() for line in (ROOT / "scripts/packages").read_text().splitlines()]
    listed = {line[1].split("=")[0] for line in lines if line and line[0] in ("build", "test", "deb")}
    needed = packages(source["Build-Depends"]) - {"debhelper-compat"}
    assert len(needed) > 5
    assert needed <= listed


@pytest.mark.core
def test_every_file_of_the_package_is_there():
    seen = []
    for kind in ("apache2", "docs", "examples", "install", "manpages"):
        for line in (DEBIAN / f"{NAME}.{kind}").read_text().splitlines():
            path = line.split()[1] if kind == "apache2" else line.split()[0]
            seen.append(path)
            if path.startswith("build/"):
                assert path.removeprefix("build/") in (ROOT / "Makefile").read_text()
            else:
                assert list(ROOT.glob(path)), path
    assert {"build/mod_cors_guard.so", "build/cors-audit", "docs/cors-audit.8", "conf/cors_guard.load"} <= set(seen)


@pytest.mark.core
def test_tests_of_the_package_can_be_run():
    (control,) = stanzas(DEBIAN / "tests/control")
    tests = packages(control["Tests"])
    assert tests
    for path in [DEBIAN / "rules", *(DEBIAN / "tests" / name for name in tests)]:
        assert os.access(path, os.X_OK), path


@pytest.mark.core
def test_each_lintian_override_has_its_reason():
    files = list(DEBIAN.rglob("*lintian-overrides"))
    assert files
    for path in files:
        before = ""
        for line in path.read_text().splitlines():
            assert line.startswith("#") or before.startswith("#"), f"{path}: {line}"
            before = line


def scripts(job):
    """What a job runs: each step, once for each combination of the matrix."""
    names = job.get("strategy", {}).get("matrix", {})
    for values in itertools.product(*names.values()):
        for step in job["steps"]:
            script = step.get("run", "")
            for name, value in zip(names, values):
                script = script.replace(f"${{{{ matrix.{name} }}}}", value)
            assert "${{" not in script
            yield script


def commands(workflow):
    """Every command of a workflow, as its words."""
    for job in workflow["jobs"].values():
        for script in scripts(job):
            subprocess.run(["sh", "-n", "-c", script], check=True)
            for command in re.split(r"&&|;|\n", script):
                if command.split():
                    yield command.split()


@pytest.mark.core
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_workflow_runs_what_there_is(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow[True] == ["push", "pull_request"], "YAML reads the key on as a boolean"
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert job["runs-on"] and job["timeout-minutes"] and job["container"]["image"], name
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"]), "an action is named by its commit"
    called = list(commands(workflow))
    assert [".ci/run"] in called
    for command, *arguments in called:
        if command == "make":
            assert {word for word in arguments if "=" not in word} <= targets()
        elif "/" in command:
            assert os.access(ROOT / command, os.X_OK), command


@pytest.mark.core
def test_the_workflow_runs_every_target_that_tests():
    known = set(re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", MAKEFILE, re.M).group(1).replace("\\", "").split())
    assert known == targets() and OTHERS < known
    called = [command for path in WORKFLOWS for command in commands(yaml.safe_load(path.read_text()))]
    run = {word for command in called if command[0] == "make" for word in command[1:] if word in known}
    assert re.search(r"^exec make test$", (ROOT / ".ci/run").read_text(), re.M)
    covered = set().union(*(run_by(target) for target in run | {"test"}))
    assert {"lint", "asan", "http"} <= covered
    assert known - OTHERS - covered == set()


def test_a_workflow_exists():
    assert WORKFLOWS
