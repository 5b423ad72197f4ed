# SPDX-License-Identifier: Apache-2.0
"""cors-audit: audit, explain, diff, baseline. The server is a real one, or a script in its place where it must hang,
flood or lie."""

import datetime
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from cgtest import cors_audit, module_path
from cgtest.command import command_path
from cgtest.httpd import TREE

FORMATS = ["text", "json", "sarif"]
LEVELS = ["critical", "high", "medium", "low", "info"]
APP = "https://app.example"
HTACCESS_SIZE_MAX = 512 * 1024  # CG_HTACCESS_SIZE_MAX


def finding(severity="high", **more):
    place = {"host": "www.example.test", "section": '<Location "/a">', "file": "/etc/site.conf", "line": 7}
    return {
        "id": "reflects-any-origin",
        "severity": severity,
        "confidence": "certain",
        "summary": "Every origin may read.",
        "witness": {"origin": "https://evil.example", "acao": "https://evil.example", "credentials": False},
        "lines": [{"file": "/etc/site.conf", "line": 7}],
        "places": [place],
        "remedy": "CorsAllowOrigin https://app.example\n",
        **more,
    }


def document(findings=(), unread=(), **more):
    """A report as mod_cors_guard writes it."""
    summary = {level: sum(each["severity"] == level for each in findings) for level in LEVELS}
    return {
        "tool": {"name": "mod_cors_guard", "version": "0.1.0"},
        "schema": 1,
        "generated": "2027-01-31T12:00:00Z",
        "hosts": [
            {"name": "www.example.test", "address": "*", "port": 80, "file": "/etc/site.conf", "line": 1, "policies": []}
        ],
        "findings": list(findings),
        "coverage": {
            "hosts": 1, "sections": 1, "htaccess": 0, "directories": 0, "links": 0, "unread": list(unread), "unresolved": [],
        },
        "summary": summary,
        **more,
    }


class Program:
    """A script in place of httpd."""

    def __init__(self, folder):
        self.folder = folder
        self.path = folder / "httpd"

    def script(self, text):
        self.path.write_text(f"#!/bin/sh\n{text}\n")
        self.path.chmod(0o755)
        return self.path

    def writes(self, content):
        """httpd that writes this to its stdout."""
        text = content if isinstance(content, (str, bytes)) else json.dumps(content)
        file = self.folder / "said"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.script(f"exec cat '{file}'")


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)


# audit


@pytest.mark.core
@pytest.mark.parametrize("form", FORMATS)
def test_exit_code_is_that_of_the_findings_in_every_format(program, form):
    def code(content, *options):
        ran = cors_audit("audit", "--format", form, "--httpd", program.writes(content), *options)
        assert ran.out
        return ran.code

    assert code(document()) == 0
    for at, severity in enumerate(LEVELS):
        found = document([finding(severity)])
        assert code(found) == (1 if at <= 2 else 0), "medium and above, where nothing is said"
        for limit, level in enumerate(LEVELS):
            assert code(found, "--fail-on", level) == (1 if at <= limit else 0)
        assert code(found, "--fail-on", "never") == 0
    unread = [{"path": "/srv/x/.htaccess", "reason": "permission denied"}]
    assert code(document([], unread)) == 2
    assert code(document([finding()], unread)) == 2


def test_what_was_not_read_is_said_and_the_report_is_written(program):
    unread = [{"path": f"/srv/{i}/.htaccess", "reason": "permission denied"} for i in range(9)]
    ran = cors_audit("--format", "json", "--httpd", program.writes(document([finding()], unread)))
    assert ran.code == 2
    assert ran.json["findings"][0]["id"] == "reflects-any-origin"
    assert "/srv/0/.htaccess: permission denied" in ran.err and "9" in ran.err


@pytest.mark.core
def test_audits_a_configuration(make_httpd):
    server = make_httpd()
    server.configure(f'<Location "/a">\nCorsAllowOrigin {APP}\n</Location>\n')
    for form in FORMATS:
        ran = cors_audit("--format", form, server=server)
        assert (ran.code, ran.err) == (0, ""), ran
    report = cors_audit("--format", "json", server=server).json
    assert report["tool"]["name"] == "mod_cors_guard" and report["schema"] == 1


def test_finds_a_hole(make_httpd):
    server = make_httpd(modules=["headers"])
    server.configure(HOLE)
    for form in FORMATS:
        ran = cors_audit("--format", form, server=server)
        assert ran.code == 1, ran
        assert "reflects-any-origin" in ran.out
    assert cors_audit("--fail-on", "critical", server=server).code == 0


@pytest.mark.core
@pytest.mark.parametrize("form", FORMATS)
def test_module_that_is_not_loaded_does_not_pass(make_httpd, form):
    server = make_httpd(guard=False)
    ran = cors_audit("--format", form, server=server)
    assert (ran.code, ran.out) == (2, "")
    assert "mod_cors_guard is not loaded" in ran.err


@pytest.mark.parametrize("form", FORMATS)
def test_misspelt_define_does_not_pass(make_httpd, form):
    server = make_httpd(guard=False)
    server.configure(f"<IfDefine CORS>\nLoadModule cors_guard_module {module_path()}\n</IfDefine>\n")
    assert cors_audit("-D", "CORS", "--format", form, server=server).code == 0
    ran = cors_audit("-D", "CROS", "--format", form, server=server)
    assert (ran.code, ran.out) == (2, "")
    assert "-D CROS" in ran.err and "misspelt" in ran.err


@pytest.mark.core
@pytest.mark.parametrize("form", FORMATS)
def test_failing_configtest_shows_why(make_httpd, form):
    server = make_httpd()
    server.configure("CorsAllowOrigin *\nCorsAllowCredentials On\n")
    ran = cors_audit("--format", form, server=server)
    assert (ran.code, ran.out) == (2, "")
    assert "wildcard-with-credentials" in ran.err and "site.conf" in ran.err


HOLE = 'SetEnvIf Origin "^(.+)$" ASKED=$1\nHeader set Access-Control-Allow-Origin %{ASKED}e env=ASKED\n'


@pytest.mark.parametrize("form", FORMATS)
def test_baseline_hides_what_is_accepted_and_nothing_else(make_httpd, tmp_path, form):
    server = make_httpd(modules=["headers"])
    server.configure(HOLE)
    made = cors_audit("baseline", "--reason", "until the application is repaired", server=server)
    assert made.code == 0 and made.json["accepted"], made
    file = tmp_path / "baseline.json"
    file.write_text(made.out)
    ran = cors_audit("--baseline", file, "--fail-on", "info", "--format", form, server=server)
    assert ran.code == 0 and "until the application is repaired" in " ".join(ran.out.split()) and "reflects-any-origin" in ran.out, ran
    server.configure(HOLE + f'<Location "/b">\n{HOLE.replace("(.+)", "(https://a.example.*)")}</Location>\n')
    assert cors_audit("--baseline", file, "--format", form, server=server).code == 1


def test_diff_of_two_real_audits(make_httpd, tmp_path):
    server = make_httpd(modules=["headers"])
    files = []
    for name, text in (("old", f"CorsAllowOrigin {APP}\n"), ("new", f"CorsAllowOrigin https://*.app.example {APP}\n")):
        server.configure(text)
        files.append(tmp_path / name)
        ran = cors_audit("--format", "json", "--fail-on", "never", "--output", files[-1], server=server)
        assert ran.code == 0, ran
    ran = cors_audit("diff", *files)
    assert ran.code == 1 and "https://*.app.example: new" in ran.out, ran
    ran = cors_audit("diff", *reversed(files), "--format", "json")
    assert ran.code == 0 and ran.json["narrowed"] and not ran.json["widened"], ran


def others_copy(server):
    """The command and the module where any user may read them, and such a user; the test's own where it is not root."""
    server.write("cors-audit", command_path().read_bytes(), 0o755)
    server.write("mod_cors_guard.so", module_path().read_bytes())
    server.configure("LoadModule cors_guard_module ${DIR}/mod_cors_guard.so\n")
    return {"command": server.dir / "cors-audit", "user": server.user if server.root else None}


@pytest.mark.parametrize("form", FORMATS)
def test_configuration_that_is_not_readable_is_2(make_httpd, form):
    server = make_httpd(guard=False)
    other = others_copy(server)
    assert cors_audit("--format", form, server=server, **other).code == 0
    (server.dir / "site.conf").chmod(0)
    ran = cors_audit("--format", form, server=server, **other)
    assert (ran.code, ran.out) == (2, "") and "site.conf" in ran.err and "ermission denied" in ran.err, ran


@pytest.mark.parametrize("form", FORMATS)
def test_htaccess_without_permission_is_2(make_httpd, form):
    server = make_httpd(guard=False)
    other = others_copy(server)
    server.write("htdocs/x/.htaccess", "CorsAllowOrigin *\n", 0)
    server.folder("htdocs/y").chmod(0)
    with open(server.dir / "site.conf", "a") as config:
        config.write('<Directory "${DOCROOT}">\nAllowOverride All\n</Directory>\n')
    ran = cors_audit("--format", form, server=server, **other)
    assert ran.code == 2 and ran.out, ran
    assert re.search(r"htdocs/x/\.htaccess: .*Permission denied", ran.err), ran
    assert re.search(r"htdocs/y/?: Permission denied", ran.err), ran


@pytest.mark.parametrize("form", FORMATS)
def test_htaccess_that_is_not_read_is_2(make_httpd, form):
    """One that is too large."""
    server = make_httpd()
    server.write("htdocs/x/.htaccess", b"#\n" * (HTACCESS_SIZE_MAX // 2 + 1))
    server.configure('<Directory "${DOCROOT}">\nAllowOverride All\n</Directory>\n')
    ran = cors_audit("--format", form, server=server)
    assert ran.code == 2 and ran.out, ran
    assert "htdocs/x/.htaccess" in ran.err


@pytest.mark.parametrize(
    "said,why",
    [
        ("", "seems not to be httpd"),
        ("Syntax OK\n", "is not JSON"),
        ('{"tool": {"name": "mod_cors_guard"}, "schema": 1, "findings": [', "is cut short"),
        (json.dumps(document()) + "\n" + json.dumps(document()), "is not JSON"),
        (b'{"tool": {"name": "\xff\xfe"}}', "is not JSON"),
        ("[1, 2]", "is not of mod_cors_guard"),
        ('{"tool": {"name": "\\u001b[31mother"}, "schema": 1}', "is not of mod_cors_guard"),
        (json.dumps(document(schema=2)), "schema 2"),
        (json.dumps({"tool": {"name": "mod_cors_guard", "version": "0.1.0"}, "schema": 1}), "is no report"),
        ("[" * 100000, "is not JSON"),
    ],
)
def test_what_is_no_report_is_not_taken_for_one(program, said, why):
    for form in FORMATS:
        ran = cors_audit("--format", form, "--httpd", program.writes(said))
        assert (ran.code, ran.out) == (2, "")
        assert why in ran.err
        assert "\x1b" not in ran.err


def test_older_module_is_told_from_one_that_is_not_loaded(program):
    path = program.script('case "$*" in *DUMP_MODULES*) echo " core_module (static)"; echo " cors_guard_module (shared)";; esac')
    ran = cors_audit("--httpd", path)
    assert ran.code == 2 and "older" in ran.err


def test_program_that_hangs_is_ended_with_all_that_it_started(program):
    file = program.folder / "child"
    path = program.script(f"sleep 1000 &\necho $! >'{file}'\nwait")
    ran = cors_audit("--timeout", "0.5", "--httpd", path)
    assert (ran.code, ran.out) == (2, "")
    assert "--timeout" in ran.err
    wait_until(lambda: has_ended(int(file.read_text())), "what it started still runs")


def has_ended(process):
    """Gone, or left behind as a zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def wait_until(reached, otherwise):
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_program_does_not_outlive_the_command(program, number):
    file = program.folder / "child"
    path = program.script(f"sleep 1000 &\necho $! >'{file}.part'\nmv '{file}.part' '{file}'\nwait")
    command = subprocess.Popen([command_path(), "--httpd", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until(file.exists, "it does not start")
    command.send_signal(number)
    assert command.communicate(timeout=60) == (b"", b"") and command.returncode == -number
    wait_until(lambda: has_ended(int(file.read_text())), "what it started still runs")


def test_program_that_floods_messages_is_read_to_the_end(program):
    """Both pipes are read: more than a pipe holds on stderr, before the report."""
    file = program.folder / "report"
    file.write_text(json.dumps(document()))
    path = program.script(f"head -c 3000000 /dev/zero | tr '\\0' x >&2\ncat '{file}'")
    assert cors_audit("--httpd", path).code == 0
    ran = cors_audit("--httpd", program.script("head -c 3000000 /dev/zero | tr '\\0' x >&2\nexit 1"))
    assert ran.code == 2 and 60000 < len(ran.err) < 70000


def test_program_that_floods_its_output_is_ended(program):
    ran = cors_audit("--httpd", program.script("exec cat /dev/zero"))
    assert (ran.code, ran.out) == (2, "")
    assert "512 MiB" in ran.err


def test_program_that_dies_is_told(program):
    ran = cors_audit("--httpd", program.script("kill -9 $$"))
    assert ran.code == 2 and "signal 9" in ran.err
    ran = cors_audit("--httpd", program.script("exit 3"))
    assert ran.code == 2 and "failed with 3" in ran.err and "does not say why" in ran.err


def test_control_bytes_of_the_program_do_not_reach_the_terminal(program):
    ran = cors_audit("--httpd", program.script("printf '\\033]0;x\\007 \\377\\n' >&2; exit 3"))
    assert ran.code == 2 and "\\x1b]0;x\\x07 \\xff" in ran.err


def test_program_is_run_without_a_shell(program):
    folder = program.folder / "a b; touch c"
    folder.mkdir()
    other = Program(folder)
    assert cors_audit("--httpd", other.writes(document()), "-D", "X; touch d", cwd=program.folder).code == 0
    assert sorted(each.name for each in program.folder.iterdir()) == [folder.name]


def test_default_program_is_the_first_in_path(tmp_path):
    for name, said in (("apachectl", document()), ("httpd", "not this one")):
        folder = tmp_path / name
        folder.mkdir()
        Program(folder).writes(said).rename(folder / name)
    ran = cors_audit(env={"PATH": f"{tmp_path}/httpd:{tmp_path}/apachectl:/usr/bin:/bin"})
    assert ran.code == 0 or "apache2ctl" in ran.err, "a system's apache2ctl comes before"


def test_configuration_is_one_of_the_current_folder(make_httpd):
    server = make_httpd()
    ran = cors_audit("-f", "httpd.conf", "--httpd", server.command()[0], cwd=server.dir)
    assert ran.code == 0, ran


def test_no_such_program_or_configuration(make_httpd, tmp_path):
    ran = cors_audit("--httpd", tmp_path / "none")
    assert ran.code == 2 and "no such program" in ran.err
    ran = cors_audit("-f", tmp_path / "none.conf", "--httpd", make_httpd().command()[0])
    assert ran.code == 2 and "none.conf" in ran.err


# output


def test_output_goes_to_a_file(program, tmp_path):
    ran = cors_audit("--httpd", program.writes(document([finding()])), "--format", "json", "--output", tmp_path / "out")
    assert (ran.code, ran.out, ran.err) == (1, "", "")
    assert json.loads((tmp_path / "out").read_text())["findings"]
    ran = cors_audit("--httpd", program.path, "--output", tmp_path / "none/out")
    assert ran.code == 2 and "--output" in ran.err


@pytest.mark.parametrize("form", FORMATS)
def test_full_disk_is_2(program, form):
    with open("/dev/full", "w") as full:
        ran = cors_audit("--httpd", program.writes(document()), "--format", form, stdout=full)
    assert ran.code == 2 and "not whole" in ran.err


def test_colour_is_for_terminals(program):
    path = program.writes(document([finding("critical")]))
    assert "\x1b" not in cors_audit("--httpd", path).out

    def on_terminal(**env):
        environment = {**os.environ, **env}
        if not env:
            environment.pop("NO_COLOR", None)
        done = subprocess.run(
            ["script", "-qec", f"{command_path()} --httpd {path}", "/dev/null"], env=environment, capture_output=True,
            text=True, check=False, timeout=60,
        )
        assert "CRITICAL" in done.stdout
        return "\x1b[" in done.stdout

    assert on_terminal()
    assert not on_terminal(NO_COLOR="1")


# command line


@pytest.mark.core
def test_help_and_version_are_on_stdout():
    general = cors_audit("--help")
    assert (general.code, general.err) == (0, "")
    for name in ("audit", "explain", "probe", "diff", "baseline"):
        assert name in general.out
        ran = cors_audit(name, "--help")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith("Usage: cors-audit") and "--help" in ran.out
        assert all(len(line) <= 80 for line in ran.out.splitlines())
    version = re.search(r'CG_VERSION "(.*)"', (TREE / "src/report/cg_version.h").read_text()).group(1)
    assert cors_audit("--version").out == f"cors-audit (mod_cors_guard) {version}\n"
    assert cors_audit("probe", "--version").code == 0


def test_every_option_is_in_the_manual():
    manual = (TREE / "docs/cors-audit.8").read_text()
    options = set()
    for name in ("audit", "explain", "probe", "diff", "baseline"):
        options |= set(re.findall(r"--[a-z-]+", cors_audit(name, "--help").out.split("\n\n", 2)[2]))
    assert len(options) > 15
    assert options == {f"--{name}" for name in re.findall(r"^\.It .*?Fl -([a-z-]+)", manual, re.M)}
    page = (TREE / "docs/audit.md").read_text()
    section = page.split("\n## cors-audit\n")[1].split("\n## ")[0]
    assert set(re.findall(r"--[a-z][a-z-]+", section)) <= options


def test_manual_has_no_mistakes():
    manual = TREE / "docs/cors-audit.8"
    done = subprocess.run(["groff", "-ww", "-mdoc", "-Tutf8", manual], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Probe sites of your own" in " ".join(done.stdout.split())


@pytest.mark.parametrize("findings, code", [((), 0), (("high",), 1), (("low",), 0), (None, 2)])
def test_the_example_for_continuous_integration_works(program, findings, code):
    """The script of docs/audit.md, as it stands."""
    script = re.search(r"```sh\n(.*?)```", (TREE / "docs/audit.md").read_text(), re.S).group(1)
    (program.folder / "cors-baseline.json").write_text('{"schema": 1, "accepted": []}')
    (program.folder / "httpd.conf").write_text("")
    said = "" if findings is None else document([finding(each) for each in findings])
    program.writes(said).rename(program.folder / "apache2ctl")
    (program.folder / "cors-audit").symlink_to(command_path())
    done = subprocess.run(
        ["sh"], input=script, cwd=program.folder, env={**os.environ, "PATH": f"{program.folder}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False, timeout=60,
    )
    assert done.returncode == (code > 0)
    assert ["CORS: nothing new", "CORS: see the findings", "CORS: not audited"][code] in done.stdout, done


@pytest.mark.parametrize(
    "arguments,why",
    [
        (["--nope"], "--nope"),
        (["-Z"], "Z"),
        (["frobnicate"], "frobnicate is no command"),
        (["audit", "extra"], "extra"),
        (["--format", "xml"], "xml"),
        (["--format"], "format"),
        (["--fail-on", "big"], "big"),
        (["--timeout", "0"], "--timeout"),
        (["--timeout", "5x"], "--timeout"),
        (["--timeout", "nan"], "--timeout"),
        (["--format", "\x1b[31m"], "--format \\x1b[31m"),
        (["--\x1b[31m"], "\\x1b[31m"),
        (["audit", "\x1b[31m"], "\\x1b[31m"),
        (["baseline", "--baseline", "x"], "--baseline"),
        (["audit", "--origin", APP], "--origin"),
        (["diff", "--format", "sarif", "a", "b"], "sarif"),
        (["diff", "one.json"], "OLD.json NEW.json"),
        (["explain", "--origin", APP], "URL"),
        (["explain", "https://www.example.test/"], "--origin"),
        (["explain", "https://www.example.test/", "--origin", "https://a.example/"], "write https://a.example"),
        (["explain", "https://www.example.test/", "--origin", "https://*.a.example"], "without *"),
        (["explain", "https://www.example.test/", "--origin", APP, "--method", "TRACE"], "TRACE"),
        (["explain", "https://www.example.test/", "--origin", APP, "--method", "A B"], "A B"),
        (["explain", "https://www.example.test/", "--origin", APP, "--header", "Cookie: a"], "browsers keep it"),
        (["explain", "https://www.example.test/", "--origin", APP, "--header", "nonsense"], "Name: value"),
        (["explain", "ftp://www.example.test/", "--origin", APP], "http"),
        (["explain", "https://u:p@www.example.test/", "--origin", APP], "password"),
        (["baseline", "--expires", "2027-02-30"], "--expires"),
        (["baseline", "--expires", "tomorrow"], "--expires"),
        (["baseline", "--expires", "2020-01-01"], "not over"),
    ],
)
def test_wrong_command_line_is_2_with_a_hint(arguments, why):
    ran = cors_audit(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err


# explain


@pytest.fixture(scope="module")
def site(module_httpd):
    """What explain says is compared with what this server sends."""
    server = module_httpd(modules=["headers"])
    server.write("htdocs/api/x.txt", "hello")
    server.write("htdocs/old/x.txt", "hello")
    server.configure(
        f"""<Location "/api">
CorsAllowOrigin {APP}
CorsAllowCredentials On
CorsAllowMethods PUT
CorsAllowHeaders Content-Type
</Location>
<Location "/old">
SetEnvIf Origin "^(.+)$" ASKED=$1
Header set Access-Control-Allow-Origin %{{ASKED}}e env=ASKED
</Location>
"""
    )
    return server.start()


def explain(server, path, *options, origin=APP, form="json"):
    return cors_audit(
        "explain", f"http://localhost:{server.port}{path}", "--origin", origin, "--format", form, *options, server=server
    )


@pytest.mark.core
def test_explains_what_the_server_sends(site):
    ran = explain(site, "/api/x.txt", "--method", "put", "--header", "content-type: application/json", "--credentials")
    assert ran.code == 0, ran
    made = ran.json
    assert made["method"] == "PUT"
    assert made["browser"] == {
        "sends": True, "reads": True, "certain": True, "preflight_refused": None, "refused": None,
    }
    real = site.preflight("/api/x.txt", APP, "PUT", "content-type")
    assert made["preflight"]["status"] == real.status == 204
    sent = [[name, value] for name, value in real.headers if name.startswith("access-control-")]
    told = [[name.lower(), value] for name, value in made["preflight"]["headers"] if name != "Vary"]
    assert sorted(told) == sorted(sent)
    assert [each["section"] for each in made["request"]["sections"]][-1] == '<Location "/api">'
    assert made["request"]["policy"]["file"].endswith("site.conf") and made["request"]["policy"]["line"] == 2


@pytest.mark.parametrize(
    "path,options,origin,verdict",
    [
        ("/api/x.txt", [], APP, f"A browser lets a page of {APP} read this answer."),
        ("/api/x.txt", [], "https://other.example", "A browser keeps this answer from a page of https://other.example"),
        ("/api/x.txt", ["--method", "DELETE"], APP, "A browser does not send this request"),
        ("/api/x.txt", ["--header", "X-Token: 1"], APP, "A browser does not send this request"),
        ("/api/x.txt", ["--header", "Accept: */*"], APP, f"A browser lets a page of {APP} read"),
        ("/old/x.txt", [], "https://evil.example", "A browser lets a page of https://evil.example read this answer."),
        ("/old/x.txt", ["--credentials"], "null", "A browser keeps this answer from a page of null, because it has no "
         "Access-Control-Allow-Credentials"),
        ("/nothing.txt", [], APP, f"A browser keeps this answer from a page of {APP}"),
    ],
)
def test_explains_what_a_browser_does(site, path, options, origin, verdict):
    ran = explain(site, path, *options, origin=origin, form="text")
    assert ran.code == 0, ran
    text = " ".join(ran.out.split())
    assert verdict in text
    assert ("(there is none)" in text) == (path == "/nothing.txt")
    assert ("Preflight:" in text) == any(each in ("DELETE", "X-Token: 1") for each in options)
    if path.startswith("/old"):
        assert "Answered by: Header (" in text and "site.conf:9)" in text
    if path.startswith("/api"):
        assert "site.conf:2)" in text


def test_own_page_needs_no_permission(site):
    origin = f"http://localhost:{site.port}"
    ran = explain(site, "/api/x.txt", "--method", "DELETE", origin=origin, form="text")
    assert ran.code == 0 and "own site" in " ".join(ran.out.split()) and "Preflight" not in ran.out


def test_question_without_an_answer_is_2(site, program):
    ran = explain(site, "/%2F%00")
    assert (ran.code, ran.out) == (2, ""), ran
    error = {"tool": {"name": "mod_cors_guard", "version": "0.1.0"}, "schema": 1, "answers": []}
    ran = cors_audit("explain", "http://localhost/", "--origin", APP, "--httpd", program.writes(error))
    assert (ran.code, ran.out) == (2, "") and "no answer" in ran.err


# diff


@pytest.fixture
def reports(tmp_path):
    def write(name, content):
        file = tmp_path / name
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return file

    return write


def with_policy(origins, credentials=False):
    made = document()
    made["hosts"][0]["policies"] = [
        {
            "section": '<Location "/a">', "file": "/etc/site.conf", "line": 7, "mode": "On", "origins": origins,
            "credentials": credentials, "methods": [], "headers": [], "expose": [], "max_age": None, "fields": [],
            "hosts": [],
        }
    ]
    return made


def test_diff_of_equal_reports_is_0(reports):
    old, new = reports("old", with_policy([APP])), reports("new", with_policy([APP]))
    for form in ("text", "json"):
        ran = cors_audit("diff", old, new, "--format", form)
        assert (ran.code, ran.err) == (0, ""), ran


@pytest.mark.core
def test_diff_exits_with_1_where_something_was_widened(reports):
    old, new = reports("old", with_policy([APP])), reports("new", with_policy([APP, "https://b.example"]))
    for form in ("text", "json"):
        ran = cors_audit("diff", old, new, "--format", form)
        assert ran.code == 1 and "https://b.example" in ran.out and "idened" in ran.out, ran
        ran = cors_audit("diff", new, old, "--format", form)
        assert ran.code == 0 and "https://b.example" in ran.out and "arrowed" in ran.out, ran
    credentials = reports("credentials", with_policy([APP], credentials=True))
    assert "credentials: was off, is on" in cors_audit("diff", old, credentials).out
    found = reports("found", {**with_policy([APP]), "findings": [finding()]})
    ran = cors_audit("diff", old, found)
    assert ran.code == 1 and "finding reflects-any-origin: new" in ran.out, ran


def test_diff_reads_pipes(reports):
    old, new = reports("old", with_policy([APP])), reports("new", with_policy(["*"]))
    done = subprocess.run(
        ["bash", "-c", f"{command_path()} diff <(cat {old}) <(cat {new})"], capture_output=True, text=True, check=False,
    )
    assert (done.returncode, done.stderr) == (1, "") and "origin *: new" in done.stdout, done


def test_control_bytes_of_a_report_do_not_reach_the_terminal(reports):
    hostile = "https://\x1b]0;x\x07\u009b31m\u202e.example"
    old, new = reports("old", with_policy([APP])), reports("new", with_policy([hostile]))
    ran = cors_audit("diff", old, new)
    assert ran.code == 1 and "\\x1b]0;x\\x07\\u009b31m\\u202e" in ran.out, ran


@pytest.mark.parametrize(
    "content,why",
    [
        ("", "is cut short"),
        ("[" * 100000, "maximum parsing depth"),
        ('{"tool": "x", "tool": {"name": []}}', "is not of mod_cors_guard"),
        ({**document(), "hosts": {}}, "is no report"),
        ({**document(), "coverage": []}, "is no report"),
        ("{", "is cut short"),
        ("nonsense", "is not JSON"),
        ({"tool": {"name": "other"}}, "is not of mod_cors_guard"),
        (document(schema=9), "schema 9"),
        (json.dumps(document())[:-40], "is cut short"),
        ({"tool": {"name": "mod_cors_guard"}, "schema": 1, "answers": []}, "is no report"),
    ],
)
def test_diff_of_what_is_no_report_is_2(reports, content, why):
    good, bad = reports("good", document()), reports("bad", content)
    for pair in ((good, bad), (bad, good)):
        ran = cors_audit("diff", *pair)
        assert (ran.code, ran.out) == (2, "") and why in ran.err and str(bad) in ran.err


def test_diff_of_a_file_that_is_not_there_is_2(reports, tmp_path):
    ran = cors_audit("diff", reports("good", document()), tmp_path / "none")
    assert (ran.code, ran.out) == (2, "") and "none" in ran.err
    assert cors_audit("diff", tmp_path, tmp_path).code == 2


# baseline


@pytest.mark.core
@pytest.mark.parametrize("form", FORMATS)
def test_baseline_accepts_what_it_was_made_of_until_it_expires(program, reports, form):
    day = datetime.datetime.now(datetime.timezone.utc).date()
    path = program.writes(document([finding()]))
    made = cors_audit("baseline", "--reason", "looked at", "--expires", day + datetime.timedelta(2), "--httpd", path)
    assert (made.code, made.err) == (0, ""), made
    assert made.json["accepted"][0]["reason"] == "looked at"
    file = reports("baseline", made.out)
    ran = cors_audit("--baseline", file, "--format", form, "--httpd", path)
    assert ran.code == 0 and "looked at" in ran.out, ran
    if form != "sarif":
        assert "1 accepted" in ran.out or ran.json["summary"]["accepted"] == 1
    expired = reports("expired", made.out.replace(str(day + datetime.timedelta(2)), str(day - datetime.timedelta(2))))
    ran = cors_audit("--baseline", expired, "--format", form, "--httpd", path)
    assert ran.code == 1 and "reflects-any-origin" in ran.out, ran
    if form == "text":
        assert "Has expired, and accepts nothing" in ran.out
    stale = cors_audit("--baseline", file, "--format", form, "--httpd", program.writes(document()))
    assert stale.code == 0 and (form != "text" or "Accepts what was not found" in stale.out), stale


def test_baseline_has_a_day_where_none_was_given(program):
    made = cors_audit("baseline", "--httpd", program.writes(document([finding()]))).json
    expires = datetime.date.fromisoformat(made["accepted"][0]["expires"])
    left = expires - datetime.datetime.now(datetime.timezone.utc).date()
    assert 88 <= left.days <= 90
    assert made["accepted"][0]["reason"]


def test_baseline_that_cannot_be_used_is_2(program, reports, tmp_path):
    path = program.writes(document([finding()]))
    for file in (reports("a", "{"), reports("b", {"schema": 99}), reports("c", "[]"), tmp_path / "none"):
        for form in FORMATS:
            ran = cors_audit("--baseline", file, "--format", form, "--httpd", path)
            assert (ran.code, ran.out) == (2, "") and str(file) in ran.err
