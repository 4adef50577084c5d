"""The HTTP server of the metrics: who connects and says nothing holds it for a moment only.

It has no password, so every user of the machine may connect. With a thread for each of them, for
as long as he likes, he had the process's threads and file handles, and nothing was claimed.
"""

from __future__ import annotations

import socket
import threading
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

#: Connections; those beyond are closed at once.
AT_ONCE = 8
#: Without a byte of the request.
SECONDS = 5.0


class _Handler(WSGIRequestHandler):
    timeout = SECONDS

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, *arguments: Any) -> None:
        self._free = threading.BoundedSemaphore(AT_ONCE)
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own, where one is free."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:  # no thread
            self._free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """To its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, *_: Any) -> None:
        """Who hangs up or says nothing writes nothing into our logs."""


def serve(registry: CollectorRegistry, host: str, port: int) -> None:
    """Serve from a thread of its own, for as long as the process lives. Raises ``OSError``."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]

    class OfItsFamily(_Server):
        address_family = family

    server = make_server(str(address[0]), port, make_wsgi_app(registry), OfItsFamily, _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
