# SPDX-License-Identifier: Apache-2.0
"""Recipes without this module: what is explained is what a running httpd sends, line by line, for every origin."""

import re

import pytest
from cgtest import client
from cgtest.explain import explain, question
from cgtest.httpd import Httpd
from cgtest.recipes import ORIGINS, read_recipes, sent_as

RECIPES = {recipe.name: recipe for recipe in read_recipes()}
MODULES = ("headers", "env", "rewrite", "dir", "macro")
FORMS = (
    "SetEnvIf ", "SetEnvIfNoCase", "BrowserMatch", "SetEnvIfExpr", "SetEnv ", "UnsetEnv", "RewriteCond", "[E=", "<If",
    "<ElseIf", "<Else>", "Header set", "Header add", "Header append", "Header merge", "Header setifempty",
    "Header unset", "Header edit ", "Header edit*", "Header echo", "Header note", "Header always", "env=", "expr=",
    "RequestHeader", "<FilesMatch", "<Location", "<Directory", "<Limit",
)  # fmt: skip


@pytest.fixture(scope="module")
def served():
    """One httpd without the module, with a virtual host a recipe; and what is explained of every request."""
    server = Httpd(modules=MODULES, guard=False)
    parts = [recipe.write(server, "") for recipe in RECIPES.values()]
    inside = [recipe.filled("\n".join(recipe.server), server, "") for recipe in RECIPES.values()]
    server.configure("\n".join([*inside, *parts]))
    asked = [
        (recipe.name, str(request), origin, question(server, recipe.host_name, request, sent_as(origin)))
        for recipe in RECIPES.values()
        for request in recipe.requests
        for origin in ORIGINS
    ]
    answers = explain(server, [each[3] for each in asked])
    with server:
        yield server, {each[:3]: answer for each, answer in zip(asked, answers)}
    server.close()


def comparable(lines):
    """The CORS lines in the order sent, and the members of Vary."""
    cors = [(name.lower(), value) for name, value in lines if name.lower().startswith("access-control-")]
    vary = {item.strip().lower() for name, value in lines if name.lower() == "vary" for item in value.split(",")}
    return cors, vary


def really_sent(server, recipe, request, origin):
    lines = [("Origin", value) for value in ORIGINS[origin]]
    data = client.request_bytes(
        request.method, request.target, [("Connection", "close"), *lines, *request.headers], b"", recipe.host_name
    )
    return server.exchange(data, [request.method])[0]


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_explained_is_what_is_sent(served, name):
    server, explained = served
    wrong = []
    for request in RECIPES[name].requests:
        for origin in ORIGINS:
            sent = comparable(really_sent(server, RECIPES[name], request, origin).headers)
            answer = explained[name, str(request), origin]
            said = comparable(answer["headers"])
            if sent != said:
                wrong.append(f"{request} from {origin}:\n  sent {sent}\n  said {said} {answer['unresolved']}")
    assert not wrong, "\n".join(wrong)


def test_the_corpus_is_wide_enough():
    text = "\n".join(recipe.text for recipe in RECIPES.values())
    assert len(RECIPES) >= 60 and len(ORIGINS) >= 25
    assert [form for form in FORMS if form not in text] == []
    assert all(recipe.head["title"] for recipe in RECIPES.values())
    assert all(re.fullmatch(r"[a-z-]+", name) for name in RECIPES)
