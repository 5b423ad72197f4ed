# SPDX-License-Identifier: Apache-2.0
"""Redirects, and pages whose origin is null."""

import pytest
from cases import API, APP, EVIL, FILE, H2_API, OTHER, TEXT, at, case, differs, fetch, json_post, step

ASKED = "OPTIONS 204 preflight-allowed"
OK = f"cors 200 {TEXT}"
AGAIN = f"cors 200 redirected {TEXT}"
PREFLIGHT = "Firefox asks with the page's origin, though it sends the request itself with null"


def to(url, status=302):
    """What the application behind /app answers: a redirect."""
    return {"status": status, "header": f"Location:{url}"}


REDIRECTS = {
    "same_origin": case(
        APP, (fetch("/listed/app", query=to(at("/public/app"))), AGAIN), requests="GET 302 allowed, GET 200 allowed"
    ),
    "redirect_not_allowed": case(
        APP, (fetch("/nobody/app", query=to(at("/public/app"))), "error"), requests="GET 302 denied"
    ),
    "target_not_allowed": case(
        APP, (fetch("/listed/app", query=to(at("/nobody/app"))), "error"), requests="GET 302 allowed, GET 200 denied"
    ),
    "cross_origin_to_public": case(
        APP,
        (fetch("/listed/app", query=to(at("/public/app", OTHER))), AGAIN),
        requests="GET 302 allowed, GET 200 allowed from null",
    ),
    "cross_origin_to_listed": case(
        APP,
        (fetch("/listed/app", query=to(at("/listed/app", OTHER))), "error"),
        requests="GET 302 allowed, GET 200 denied from null",
    ),
    "cross_origin_to_null": case(
        APP,
        (fetch("/listed/app", query=to(at("/null/app", OTHER))), AGAIN),
        requests="GET 302 allowed, GET 200 allowed from null",
    ),
    "cross_origin_to_enforced": case(
        APP,
        (fetch("/listed/app", query=to(at("/enforce/app", OTHER))), "error"),
        requests="GET 302 allowed, GET 403 denied from null",
    ),
    "own_then_cross_origin": case(
        APP,
        (fetch("/plain/app", APP, query=to(at("/listed/app"))), AGAIN),
        requests="GET 302 -, GET 200 allowed",
    ),
    "back_to_the_page": case(
        APP,
        (fetch("/listed/app", query=to(at("/plain/app", APP))), "error"),
        requests="GET 302 allowed, GET 200 - from null",
    ),
    "back_to_the_page_that_is_public": case(
        APP,
        (fetch("/listed/app", query=to(at("/public/app", APP))), AGAIN),
        requests="GET 302 allowed, GET 200 allowed from null",
    ),
    "same_origin_page_enforced": case(
        API,
        (
            fetch("/enforce/app", query=to(at("/enforce/app", API), 307), method="POST", body="a"),
            "basic 200 redirected content-length content-type date server vary",
        ),
        requests="POST 307 same-origin, POST 200 same-origin",
    ),
    "followed_by_hand": case(
        APP,
        (fetch("/listed/app", query=to(at("/public/app")), redirect="manual"), "opaqueredirect 0"),
        requests="GET 302 allowed",
    ),
    "not_followed": case(
        APP, (fetch("/listed/app", query=to(at("/public/app")), redirect="error"), "error"), requests="GET 302 allowed"
    ),
    "post_becomes_get": case(
        APP,
        (
            fetch("/listed/app", query=to(at("/public/app"), 303), method="POST", body="a", show="body"),
            f"{AGAIN} body=backend GET /public/app",
        ),
        requests="POST 303 allowed, GET 200 allowed",
    ),
    "post_stays_post": case(
        APP,
        (
            fetch("/listed/app", query=to(at("/public/app"), 307), method="POST", body="a", show="body"),
            f"{AGAIN} body=backend POST /public/app",
        ),
        requests="POST 307 allowed, POST 200 allowed",
    ),
    "preflight_for_each": case(
        APP,
        (json_post("/headers/app", query=to(at("/anyheader/app"), 307)), AGAIN),
        requests=f"{ASKED}, POST 307 allowed, {ASKED}, POST 200 allowed",
    ),
    "preflight_for_each_cross_origin": case(
        APP,
        (json_post("/headers/app", query=to(at("/null/app", OTHER), 307)), AGAIN),
        requests=f"{ASKED}, POST 307 allowed, {ASKED} from null, POST 200 allowed from null",
        firefox=differs(PREFLIGHT, ["error"], f"{ASKED}, POST 307 allowed, OPTIONS 403 preflight-denied"),
    ),
    "preflight_of_the_target_refused": case(
        APP,
        (json_post("/headers/app", query=to(at("/headers/app", OTHER), 307)), "error"),
        requests=f"{ASKED}, POST 307 allowed, OPTIONS 403 preflight-denied from null",
        firefox=differs(PREFLIGHT, requests=f"{ASKED}, POST 307 allowed, {ASKED}, POST 200 denied from null"),
    ),
    "redirected_by_httpd": case(
        APP, (fetch("/listed/moved"), f"cors 200 redirected {FILE}"), requests="GET 307 allowed, GET 200 allowed"
    ),
    "over_h2": case(
        APP,
        (fetch("/listed/app", H2_API, query=to(at("/listed/app", H2_API))), AGAIN),
        requests="GET 302 allowed h2, GET 200 allowed h2",
    ),
    "with_credentials": case(
        APP,
        (fetch("/cookies/app", query=to(at("/cookies/app")), credentials="include"), AGAIN),
        requests="GET 302 allowed, GET 200 allowed",
    ),
}

FRAMES = {
    "srcdoc": case(
        APP, (step("frame", "/", step=fetch("/listed/file.txt")), f"cors 200 {FILE}"), requests="GET 200 allowed"
    ),
    "sandboxed": case(
        APP,
        (step("frame", "/", sandbox="allow-scripts", step=fetch("/listed/file.txt")), "error"),
        requests="GET 200 denied from null",
    ),
    "sandboxed_public": case(
        APP,
        (step("frame", "/", sandbox="allow-scripts", step=fetch("/public/file.txt")), f"cors 200 {FILE}"),
        requests="GET 200 allowed from null",
    ),
    "sandboxed_null": case(
        APP,
        (step("frame", "/", sandbox="allow-scripts", step=fetch("/null/file.txt")), f"cors 200 {FILE}"),
        requests="GET 200 allowed from null",
    ),
    "sandboxed_own_site": case(
        API,
        (step("frame", "/", sandbox="allow-scripts", step=fetch("/enforce/file.txt")), "error"),
        requests="GET 403 denied from null",
    ),
    "sandboxed_same_origin": case(
        APP,
        (
            step("frame", "/", sandbox="allow-scripts allow-same-origin", step=fetch("/listed/file.txt")),
            f"cors 200 {FILE}",
        ),
        requests="GET 200 allowed",
    ),
    "sandboxed_preflight": case(
        APP,
        (step("frame", "/", sandbox="allow-scripts", step=json_post("/headers/app")), "error"),
        requests="OPTIONS 403 preflight-denied from null",
    ),
    "data_url": case(
        APP,
        (step("frame", "/", data=True, step=fetch("/listed/file.txt")), "error"),
        requests="GET 200 denied from null",
    ),
    "data_url_public": case(
        EVIL,
        (step("frame", "/", data=True, step=fetch("/public/file.txt")), f"cors 200 {FILE}"),
        requests="GET 200 allowed from null",
    ),
}
CASES = {**REDIRECTS, **FRAMES}


@pytest.mark.parametrize("name", CASES)
def test_redirects(perform, name):
    perform(name, CASES[name])
