# SPDX-License-Identifier: Apache-2.0
"""A server that answers with exact bytes, for clients that must stand whatever comes."""

import socket
import threading


class RawServer:
    """Answers each request with answer(request), which returns bytes or yields pieces of them; the connection is closed
    behind it. request is the header as text. requests collects them. tls: an ssl.SSLContext."""

    def __init__(self, answer, tls=None):
        self.answer = answer
        self.tls = tls
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.settimeout(60)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                data = b""
                while b"\r\n\r\n" not in data:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    data += piece
                request = data.decode("latin-1")
                self.requests.append(request)
                said = self.answer(request)
                for piece in [said] if isinstance(said, bytes) else said:
                    connection.sendall(piece)
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            connection.close()  # the client had enough

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/"

    def close(self):
        """The thread ends first: it may be about to accept from a descriptor that would be another server's by then."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()


def header_of(request, name):
    """The value of a header of a request, or ""."""
    for line in request.split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return ""


def answer_of(*lines, status="200 OK", body=b"hello"):
    """An HTTP/1.1 answer of header lines, bytes or text."""
    header = [f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return b"\r\n".join(line if isinstance(line, bytes) else line.encode("latin-1") for line in header) + body
