# SPDX-License-Identifier: Apache-2.0
"""The browser's cache: what it got without CORS must not answer a request with it, nor the other way round."""

import pytest
from cases import APP, KEPT, SITE, case, fetch, step

NO_CORS = (fetch("/listed/kept.txt", mode="no-cors"), "opaque 0")

CASES = {
    "kept": case(APP, *[(fetch("/listed/kept.txt"), f"cors 200 {KEPT}")] * 2, requests="GET 200 allowed"),
    "no_cors_then_cors": case(
        APP, NO_CORS, (fetch("/listed/kept.txt"), f"cors 200 {KEPT}"), requests="GET 200 none, GET 200 allowed"
    ),
    "cors_then_no_cors": case(
        APP, (fetch("/listed/kept.txt"), f"cors 200 {KEPT}"), NO_CORS, requests="GET 200 allowed, GET 200 none"
    ),
    "image_then_cors_image": case(
        APP,
        (step("image", "/cookies/kept.gif"), "not readable"),
        (step("image", "/cookies/kept.gif", crossorigin="use-credentials"), "readable"),
        requests="GET 200 none, GET 200 allowed",
    ),
    "image_then_fetch": case(
        APP,
        (step("image", "/cookies/kept.gif"), "not readable"),
        (fetch("/cookies/kept.gif", credentials="include"), f"cors 200 {KEPT}"),
        requests="GET 200 none, GET 200 allowed",
    ),
    "public_is_kept_once": case(
        APP,
        (fetch("/public/kept.txt", mode="no-cors"), "opaque 0"),
        (fetch("/public/kept.txt"), f"cors 200 {KEPT}"),
        requests="GET 200 none",
    ),
    "two_origins_of_a_site": case(
        SITE,
        (fetch("/listed/kept.txt"), f"cors 200 {KEPT}"),
        (fetch("/listed/kept.txt", page="https://other.site.test/page.html"), "error"),
        requests="GET 200 allowed, GET 200 denied",
    ),
    "asked_again": case(
        APP,
        *[(fetch("/listed/checked.txt", show="body"), f"cors 200 {KEPT} last-modified body=asked again each time")] * 2,
        requests="GET 200 allowed, GET 304 allowed",
    ),
    "asked_again_by_hand": case(
        APP,
        (fetch("/headers/file.txt", headers={"If-None-Match": "*"}), "cors 304 last-modified"),
        requests="OPTIONS 204 preflight-allowed, GET 304 allowed",
    ),
    "compressed": case(
        APP, *[(fetch("/listed/packed.txt"), f"cors 200 {KEPT} last-modified")] * 2, requests="GET 200 allowed"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_caches(perform, name):
    perform(name, CASES[name], fresh=True)
