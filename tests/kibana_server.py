"""A small HTTP server that plays Kibana's import interface."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self

#: Of a request's path, headers and body: the status and the text of the answer.
Answer = Callable[[str, Message, bytes], tuple[int, str]]


class KibanaServer:
    """Answers what is asked of it or posted to it by ``answer``, inside ``with``."""

    def __init__(self, answer: Answer, headers: Mapping[str, str] | None = None) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                status, text = answer(self.path, self.headers, body)
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class EndlessServer:
    """Answers one request with ``begins``, then with ``goes_on`` until it is hung up on."""

    def __init__(self, begins: bytes, goes_on: bytes) -> None:
        self._begins, self._goes_on = begins, goes_on
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._wait = threading.Event().wait

    def _answer(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            try:
                connection.recv(100)
                connection.sendall(self._begins)
                while not self._wait(0.01):
                    connection.sendall(self._goes_on)
            except OSError:
                return

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()
