# SPDX-License-Identifier: Apache-2.0
"""The table of what is counted in instructions. A case is one kind of request at one number of origins; each column of
it is one configuration that answers that request."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from . import counts, sites
from .server import BENCH, BUILD, MODULE, Failure, Httpd, build_module, version

RECIPE_SIZES = (1, 10, 100, 1000)
RECIPE_TOO_MANY = 10000
ALLOWED_SIZES = (1, 10, 100, 1000, 10000, 100000, 1000000)
OTHER_SIZES = (1, 100, 1000, 100000)
# Longer lists come from a file: httpd's lines have an end.
DIRECTIVE_MAX = 1000


@dataclass(frozen=True)
class Measurement:
    request: sites.Request
    config: str = ""
    module: str = ""  # "cors_guard", "bench_floor", or none
    htaccess: str | None = None

    def count(self, keep=None):
        extra = {}
        if self.module:
            extra[self.module] = MODULE if self.module == "cors_guard" else build_module(self.module)
        return counts.per_request(self.request, self.config, extra, self.htaccess, keep)

    def key(self):
        """What the figure depends on, but for the machine."""
        sources = [(BENCH / f"mod_{name}.c").read_bytes() for name in ("bench_floor", "bench_count")]
        parts = [repr(self).encode(), self.request.data, version().encode(), *sources]
        parts += [(BENCH / "cgbench" / f"{name}.py").read_bytes() for name in ("counts", "server")]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()


def origin_file(count):
    """The path of a file with so many origins, written at the first call."""
    file = BUILD / f"origins-{count}.txt"
    text = "\n".join(sites.origins(count)) + "\n"
    if not file.exists() or file.stat().st_size != len(text):
        BUILD.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return file


def module_policy(count):
    return sites.policy(count, origin_file(count) if count > DIRECTIVE_MAX else None)


def none_case(name, request):
    """The module is loaded, and no policy is in effect."""
    return name, {"none": Measurement(request), "module": Measurement(request, "", "cors_guard")}


def no_origin_case():
    request = sites.plain(vary=True)
    return "no-origin-1", {
        "none": Measurement(sites.plain(vary=False)),
        "module": Measurement(request, module_policy(1), "cors_guard"),
        "floor": Measurement(request, sites.floor("vary", 1), "bench_floor"),
        "recipe": Measurement(request, sites.lean_recipe(1)),
        "whole recipe": Measurement(request, sites.recipe(1)),
    }


def actual_case(kind, count):
    origin = sites.allowed(count) if kind == "allowed" else sites.DENIED
    request = sites.actual(origin, kind == "allowed")
    columns = {
        "none": Measurement(sites.actual(origin, False, vary=False)),
        "module": Measurement(request, module_policy(count), "cors_guard"),
        "floor": Measurement(request, sites.floor("allowed" if kind == "allowed" else "vary", count), "bench_floor"),
    }
    if count in RECIPE_SIZES:
        columns["recipe"] = Measurement(request, sites.lean_recipe(count))
        whole = sites.actual(origin, kind == "allowed", full=True)
        columns["whole recipe"] = Measurement(whole, sites.recipe(count))
    return f"{kind}-{count}", columns


def preflight_case(count):
    origin = sites.allowed(count)
    request = sites.preflight(origin)
    columns = {
        "none": Measurement(sites.preflight(origin, answered=False)),
        "module": Measurement(request, module_policy(count), "cors_guard"),
        "floor": Measurement(request, sites.floor("preflight", count), "bench_floor"),
    }
    if count in RECIPE_SIZES:
        columns["whole recipe"] = Measurement(sites.preflight(origin, by_recipe=True), sites.recipe(count))
    return f"preflight-{count}", columns


def htaccess_case(kind):
    origin = sites.allowed(1)
    request = sites.actual(origin, True) if kind == "allowed" else sites.plain(vary=True)
    unanswered = sites.actual(origin, False, vary=False) if kind == "allowed" else sites.plain(vary=False)
    whole = sites.actual(origin, True, full=True) if kind == "allowed" else request
    return f"htaccess-{kind}", {
        "none": Measurement(unanswered, htaccess=""),
        "module": Measurement(request, "", "cors_guard", htaccess=module_policy(1)),
        "recipe": Measurement(request, htaccess=sites.lean_recipe(1)),
        "whole recipe": Measurement(whole, htaccess=sites.recipe(1)),
    }


def all_cases():
    return dict(
        [
            none_case("no-policy", sites.plain(vary=False)),
            none_case("no-policy-origin", sites.actual(sites.allowed(1), False, vary=False)),
            no_origin_case(),
            *[actual_case("allowed", count) for count in ALLOWED_SIZES],
            *[actual_case("denied", count) for count in OTHER_SIZES],
            *[preflight_case(count) for count in OTHER_SIZES],
            htaccess_case("no-origin"),
            htaccess_case("allowed"),
        ]
    )


class Remembered:
    """Figures of earlier runs that do not depend on the module: an optimisation loop need not count them anew."""

    def __init__(self, use):
        self.file = BUILD / "counts.json"
        self.figures = json.loads(self.file.read_text()) if use and self.file.exists() else {}

    def get(self, measurement):
        return None if measurement.module == "cors_guard" else self.figures.get(measurement.key())

    def put(self, measurement, figure):
        self.figures[measurement.key()] = figure

    def save(self):
        BUILD.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.figures))


def count_all(chosen, remember=False, say=lambda text: None):
    """{case: {column: instructions a request}} of the chosen cases, two servers at a time."""
    remembered = Remembered(remember)
    wanted = list(dict.fromkeys(entry for columns in chosen.values() for entry in columns.values()))
    for name in ("bench_floor", "bench_count"):
        build_module(name)
    figures = {entry: remembered.get(entry) for entry in wanted}
    missing = [entry for entry in wanted if figures[entry] is None]
    try:
        with ThreadPoolExecutor(2) as pool:
            for done, (entry, figure) in enumerate(zip(missing, pool.map(Measurement.count, missing)), 1):
                figures[entry] = figure
                remembered.put(entry, figure)
                say(f"{done} of {len(missing)} counted")
    finally:
        remembered.save()
    return {name: {key: figures[entry] for key, entry in columns.items()} for name, columns in chosen.items()}


def recipe_refused(count):
    """What httpd -t says against the recipe with so many origins; None where it takes it."""
    with Httpd(sites.lean_recipe(count)) as server:
        server.start(arguments=("-t",))
        if server.process.wait(60) == 0:
            return None
        return server.said().strip().splitlines()[-1]


def recipe_end():
    """(the most origins that the recipe can hold, what httpd says to RECIPE_TOO_MANY)."""
    low, high = max(RECIPE_SIZES), RECIPE_TOO_MANY
    message = recipe_refused(high)
    if message is None:
        raise Failure(f"httpd takes the recipe with {high} origins; RECIPE_TOO_MANY is wrong")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if recipe_refused(middle) is None else (low, middle)
    return low, message
