# SPDX-License-Identifier: Apache-2.0
"""Requests that browsers ask for first: what they ask, what they make of the answer, and how long they keep it."""

import pytest
from cases import API, APP, EVIL, FILE, H2_API, PLAIN, PLAIN_API, TEXT, case, differs, fetch, json_post, step

ASKED = "OPTIONS 204 preflight-allowed"
REFUSED = "OPTIONS 403 preflight-denied"
OK = f"cors 200 {TEXT}"


def method(path, name, outcome, requests):
    return case(APP, (fetch(path, method=name), outcome), requests=requests)


def headers(path, names, outcome, requests, **more):
    return case(APP, (fetch(path, headers=names, **more), outcome), requests=requests)


def asked_each_time(path, outcome, answer, method, *made):
    """Four times the same: Firefox may keep an answer from the third one on only, see kept()."""
    requests = ", ".join([answer, *made] * 4)
    return case(APP, *[(fetch(path, method=method), outcome)] * 4, requests=requests)


def kept(path, warm, then, last, firefox=()):
    """The request warm three times, then another one. last: what that makes; firefox: why it makes others there."""
    options = [warm, warm, warm, then]
    method = f"{warm.get('method', 'GET')} 200 allowed"
    why = "Firefox keeps answers from the first, or only from the second or third preflight of a new context on"
    made = firefox[1] if firefox else last
    first, second, third = (
        ", ".join([f"{ASKED}, {method}"] * asked + [method] * (3 - asked) + [made]) for asked in (1, 2, 3)
    )
    return case(
        APP,
        *[(fetch("/" + path, **it), OK) for it in options],
        requests=f"{ASKED}, {method}, {method}, {method}, {last}",
        firefox=differs("; ".join([why, *firefox[:1]]), requests=first, or_else=(second, third)),
    )


METHODS = {
    "put": method("/methods/app", "PUT", OK, "OPTIONS 200 preflight-allowed, PUT 200 allowed"),
    "delete_in_lower_case": method("/methods/app", "delete", OK, "OPTIONS 200 preflight-allowed, DELETE 200 allowed"),
    "patch": method("/methods/app", "PATCH", OK, "OPTIONS 200 preflight-allowed, PATCH 200 allowed"),
    "options": method("/methods/app", "OPTIONS", OK, "OPTIONS 200 preflight-allowed, OPTIONS 200 allowed"),
    "patch_in_lower_case": method("/methods/app", "patch", "error", REFUSED),
    "patch_in_lower_case_listed": method("/lower/app", "patch", OK, f"{ASKED}, patch 200 allowed"),
    "patch_where_only_lower_case_is_listed": method("/lower/app", "PATCH", "error", REFUSED),
    "method_not_listed": method("/methods/app", "PURGE", "error", REFUSED),
    "no_method_listed": method("/listed/app", "PUT", "error", REFUSED),
    "any_method": method("/anymethod/app", "PURGE", OK, f"{ASKED}, PURGE 200 allowed"),
    "any_method_with_credentials": case(
        APP,
        (fetch("/anymethod-cookies/app", method="PURGE", credentials="include"), OK),
        requests=f"{ASKED}, PURGE 200 allowed",
    ),
    "put_of_others": case(EVIL, (fetch("/methods/app", method="PUT"), "error"), requests=REFUSED),
    "own_put_is_not_asked_for": case(
        API,
        (fetch("/methods/app", method="PUT"), "basic 200 content-length content-type date server vary"),
        requests="PUT 200 same-origin",
    ),
    "enforce_put": method("/enforce/app", "PUT", OK, f"{ASKED}, PUT 200 allowed"),
    "enforce_delete": method("/enforce/app", "DELETE", "error", REFUSED),
    "forbidden_method": method("/anymethod/app", "TRACE", "error", ""),
    "no_cors_put_is_never_sent": case(APP, (fetch("/methods/app", method="PUT", mode="no-cors"), "error"), requests=""),
}

HEADERS = {
    "json": case(
        APP,
        (json_post("/headers/app", show="body"), f"{OK} body=backend POST /headers/app"),
        requests=f"{ASKED}, POST 200 allowed",
    ),
    "json_not_allowed": case(APP, (json_post("/listed/app"), "error"), requests=REFUSED),
    "json_of_others": case(EVIL, (json_post("/headers/app"), "error"), requests=REFUSED),
    "json_over_h2": case(
        APP, (json_post("/headers/app", host=H2_API), OK), requests=f"{ASKED} h2, POST 200 allowed h2"
    ),
    "json_without_tls": case(PLAIN, (json_post("/listed/app", host=PLAIN_API), "error"), requests=REFUSED),
    "json_keepalive": case(APP, (json_post("/headers/app", keepalive=True), OK), requests=f"{ASKED}, POST 200 allowed"),
    "json_in_worker": case(
        APP, (step("worker", "/", step=json_post("/headers/app")), OK), requests=f"{ASKED}, POST 200 allowed"
    ),
    "custom_header": headers("/headers/app", {"X-Token": "1"}, OK, f"{ASKED}, GET 200 allowed"),
    "custom_header_case": headers("/headers/app", {"x-TOKEN": "1"}, OK, f"{ASKED}, GET 200 allowed"),
    "two_headers": headers("/headers/app", {"X-Token": "1", "X-Other": "2"}, OK, f"{ASKED}, GET 200 allowed"),
    "one_of_two_not_allowed": headers("/headers/app", {"X-Token": "1", "X-Secret": "2"}, "error", REFUSED),
    "header_not_allowed": headers("/listed/app", {"X-Token": "1"}, "error", REFUSED),
    "method_and_header": headers("/headers/app", {"X-Token": "1"}, OK, f"{ASKED}, PUT 200 allowed", method="PUT"),
    "any_header": headers("/anyheader/app", {"X-Whatever": "1"}, OK, f"{ASKED}, GET 200 allowed"),
    "any_header_with_credentials": headers(
        "/anyheader-cookies/app", {"X-Whatever": "1"}, OK, f"{ASKED}, GET 200 allowed", credentials="include"
    ),
    "any_header_is_not_authorization": headers("/anyheader/app", {"Authorization": "a"}, "error", REFUSED),
    "any_header_and_authorization": headers(
        "/anyheader-auth/app", {"Authorization": "a", "X-Any": "1"}, OK, f"{ASKED}, GET 200 allowed"
    ),
    "accept": headers("/listed/app", {"Accept": "text/plain"}, OK, "GET 200 allowed"),
    "unusual_accept": headers("/headers/app", {"Accept": '"(a)"'}, OK, f"{ASKED}, GET 200 allowed"),
    "unusual_accept_not_allowed": headers("/listed/app", {"Accept": '"(a)"'}, "error", REFUSED),
    "long_accept_not_allowed": headers("/listed/app", {"Accept": "a" * 129}, "error", REFUSED),
    "unusual_language": headers("/listed/app", {"Accept-Language": "a_b"}, "error", REFUSED),
    "range": headers("/listed/long.txt", {"Range": "bytes=0-99"}, f"cors 206 {FILE}", "GET 206 allowed"),
    "range_to_the_end": headers("/listed/long.txt", {"Range": "bytes=9000-"}, f"cors 206 {FILE}", "GET 206 allowed"),
    "unusual_range": headers(
        "/headers/long.txt", {"Range": "bytes=-10"}, f"cors 206 {FILE}", f"{ASKED}, GET 206 allowed"
    ),
    "unusual_range_not_allowed": headers("/listed/long.txt", {"Range": "bytes=-10"}, "error", REFUSED),
    "two_ranges": headers("/listed/long.txt", {"Range": "bytes=0-1,5-6"}, "error", REFUSED),
    "forbidden_header_is_left_out": headers("/listed/app", {"Cookie": "a=1"}, OK, "GET 200 allowed"),
    "upload_listener": case(
        APP,
        (step("xhr", "/listed/app", method="POST", body="a", upload=True), f"xhr 200 {TEXT}"),
        requests=f"{ASKED}, POST 200 allowed",
    ),
    "upload_listener_of_others": case(
        EVIL, (step("xhr", "/listed/app", method="POST", body="a", upload=True), "error"), requests=REFUSED
    ),
    "beacon": case(
        APP, (step("beacon", "/listed/app", body="a", type="text/plain"), "queued"), requests="POST 200 allowed"
    ),
    "json_beacon": case(
        APP,
        (step("beacon", "/cookies/app", body="{}", type="application/json"), "queued"),
        requests=f"{ASKED}, POST 200 allowed",
    ),
    "json_beacon_of_others": case(
        EVIL, (step("beacon", "/cookies/app", body="{}", type="application/json"), "queued"), requests=REFUSED
    ),
}

WHO_ANSWERS = {
    # What cannot be guarded: docs/security.md, "Redirects and refusals made before the decision".
    "redirected_by_httpd": method("/methods/moved", "PUT", "error", "OPTIONS 307 preflight-allowed"),
    "behind_a_login": case(
        APP,
        (
            fetch("/headers/private/file.txt", headers={"Authorization": "Basic YW5uOnNlY3JldA=="}, show="body"),
            f"cors 200 {FILE} body=secret",
        ),
        requests=f"{ASKED}, GET 200 allowed",
    ),
    "behind_a_login_refused": case(
        APP,
        (
            fetch("/headers/private/file.txt", headers={"Authorization": "Basic YW5uOndyb25n"}),
            "cors 401 content-length content-type",
        ),
        requests=f"{ASKED}, GET 401 allowed",
        errors=["AH01617"],
    ),
    "forbidden": case(
        APP,
        (fetch("/methods/forbidden/file.txt", method="PUT"), "cors 403 content-length content-type"),
        requests="OPTIONS 200 preflight-allowed, PUT 403 allowed",
        errors=["AH01630"],
    ),
    "method_that_files_have_not": method(
        "/methods/file.txt",
        "PUT",
        "cors 405 content-length content-type",
        "OPTIONS 200 preflight-allowed, PUT 405 allowed",
    ),
    "dead_backend": case(
        APP,
        (fetch("/methods/dead", method="PUT"), "cors 503 content-length content-type"),
        requests="OPTIONS 200 preflight-allowed, PUT 503 allowed",
        errors=["AH00957", "AH01114"],
    ),
    "forward": method("/forward/app", "PUT", OK, "OPTIONS 200 preflight-allowed, PUT 200 allowed"),
    "forward_refused": method("/forward/app", "DELETE", "error", "OPTIONS 200 preflight-denied"),
    "forward_application_fails": case(
        APP,
        (fetch("/forward/app", method="PUT", query={"status": 404}), "error"),
        requests="OPTIONS 404 preflight-allowed",
    ),
    "forward_application_redirects": case(
        APP,
        (fetch("/forward/app", method="PUT", query={"status": 307, "header": "Location:/methods/app"}), "error"),
        requests="OPTIONS 307 preflight-allowed",
    ),
    "report": case(
        EVIL,
        (fetch("/report/app", method="DELETE", query={"reflect": 1}), OK),
        requests="OPTIONS 200 preflight-denied, DELETE 200 denied",
    ),
    "report_adds_nothing": method("/report/app", "PUT", "error", "OPTIONS 200 preflight-allowed"),
}

PUT, DELETE = {"method": "PUT"}, {"method": "DELETE"}
WITH, WITHOUT = {"credentials": "include"}, {"credentials": "omit"}

KEPT = {
    "kept": kept("age-600/app", PUT, PUT, "PUT 200 allowed"),
    "kept_for_all_methods": kept("age-600/app", PUT, DELETE, "DELETE 200 allowed"),
    "kept_for_all_headers": kept(
        "age-600/app", {"headers": {"X-Token": "1"}}, {"headers": {"X-Other": "1"}}, "GET 200 allowed"
    ),
    "kept_for_the_requested_method_only": kept(
        "anymethod-cookies/app", {**PUT, **WITH}, {**DELETE, **WITH}, f"{ASKED}, DELETE 200 allowed"
    ),
    "kept_for_one_url": kept("age-600/app", PUT, {**PUT, "query": {"n": 2}}, f"{ASKED}, PUT 200 allowed"),
    "kept_with_credentials": kept(
        "age-600/app",
        {**PUT, **WITH},
        {**PUT, **WITHOUT},
        "PUT 200 allowed",
        firefox=("it keeps them apart by credentials", f"{ASKED}, PUT 200 allowed"),
    ),
    "kept_without_credentials": kept("age-600/app", {**PUT, **WITHOUT}, {**PUT, **WITH}, f"{ASKED}, PUT 200 allowed"),
    "age_0": asked_each_time("/age-0/app", OK, ASKED, "PUT", "PUT 200 allowed"),
    "age_off": asked_each_time("/age-off/app", OK, ASKED, "PUT", "PUT 200 allowed"),
    "refusal_is_not_kept": asked_each_time("/age-600/app", "error", REFUSED, "PATCH"),
}
CASES = {**METHODS, **HEADERS, **WHO_ANSWERS}


@pytest.mark.parametrize("name", CASES)
def test_preflights(perform, name):
    perform(name, CASES[name])


@pytest.mark.parametrize("name", KEPT)
def test_kept_preflights(perform, name):
    perform(name, KEPT[name], fresh=True)
