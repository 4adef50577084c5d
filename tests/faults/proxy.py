"""A TCP proxy to break connections with, and one that answers badly in Elasticsearch's place."""

from __future__ import annotations

import http.client
import json
import random
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.listener import Listener

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of zero seconds: close() sends RST


class Proxy:
    """Passes bytes on to ``url``'s server from a free port; slow, cut or refused when told so.

    ``host`` is where it listens, and 127.0.0.1 what its address says.
    """

    def __init__(self, url: str, host: str = "127.0.0.1") -> None:
        self._parts = urlsplit(url)
        self.delay = 0.0  #: seconds before each piece of a request is passed on
        self._refusing = False
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = Listener(self._connect, host)
        self.port = self._listener.port

    @property
    def url(self) -> str:
        """The address to give to clients."""
        if self._parts.scheme == "unix":
            return f"redis://127.0.0.1:{self.port}/0"
        login, at, _ = self._parts.netloc.rpartition("@")
        return f"{self._parts.scheme}://{login}{at}127.0.0.1:{self.port}{self._parts.path}"

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._open) // 2

    def cut(self, chance: float = 1.0, dice: random.Random | None = None) -> int:
        """Reset every connection, or each with that chance; how many."""
        with self._lock:
            ends = [end for end in self._open if not dice or dice.random() < chance]
            self._open -= set(ends)
        for end in ends:
            _reset(end)  # the thread that reads from it resets its other end
        return len(ends)

    def refuse(self, refusing: bool) -> None:
        """Cut everything and reset whoever connects, or stop doing so."""
        self._refusing = refusing
        if refusing:
            self.cut()

    def close(self) -> None:
        """Stop listening, cut what is open."""
        self._listener.close()
        self.cut()

    def _connected(self) -> socket.socket:
        if self._parts.scheme != "unix":
            return socket.create_connection((self._parts.hostname or "", self._parts.port))
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(unquote(self._parts.path))
        except OSError:
            server.close()
            raise
        return server

    def _connect(self, client: socket.socket) -> None:
        if self._refusing:
            _reset(client)
            return
        try:
            server = self._connected()
        except OSError:
            _reset(client)
            return
        with self._lock:
            self._open |= {client, server}
        for source, target, slow in ((client, server, True), (server, client, False)):
            pump = threading.Thread(target=self._pump, args=(source, target, slow), daemon=True)
            pump.start()

    def _pump(self, source: socket.socket, target: socket.socket, slow: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if slow and self.delay:
                    time.sleep(self.delay)
                target.sendall(data)
        for end in (source, target):
            with self._lock:
                self._open.discard(end)
            _reset(end)


def _reset(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    with suppress(OSError):
        end.shutdown(socket.SHUT_RD)  # wakes the thread that reads from it
    end.close()


#: Whole answers, with and without the request having been carried out; some items of a bulk that
#: was carried out answered by 429; an answer that breaks off in the middle; a late one.
FAULTS = (
    *("429", "502", "503", "504"),
    *("429 done", "502 done", "503 done", "504 done"),
    *("items", "reset", "delay"),
)


class BadElasticsearch:
    """In front of Elasticsearch: one bulk request of ``every`` meets a fault, in a random order.

    Every fault of ``faults`` comes once before any comes again, so that a test of some length
    meets all of them. Of the other requests one of ``others`` meets one, of those that fit. Which
    of them is left to chance: a last batch that is tried again and again, in step with the
    watcher's looks, would meet each ``others``-th at the same point for ever. ``met`` counts what
    has happened.
    """

    def __init__(
        self,
        url: str,
        seed: int,
        every: int = 2,
        others: int = 5,
        faults: tuple[str, ...] = FAULTS,
        delay: float = 10.0,
        ca: Path | None = None,
    ) -> None:
        self.upstream = urlsplit(url)
        self.tls = (
            ssl.create_default_context(cafile=ca) if self.upstream.scheme == "https" else None
        )
        self.met: Counter[str] = Counter()
        self.healed = False  #: no more faults
        self.delay = delay
        self._every, self._others, self._faults = every, others, faults
        self._plain = [fault for fault in faults if fault not in {"items", "delay"}]
        self._random = random.Random(seed)
        self._deck: list[str] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        login, at, _ = self.upstream.netloc.rpartition("@")
        self.url = f"http://{login}{at}127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def fault(self, path: str) -> str:
        """What is to go wrong with a request to that path; empty: nothing."""
        bulk = path.split("?", maxsplit=1)[0].endswith("/_bulk")
        with self._lock:
            fault = "" if self.healed else self._next_bulk() if bulk else self._next_other()
            if fault:
                self.met[f"bulk: {fault}" if bulk else fault] += 1
        return fault

    def _next_bulk(self) -> str:
        if self._random.random() >= 1 / self._every:
            return ""
        if not self._deck:
            self._deck = self._random.sample(self._faults, len(self._faults))
        return self._deck.pop()

    def _next_other(self) -> str:
        met = self._random.random() < 1 / self._others
        return self._random.choice(self._plain) if met else ""

    def half_of(self, items: list[dict[str, Any]]) -> list[int]:
        """About half of the items, at least one."""
        with self._lock:
            return self._random.sample(range(len(items)), (len(items) + 1) // 2)

    def connection(self) -> http.client.HTTPConnection:
        """A new one to the server itself."""
        host, port = self.upstream.hostname or "", self.upstream.port
        if self.tls is None:
            return http.client.HTTPConnection(host, port, timeout=120)
        return http.client.HTTPSConnection(host, port, timeout=120, context=self.tls)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    proxy: BadElasticsearch

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that left is no error here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        proxy = self.server.proxy
        fault = proxy.fault(self.path)
        if fault == "delay":
            time.sleep(proxy.delay)
        if fault.isdecimal():
            return self._answer(*_refusal(int(fault)))
        try:
            status, headers, answer = self._upstream(body)
        except OSError:
            return self._cut()
        if fault.endswith("done"):
            return self._answer(*_refusal(int(fault.split()[0])))
        if fault == "items":
            answer = self._some_refused(answer)
        if fault == "reset":
            return self._half(status, headers, answer)
        return self._answer(status, headers, answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any  # noqa: N815  (names of http.server)

    def _upstream(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = self.server.proxy.connection()
        try:
            passed = {k: v for k, v in self.headers.items() if k.lower() not in _OWN}
            connection.request(self.command, self.path, body, passed)
            response = connection.getresponse()
            data = response.read()
            kept = {k: v for k, v in response.getheaders() if k.lower() not in _OWN}
        except http.client.HTTPException as error:
            raise ConnectionResetError(str(error)) from error
        else:
            return response.status, kept, data
        finally:
            connection.close()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self._head(status, headers, body)
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def _half(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self._head(status, headers, body)
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self._cut()

    def _head(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.connection.close()

    def _some_refused(self, answer: bytes) -> bytes:
        content = json.loads(answer)
        for number in self.server.proxy.half_of(content["items"]):
            (action,) = content["items"][number]
            old = content["items"][number][action]
            fault = {"status": 429, "error": _REJECTED}
            content["items"][number][action] = {"_index": old["_index"], "_id": old["_id"], **fault}
        return json.dumps(content | {"errors": True}).encode()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name there)
        """Say nothing."""


_OWN = {"content-length", "connection", "transfer-encoding", "host"}
_REJECTED = {"type": "es_rejected_execution_exception", "reason": "rejected execution (a test)"}


def _refusal(status: int) -> tuple[int, dict[str, str], bytes]:
    """429 as Elasticsearch says it, 5xx as a gateway before it does."""
    if status == 429:
        body = json.dumps({"error": _REJECTED, "status": 429}).encode()
        return 429, {"content-type": "application/json", "x-elastic-product": "Elasticsearch"}, body
    return status, {"content-type": "text/html"}, f"<html><h1>{status}</h1></html>".encode()
