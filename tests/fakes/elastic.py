"""An Elasticsearch in memory, behind a socket of this machine."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.analysis import Json
from tests.fakes.refused import Refused
from tests.fakes.routes import ROUTES
from tests.fakes.store import Store

#: What a test puts in front of a request: it may write, wait, or raise ``Refused`` or ``Away``.
Hook = Callable[[], object]


class Away(Exception):
    """The server closes the connection without an answer."""


class Given(Exception):
    """An answer that stands already."""

    def __init__(self, content: Json) -> None:
        super().__init__()
        self.content = content


@dataclass
class FakeElasticsearch:
    """The server. ``asked`` are all requests so far, as ``POST /articles/_search``; an answer of
    more than ``most`` characters has no room in it.
    """

    url: str = ""
    store: Store = field(default_factory=Store)
    asked: list[str] = field(default_factory=list)
    most: int = sys.maxsize
    _hooks: list[tuple[re.Pattern[str], Hook, bool]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def before(self, pattern: str, hook: Hook, *, always: bool = False) -> None:
        """Do that in front of the next request that fits, or of each."""
        self._hooks.append((re.compile(pattern), hook, always))

    def refuse(self, pattern: str, status: int, kind: str, *, always: bool = False) -> None:
        """Answer the next request that fits, or each, with an error."""
        self.before(
            pattern, lambda: _raise(Refused(status, kind, "as the test wants it")), always=always
        )

    def go_away(self, pattern: str = "", *, always: bool = True) -> None:
        """Give no answer from now on."""
        self.before(pattern, lambda: _raise(Away()), always=always)

    def answer_with(self, pattern: str, content: Json) -> None:
        """Give the next request that fits an answer that this store never gives by itself."""
        self.before(pattern, lambda: _raise(Given(content)))

    def come_back(self) -> None:
        """Forget all that stands before requests."""
        self._hooks.clear()

    def source(self, id_: str) -> Json:
        """A document as it stands, in whichever index."""
        (source,) = (
            i.documents[id_].source for i in self.store.indices.values() if id_ in i.documents
        )
        return source

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, Any]:
        """Status and content."""
        parts = urlsplit(target)
        line = f"{method} {unquote(parts.path)}"
        self.asked.append(line)
        try:
            self._reach(line)
            with self._lock:
                content = self._routed(line, dict(parse_qsl(parts.query)), body)
            return 200, self._with_room(content)
        except Given as given:
            return 200, given.content
        except Refused as refused:
            return refused.status, refused.body()

    def _with_room(self, content: Any) -> Any:
        if self.most < sys.maxsize and len(json.dumps(content)) > self.most:
            raise Refused(429, "circuit_breaking_exception", "[parent] Data too large")
        return content

    def _reach(self, line: str) -> None:
        for entry in [hook for hook in self._hooks if hook[0].search(line)]:
            if not entry[2]:
                self._hooks.remove(entry)
            entry[1]()

    def _routed(self, line: str, params: Json, body: bytes) -> Any:
        for pattern, route in ROUTES.items():
            if match := re.fullmatch(pattern, line):
                return route(self.store, params, body, *match.groups())
        raise Refused(400, "not_known_to_the_fake", line)


def _raise(error: Exception) -> None:
    raise error


@contextmanager
def running() -> Iterator[FakeElasticsearch]:
    """The server, listening while inside."""
    fake = FakeElasticsearch()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def _handler(fake: FakeElasticsearch) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            try:
                status, content = fake.answer(self.command, self.path, body)
            except Away:
                self.close_connection = True
                return
            raw = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/vnd.elasticsearch+json;compatible-with=9")
            self.send_header("x-elastic-product", "Elasticsearch")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(raw)
            self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    for method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
        setattr(Handler, f"do_{method}", Handler.serve)
    return Handler
