"""The metrics over HTTP: whoever connects can cost the metrics, and never the process's work.

The server of ``prometheus_client`` begins a thread for each connection and waits for ever for what
it asks: a few hundred that say nothing take all descriptors of the watcher, and it claims no more.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from threading import BoundedSemaphore, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import make_wsgi_app

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

#: Connections at one time, and seconds that each may say nothing.
MOST_CONNECTIONS, PATIENCE = 16, 5.0

_App = Callable[[dict[str, Any], Any], Iterable[bytes]]


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- as the library has it
        """Log nothing: what callers say is theirs."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    #: More may wait than are answered: a short burst of them turns no scrape away.
    request_queue_size = 4 * MOST_CONNECTIONS

    def __init__(self, family: socket.AddressFamily, address: tuple[str, int]) -> None:
        self.address_family = family
        self._places = BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, if there is room for one more; else hang up."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """As the library, and make room afterwards."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up, or says nothing, is no news."""


def serve(host: str, port: int, registry: CollectorRegistry) -> _Server:
    """Serve ``registry`` from a thread; raises ``OSError`` where the port is taken."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    server = _Server(family, (str(address[0]), int(address[1])))
    server.set_app(_for_this_machine(make_wsgi_app(registry), str(address[0])))
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def _for_this_machine(app: _App, address: str) -> _App:
    """Where only this machine can ask, its own names alone: a page's name may mean it, too.

    A page whose name is bound to another address once it is loaded reads what answers there.
    """
    if not is_loopback(address):
        return app

    def asked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if is_loopback(_name(environ.get("HTTP_HOST", ""))):
            return app(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"The metrics answer to localhost, 127.0.0.1 and [::1].\n"]

    return asked


def is_loopback(name: str) -> bool:
    """Whether a host's name or address can mean nothing but this machine."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.rstrip(".").lower() == "localhost"


def _name(host: str) -> str:
    """The header ``Host`` without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
