# SPDX-License-Identifier: Apache-2.0
"""What a soak proves: the bounds, and the report."""

import re
from math import comb

from . import measure

# KiB by which the memory of httpd's first process may grow more with the module than without, for each restart.
PARENT_GROWTH = 0.25
# The same of the children together, for each thousand answers. Coarse: see cgsoak/steady.py, which has the next bound.
CHILD_GROWTH = 16.0
# KiB by which one process with one thread may grow after its first answers, however many follow.
STEADY_GROWTH = 64
WARM_UP = 0.5  # the part of a series that is not looked at: pools and arenas still find their size
ENOUGH = 50  # restarts, and thousands of answers in the calm, below which growth cannot be told from that
UNLIKELY = 0.0001  # how often chance alone may make a failure seem to be the module's
# What tells one kind of log line from another. mod_cgid has many ways to say that its daemon restarts too.
KIND = re.compile(r"\[cgid:error\]|\b(?:AH|CG)\d+|exit signal [A-Z][\w ]+")


def problems(soak):
    guarded, bare = soak.guarded, soak.bare
    return [*answers(soak), *failures(guarded, bare), *growth(guarded, bare), *leaks(guarded, bare)]


def answers(soak):
    for record in (soak.guarded, soak.bare):
        for tally in (record.tally, record.calm):
            if tally.wrongs:
                yield "\n".join([f"{tally.wrongs} wrong answers{of(record)}, of {tally.count}:", *tally.wrong])
    if not soak.guarded.tally.decisive:
        yield "no answer told which configuration had made it: nothing was proved"
    for what, count in (("configuration was refused", soak.refused), (".htaccess was broken", soak.alerts)):
        if not count:
            yield f"no {what}: nothing was proved"


def failures(guarded, bare):
    """Each class must be httpd's own: there without the module too, and not significantly rarer."""
    for name in only_guarded(guarded, bare):
        lines = kinds(guarded.server).get(name, [f"{failed(guarded)[name]} times"])
        yield f"only with the module: {name}: {lines[0]}"
    for name, count in failed(guarded).items():
        if by_chance(count, failed(bare)[name]) < UNLIKELY:
            yield f"{name}: {count} times with the module, {failed(bare)[name]} times without"


def only_guarded(guarded, bare):
    """Classes of failures, of log lines and of crashes that were not seen without the module."""
    ours, theirs = ({*failed(record), *record.further.failed, *kinds(record.server)} for record in (guarded, bare))
    return sorted(ours - theirs)


def unexplained(soak):
    return only_guarded(soak.guarded, soak.bare)


def failed(record):
    """While both servers had the same to do."""
    return record.tally.failed + record.calm.failed


def by_chance(ours, theirs):
    """How likely at least that many are ours, where each is as likely theirs."""
    total = ours + theirs
    return sum(comb(total, count) for count in range(ours, total + 1)) / 2**total


def growth(guarded, bare):
    if not grown_up(guarded):
        return
    ours, theirs = (settled_slope(record.parents) for record in (guarded, bare))
    if ours - theirs > PARENT_GROWTH:
        yield f"the first process grows by {ours:.2f} KiB a restart, by {theirs:.2f} without the module"
    ours, theirs = map(child_growth, (guarded, bare))
    if ours - theirs > CHILD_GROWTH:
        yield f"the children grow by {ours:.2f} KiB in a thousand answers, by {theirs:.2f} without the module"


def unsteady(name, series):
    """series: of keep_steady()."""
    if len(series) < 3:
        yield f"{name}: too few answers to see growth"
    elif series[-1] - series[0] > STEADY_GROWTH:
        yield f"{name}: grows: {quarters(series)} KiB"


def grown_up(record):
    return len(record.parents) >= ENOUGH and calm_answers(record) >= ENOUGH


def calm_answers(record):
    """In thousands, counted and compared alike."""
    return (record.calm.count + record.calm.pressed.total()) / 1000


def settled_slope(series):
    settled = series[int(len(series) * WARM_UP) :]
    return measure.slope(settled) if len(settled) > 1 else 0.0


def child_growth(record):
    """KiB a thousand answers."""
    return settled_slope(record.children) * len(record.children) / max(calm_answers(record), 1)


def leaks(guarded, bare):
    for record in (guarded, bare):
        first, *later = record.idle
        for end in later:
            for name, before, after in zip(("first process", "children"), first, end):
                if more := after - before:
                    yield f"the {name}{of(record)} kept descriptors: {dict(more)}"
        if len(set(record.shared)) > 1:
            yield f"segments of shared memory{of(record)}: {sorted(set(record.shared))}"


def kinds(server):
    found = {}
    for line in [*server.odd_lines(), *server.crashes()]:
        match = KIND.search(line)
        found.setdefault(match.group() if match else line, []).append(line)
    return found


def of(record):
    return " with the module" if record.server.guard else " without the module"


def report(soak):
    """What was measured, as lines: with and without the module."""
    counts = f"{soak.restarted} restarts, {soak.refused} configurations refused, {soak.alerts} times a broken .htaccess"
    lines = [f"{soak.mpm}: {counts}"]
    rows = [("", "with", "without")]

    def row(name, figure):
        rows.append((name, *(str(figure(record)) for record in (soak.guarded, soak.bare))))

    row("answers compared", lambda r: r.tally.count + r.calm.count)
    row("of those: only one configuration could have made it", decisive)
    row("wrong", lambda r: r.tally.wrongs + r.calm.wrongs)
    row("answers counted only (wrk, h2load)", lambda r: (r.tally.pressed + r.calm.pressed).total())
    row("connections closed between requests", lambda r: r.tally.closed + r.calm.closed)
    for name in sorted({*failed(soak.guarded), *failed(soak.bare)}):
        row(f"failed: {name}", lambda r: failed(r)[name])
    row("first process after restarts 1, 1/4, 1/2, 3/4, all (KiB)", lambda r: quarters(r.parents))
    row("grows by KiB a restart", lambda r: f"{settled_slope(r.parents):.3f}")
    row("children, in the calm: the same (KiB)", lambda r: quarters(r.children))
    row("grow by KiB a thousand answers", lambda r: f"{child_growth(r):.3f}")
    row("descriptors of a child under load, at most", lambda r: r.most)
    row("descriptors without connections, first process and fullest child", idle)
    row("segments of shared memory", lambda r: sorted(set(r.shared)))
    row("crashes of httpd", lambda r: len(r.server.crashes()))
    row("log lines of warn and above", lambda r: {kind: len(found) for kind, found in kinds(r.server).items()})
    if not grown_up(soak.guarded):
        lines[0] += "; too short to judge growth"
    if soak.bare.alone:
        row("further restarts, for failures that only the other had", lambda r: r.alone)
        row("failed then", lambda r: dict(r.further.failed))
    widths = [max(len(cells[column]) for cells in rows) for column in range(2)]
    return lines + [f"  {cells[0]:{widths[0]}}  {cells[1]:{widths[1]}}  {cells[2]}" for cells in rows]


def decisive(record):
    return record.tally.decisive + record.calm.decisive if record.server.guard else "-"


def idle(record):
    return [tuple(found.total() for found in pair) for pair in record.idle]


def quarters(series):
    return [series[min(len(series) * part // 4, len(series) - 1)] for part in range(5)] if series else []
