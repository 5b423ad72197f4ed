# SPDX-License-Identifier: Apache-2.0
"""Errors are readable: a script of an allowed page learns which one it was, over HTTP/1.1 and HTTP/2."""

import pytest
from cases import API, APP, EVIL, FILE, H2_API, TEXT, case, fetch

# path, status, what httpd logs
ERRORS = {
    "login": ("private/file.txt", 401, ()),
    "forbidden": ("forbidden/file.txt", 403, ("AH01630",)),
    "missing": ("missing", 404, ()),
    "broken": ("broken.cgi", 500, ("End of script output before headers",)),
    "dead": ("dead", 503, ("AH00957", "AH01114")),
}
SENT = {"error": 404, "teapot": 418, "overload": 429, "gateway": 502}


def error(path, status, logged, host):
    http = " h2" if host == H2_API else ""
    return case(
        APP,
        (fetch(f"/listed/{path}", host), f"cors {status} {TEXT}"),
        requests=f"GET {status} allowed{http}",
        errors=logged,
    )


def denied(path, status, logged):
    return case(EVIL, (fetch(f"/listed/{path}"), "error"), requests=f"GET {status} denied", errors=logged)


CASES = {
    **{name: error(*how, API) for name, how in ERRORS.items()},
    **{f"{name}_h2": error(*how, H2_API) for name, how in ERRORS.items()},
    **{f"{name}_denied": denied(*how) for name, how in ERRORS.items()},
    **{
        f"application_{status}": case(
            APP,
            (fetch("/listed/app", query={"status": status}), f"cors {status} {TEXT}"),
            requests=f"GET {status} allowed",
        )
        for status in (404, 418, 429, 502)
    },
    "login_enforced": case(EVIL, (fetch("/enforce/private/file.txt"), "error"), requests="GET 403 denied"),
    "range": case(
        APP,
        (fetch("/listed/long.txt", headers={"Range": "bytes=99999-"}), "cors 416 content-type"),
        requests="GET 416 allowed",
    ),
    "range_h2": case(
        APP,
        (fetch("/listed/long.txt", H2_API, headers={"Range": "bytes=99999-"}), "cors 416 content-type"),
        requests="GET 416 allowed h2",
    ),
    "error_page": case(
        APP,
        (fetch("/sorry/missing", show="body"), f"cors 404 {FILE} body=sorry"),
        requests="GET 404 allowed",
    ),
    "no_content": case(
        APP, (fetch("/listed/app", query={"status": 204}), "cors 204 content-type"), requests="GET 204 allowed"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_statuses(perform, name):
    perform(name, CASES[name])
