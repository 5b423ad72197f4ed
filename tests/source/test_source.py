# SPDX-License-Identifier: Apache-2.0
"""What a compiler does not check about the sources. A check that finds nothing to check fails."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^#include ([<"])([^>"]+)[>"]', re.M)

# Arrows point down only: who may include whose headers, and which of other people's.
LAYERS = {
    "src/core": ({"src/core"}, r"(apr\w*|libpsl|idn2|pthread|netinet/in|string|stdlib|stdint|stddef|limits|arpa/inet)\.h"),
    "src/httpd": ({"src/httpd", "src/core"}, r"(apr\w*|ap_\w+|http\w*|util_\w+|mod_\w+|scoreboard)\.h"),
    "src/report": ({"src/report", "src/core"}, r"(apr\w*|jansson|string|stdio|stdlib|ctype)\.h"),
    "src/audit": (
        {"src/audit", "src/report", "src/core"},
        r"(apr\w*|ap_\w+|http\w*|util_\w+|mod_\w+|unixd|jansson|string|stdio|stdlib"
        r"|errno|unistd|fcntl|dirent|glob|pwd|grp|sys/stat)\.h",
    ),
    "src/command": (
        {"src/command", "src/report", "src/core"},
        r"(apr\w*|jansson|curl/curl|string|stdio|stdlib|unistd)\.h",
    ),
    ".": ({"src/httpd", "src/audit", "src/core"}, r"(apr\w*|http\w*)\.h"),
}


def sources(folder):
    return sorted(path for path in (ROOT / folder).glob("*.[ch]"))


def folder_of(header):
    found = [layer for layer in LAYERS if (ROOT / layer / header).is_file()]
    assert len(found) == 1, f"{header} is in {found}"
    return found[0]


@pytest.mark.core
@pytest.mark.parametrize("layer", LAYERS)
def test_includes_point_down_only(layer):
    own, foreign = LAYERS[layer]
    files = sources(layer)
    assert files
    wrong, seen = [], 0
    for path in files:
        for bracket, name in INCLUDE.findall(path.read_text()):
            seen += 1
            allowed = folder_of(name) in own if bracket == '"' else re.fullmatch(foreign, name)
            if not allowed:
                wrong.append(f"{path.relative_to(ROOT)} includes {name}")
    assert seen > 0
    assert wrong == []


@pytest.mark.core
def test_only_the_module_symbol_is_exported():
    module = os.environ.get("CG_MODULE", ROOT / "build" / "mod_cors_guard.so")
    output = subprocess.run(["nm", "-D", "--defined-only", module], capture_output=True, text=True, check=True).stdout
    symbols = {line.split()[-1] for line in output.splitlines() if not line.split()[-1].startswith("__")}
    assert symbols == {"cors_guard_module"}


@pytest.mark.core
def test_every_field_of_a_policy_is_merged():
    header = (ROOT / "src/core/cg_policy.h").read_text()
    body = re.search(r"typedef struct cg_policy \{(.*?)\} cg_policy;", header, re.S).group(1)
    fields = set(re.findall(r"\*(\w+);", body))
    merge = (ROOT / "src/core/cg_policy.c").read_text().split("cg_policy_merge", 1)[1].split("\n}", 1)[0]
    merged = set(re.findall(r"PICK\((\w+)\);", merge)) | set(re.findall(r"merged\.(\w+) = ", merge))
    assert len(fields) > 5
    assert merged >= fields


@pytest.mark.core
def test_every_file_says_its_licence():
    files = [path for folder in ("src", "tests", "scripts", ".") for path in (ROOT / folder).rglob("*")]
    files = [p for p in files if p.suffix in {".c", ".h", ".py", ".js"} and "build" not in p.relative_to(ROOT).parts]
    assert len(files) > 20
    missing = [str(p.relative_to(ROOT)) for p in files if "SPDX-License-Identifier: Apache-2.0" not in p.read_text()[:200]]
    assert missing == []


@pytest.mark.core
def test_functions_and_files_are_of_a_readable_size():
    files = [path for layer in LAYERS for path in sources(layer) if path.suffix == ".c"]
    long = {str(path.relative_to(ROOT)): count for path in files if (count := len(path.read_text().splitlines())) > 450}
    assert files and long == {}
