# SPDX-License-Identifier: Apache-2.0
"""A policy, its directives, and what it owes to a request (docs/directives.md, "How it works")."""

import re
from dataclasses import dataclass

from cgtest import expected

SAFE_METHODS = ("GET", "HEAD", "POST")
ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+)(:[0-9]+)?")


@dataclass(frozen=True)
class Policy:
    """origins: what CorsAllowOrigin lists; listed: what stands in a file; matched: regular expressions. methods,
    headers: as the directives have them; None: not set. mode: On, Enforce or Report."""

    origins: tuple = ()
    listed: tuple = ()
    matched: tuple = ()
    credentials: bool = False
    methods: str | None = None
    headers: str | None = None
    expose: str | None = None
    max_age: str | None = None
    mode: str = "On"

    def directives(self, file):
        """file: where the listed origins are."""
        lines = [f"CorsAllowOrigin {' '.join(self.origins)}"] if self.origins else []
        lines += [f"CorsAllowOriginFile {file}"] if self.listed else []
        lines += [f'CorsAllowOriginMatch "{regex}"' for regex in self.matched]
        lines += [f"CorsAllowCredentials {'On' if self.credentials else 'Off'}", f"CorsGuard {self.mode}"]
        fields = {"Methods": self.methods, "Headers": self.headers}
        lines += [f"CorsAllow{name} {value}" for name, value in fields.items() if value]
        lines += [f"CorsExposeHeaders {self.expose}"] if self.expose else []
        lines += [f"CorsMaxAge {self.max_age}"] if self.max_age else []
        return lines

    @property
    def public(self):
        return self.origins == ("*",)

    def allows(self, origin):
        if not ORIGIN.fullmatch(origin):
            return False
        members = (*self.origins, *self.listed)
        return any(covers(member, origin) for member in members) or any(re.fullmatch(m, origin) for m in self.matched)

    def allows_method(self, method):
        return method in SAFE_METHODS or self.methods == "*" or method in (self.methods or "").split()

    def allows_headers(self, names):
        asked = [name.strip().lower() for name in names.split(",")]
        known = (self.headers or "").lower().split()
        return all(name in known or "*" in known and name != "authorization" for name in asked)


def covers(member, origin):
    """A member with wildcards in front of the host or as the port, read as a regular expression."""
    regex = re.escape(member).replace(r"//\*\.", r"//([a-z0-9-]+\.)+").replace(r":\*", "(:[0-9]+)?")
    return member == "*" or re.fullmatch(regex, origin) is not None


@dataclass(frozen=True)
class Ask:
    """What about a request matters to a policy. own: the origin of the site that is asked."""

    method: str
    origin: str | None
    own: str
    asked_method: str | None = None
    asked_headers: str | None = None

    @property
    def is_preflight(self):
        return self.method == "OPTIONS" and self.origin is not None and bool(self.asked_method)


def allowed(policy, ask):
    """Whether an origin that is not the site's own gets what it asks for."""
    if policy.public and ask.is_preflight:
        fits = ask.origin == "null" or ORIGIN.fullmatch(ask.origin) is not None
    else:
        fits = policy.public or policy.allows(ask.origin)
    if ask.is_preflight:
        names = ask.asked_headers
        return fits and policy.allows_method(ask.asked_method) and (names is None or policy.allows_headers(names))
    return fits and (policy.mode != "Enforce" or policy.allows_method(ask.method))


def refused(policy, ask):
    """Whether the module answers 403 to an actual request."""
    foreign = ask.origin not in (None, ask.own)
    return policy.mode == "Enforce" and foreign and not ask.is_preflight and not allowed(policy, ask)


def owed(policy, ask):
    """The CORS headers of the answer, as cgtest.cors() has them; other members of Vary come to these."""
    if ask.is_preflight and ask.origin != ask.own:
        return owed_preflight(policy, ask) if allowed(policy, ask) else expected(vary="preflight")
    if policy.public:
        return expected("*", expose=lower(policy.expose))
    if ask.origin in (None, ask.own) or not allowed(policy, ask):
        return expected(vary="origin")
    return expected(ask.origin, policy.credentials, lower(policy.expose), vary="origin")


def owed_preflight(policy, ask):
    named = policy.credentials  # browsers take * for a name then
    methods = ask.asked_method if policy.methods == "*" and named else policy.methods
    headers = ask.asked_headers if policy.headers == "*" and named else policy.headers
    return expected(
        "*" if policy.public else ask.origin,
        policy.credentials,
        methods=methods and ", ".join(methods.split()),
        headers=headers and ", ".join(lower(headers).replace(",", " ").split()),
        max_age={"off": "0"}.get(policy.max_age, policy.max_age),
        vary="preflight",
    )


def lower(names):
    return names and ", ".join(names.lower().split())
