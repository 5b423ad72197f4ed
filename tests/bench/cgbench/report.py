# SPDX-License-Identifier: Apache-2.0
"""The figures as text."""


def added(columns, name):
    """What a configuration adds to the same request without one."""
    return columns[name] - columns["none"] if name in columns else None


def number(value):
    return "–" if value is None else f"{value:,.0f}"


def ratio(value, of):
    return "–" if value is None or not of else f"{value / of:.2f}"


COUNT_HEAD = ("case", "no module", "module adds", "floor adds", "recipe adds", "whole recipe adds", "module ÷ floor",
              "module ÷ recipe", "module, whole request")


def count_row(name, columns):
    module, floor = added(columns, "module"), added(columns, "floor")
    recipe, whole = added(columns, "recipe"), added(columns, "whole recipe")
    return (
        name, number(columns["none"]), number(module), number(floor), number(recipe), number(whole),
        ratio(module, floor if floor and floor > 0 else None), ratio(module, recipe or whole),
        f"{100 * columns['module'] / columns['none'] - 100:+.1f} %",
    )


def aligned(rows):
    """Rows as columns of plain text, the first to the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *[cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]]
        lines.append("  ".join(cells))
    return "\n".join(lines)


def markdown(rows):
    head, *body = rows
    line = "|" + "---|" + "---:|" * (len(head) - 1)
    return "\n".join(["| " + " | ".join(head) + " |", line, *["| " + " | ".join(row) + " |" for row in body]])


def counts_text(figures):
    return aligned([COUNT_HEAD, *[count_row(name, columns) for name, columns in figures.items()]])
