# SPDX-License-Identifier: Apache-2.0
"""What is loaded by elements, fonts, event sources and WebSockets."""

import pytest
from cases import APP, EVIL, PLAIN, case, step


def loads(do, path, allowed, denied, **more):
    """Both an allowed page and another one."""
    return (
        case(APP, (step(do, f"/listed/{path}", **more), allowed), requests="GET 200 allowed"),
        case(EVIL, (step(do, f"/listed/{path}", **more), denied), requests="GET 200 denied"),
    )


PAIRS = {
    "image": loads("image", "image.gif", "readable", "error", crossorigin="anonymous"),
    "script": loads("script", "script.js", "loaded", "error", crossorigin="anonymous"),
    "module": loads("module", "module.js", "module loaded", "error"),
    "style": loads("style", "style.css", "readable", "error", crossorigin="anonymous"),
    "font": loads("font", "font.ttf", "loaded", "error"),
    "events": loads("eventsource", "events.sse", "message hello", "error"),
}
CASES = {
    **{name: allowed for name, (allowed, _) in PAIRS.items()},
    **{f"{name}_denied": denied for name, (_, denied) in PAIRS.items()},
    "plain_image": case(EVIL, (step("image", "/listed/image.gif"), "not readable"), requests="GET 200 none"),
    "plain_script": case(EVIL, (step("script", "/listed/script.js"), "loaded"), requests="GET 200 none"),
    "plain_style": case(EVIL, (step("style", "/listed/style.css"), "not readable"), requests="GET 200 none"),
    "image_with_credentials": case(
        APP,
        (step("image", "/cookies/image.gif", crossorigin="use-credentials"), "readable"),
        (step("image", "/listed/image.gif", crossorigin="use-credentials"), "error"),
        requests="GET 200 allowed, GET 200 allowed",
    ),
    "events_with_credentials": case(
        APP,
        (step("eventsource", "/cookies/events.sse", credentials=True), "message hello"),
        (step("eventsource", "/listed/events.sse", credentials=True), "error"),
        requests="GET 200 allowed, GET 200 allowed",
    ),
    "socket": case(
        APP, (step("websocket", "/enforce/socket", "wss://api.site.test"), "open"), requests="GET 101 allowed"
    ),
    "socket_of_others": case(
        EVIL, (step("websocket", "/enforce/socket", "wss://api.site.test"), "error"), requests="GET 403 denied"
    ),
    "socket_without_tls": case(
        PLAIN, (step("websocket", "/enforce/socket", "ws://api.site.test"), "open"), requests="GET 101 allowed"
    ),
    "socket_of_others_without_tls": case(
        "http://evil.test",
        (step("websocket", "/enforce/socket", "ws://api.site.test"), "error"),
        requests="GET 403 denied",
    ),
    "own_socket": case(
        "https://api.site.test",
        (step("websocket", "/enforce/socket", "wss://api.site.test"), "open"),
        requests="GET 101 same-origin",
    ),
    "socket_of_others_is_open_where_nothing_is_enforced": case(
        EVIL, (step("websocket", "/listed/socket", "wss://api.site.test"), "open"), requests="GET 101 denied"
    ),
    "socket_of_a_sandbox": case(
        APP,
        (
            step(
                "frame", "/", sandbox="allow-scripts", step=step("websocket", "/enforce/socket", "wss://api.site.test")
            ),
            "error",
        ),
        requests="GET 403 denied from null",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_elements(perform, name):
    perform(name, CASES[name])
