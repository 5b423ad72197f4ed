# SPDX-License-Identifier: Apache-2.0
"""httpd -t -D DUMP_CORS, _JSON and _SARIF: each output as whoever reads it needs it, and docs/audit.md beside it."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from cgtest.sarif import sarif_schema

TREE = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((TREE / "docs/audit-schema-1.json").read_text())
DOCUMENT = (TREE / "docs/audit.md").read_text()
SEVERITIES = ["critical", "high", "medium", "low", "info"]

# Recipes that are holes, one in two hosts; a policy; a name that is not UTF-8; an escape sequence.
SITE = """
<Macro recipe>
  Header set Access-Control-Allow-Origin "expr=%{req:Origin}"
</Macro>
<VirtualHost *:${PORT}>
  ServerName one.example
  Include snippet.conf
  <Location "/v1">
    CorsAllowOrigin https://app.example.com https://*.example.org
    CorsAllowCredentials On
    CorsMaxAge 10m
  </Location>
  <Location "/caf\xe9/\x1b[31mred">
    Use recipe
  </Location>
</VirtualHost>
<VirtualHost *:${PORT}>
  ServerName two.example
  Include snippet.conf
</VirtualHost>
"""
SNIPPET = """
Header set Access-Control-Allow-Origin "expr=%{req:Origin}"
Header set Access-Control-Allow-Credentials "true"
"""


@pytest.fixture(scope="module")
def dump(module_httpd):
    """dump("DUMP_CORS") is that output for SITE."""
    server = module_httpd(modules=["headers", "macro"])
    server.write("snippet.conf", SNIPPET)
    server.configure("")
    server.write("site.conf", SITE.encode("latin-1"))

    def run(define):
        code, out, err = server.run("-t", "-D", define)
        assert code == 0, err
        return out

    return run


def test_json_is_as_the_schema_says(dump):
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    report = json.loads(dump("DUMP_CORS_JSON"))
    jsonschema.validate(report, SCHEMA)
    assert report["summary"] == {
        severity: sum(finding["severity"] == severity for finding in report["findings"]) for severity in SEVERITIES
    }


def test_schema_refuses_what_is_no_report(dump):
    report = json.loads(dump("DUMP_CORS_JSON"))
    for key in SCHEMA["required"]:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({name: value for name, value in report.items() if name != key}, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**report, "schema": 2}, SCHEMA)


def test_the_version_is_that_of_the_changelog(dump):
    version = re.search(r"^## (\S+)", (TREE / "CHANGELOG.md").read_text(), re.M)[1]
    assert json.loads(dump("DUMP_CORS_JSON"))["tool"] == {"name": "mod_cors_guard", "version": version}
    assert f"mod_cors_guard {version}" in dump("DUMP_CORS").splitlines()[0]


def test_sarif_is_as_the_standard_says(dump):
    sarif = json.loads(dump("DUMP_CORS_SARIF"))
    validator = jsonschema.Draft4Validator(sarif_schema())
    assert [error.message for error in validator.iter_errors(sarif)] == []
    broken = {**sarif, "runs": [{**sarif["runs"][0], "results": [{"ruleId": "x"}]}]}
    assert not validator.is_valid(broken), "a result without a message is an error"


@pytest.mark.parametrize("define", ["DUMP_CORS", "DUMP_CORS_JSON", "DUMP_CORS_SARIF"])
def test_nothing_steers_a_terminal(dump, define):
    text = dump(define)
    assert text.endswith("\n")
    assert [char for char in text if not char.isprintable() and char != "\n"] == []


def test_text_ends_with_the_summary(dump):
    lines = dump("DUMP_CORS").splitlines()
    assert lines[0].startswith("CORS configuration (mod_cors_guard ")
    summary = json.loads(dump("DUMP_CORS_JSON"))["summary"]
    assert lines[-1].startswith(", ".join(f"{summary[severity]} {severity}" for severity in SEVERITIES) + " in ")


def test_every_format_has_the_findings(dump):
    report = json.loads(dump("DUMP_CORS_JSON"))
    critical = [finding for finding in report["findings"] if finding["severity"] == "critical"]
    # the macro's line sends the origin back in one section, with the credentials of the snippet
    assert {finding["id"] for finding in critical} == {"reflects-any-origin-with-credentials"}
    [snippet] = [each for each in critical if all(line["file"].endswith("/snippet.conf") for line in each["lines"])]
    assert {place["host"].split(":")[0] for place in snippet["places"]} == {"one.example", "two.example"}
    assert snippet["witness"]["origin"] == snippet["witness"]["acao"]
    assert snippet["lines"][0]["file"].endswith("/snippet.conf")
    results = json.loads(dump("DUMP_CORS_SARIF"))["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == [finding["id"] for finding in report["findings"]]
    assert len({result["partialFingerprints"]["corsGuard/v1"] for result in results}) == len(results)
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")
    text = dump("DUMP_CORS")
    for finding in report["findings"]:
        assert f"{finding['severity'].upper()} {finding['id']} ({finding['confidence']})\n" in text
    macro = [finding for finding in report["findings"] if any("macro" in line["file"] for line in finding["lines"])]
    assert any("caf\\xe9" in place["section"] for finding in macro for place in finding["places"])
    [policy] = [policy for host in report["hosts"] for policy in host["policies"] if policy["section"] == '<Location "/v1">']
    assert policy["origins"] == ["https://app.example.com", "https://*.example.org"]
    assert (policy["credentials"], policy["max_age"]) == (True, 600)
    assert policy["fields"]["CorsMaxAge"]["line"] == policy["fields"]["CorsAllowOrigin"]["line"] + 2


# docs/audit.md


def plain(markdown):
    return " ".join(markdown.replace("`", "").split())


def test_every_finding_has_its_entry(dump):
    rules = json.loads(dump("DUMP_CORS_SARIF"))["runs"][0]["tool"]["driver"]["rules"]
    chapter = DOCUMENT.split("\n## Findings\n")[1].split("\n## ")[0]
    entries = dict(re.findall(r"^### (\S+)\n(.*?)(?=^### |\Z)", chapter, re.M | re.S))
    assert list(entries) == [rule["id"] for rule in rules] and len(rules) > 20
    for rule in rules:
        title, severity = rule["shortDescription"]["text"], rule["properties"]["severity"]
        text = f"{title}. Severity: {severity}. {rule['help']['text']}"
        assert plain(entries[rule["id"]]).startswith(plain(text)), rule["id"]


def test_examples_are_as_the_schema_says():
    blocks = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", DOCUMENT, re.M | re.S)]
    reports = [block for block in blocks if "findings" in block]
    assert len(reports) == 1
    jsonschema.validate(reports[0], SCHEMA)
    known = set(re.findall(r"^### (\S+)$", DOCUMENT, re.M))
    assert {entry["rule"] for block in blocks if "accepted" in block for entry in block["accepted"]} <= known
