# SPDX-License-Identifier: Apache-2.0
"""Many virtual hosts with many policies. "make soak" does the same with 1,000."""

from cgsoak.hosts import SECTIONS, try_hosts

HOSTS = 100


def test_many_hosts():
    figures, tally, audit = try_hosts(HOSTS)
    assert tally.wrongs == 0, "\n".join(tally.wrong)
    assert (tally.decisive > HOSTS, tally.failed.total()) == (True, 0), tally
    assert figures.keys() == {"with", "without"}
    assert audit.code == 0, audit
    assert audit.out.count('"<Location /s') >= HOSTS * SECTIONS
