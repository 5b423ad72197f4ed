# SPDX-License-Identifier: Apache-2.0
"""Which pages may read an answer, and what of it."""

import pytest
from cases import API, APP, EVIL, FILE, H2_API, PLAIN, PLAIN_API, SITE, TEXT, case, differs, fetch, step

ALL = "accept-ranges content-length content-type date etag last-modified server vary"

NO_REFERRER = "Chromium sends the page's origin with what a script sends, whatever its referrer policy"

ORIGINS = {
    "listed": case(
        APP, (fetch("/listed/file.txt", show="body"), f"cors 200 {FILE} body=hello"), requests="GET 200 allowed"
    ),
    "not_listed": case(EVIL, (fetch("/listed/file.txt"), "error"), requests="GET 200 denied"),
    "public": case(EVIL, (fetch("/public/file.txt"), f"cors 200 {FILE}"), requests="GET 200 allowed"),
    "nobody": case(APP, (fetch("/nobody/file.txt"), "error"), requests="GET 200 denied"),
    "no_policy": case(APP, (fetch("/plain/file.txt"), "error"), requests="GET 200 -"),
    "guard_off": case(APP, (fetch("/off/file.txt"), "error"), requests="GET 200 -"),
    "same_site_is_another_origin": case(SITE, (fetch("/nobody/file.txt"), "error"), requests="GET 200 denied"),
    "without_tls": case(PLAIN, (fetch("/listed/file.txt", PLAIN_API), f"cors 200 {FILE}"), requests="GET 200 allowed"),
    "other_scheme": case(
        "http://www.site.test", (fetch("/listed/file.txt", PLAIN_API), "error"), requests="GET 200 denied"
    ),
    "subdomain": case(
        "https://a.apps.test", (fetch("/pattern/file.txt"), f"cors 200 {FILE}"), requests="GET 200 allowed"
    ),
    "deep_subdomain": case(
        "https://b.a.apps.test", (fetch("/pattern/file.txt"), f"cors 200 {FILE}"), requests="GET 200 allowed"
    ),
    "any_port": case(
        "http://a.apps.test", (fetch("/pattern/file.txt", PLAIN_API), f"cors 200 {FILE}"), requests="GET 200 allowed"
    ),
    "apex_is_no_subdomain": case("https://apps.test", (fetch("/pattern/file.txt"), "error"), requests="GET 200 denied"),
    "subdomain_taken_away": case(
        "https://bad.apps.test",
        (fetch("/pattern/file.txt"), f"cors 200 {FILE}"),
        (fetch("/pattern/less/file.txt"), "error"),
        requests="GET 200 allowed, GET 200 denied",
    ),
    "regex": case("https://a.apps.test", (fetch("/match/file.txt"), f"cors 200 {FILE}"), requests="GET 200 allowed"),
    "regex_is_whole": case("https://b.a.apps.test", (fetch("/match/file.txt"), "error"), requests="GET 200 denied"),
    "international_name": case(
        "https://xn--bcher-kva.test", (fetch("/idn/file.txt"), f"cors 200 {FILE}"), requests="GET 200 allowed"
    ),
    "trailing_dot": case(
        "http://app.test.", (fetch("/listed/file.txt", PLAIN_API), "error"), requests="GET 200 denied"
    ),
    "htaccess": case(
        APP,
        (fetch("/plain/htaccess/file.txt"), "cors 200 content-length content-type etag last-modified"),
        requests="GET 200 allowed",
    ),
    "location_over_htaccess": case(APP, (fetch("/nobody/htaccess/file.txt"), "error"), requests="GET 200 denied"),
    "virtual_host": case(
        APP,
        (fetch("/plain/file.txt", "https://vhost.test"), f"cors 200 {FILE}"),
        (fetch("/closed/file.txt", "https://vhost.test"), "error"),
        requests="GET 200 allowed, GET 200 denied",
    ),
    "if_section": case(APP, (fetch("/if/file.txt"), f"cors 200 {FILE}"), requests="GET 200 allowed"),
}

KINDS = {
    "same_origin_reads_all": case(API, (fetch("/listed/file.txt"), f"basic 200 {ALL}"), requests="GET 200 none"),
    "head": case(APP, (fetch("/listed/file.txt", method="HEAD"), f"cors 200 {FILE}"), requests="HEAD 200 allowed"),
    "form_post": case(
        APP,
        (
            fetch(
                "/listed/app",
                method="POST",
                body="a=1",
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                show="body",
            ),
            f"cors 200 {TEXT} body=backend POST /listed/app",
        ),
        requests="POST 200 allowed",
    ),
    "multipart_post": case(
        APP, (fetch("/listed/app", method="POST", form="a"), f"cors 200 {TEXT}"), requests="POST 200 allowed"
    ),
    "text_post": case(
        APP, (fetch("/listed/app", method="POST", body="a"), f"cors 200 {TEXT}"), requests="POST 200 allowed"
    ),
    "post_denied_is_carried_out": case(
        EVIL, (fetch("/listed/app", method="POST", body="a"), "error"), requests="POST 200 denied"
    ),
    "no_cors": case(EVIL, (fetch("/listed/file.txt", mode="no-cors"), "opaque 0"), requests="GET 200 none"),
    "no_cors_post": case(
        EVIL, (fetch("/listed/app", method="POST", body="a", mode="no-cors"), "opaque 0"), requests="POST 200 denied"
    ),
    "xhr": case(APP, (step("xhr", "/listed/file.txt"), f"xhr 200 {FILE}"), requests="GET 200 allowed"),
    "xhr_denied": case(EVIL, (step("xhr", "/listed/file.txt"), "error"), requests="GET 200 denied"),
    "keepalive": case(APP, (fetch("/listed/file.txt", keepalive=True), f"cors 200 {FILE}"), requests="GET 200 allowed"),
    "worker": case(
        APP,
        (step("worker", "/", step=fetch("/listed/file.txt")), f"cors 200 {FILE}"),
        requests="GET 200 allowed",
    ),
    "worker_denied": case(
        EVIL, (step("worker", "/", step=fetch("/listed/file.txt")), "error"), requests="GET 200 denied"
    ),
    "compressed": case(
        APP,
        (fetch("/listed/packed.txt"), f"cors 200 cache-control {FILE}"),
        requests="GET 200 allowed",
    ),
    "h2": case(APP, (fetch("/listed/file.txt", H2_API), f"cors 200 {FILE}"), requests="GET 200 allowed h2"),
    "h2_denied": case(EVIL, (fetch("/listed/file.txt", H2_API), "error"), requests="GET 200 denied h2"),
    "range_start": case(
        APP,
        (
            fetch("/listed/long.txt", headers={"Range": "bytes=0-99"}),
            f"cors 206 {FILE}",
        ),
        requests="GET 206 allowed",
    ),
    "not_exposed": case(
        APP,
        (fetch("/listed/app", query={"header": "X-Count:3"}, show="x-count"), f"cors 200 {TEXT} x-count=null"),
        requests="GET 200 allowed",
    ),
    "exposed": case(
        APP,
        (
            fetch("/exposed/app", query={"header": "X-Count:3&header=X-Page:1"}, show="x-count"),
            f"cors 200 {TEXT} x-count x-count=3",
        ),
        requests="GET 200 allowed",
    ),
    "all_exposed": case(
        APP,
        (
            fetch("/allexposed/app", query={"header": "X-Count:3&header=Set-Cookie:a=1"}),
            "cors 200 access-control-allow-origin access-control-expose-headers content-length content-type date"
            " server vary x-count",
        ),
        requests="GET 200 allowed",
    ),
    "application_exposes_more": case(
        APP,
        (
            fetch("/exposed/app", query={"reflect": 1, "header": "X-Backend:1&header=X-Count:1"}),
            f"cors 200 {TEXT} x-count",
        ),
        requests="GET 200 allowed",
    ),
    "application_reflects": case(
        EVIL, (fetch("/listed/app", query={"reflect": 1}), "error"), requests="GET 200 denied"
    ),
    "application_reflects_too": case(
        APP, (fetch("/listed/app", query={"reflect": 1}), f"cors 200 {TEXT}"), requests="GET 200 allowed"
    ),
}

MODES = {
    "enforce_allowed": case(APP, (fetch("/enforce/file.txt"), f"cors 200 {FILE}"), requests="GET 200 allowed"),
    "enforce_denied": case(EVIL, (fetch("/enforce/file.txt"), "error"), requests="GET 403 denied"),
    "enforce_no_cors_get": case(
        EVIL, (fetch("/enforce/file.txt", mode="no-cors"), "opaque 0"), requests="GET 200 none"
    ),
    "enforce_no_cors_post": case(
        EVIL, (fetch("/enforce/app", method="POST", body="a", mode="no-cors"), "opaque 0"), requests="POST 403 denied"
    ),
    "enforce_form": case(EVIL, (step("form", "/enforce/app"), "sent"), requests="POST 403 denied"),
    "enforce_own_form": case(API, (step("form", "/enforce/app"), "sent"), requests="POST 200 same-origin"),
    "enforce_own_post": case(
        API,
        (
            fetch("/enforce/app", method="POST", body="a", show="body"),
            "basic 200 content-length content-type date server vary body=backend POST /enforce/app",
        ),
        requests="POST 200 same-origin",
    ),
    "enforce_own_delete": case(
        API,
        (fetch("/enforce/app", method="DELETE"), "basic 200 content-length content-type date server vary"),
        requests="DELETE 200 same-origin",
    ),
    "enforce_own_post_without_tls": case(
        PLAIN_API,
        (
            fetch("/enforce/app", PLAIN_API, method="POST", body="a"),
            "basic 200 content-length content-type date server vary",
        ),
        requests="POST 200 same-origin",
    ),
    "enforce_own_post_no_referrer": case(
        API,
        (
            fetch("/enforce/app", method="POST", body="a", mode="same-origin", referrerPolicy="no-referrer"),
            "basic 200 content-length content-type date server vary",
        ),
        requests="POST 200 same-origin from null",
        chromium=differs(NO_REFERRER, requests="POST 200 same-origin"),
    ),
    "enforce_no_referrer_of_others": case(
        APP,
        (
            fetch("/enforce/app", method="POST", body="a", mode="no-cors", referrerPolicy="no-referrer"),
            "opaque 0",
        ),
        requests="POST 403 denied from null",
        chromium=differs(NO_REFERRER, requests="POST 200 allowed"),
    ),
    "self_origin": case(SITE, (fetch("/self/app", method="POST", body="a"), "error"), requests="POST 200 same-origin"),
    "self_origin_of_others": case(
        APP, (fetch("/self/app", method="POST", body="a"), "error"), requests="POST 403 denied"
    ),
    "report_says_what_the_application_says": case(
        EVIL,
        (fetch("/report/app", query={"reflect": 1, "header": "X-Backend:1"}), f"cors 200 {TEXT} x-backend"),
        requests="GET 200 denied",
    ),
    "report_adds_nothing": case(APP, (fetch("/report/file.txt"), "error"), requests="GET 200 allowed"),
}
CASES = {**ORIGINS, **KINDS, **MODES}


@pytest.mark.parametrize("name", CASES)
def test_requests(perform, name):
    perform(name, CASES[name])
