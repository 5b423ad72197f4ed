# SPDX-License-Identifier: Apache-2.0
"""Cookies: when they are sent, when they are taken, and who may read what they unlock."""

import pytest
from cases import API, APP, EVIL, H2_API, SITE, TEXT, case, fetch, json_post, step

ASKED = "OPTIONS 204 preflight-allowed"
REFUSED = "OPTIONS 403 preflight-denied"
OK = f"cors 200 {TEXT}"
NONE = "Set-Cookie:a=1;Path=/;Secure;SameSite=None"
LAX = "Set-Cookie:b=2;Path=/;Secure;SameSite=Lax"


def logged_in(page, *pairs, requests, cookie=NONE, **more):
    """The user has a cookie of the API, as the API's own page gave it."""
    own = fetch("/plain/app", query={"header": cookie}, page=f"{API}/page.html")
    pairs = [({"page": f"{page}/page.html", **step}, outcome) for step, outcome in pairs]
    return case(
        API,
        (own, "basic 200 content-length content-type date server"),
        *pairs,
        requests=f"GET 200 -, {requests}",
        **more,
    )


def get(path, credentials="include", **more):
    return fetch(path, credentials=credentials, **more)


CASES = {
    "include": logged_in(APP, (get("/cookies/app"), OK), requests="GET 200 allowed with a=1"),
    "omit": logged_in(APP, (get("/cookies/app", "omit"), OK), requests="GET 200 allowed"),
    "same_origin_only": logged_in(APP, (get("/cookies/app", "same-origin"), OK), requests="GET 200 allowed"),
    "over_h2": logged_in(APP, (get("/cookies/app", host=H2_API), OK), requests="GET 200 allowed h2 with a=1"),
    "policy_without_credentials": logged_in(
        APP,
        (get("/listed/app"), "error"),
        (get("/listed/app", "omit"), OK),
        requests="GET 200 allowed with a=1, GET 200 allowed",
    ),
    "public_with_credentials": logged_in(
        APP,
        (get("/public/app"), "error"),
        (get("/public/app", "omit"), OK),
        requests="GET 200 allowed with a=1, GET 200 allowed",
    ),
    "denied": logged_in(EVIL, (get("/cookies/app"), "error"), requests="GET 200 denied with a=1"),
    "denied_enforced": logged_in(EVIL, (get("/enforce-cookies/app"), "error"), requests="GET 403 denied with a=1"),
    "allowed_enforced": logged_in(APP, (get("/enforce-cookies/app"), OK), requests="GET 200 allowed with a=1"),
    "application_reflects": logged_in(
        EVIL, (get("/cookies/app", query={"reflect": 1}), "error"), requests="GET 200 denied with a=1"
    ),
    "no_cors": logged_in(EVIL, (get("/cookies/app", mode="no-cors"), "opaque 0"), requests="GET 200 none with a=1"),
    "no_cors_post_enforced": logged_in(
        EVIL,
        (get("/enforce-cookies/app", mode="no-cors", method="POST", body="a"), "opaque 0"),
        requests="POST 403 denied with a=1",
    ),
    "form_enforced": logged_in(
        EVIL, (step("form", "/enforce-cookies/app"), "sent"), requests="POST 403 denied with a=1"
    ),
    "preflight_has_no_cookie": logged_in(
        APP, (json_post("/cookies/app", credentials="include"), OK), requests=f"{ASKED}, POST 200 allowed with a=1"
    ),
    "preflight_denied": logged_in(EVIL, (json_post("/cookies/app", credentials="include"), "error"), requests=REFUSED),
    "preflight_of_policy_without_credentials": logged_in(
        APP, (json_post("/headers/app", credentials="include"), "error"), requests=ASKED
    ),
    "lax_of_another_site": logged_in(APP, (get("/cookies/app"), OK), cookie=LAX, requests="GET 200 allowed"),
    "lax_of_the_same_site": logged_in(SITE, (get("/cookies/app"), OK), cookie=LAX, requests="GET 200 allowed with b=2"),
    "xhr": logged_in(
        APP, (step("xhr", "/cookies/app", credentials=True), f"xhr 200 {TEXT}"), requests="GET 200 allowed with a=1"
    ),
    "xhr_without": logged_in(APP, (step("xhr", "/cookies/app"), f"xhr 200 {TEXT}"), requests="GET 200 allowed"),
    "xhr_of_policy_without_credentials": logged_in(
        APP, (step("xhr", "/listed/app", credentials=True), "error"), requests="GET 200 allowed with a=1"
    ),
    "set_cookie_is_taken_and_not_shown": case(
        APP,
        (
            get("/cookies/app", query={"header": f"{NONE}&header=X-Count:1"}, show="set-cookie"),
            f"{OK} x-count set-cookie=null",
        ),
        (get("/cookies/app"), OK),
        requests="GET 200 allowed, GET 200 allowed with a=1",
    ),
    "set_cookie_is_not_taken_without_credentials": case(
        APP,
        (get("/cookies/app", "omit", query={"header": NONE}), OK),
        (get("/cookies/app"), OK),
        requests="GET 200 allowed, GET 200 allowed",
    ),
    "set_cookie_of_a_denied_answer_is_taken": case(
        EVIL,
        (get("/cookies/app", query={"header": NONE}), "error"),
        (get("/cookies/app"), "error"),
        requests="GET 200 denied, GET 200 denied with a=1",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_credentials(perform, name):
    perform(name, CASES[name], fresh=True)
