# SPDX-License-Identifier: Apache-2.0
"""The JSON schema of SARIF 2.1.0: taken out of an npm package (tests/sarif/package.json), once a build directory."""

import hashlib
import json
import subprocess
import tarfile
from pathlib import Path

TREE = Path(__file__).resolve().parents[3]
CACHE = TREE / "build" / "sarif"
MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
SHA256 = "2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8"


def sarif_schema():
    file = CACHE / "schema.json"
    if not file.exists():
        content = unpacked(fetched())
        partial = file.with_suffix(".part")
        partial.write_bytes(content)
        partial.replace(file)
    content = file.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256, f"{file} is not the schema that was chosen: remove it"
    return json.loads(content)


def fetched():
    """The package's tarball. Nothing of it is installed or run, and nothing that it depends on is fetched."""
    [(name, version)] = json.loads((TREE / "tests/sarif/package.json").read_text())["devDependencies"].items()
    CACHE.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", "--silent", "--ignore-scripts", f"{name}@{version}"]
    try:
        done = subprocess.run(command, cwd=CACHE, capture_output=True, text=True, timeout=300)
    except FileNotFoundError:
        raise AssertionError("npm was not found: scripts/need test installs it") from None
    assert done.returncode == 0, f"{' '.join(command)} failed; it needs a registry:\n{done.stdout}{done.stderr}"
    return CACHE / done.stdout.split()[-1]


def unpacked(tarball):
    with tarfile.open(tarball) as archive:
        return archive.extractfile(MEMBER).read()
