# SPDX-License-Identifier: Apache-2.0
"""What is compared: the lists of origins, the configurations that allow them, the requests and the answers that each
configuration owes to them."""

import random
import re
from dataclasses import dataclass, field
from functools import lru_cache

METHODS = ["GET", "POST", "PUT", "DELETE"]
HEADERS = ["Content-Type", "X-Requested-With", "Authorization"]
EXPOSE = "X-Total-Count"
MAX_AGE = "7200"
PREFLIGHT_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
DENIED = "https://not-in-the-list.example"


@lru_cache
def origins(count):
    """Invented origins, the same in every run. They begin with different letters, which is kind to a regex."""
    generator = random.Random(7)
    words = [
        "".join(generator.choice(pair) for pair in ("bcdfghjklmnprstvwz", "aeiou") * generator.randint(2, 4))
        for _ in range(2000)
    ]
    found = dict.fromkeys(f"https://{generator.choice(words)}.example" for _ in range(min(count, 200)))
    while len(found) < count:
        found[f"https://{generator.choice(words)}-{generator.choice(words)}.example"] = None
    return tuple(found)[:count]


def allowed(count):
    """The origin that is asked for: the one in the middle, so that a list searched from its start costs its average."""
    return origins(count)[count // 2]


# Configurations


def policy(count, file=None):
    """Six lines of the module. file: where the list is, for lists too long for directives."""
    lines = [f"CorsAllowOriginFile {file}"] if file else []
    for start in range(0, 0 if file else count, 20):
        lines.append("CorsAllowOrigin " + " ".join(origins(count)[start : start + 20]))
    return "\n".join(
        [
            *lines,
            "CorsAllowCredentials On",
            "CorsAllowMethods " + " ".join(METHODS),
            "CorsAllowHeaders " + " ".join(HEADERS),
            f"CorsExposeHeaders {EXPOSE}",
            f"CorsMaxAge {MAX_AGE}",
            "",
        ]
    )


def regex(count):
    return "^(" + "|".join(origin.replace(".", r"\.") for origin in origins(count)) + ")$"


def lean_recipe(count):
    """What the actual requests of a policy need: the recipe at its cheapest."""
    return f"""SetEnvIf Origin "{regex(count)}" AccessControlAllowOrigin=$0
Header always set Access-Control-Allow-Origin "%{{AccessControlAllowOrigin}}e" env=AccessControlAllowOrigin
Header always set Access-Control-Allow-Credentials "true" env=AccessControlAllowOrigin
Header always set Access-Control-Expose-Headers "{EXPOSE}" env=AccessControlAllowOrigin
Header always merge Vary Origin
"""


def recipe(count):
    """What does the same as the six lines: with the headers and the answer of preflights."""
    return (
        lean_recipe(count)
        + f"""Header always set Access-Control-Allow-Methods "{', '.join(METHODS)}" env=AccessControlAllowOrigin
Header always set Access-Control-Allow-Headers "{', '.join(HEADERS)}" env=AccessControlAllowOrigin
Header always set Access-Control-Max-Age "{MAX_AGE}" env=AccessControlAllowOrigin
RewriteEngine On
RewriteCond %{{REQUEST_METHOD}} =OPTIONS
RewriteCond %{{HTTP:Access-Control-Request-Method}} .
RewriteRule ^ - [R=204,L]
"""
    )


def floor(kind, count):
    return f"BenchFloor {kind} {allowed(count)}\n"


# Requests


@dataclass(frozen=True)
class Request:
    """One request, and the headers about CORS that a correct answer has; {} where it is not about CORS."""

    data: bytes
    status: int
    headers: dict = field(default_factory=dict, hash=False)


def request(method, *lines, status=200, **headers):
    head = [f"{method} /x.txt HTTP/1.1", "Host: localhost", "User-Agent: bench/1", "Accept: */*", *lines, "", ""]
    named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    return Request("\r\n".join(head).encode(), status, named)


def plain(vary):
    return request("GET", **({"Vary": "Origin"} if vary else {}))


def actual(origin, permitted, full=False, vary=True):
    """full: with the headers that only preflights need, which the whole recipe puts everywhere."""
    headers = {"Vary": "Origin"} if vary else {}
    if permitted:
        headers.update(allowance(origin), Access_Control_Expose_Headers=EXPOSE)
    if permitted and full:
        headers.update(preflight_headers())
    return request("GET", f"Origin: {origin}", **headers)


def preflight(origin, by_recipe=False, answered=True):
    """by_recipe: with the recipe's expose header, and Vary (mod_rewrite adds what RewriteCond read).
    answered=False: httpd's own answer to OPTIONS."""
    headers = {**allowance(origin), **preflight_headers(), "Vary": PREFLIGHT_VARY}
    if by_recipe:
        headers.update(Vary="Origin, Access-Control-Request-Method", Access_Control_Expose_Headers=EXPOSE)
    asked = ["Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: content-type,x-requested-with"]
    lines = [f"Origin: {origin}", *asked]
    return request("OPTIONS", *lines, status=204, **headers) if answered else request("OPTIONS", *lines)


def allowance(origin):
    return {"Access_Control_Allow_Origin": origin, "Access_Control_Allow_Credentials": "true"}


def preflight_headers():
    return {
        "Access_Control_Allow_Methods": ", ".join(METHODS),
        "Access_Control_Allow_Headers": ", ".join(HEADERS),
        "Access_Control_Max_Age": MAX_AGE,
    }


def differences(wanted, head):
    """What is wrong with an answer's head, or None: its status, and every header about CORS and Vary."""
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1])
    pairs = [line.split(": ", 1) for line in lines[1:] if re.match(r"access-control-|vary:", line, re.I)]
    if status == wanted.status and comparable(pairs) == comparable(wanted.headers.items()):
        return None
    return f"expected {wanted.status} {wanted.headers}, got {status} {pairs}"


def comparable(pairs):
    """Header lines without what does not matter: their order, the blanks behind commas."""
    return sorted((name.lower(), value.replace(", ", ",")) for name, value in pairs)
