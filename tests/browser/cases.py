# SPDX-License-Identifier: Apache-2.0
"""What a page does, what it must come to, and which requests that must make.

    "put": case(
        APP,
        (fetch("/methods/app", method="PUT"), "cors 200 content-length content-type"),
        requests="OPTIONS 200 preflight-allowed, PUT 200 allowed",
    )

A case is a page's origin, its steps with the outcome of each (page.js says in which words), and what the servers'
logs must hold: method, status, the module's verdict ("-" where it has none), "h2" for HTTP/2, and Origin: null and
cookies where they were sent. Where a browser does otherwise than the Fetch standard asks, or than the other one where
the standard lets it, the case says how."""

from dataclasses import dataclass, field, replace

APP = "https://app.test"  # a page that policies allow
SITE = "https://www.site.test"  # another one, of the same site as API
PLAIN = "http://app.test"  # another one, without TLS
EVIL = "https://evil.test"  # one that no policy names
API = "https://api.site.test"  # what pages call
PLAIN_API = "http://api.site.test"
H2_API = "h2://api.site.test"
OTHER = "https://other.test"  # where redirects lead
BARE = "bare://api.site.test"  # the server without the module

# The names of headers that a script can read without Access-Control-Expose-Headers.
FILE = "content-length content-type last-modified"
TEXT = "content-length content-type"
KEPT = "cache-control content-length content-type"


@dataclass(frozen=True)
class Case:
    page: str
    steps: tuple
    requests: list
    outcomes: list
    errors: tuple = ()  # patterns of lines in the error log
    others: dict = field(default_factory=dict)  # by browser: (why, what differs)
    or_else: tuple = ()  # further lists of requests, one of which may have come instead

    def seen_by(self, browser):
        """The case as this browser must see it."""
        return replace(self, **self.others[browser][1]) if browser in self.others else self


def case(page, *pairs, requests, errors=(), **others):
    """pairs: of step and outcome. chromium=, firefox=: differs(...)."""
    steps, outcomes = zip(*pairs)
    return Case(page, steps, listed(requests), list(outcomes), errors, others)


def differs(why, outcomes=None, requests=None, or_else=()):
    changed = {"outcomes": outcomes, "requests": None if requests is None else listed(requests)}
    changed["or_else"] = tuple(map(listed, or_else))
    return why, {name: value for name, value in changed.items() if value is not None}


def listed(requests):
    return requests.split(", ") if requests else []


# steps


def at(path, host=API, **query):
    """A URL of the case: what the server logs is found by it. query: what the application behind /app shall do."""
    words = [f"{name}={value}" for name, value in query.items()]
    return f"{host}{path}?{'&'.join(['case=@', *words])}"


def fetch(path, host=API, query=None, show=None, page=None, form=None, **options):
    """fetch() with these options. show: names of headers, or "body", whose value is compared too."""
    step = {"do": "fetch", "url": at(path, host, **(query or {})), "options": options}
    more = {"show": show.split() if show else None, "page": page, "form": form}
    return {**step, **{name: value for name, value in more.items() if value is not None}}


def step(do, path, host=API, query=None, **more):
    """Another verb of page.js."""
    return {"do": do, "url": at(path, host, **(query or {})), **more}


def json_post(path, **more):
    return fetch(path, method="POST", headers={"Content-Type": "application/json"}, body='{"a": 1}', **more)
