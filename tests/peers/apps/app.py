# SPDX-License-Identifier: Apache-2.0
"""README.md tells what it answers."""

import os
import time
from pathlib import Path

from flask import Flask, Response, jsonify, request
from flask_cors import CORS

FOLDER = Path(__file__).resolve().parent

application = Flask(__name__)
CORS(application, supports_credentials=True, expose_headers=["X-App"], max_age=86400)


@application.before_request
def seen():
    query = request.query_string.decode()
    with (FOLDER / "seen.log").open("a") as log:
        log.write(f"{request.method} {request.path}{'?' if query else ''}{query}\n")


@application.after_request
def named(response):
    response.headers["X-App"] = "python"
    return response


@application.route("/data", methods=["GET", "POST", "PUT", "DELETE"])
def data():
    if request.method == "DELETE":
        response = Response(status=204)
    else:
        response = jsonify(cookie=request.headers.get("Cookie", ""), body=request.get_data(as_text=True))
        response.status_code = 201 if request.method == "POST" else 200
        response.set_etag("v1")
        response.make_conditional(request)
    response.set_cookie("session", "one", httponly=True)
    response.set_cookie("theme", "dark")
    response.vary.add("Accept-Language")
    return response


@application.route("/twice")
def twice():
    response = Response("twice", mimetype="text/plain")
    response.headers.add("Access-Control-Allow-Origin", "https://second.example")
    return response


@application.route("/throw")
def throw():
    raise RuntimeError("nobody catches this")


@application.route("/stream")
def stream():
    def parts():
        yield "first"
        while not (FOLDER / "gate").exists():
            time.sleep(0.01)
        yield "last"

    return Response(parts(), mimetype="text/plain")


@application.route("/cached")
def cached():
    response = Response("cached", mimetype="text/plain")
    response.cache_control.public = True
    response.cache_control.max_age = 600
    response.set_etag("c1")
    return response.make_conditional(request)


@application.route("/die")
def die():
    os._exit(1)
