"""A server of an attacker's own on a port where ours is expected; it keeps what it is sent."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path

from tests.listener import Listener
from worker.services import certificate

_ANSWER = (
    b"HTTP/1.1 200 OK\r\nx-elastic-product: Elasticsearch\r\ncontent-type: application/json\r\n"
    b'content-length: 18\r\n\r\n{"status":"green"}'
)


class Impostor:
    """Answers every request as a healthy Elasticsearch; over TLS with a certificate of its own."""

    def __init__(self, folder: Path, *, tls: bool) -> None:
        self.heard = b""  #: what it could read, all in all
        self.visits = 0
        self._context: ssl.SSLContext | None = None
        if tls:
            cert, key = certificate.make("127.0.0.1")
            (folder / "false.pem").write_text(cert + key)
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(folder / "false.pem")
        self._listener = Listener(self._visited)
        self.port = self._listener.port

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _visited(self, client: socket.socket) -> None:
        self.visits += 1
        threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            client.settimeout(10)
            inside = (
                self._context.wrap_socket(client, server_side=True) if self._context else client
            )
            while piece := inside.recv(65536):
                self.heard += piece
                inside.sendall(_ANSWER)
