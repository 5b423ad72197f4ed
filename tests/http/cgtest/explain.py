# SPDX-License-Identifier: Apache-2.0
"""Asks what httpd would send: the questions and answers of httpd -t -D DUMP_CORS_EXPLAIN (docs/audit.md)."""

import json
import subprocess

from .httpd import FATAL

TIMEOUT = 300


def explain(server, questions):
    """Answers to all questions, in their order. The configuration is the server's, with the module loaded too; the
    server may run meanwhile, as nothing of it is changed."""
    file = server.write("explain.conf", with_guard(server))
    command = [*server.command("-t", "-D", "DUMP_CORS_EXPLAIN", "-f", str(file))]
    done = subprocess.run(
        command,
        input=json.dumps(questions).encode(),
        env=server.environment(),
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0 and not FATAL.search(said), f"httpd ended with {done.returncode}:\n{said}"
    assert done.stdout, f"nothing was answered:\n{said}"
    document = json.loads(done.stdout)
    assert (document["tool"]["name"], document["schema"]) == ("mod_cors_guard", 1)
    assert len(document["answers"]) == len(questions)
    return document["answers"]


def question(server, host, request, origin):
    """A question about a request (cgtest.recipes.Request)."""
    asked = {"url": f"http://{host}:{server.port}{request.target}", "method": request.method, "origin": origin}
    return {**asked, "headers": dict(request.headers)} if request.headers else asked


def with_guard(server):
    guard, server.guard = server.guard, True
    try:
        return server.base_config()
    finally:
        server.guard = guard
