# SPDX-License-Identifier: Apache-2.0
"""The checkers report what they are there for: mod_faulty.c commits each fault in a real httpd, in the way in which the
other tests run there, and the harness must fail of it. CG_CHECKER tells who looks."""

import os
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from cgtest import Httpd, for_children, module_path

CHECKERS = {
    "asan": {
        "overflow": r"heap-buffer-overflow(?s:.*)in overflow ",
        "undefined": r"mod_faulty\.c:\d+:\d+: runtime error: signed integer overflow",
    },
    "pools": {
        "leak": r"LeakSanitizer: detected memory leaks(?s:.*)in leak ",
        "overflow": r"heap-buffer-overflow(?s:.*)in overflow ",
        "pool-overflow": r"heap-buffer-overflow(?s:.*)in pool_overflow ",
        "undefined": r"mod_faulty\.c:\d+:\d+: runtime error: signed integer overflow",
        "use-after-clear": r"heap-use-after-free(?s:.*)in use_after_clear ",
    },
    "memcheck": {
        "overflow": r"Invalid write of size 1\s+==\d+==    at \w+: overflow ",
        "uninitialised": r"uninitialised value\(s\)(?s:.*)uninitialised \(mod_faulty",
    },
    "threads": {
        "race": r"ThreadSanitizer: data race(?s:.*)#0 race ",
    },
}
FAULTS = CHECKERS[os.environ["CG_CHECKER"]]


def faulty_server():
    server = Httpd(guard=False)
    server.configure(f"""
LoadModule faulty_module {for_children(module_path().parent / "tests/sanitize/mod_faulty.so")}
<Location /faulty>
  SetHandler faulty
</Location>
""")
    return server.start()


def ask(server, fault):
    """A checker may end the process in the midst of it."""
    try:
        return server.get(f"/faulty/{fault}").status
    except (AssertionError, OSError):
        return None


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_reported(fault):
    server = faulty_server()
    with ThreadPoolExecutor(8) as clients:  # a race takes two
        answers = list(clients.map(lambda _: ask(server, fault), range(8)))
    assert set(answers) <= {200, None}
    with pytest.raises(AssertionError) as told:
        server.close()
    assert re.search(FAULTS[fault], str(told.value)), told.value


def test_nothing_is_reported_where_nothing_is_wrong():
    server = faulty_server()
    assert ask(server, "none") == 404
    server.close()
