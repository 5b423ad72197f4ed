# SPDX-License-Identifier: Apache-2.0
"""What httpd -t says of good and bad configurations: policies/*.conf, whose README.md tells how they are written."""

import re
import shlex
from pathlib import Path

import pytest
from cgtest.httpd import CONFIG_FILE

POLICIES = Path(__file__).parent / "policies"
RULES = (
    "wildcard-with-credentials",
    "null-with-credentials",
    "expose-all-with-credentials",
    "null-origin",
    "insecure-origin-with-credentials",
    "public-suffix-wildcard",
    "open-pattern",
)
IDS = {"refused": "CG0101", "warned": "CG0102"}
FOLDERS = ("htdocs/api/open", "htdocs/static", "outside/lib", "relative/path")


class Case:
    """One case of a file: its configuration, further files, and what is expected of it."""

    def __init__(self, name):
        self.name = name
        self.files = {CONFIG_FILE: []}
        self.marks = {}  # "A" or "file:A" -> (file, line)
        self.expected = []  # lists of words
        self.options = {"modules": [], "define": []}

    def add(self, file, line):
        if line.startswith("#! "):
            first, *words = shlex.split(line[3:])
            if first in self.options:
                self.options[first] += words
            else:
                self.expected.append([first, *words])
            return
        text, mark, name = re.match(r"(.*?)(\s+@([A-Z]))?$", line).groups()
        self.files[file].append(text)
        if mark:
            place = (file, len(self.files[file]))
            self.marks[name if file == CONFIG_FILE else f"{file}:{name}"] = place

    def expectations(self, kind):
        return [words for first, *words in self.expected if first == kind]


def cases(name):
    """The cases of policies/NAME.conf as parameters of a test."""
    found = []
    file = CONFIG_FILE
    for line in (POLICIES / f"{name}.conf").read_text("utf-8").splitlines():
        if line.startswith("=== "):
            found.append(Case(line[4:]))
            file = CONFIG_FILE
        elif line.startswith("--- "):
            file = line[4:]
            found[-1].files[file] = []
        else:
            found[-1].add(file, line)
    return [pytest.param(case, id=case.name) for case in found]


class Place:
    """File and line, as a message names them."""

    def __init__(self, server, case, mark):
        file, self.line = case.marks[mark]
        self.path = server.dir / file

    def __str__(self):
        return f"{self.path}:{self.line}"


@pytest.fixture(scope="module")
def servers(module_httpd):
    """A server for each set of modules that cases ask for; none of them is started."""
    made = {}

    def server_with(modules):
        if modules not in made:
            made[modules] = module_httpd(modules=list(modules))
            for folder in FOLDERS:
                made[modules].folder(folder)
        return made[modules]

    return server_with


def check(servers, case):
    """Gives a case to httpd -t: the server, its exit code, what it wrote to stderr."""
    server = servers(tuple(case.options["modules"]))
    for file, lines in case.files.items():
        if file != CONFIG_FILE:
            server.write(file, "\n".join(lines) + "\n")
    server.configure("\n".join(case.files[CONFIG_FILE]) + "\n")
    code, errors = server.configtest(*(part for name in case.options["define"] for part in ("-D", name)))
    return server, code, errors


def wanted(server, case, words):
    """What a message must hold, of the words of an expectation: marks as places, the rest as it is."""
    texts = []
    for word in words:
        if word in case.marks:
            texts.append(f"{Place(server, case, word)}")
        elif re.fullmatch(r"used on line [A-Z]", word):
            texts.append(f"used on line {case.marks[word[-1]][1]} ")
        else:
            texts.append(word.replace("${DOCROOT}", str(server.dir / "htdocs")).replace("${DIR}", str(server.dir)))
    return texts


def lacks(message, texts):
    return [text for text in texts if not re.search(re.escape(text) + r"(?!\d)", message)]


def findings(errors, number):
    return [line[line.index(number) :] for line in errors.splitlines() if f"{number}: " in line]


def compare_findings(server, case, errors, kind):
    """Every finding is expected, and every expected one was found."""
    left = findings(errors, IDS[kind])
    for rule, *words in case.expectations(kind):
        assert rule in RULES
        texts = [f": {rule}: ", *wanted(server, case, words)]
        fitting = [message for message in left if not lacks(message, texts)]
        assert len(fitting) == 1, f"{kind} {texts} fits {len(fitting)} of:\n{errors}"
        left.remove(fitting[0])
    assert not left, f"not expected:\n{errors}"


@pytest.mark.core
@pytest.mark.parametrize("case", cases("syntax"))
def test_directive_is_a_syntax_error(servers, case):
    server, code, errors = check(servers, case)
    ((mark, *words),) = case.expectations("syntax")
    place = Place(server, case, mark)
    assert code == 1
    if "macro" in case.options["modules"]:
        where = f"used on line {place.line} of"
    else:
        where = f"Syntax error on line {place.line} of {place.path}:"
    assert where in errors, errors
    message = errors[errors.index("Syntax error") :].split(":\n", 1)[1]
    assert not lacks(message, wanted(server, case, words)), errors
    assert re.match(r"Cors\w+[: ]", message), f"the message does not begin with its directive:\n{errors}"


@pytest.mark.core
@pytest.mark.parametrize("case", cases("refused"))
def test_policy_is_refused(servers, case):
    server, code, errors = check(servers, case)
    compare_findings(server, case, errors, "refused")
    compare_findings(server, case, errors, "warned")
    assert code == 1
    assert f"CG0103: the configuration is refused: {len(case.expectations('refused'))} problem" in errors
    assert "Syntax OK" not in errors


@pytest.mark.core
@pytest.mark.parametrize("case", cases("warned"))
def test_policy_that_may_meet_is_warned_of(servers, case):
    server, code, errors = check(servers, case)
    assert case.expectations("warned")
    compare_findings(server, case, errors, "warned")
    compare_findings(server, case, errors, "refused")
    assert code == 0
    assert "Syntax OK" in errors


@pytest.mark.core
@pytest.mark.parametrize("case", cases("good"))
def test_good_configuration_passes_without_a_word(servers, case):
    _, code, errors = check(servers, case)
    assert not case.expected
    assert (code, errors) == (0, "Syntax OK\n")


@pytest.mark.core
def test_there_are_enough_cases():
    assert len(cases("syntax")) >= 40
    assert len(cases("refused")) >= 60
    assert len(cases("warned")) >= 20
    assert len(cases("good")) >= 40


@pytest.mark.core
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_refused_somewhere(rule):
    told = [words for case in cases("refused") for words in case.values[0].expectations("refused")]
    assert any(words[0] == rule for words in told)


def test_warnings_are_logged_once_at_startup(make_httpd):
    server = make_httpd(starts_with=["CG0102: .*wildcard-with-credentials"])
    server.configure("""
<Location "/api">
  CorsAllowOrigin *
</Location>
<LocationMatch "/me$">
  CorsAllowCredentials On
</LocationMatch>
""")
    server.start()
    assert server.said().count("CG0102: ") == 1


def test_many_hosts_are_judged(make_httpd):
    """A thousand virtual hosts with ten sections each, one of them bad: it is found, once, with its name."""
    server = make_httpd()
    lines = ["CorsAllowOrigin https://app.example"]
    for host in range(1000):
        lines += ["<VirtualHost *:80>", f"ServerName host{host}.example"]
        for section in range(10):
            lines += [f'<Location "/s{section}">', f"CorsMaxAge {section}", "CorsAllowCredentials On", "</Location>"]
        if host == 700:
            lines += ['<Location "/s3/open">', "CorsAllowOrigin *", "</Location>"]
        lines.append("</VirtualHost>")
    server.configure("\n".join(lines) + "\n")
    code, errors = server.configtest()
    assert code == 1
    (message,) = findings(errors, "CG0101")
    assert "virtual host host700.example:80 (" in message
    assert "more virtual host" not in message
