# SPDX-License-Identifier: Apache-2.0
"""The measured part of docs/benchmarks.md. What stands outside of its two marks is written by hand and kept."""

import re

from .report import COUNT_HEAD, aligned, count_row, markdown, ratio
from .server import Failure
from .throughput import ROUNDS, least_work, ratios

BEGIN = "<!-- measured: tests/bench/run writes from here -->"
END = "<!-- measured: to here -->"
GROWTH = "### Growth\n\n![What a request costs against the number of origins](benchmarks-growth.svg)"
KINDS = {
    "no-policy": "No policy in effect",
    "no-origin": "Policy, request without Origin",
    "allowed": "Allowed origin",
    "denied": "Denied origin",
    "preflight": "Preflight",
    "htaccess": "The policy in .htaccess",
}


def updated(text, figures, surroundings, verdicts):
    """The document with new figures."""
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin:
        raise Failure("docs/benchmarks.md has lost the marks between which figures are written")
    parts = [
        about(surroundings),
        bounds_table(verdicts),
        counts_tables(figures),
        GROWTH,
        throughput_tables(figures),
        load_table(figures),
        core_tables(figures),
    ]
    return text[: begin + len(BEGIN)] + "\n\n" + "\n\n".join(parts) + "\n\n" + text[end:]


def about(surroundings):
    names = {"date": "Date", "machine": "Machine", "httpd": "httpd", "others": "Beside it", "compiler": "Compiler"}
    return "\n".join(f"- {names[key]}: {value}" for key, value in surroundings.items())


def verdict_rows(verdicts, aim):
    rows = []
    for verdict in verdicts:
        if verdict.aim == aim:
            word = "held" if verdict.held else ("missed" if aim else "BROKEN")
            figures = (f"{figure:,.2f}{verdict.unit}" for figure in (verdict.value, verdict.limit))
            rows.append((verdict.what, *figures, word))
    return rows


def bounds_table(verdicts):
    head = ("bound", "measured", "at most", "")
    aims = markdown([("aim", "measured", "at most", ""), *verdict_rows(verdicts, True)])
    bounds = markdown([head, *verdict_rows(verdicts, False)])
    return f"### Bounds\n\nA broken one fails the run.\n\n{bounds}\n\nAims, which fail nothing:\n\n{aims}"


def summary(verdicts):
    head = ("bound or aim", "measured", "at most", "")
    return aligned([head, *verdict_rows(verdicts, False), *verdict_rows(verdicts, True)])


def counts_tables(figures):
    parts = ["### Instructions a request"]
    for kind, title in KINDS.items():
        rows = [count_row(name, columns) for name, columns in figures.counts.items() if re.match(kind + r"\b", name)]
        used = [i for i in range(len(COUNT_HEAD)) if any(row[i] != "–" for row in rows)]
        table = [tuple(row[i] for i in used) for row in [COUNT_HEAD, *rows]]
        parts.append(f"{title}:\n\n{markdown(table)}")
    parts.append(
        f"The recipe ends at {figures.recipe_most:,} origins of these; with 10,000 httpd does not start: "
        f"`{figures.recipe_message}`"
    )
    return "\n\n".join(parts)


def spread(middle_low_high):
    return "{:.2f} ({:.2f}–{:.2f})".format(*middle_low_high)


def turn_table(turns, base, label):
    rate, work, least = ratios(turns, base, 0), ratios(turns, base, 1), least_work(turns)
    rows = []
    for name in turns:
        measured = f"{least[name]:.1f} µs"
        if name == base:
            rows.append((label(name), "1", "1", measured, "1"))
        else:
            times = ratio(least[name], least[base])
            rows.append((label(name), spread(rate[name]), spread(work[name]), measured, times))
    head = ("server", "requests a second", "processor time a request", "least processor time", "its ratio")
    return markdown([head, *rows])


def nginx_label(count):
    return f"nginx, map of {count:,}" if count else "nginx without CORS"


def throughput_tables(figures):
    httpd = turn_table(figures.httpd_turns, "no module", str)
    nginx = turn_table(figures.nginx_turns, 0, nginx_label)
    return (
        f"### Throughput\n\nRatios to the first line in the same round, median (quartiles) of {ROUNDS} rounds; "
        f"and the least processor time of any round, which others disturbed least.\n\n{httpd}\n\n{nginx}"
    )


def load_table(figures):
    head = ("origins", "httpd -t", "memory", "nginx -t", "memory", "time ÷ nginx", "memory ÷ nginx")
    rows = []
    for count, (httpd, nginx) in figures.loads.items():
        cells = [f"{count:,}" if count else "none"]
        for one in (httpd, nginx):
            cells += [f"{1000 * one.seconds:,.0f} ms", f"{one.kilobytes / 1024:,.1f} MB"]
        rows.append((*cells, ratio(httpd.seconds, nginx.seconds), ratio(httpd.kilobytes, nginx.kilobytes)))
    return f"### Load\n\n{markdown([head, *rows])}"


def core_tables(figures):
    rows, hostile = [], []
    for name, nanoseconds in figures.core.items():
        peer = figures.rs_cors.get(name)
        cells = (f"{peer[0]:,.0f} ns", f"{peer[1]:,.0f} B") if peer else ("–", "–")
        row = (name.removeprefix("hostile."), f"{nanoseconds:,.0f} ns", *cells)
        (hostile if name.startswith("hostile") else rows).append(row)
    head = ("list and request", "src/core", "rs/cors", "allocated by rs/cors")
    return f"### The core alone\n\n{markdown([head, *rows])}\n\n{markdown([('header', *head[1:]), *hostile])}"
