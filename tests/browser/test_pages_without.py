# SPDX-License-Identifier: Apache-2.0
"""The control: the same pages, and a server without the module, as people configure it. What goes wrong there is seen
in both browsers, so that the other tests could fail."""

import pytest
from cases import APP, BARE, EVIL, FILE, KEPT, SITE, TEXT, case, differs, fetch, step

OK = f"cors 200 {TEXT}"
ALSO_AUTHORIZATION = "browsers still let * stand for Authorization, with a warning"

CASES = {
    "nothing": case(APP, (fetch("/plain/file.txt", BARE), "error"), requests="GET 200 -"),
    "star": case(EVIL, (fetch("/star/file.txt", BARE), f"cors 200 {FILE}"), requests="GET 200 -"),
    "star_with_credentials": case(
        APP, (fetch("/starcookies/file.txt", BARE, credentials="include"), "error"), requests="GET 200 -"
    ),
    "any_origin_reads_with_credentials": case(
        EVIL, (fetch("/reflecting/file.txt", BARE, credentials="include"), f"cors 200 {FILE}"), requests="GET 200 -"
    ),
    "application_reflects": case(
        EVIL, (fetch("/plain/app", BARE, query={"reflect": 1}, credentials="include"), OK), requests="GET 200 -"
    ),
    "two_lines": case(APP, (fetch("/star/app", BARE, query={"reflect": 1}), "error"), requests="GET 200 -"),
    "star_is_not_authorization": case(
        APP,
        (fetch("/star/file.txt", BARE, headers={"Authorization": "a"}), "error"),
        requests="OPTIONS 200 -",
        chromium=differs(ALSO_AUTHORIZATION, [f"cors 200 {FILE}"], "OPTIONS 200 -, GET 200 -"),
        firefox=differs(ALSO_AUTHORIZATION, [f"cors 200 {FILE}"], "OPTIONS 200 -, GET 200 -"),
    ),
    "preflight_needs_a_login": case(
        APP,
        (fetch("/reflecting/private/file.txt", BARE, headers={"Authorization": "Basic YW5uOnNlY3JldA=="}), "error"),
        requests="OPTIONS 401 -",
    ),
    "error_is_not_readable": case(APP, (fetch("/reflecting/missing", BARE), "error"), requests="GET 404 -"),
    "preflight_is_redirected": case(APP, (fetch("/star/moved", BARE, method="PUT"), "error"), requests="OPTIONS 307 -"),
    "cache_is_poisoned": case(
        APP,
        (fetch("/reflecting/kept.txt", BARE, mode="no-cors"), "opaque 0"),
        (fetch("/reflecting/kept.txt", BARE), "error"),
        requests="GET 200 -",
    ),
    "cache_is_poisoned_by_an_image": case(
        APP,
        (step("image", "/reflecting/kept.gif", BARE), "not readable"),
        (fetch("/reflecting/kept.gif", BARE, credentials="include"), "error"),
        requests="GET 200 -",
        firefox=differs(
            "Firefox keeps images for images", ["not readable", f"cors 200 {KEPT}"], "GET 200 -, GET 200 -"
        ),
    ),
    "cache_tells_one_origin_what_another_was_told": case(
        SITE,
        (fetch("/reflecting/kept.txt", BARE), f"cors 200 {KEPT}"),
        (fetch("/reflecting/kept.txt", BARE, page="https://other.site.test/page.html"), "error"),
        requests="GET 200 -",
    ),
    "socket_is_open_to_all": case(
        EVIL, (step("websocket", "/plain/socket", "barewss://api.site.test"), "open"), requests="GET 101 -"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_without_the_module(perform, name):
    perform(name, CASES[name], fresh="cache" in name)
