# SPDX-License-Identifier: Apache-2.0
"""The plot of growth, as SVG. Both axes are logarithmic; the one on the right is the one on the left divided by what
the request costs without CORS."""

from math import log10

WIDTH, HEIGHT = 820, 440
LEFT, RIGHT, TOP, BOTTOM = 80, 90, 54, 60
MODULE, RECIPE, NGINX, GREY = "#0b5cad", "#c2410c", "#15803d", "#6b7280"
FONT = 'font-family="Helvetica, Arial, sans-serif"'


class Plane:
    """Where values lie on the picture."""

    def __init__(self, base, x_max, y_max):
        self.base = base
        self.x_max = x_max
        self.low, self.high = log10(base * 0.7), log10(y_max * 1.3)

    def x(self, count):
        return LEFT + (WIDTH - LEFT - RIGHT) * log10(count) / log10(self.x_max)

    def y(self, value):
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (log10(value) - self.low) / (self.high - self.low))


def text(x, y, words, color="#111827", anchor="start", size=13, more=""):
    style = f'fill="{color}" text-anchor="{anchor}" font-size="{size}" {FONT} {more}'.strip()
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{words}</text>'


def line(x1, y1, x2, y2, color, width=1.0, dash=""):
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{color}" stroke-width="{width}"{dashes}/>'


def series(plane, points, color, dash=""):
    path = " ".join(f"{plane.x(count):.1f},{plane.y(value):.1f}" for count, value in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2.5"{dashes}/>'
    for count, value in points:
        yield f'<circle cx="{plane.x(count):.1f}" cy="{plane.y(value):.1f}" r="4" fill="{color}"/>'


def axes(plane):
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for power in range(int(round(log10(plane.x_max))) + 1):
        x = plane.x(10**power)
        yield line(x, TOP, x, bottom, "#e5e7eb")
        yield text(x, bottom + 20, f"{10**power:,}", anchor="middle")
    yield text((LEFT + right) / 2, HEIGHT - 16, "origins in the list", anchor="middle")
    for thousands in (30, 40, 60, 100, 200, 300, 500):
        if plane.low < log10(thousands * 1000) < plane.high:
            yield line(LEFT, plane.y(thousands * 1000), right, plane.y(thousands * 1000), "#e5e7eb")
            yield text(LEFT - 8, plane.y(thousands * 1000) + 4, f"{thousands},000", anchor="end")
    for times in (1, 1.5, 2, 3, 5, 10, 15):
        if plane.low < log10(plane.base * times) < plane.high:
            y = plane.y(plane.base * times)
            yield line(right, y, right + 5, y, GREY)
            yield text(right + 9, y + 4, f"× {times}")
    yield f'<rect x="{LEFT}" y="{TOP}" width="{right - LEFT}" height="{bottom - TOP}" fill="none" stroke="{GREY}"/>'
    yield text(LEFT, TOP - 12, "instructions a request", GREY)
    yield text(WIDTH - 8, TOP - 12, "times the request without CORS", GREY, "end")


def draw(base, module, recipe, recipe_most, nginx):
    """base: instructions of the request without CORS. module, recipe: [(origins, instructions)]. recipe_most: the most
    origins that the recipe can hold. nginx: [(origins, ratio to nginx without CORS)]."""
    plane = Plane(base, max(count for count, _ in module), max(value for _, value in recipe))
    end_x, end_y = plane.x(recipe[-1][0]), plane.y(recipe[-1][1])
    parts = [*axes(plane)]
    parts.append(line(LEFT, plane.y(base), WIDTH - RIGHT, plane.y(base), GREY, 1.5, "2 4"))
    parts += series(plane, [(count, base * ratio) for count, ratio in nginx], NGINX, "7 5")
    parts += series(plane, recipe, RECIPE)
    parts += series(plane, module, MODULE)
    parts.append(text(end_x + 12, end_y + 2, "SetEnvIf + Header recipe:", RECIPE, more='font-weight="bold"'))
    parts.append(text(end_x + 12, end_y + 18, f"above {recipe_most:,} origins httpd does not start", RECIPE))
    high = plane.y(max(value for _, value in module))
    parts.append(text(plane.x(20000), high - 30, "mod_cors_guard", MODULE, more='font-weight="bold"'))
    low = HEIGHT - BOTTOM - 12
    parts.append(text(LEFT + 10, low, "dotted: httpd without CORS", GREY, size=12))
    words = "dashed: nginx with a map, processor time (axis on the right)"
    parts.append(text(WIDTH - RIGHT - 10, low, words, NGINX, "end", 12))
    title = text(LEFT - 60, 22, "What a request from an allowed origin costs", size=16, more='font-weight="bold"')
    body = "\n".join([title, *parts])
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n'
        f"<title>Instructions a request against the number of origins</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )
