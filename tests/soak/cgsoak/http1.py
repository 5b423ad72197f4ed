# SPDX-License-Identifier: Apache-2.0
"""A client that keeps connections alive, pipelines, compares every answer, and asks again where a browser would."""

import re
import socket

from .client import TIMEOUT, Client
from .tally import LINES

CONTENT_LENGTH = re.compile(rb"^content-length:[ \t]*(\d+)", re.I | re.M)
CHUNKED = re.compile(rb"^transfer-encoding:[ \t]*chunked", re.I | re.M)
LAST = re.compile(rb"^connection:[ \t]*close", re.I | re.M)


class Ended(Exception):
    """The connection ended. within: in the middle of an answer."""

    def __init__(self, how, within):
        super().__init__(how)
        self.how, self.within = how, within


class Connection:
    def __init__(self, port):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.data = b""
        self.answers = 0
        self.last = False

    def send(self, data):
        try:
            self.sock.sendall(data)
        except OSError:
            pass  # what was answered before can still be read

    def more(self):
        try:
            piece = self.sock.recv(262144)
        except TimeoutError:
            raise Ended("timeout", bool(self.data)) from None
        except OSError as error:
            raise Ended(type(error).__name__, bool(self.data)) from None
        if not piece:
            raise Ended("end", bool(self.data))
        self.data += piece

    def read(self, method):
        """One answer: status and head."""
        while (end := self.data.find(b"\r\n\r\n")) < 0:
            self.more()
        head, start = self.data[: end + 2], end + 4
        status = int(head[9:12])
        self.last = LAST.search(head) is not None
        if method != "HEAD" and status not in (204, 304):
            start = self.skip_body(head, start)
        self.data = self.data[start:]
        self.answers += 1
        return status, head

    def skip_body(self, head, start):
        """Where the body ends that starts there."""
        length = CONTENT_LENGTH.search(head)
        if length:
            return self.fill(start + int(length.group(1)))
        if not CHUNKED.search(head):
            return self.to_the_end()
        size = 1
        while size:
            while (end := self.data.find(b"\r\n", start)) < 0:
                self.more()
            size = int(self.data[start:end], 16)
            start = self.fill(end + 2 + size + 2)
        return start

    def to_the_end(self):
        """An answer without a length lasts as long as the connection."""
        self.last = True
        while True:
            try:
                self.more()
            except Ended as ended:
                if ended.how == "end":
                    return len(self.data)
                raise

    def fill(self, end):
        while len(self.data) < end:
            self.more()
        return end

    def close(self):
        self.sock.close()


class Http1Client(Client):
    rounds = 60
    sizes = range(1, 9)

    def ask(self, requests):
        """Asks them all, over as many connections as it takes. One that ends without any answer, or within one, is a
        failure of the first request that it did not answer; that one is not asked again."""
        while requests:
            try:
                self.connection = self.connection or Connection(self.port)
            except OSError as error:
                self.fail(f"no connection: {type(error).__name__}")
                requests = requests[1:]
                continue
            done, ended = self.converse(requests)
            requests = requests[done:]
            if ended:
                requests = requests[self.blame(ended) :]
            if ended or self.connection.last:
                self.leave()

    def converse(self, requests):
        """Sends them and reads what comes: how many were answered, and how the connection ended, if it did."""
        connection = self.connection
        before = self.now()
        connection.send(b"".join(request.data for request in requests))
        for done, request in enumerate(requests):
            try:
                status, head = connection.read(request.ask.method)
            except Ended as ended:
                return done, ended
            self.judge.judge(request, status, tuple(LINES.findall(head)), before, self.now())
            if connection.last:
                return done + 1, None
        return len(requests), None

    def blame(self, ended):
        """1 where the request that was to be answered next failed, 0 where it is asked again."""
        if ended.within:
            self.fail(f"the connection ended within an answer: {ended.how}")
            return 1
        if ended.how == "timeout" or not self.connection.answers:
            self.fail(f"a new connection ended without an answer: {ended.how}")
            return 1
        self.tally.closed += 1
        return 0
