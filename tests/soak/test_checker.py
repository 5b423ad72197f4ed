# SPDX-License-Identifier: Apache-2.0
"""The clients of the soak notice each kind of wrong answer, over HTTP/1.1 and over HTTP/2. What they said nothing of in
the other tests was therefore right."""

from dataclasses import replace

import pytest
from cgsoak.http1 import Http1Client
from cgsoak.http2 import Http2Client
from cgsoak.site import POLICIES
from cgsoak.tally import HTACCESS, MAIN, Generations

CLIENTS = pytest.mark.parametrize("kind", [Http1Client, Http2Client])
RIGHT = POLICIES[0]
# A policy that is not the one which is owed, and a request that shows it.
WRONG_POLICIES = {
    "one-more-origin": (replace(RIGHT, origins=(*RIGHT.origins, "https://evil.example")), "GET /x.txt"),
    "one-less-origin": (replace(RIGHT, listed=()), "GET /x.txt"),
    "too-wide-a-pattern": (replace(RIGHT, matched=(r"https://wild\.example",)), "GET /x.txt"),
    "no-credentials": (replace(RIGHT, credentials=False), "GET /x.txt"),
    "exposes-more": (replace(RIGHT, expose="X-E0 X-More"), "GET /missing"),
    "exposes-nothing": (replace(RIGHT, expose=None), "HEAD /x.txt"),
    "one-more-method": (replace(RIGHT, methods="GET PUT DELETE"), "OPTIONS /x.txt"),
    "one-more-header": (replace(RIGHT, headers="Content-Type X-A X-B"), "OPTIONS /x.txt"),
    "other-max-age": (replace(RIGHT, max_age="101"), "OPTIONS /x.txt"),
    "enforced": (replace(RIGHT, mode="Enforce"), "POST /x.txt"),
    "reported": (replace(RIGHT, mode="Report"), "GET /x.txt"),
    "off": (replace(RIGHT, mode="Off"), "GET /cgi/app.cgi"),
    "other-configuration": (POLICIES[1], "GET /x.txt"),
}
# Directives behind the right policy, and a request that they spoil.
SPOILED = {
    "off-in-one-place": ("<Location /proxy>\nCorsGuard Off\n</Location>", "GET /proxy/x.txt"),
    "enforced-in-one-place": ("<Location /z>\nCorsGuard Enforce\n</Location>", "GET /z/x.txt"),
}


@pytest.fixture
def ask_all(requests):
    """Asks one of everything, or of one kind: the kinds of request that were answered wrongly."""

    def ask(kind, server, generations, only=None):
        chosen = [request for request in requests if only in (None, request.kind)]
        client = kind(server.port, chosen, generations.now, seed=1)
        wrong = set()
        for request in chosen:
            before = client.tally.wrongs
            client.ask([request])
            if client.tally.wrongs > before:
                wrong.add(request.kind)
        client.leave()
        assert not client.tally.failed
        assert client.tally.count == len(chosen) > 0
        return wrong

    return ask


def put(server, policy):
    server.replace("origins.txt", "".join(f"{origin}\n" for origin in policy.listed))
    server.replace("policy.conf", "\n".join(policy.directives("origins.txt")) + "\n")
    server.graceful()


@CLIENTS
def test_right_answers(make_server, ask_all, kind):
    """The control."""
    assert ask_all(kind, make_server(), Generations()) == set()


@CLIENTS
def test_wrong_policies(make_server, ask_all, kind):
    server = make_server()
    for name, (policy, shown) in WRONG_POLICIES.items():
        put(server, policy)
        assert ask_all(kind, server, Generations(), shown) == {shown}, name
    put(server, RIGHT)
    assert ask_all(kind, server, Generations()) == set()


@CLIENTS
@pytest.mark.parametrize("name", SPOILED)
def test_one_place_that_is_wrong(make_server, ask_all, kind, name):
    directives, shown = SPOILED[name]
    server = make_server()
    server.replace("policy.conf", (server.dir / "policy.conf").read_text() + directives + "\n")
    server.graceful()
    wrong = ask_all(kind, server, Generations())
    assert shown in wrong
    assert all(request.split(" ")[1].startswith(shown.split(" ")[1][:3]) for request in wrong)


@CLIENTS
@pytest.mark.parametrize("which, shown", [(MAIN, "GET /x.txt"), (HTACCESS, "GET /ht/x.txt")], ids=["main", "htaccess"])
def test_configuration_that_should_be_gone(make_server, ask_all, kind, which, shown):
    """Nothing was changed: while the change is said to go on the answers are right, after it they are not."""
    server, generations = make_server(), Generations()
    generations.begin(which)
    assert ask_all(kind, server, generations) == set()
    generations.end(which)
    wrong = ask_all(kind, server, generations)
    assert shown in wrong
    assert which == MAIN or wrong == {"GET /ht/x.txt", "OPTIONS /ht/x.txt"}


@CLIENTS
def test_headers_of_two_configurations(make_server, ask_all, kind):
    """Either would be right by itself."""
    server, generations = make_server(), Generations()
    generations.begin(MAIN)
    put(server, replace(RIGHT, max_age=POLICIES[1].max_age))
    assert "OPTIONS /x.txt" in ask_all(kind, server, generations)


@CLIENTS
def test_module_that_is_not_there(make_server, ask_all, kind):
    wrong = ask_all(kind, make_server(guard=False), Generations())
    assert {"GET /x.txt", "OPTIONS /x.txt", "GET /proxy/x.txt", "GET /cgi/app.cgi", "GET /private/x.txt"} <= wrong
    assert "GET /report/x.txt" not in wrong  # nothing is owed there
