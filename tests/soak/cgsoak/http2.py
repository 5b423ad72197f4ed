# SPDX-License-Identifier: Apache-2.0
"""The same over HTTP/2: many requests at a time on one connection."""

import socket
import struct

import hpack

from .client import TIMEOUT, Client

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY = 1, 1, 4, 8, 0x20
REFUSED_STREAM = 7


def frame(kind, flags, stream, content=b""):
    return struct.pack(">I", len(content))[1:] + struct.pack(">BBI", kind, flags, stream) + content


class Connection:
    """Frames and header compression (RFC 9113, RFC 7541), as far as a client needs them whose requests have no body.
    goes: the last stream that a server looked at which said that it goes away."""

    def __init__(self, port):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.stream = -1
        self.data = b""
        self.heard = False
        self.goes = None
        self.sock.sendall(PREFACE + frame(SETTINGS, 0, 0) + frame(WINDOW, 0, 0, struct.pack(">I", 1 << 30)))

    def headers(self, request):
        """The next stream's number, and the frame that asks for a request on it."""
        self.stream += 2
        names = [(name.lower(), value.encode("latin-1")) for name, value in request.headers]
        head = {":method": request.ask.method, ":scheme": "http", ":path": request.place.path}
        head[":authority"] = request.place.host
        block = self.encoder.encode([*head.items(), *names], huffman=False)
        return self.stream, frame(HEADERS, END_STREAM | END_HEADERS, self.stream, block)

    def read(self):
        """The next frame: kind, flags, stream, content."""
        head = self.take(9)
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        self.heard = True
        return kind, flags, stream & 0x7FFFFFFF, self.take(int.from_bytes(head[:3], "big"))

    def take(self, size):
        while len(self.data) < size:
            piece = self.sock.recv(262144)
            if not piece:
                raise EOFError("end")
            self.data += piece
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def close(self):
        self.sock.close()


class Exchange:
    """One batch on a connection. open: the requests that wait for an answer, by stream."""

    def __init__(self, connection, judge, now):
        self.connection, self.judge, self.now = connection, judge, now
        self.open, self.heads, self.block = {}, {}, b""
        self.refused = []

    def run(self, requests):
        """How the connection ended; None where it goes on."""
        self.before = self.now()
        frames = []
        for request in requests:
            stream, data = self.connection.headers(request)
            self.open[stream] = request
            frames.append(data)
        try:
            self.connection.sock.sendall(b"".join(frames))
        except OSError:
            pass  # what the server said before can still be read
        try:
            while self.open:
                self.take(*self.connection.read())
        except (OSError, EOFError) as error:
            return type(error).__name__
        return None if self.connection.goes is None else "GOAWAY"

    def take(self, kind, flags, stream, content):
        if kind in (HEADERS, CONTINUATION):
            self.take_headers(kind, flags, stream, content)
        elif kind == SETTINGS and not flags & ACK:
            self.connection.sock.sendall(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self.connection.sock.sendall(frame(PING, ACK, 0, content))
        elif kind == RESET and stream in self.open:
            self.reset(stream, *struct.unpack(">I", content))
        elif kind == GOAWAY:
            self.go_away(struct.unpack(">I", content[:4])[0] & 0x7FFFFFFF)
        if kind in (HEADERS, DATA) and flags & END_STREAM and stream in self.open:
            self.finish(stream)

    def take_headers(self, kind, flags, stream, content):
        if kind == HEADERS:
            start = 5 if flags & PRIORITY else 0
            assert not flags & PADDED, "padding was not reckoned with"
            self.block = b""
            content = content[start:]
        self.block += content
        if flags & END_HEADERS:
            fields = self.connection.decoder.decode(self.block, raw=True)
            self.heads.setdefault(stream, fields)  # a second block is a trailer

    def reset(self, stream, code):
        request = self.open.pop(stream)
        if code == REFUSED_STREAM:
            self.refused.append(request)
        else:
            self.judge.tally.failed[f"HTTP/2: stream reset with code {code}: {request.kind}"] += 1

    def go_away(self, last):
        """Only what is up to the last stream will be answered."""
        self.connection.goes = last
        for stream in [stream for stream in self.open if stream > last]:
            self.refused.append(self.open.pop(stream))

    def finish(self, stream):
        request, fields = self.open.pop(stream), self.heads[stream]
        lines = tuple((name, value) for name, value in fields if name.startswith(b"access-control-") or name == b"vary")
        self.judge.judge(request, int(dict(fields)[b":status"]), lines, self.before, self.now())

    def unanswered(self):
        """The requests of which nothing was heard, and the ones whose answer had begun."""
        begun = [request for stream, request in self.open.items() if stream in self.heads]
        return [*self.refused, *(request for stream, request in self.open.items() if stream not in self.heads)], begun


class Http2Client(Client):
    """A server that goes away says up to which request it looked at them: the others are asked again, over another
    connection. So are those of a connection that was in use and ended without an answer to them."""

    rounds = 20
    sizes = range(10, 30)

    def ask(self, requests):
        while requests:
            try:
                self.connection = self.connection or Connection(self.port)
            except OSError as error:
                self.fail(f"HTTP/2: no connection: {type(error).__name__}", len(requests))
                return
            exchange = Exchange(self.connection, self.judge, self.now)
            how = exchange.run(requests)
            silent, begun = exchange.unanswered()
            self.fail(f"HTTP/2: the connection ended within an answer: {how}", len(begun))
            if silent and not self.connection.heard:
                self.fail(f"HTTP/2: a new connection ended without a frame: {how}", len(silent))
                silent = []
            self.tally.closed += bool(silent)
            if how:
                self.leave()
            requests = silent
