# SPDX-License-Identifier: Apache-2.0
"""The site that is asked: its policies, one after the other, its files, its requests, and what each of them is owed."""

from dataclasses import dataclass, field, replace

from cgtest import cors, exchange
from cgtest.client import request_bytes

from .policy import Ask, Policy, owed, refused

APP, PUBLIC, BARE = "app.test", "public.test", "bare.test"
AUTHENTICATION = ("auth_basic", "authn_core", "authn_file", "authz_user")
MODULES = (*AUTHENTICATION, "alias", "cgid", "deflate", "dir", "filter", "headers", "proxy", "proxy_http")
# What policy.conf says, in turn. They differ in their origins and in most other fields.
POLICIES = (
    Policy(
        origins=("https://one.example", "https://*.wild.example"),
        listed=("https://file0.example",),
        credentials=True,
        methods="GET PUT",
        headers="Content-Type X-A",
        expose="X-E0",
        max_age="100",
    ),
    Policy(
        origins=("https://two.example", "http://localhost:*"),
        methods="DELETE",
        headers="X-B Content-Type",
        expose="X-E1 X-F1",
        max_age="200",
    ),
    Policy(
        matched=(r"https://(red|blue)\.match\.example",),
        listed=("https://one.example", "https://file2.example"),
        credentials=True,
        methods="*",
        headers="*",
        max_age="off",
        mode="Enforce",
    ),
)
PUBLIC_POLICIES = tuple(
    Policy(origins=("*",), expose=f"X-P{n}", max_age=str(30 + n), methods="PUT", headers="*") for n in range(3)
)
HTACCESS_FILES = (
    "CorsAllowOrigin https://ht0.example\nCorsMaxAge 11\nCorsExposeHeaders X-Ht0\n",
    "CorsAllowOrigin +https://ht1.example\nCorsAllowMethods PATCH\n",
    "CorsMaxAge 11\nCorsAllowOrigin https://ht2.example/\n",
    None,
)
BROKEN = 2  # which of them is no .htaccess
ORIGINS = (
    None,
    f"http://{APP}",
    "https://one.example",
    "https://two.example",
    "https://a.b.wild.example",
    "https://wild.example",
    "https://file0.example",
    "https://file2.example",
    "https://red.match.example",
    "https://redxmatch.example",
    "http://localhost:3000",
    "https://ht0.example",
    "https://ht1.example",
    "https://evil.example",
    "null",
    "https://one.example/",
    "HTTPS://ONE.EXAMPLE",
    "https://one.example, https://one.example",
    "https://on\u00e9.example",
)
SOME_ORIGINS = ORIGINS[:4] + ("https://evil.example", "null", "https://one.example/")
METHODS = ("GET", "HEAD", "PUT", "POST", "OPTIONS")
PREFLIGHTS = (
    ("GET", None),
    ("PUT", "content-type"),
    ("PUT", "x-a,x-b"),
    ("DELETE", "content-type,x-b"),
    ("PATCH", "authorization"),
    ("X-OWN", None),
)

# With what applications and administrators write beside the module.
SITE = """
KeepAliveTimeout 15
MaxKeepAliveRequests 0
Mutex default:run
Header set Access-Control-Allow-Origin "https://rival.example"
<VirtualHost *:${PORT}>
  ServerName app.test
  Include policy.conf
  Redirect 302 /moved https://elsewhere.example/
  ScriptAlias /cgi/ "${DIR}/cgi/"
  ProxyPass /proxy http://127.0.0.1:${BACKEND} disablereuse=on
  <Directory "${DOCROOT}/ht">
    AllowOverride FileInfo
  </Directory>
  <Location /private>
    AuthType Basic
    AuthName soak
    AuthUserFile "${DIR}/users"
    Require valid-user
  </Location>
  <Location /errors>
    ErrorDocument 404 /x.txt
  </Location>
  <Location /z>
    SetOutputFilter DEFLATE
  </Location>
  <IfModule cors_guard_module>
    <Location /none>
      CorsAllowOrigin none
    </Location>
    <Location /enforce>
      CorsGuard Enforce
    </Location>
    <Location /report>
      CorsGuard Report
    </Location>
  </IfModule>
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName public.test
  <IfModule cors_guard_module>
    Include public.conf
  </IfModule>
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName bare.test
</VirtualHost>
"""
CGI = """echo "Access-Control-Allow-Origin: https://cgi.example"
echo "Content-Type: text/plain"
echo
echo hello"""


def app_policy(main, _htaccess):
    return POLICIES[main]


def public_policy(main, _htaccess):
    return PUBLIC_POLICIES[main]


def no_policy(_main, _htaccess):
    return None


def none_policy(main, _htaccess):
    return replace(POLICIES[main], origins=("none",), listed=(), matched=())


def enforce_policy(main, _htaccess):
    return replace(POLICIES[main], mode="Enforce")


def htaccess_policy(main, htaccess):
    policy = POLICIES[main]
    if htaccess == 0:
        fields = {"origins": ("https://ht0.example",), "listed": (), "matched": (), "max_age": "11", "expose": "X-Ht0"}
        return replace(policy, **fields)
    if htaccess == 1:
        return replace(policy, origins=(*policy.origins, "https://ht1.example"), methods="PATCH")
    return policy


@dataclass(frozen=True)
class Place:
    """early: httpd answers before the module could answer or refuse; the CORS headers are the policy's all the same."""

    path: str
    policy: object
    host: str = APP
    origins: tuple = SOME_ORIGINS
    early: bool = False
    headers: tuple = ()
    weight: int = 4  # how often it is asked, beside the others


PLACES = (
    Place("/x.txt", app_policy, origins=ORIGINS),
    Place("/x.txt", app_policy, headers=(("Range", "bytes=2-5"),)),
    Place("/x.txt", app_policy, headers=(("Range", "bytes=900-"),)),
    Place("/x.txt", app_policy, headers=(("If-Modified-Since", "Mon, 04 Jan 2021 00:00:00 GMT"),)),
    Place("/missing", app_policy),
    Place("/errors/missing", app_policy),
    Place("/dir", app_policy),
    Place("/dir/", app_policy),
    Place("/moved", app_policy, early=True),
    Place("/private/x.txt", app_policy),
    Place("/z/x.txt", app_policy, headers=(("Accept-Encoding", "gzip"),)),
    Place("/proxy/x.txt", app_policy),
    Place("/cgi/app.cgi", app_policy, weight=1),
    Place("/ht/x.txt", htaccess_policy, origins=ORIGINS, weight=8),
    Place("/none/x.txt", none_policy),
    Place("/enforce/x.txt", enforce_policy, origins=ORIGINS),
    Place("/report/x.txt", no_policy),
    Place("/x.txt", public_policy, PUBLIC, origins=ORIGINS),
    Place("/missing", public_policy, PUBLIC),
    Place("/x.txt", no_policy, BARE),
)


@dataclass
class Request:
    """data: as it is sent. owed: by (main, htaccess), status and CORS headers of the only right answer. bare: the
    status alone, of httpd without the module."""

    place: Place
    ask: Ask
    data: bytes = b""
    owed: dict = field(default_factory=dict)
    bare: dict = field(default_factory=dict)

    @property
    def headers(self):
        names = {"Origin": self.ask.origin, "Access-Control-Request-Method": self.ask.asked_method}
        names["Access-Control-Request-Headers"] = self.ask.asked_headers
        return [(name, value) for name, value in names.items() if value is not None] + list(self.place.headers)

    def __str__(self):
        words = [f"{name}: {value}" for name, value in self.headers]
        return " | ".join([self.ask.method, self.place.host + self.place.path, *words])

    @property
    def weight(self):
        """Preflights are asked for in more ways, and the rest is asked for more often."""
        return self.place.weight if self.ask.is_preflight else 4 * self.place.weight

    @property
    def kind(self):
        return f"{self.ask.method} {self.place.path}"


def all_requests():
    requests = []
    for place in PLACES:
        own = f"http://{place.host}"
        for origin in place.origins:
            methods = METHODS if place.path == "/x.txt" and not place.headers else METHODS[:1]
            requests += [Request(place, Ask(method, origin, own)) for method in methods]
            if origin in (None, f"http://{APP}"):
                continue
            for asked in PREFLIGHTS if len(place.origins) > 10 else PREFLIGHTS[:3]:
                requests.append(Request(place, Ask("OPTIONS", origin, own, *asked)))
    for request in requests:
        request.data = request_bytes(request.ask.method, request.place.path, request.headers, host=request.place.host)
    return requests


def learn(requests, bare):
    """Fills what each request is owed. bare: a server with the same site without the module."""
    for request in requests:
        close = request.data.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
        [answer] = exchange(bare.port, close, [request.ask.method])
        for main in range(len(POLICIES)):
            for htaccess in range(len(HTACCESS_FILES)):
                broken = request.place.policy is htaccess_policy and htaccess == BROKEN
                request.bare[main, htaccess] = 500 if broken else answer.status
                request.owed[main, htaccess] = owed_answer(request, main, htaccess, answer)
    return requests


def owed_answer(request, main, htaccess, bare):
    """bare: what httpd answers without the module."""
    policy = request.place.policy(main, htaccess)
    status = request.bare[main, htaccess]
    if policy is None:
        return status, frozen(cors(bare))
    headers = owed(policy, request.ask)
    preflight = request.ask.is_preflight and request.ask.origin != request.ask.own
    if status == bare.status and not request.place.early:  # else httpd answers before the module is asked
        if preflight:
            status = 204 if "access-control-allow-origin" in headers else 403
        elif refused(policy, request.ask):
            status = 403
    passed = status == bare.status and not preflight
    members = {*headers.get("vary", ()), *(cors(bare).get("vary", ()) if passed else ())}
    if members:
        headers["vary"] = sorted(members)
    return status, frozen(headers)


def frozen(headers):
    return tuple(sorted((name, tuple(values)) for name, values in headers.items()))
