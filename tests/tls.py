"""A certificate authority of the test's own, and fronts that speak TLS before a server, or none."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.listener import Listener

HOSTS = "subjectAltName=DNS:localhost,IP:127.0.0.1"


@dataclass(frozen=True)
class Pair:
    """A certificate and its key."""

    cert: Path
    key: Path


class Authority:
    """Issues certificates; its own is ``ca``. Made by the program `openssl`."""

    def __init__(self, folder: Path) -> None:
        if not shutil.which("openssl") and not os.environ.get("CI"):
            pytest.skip("the program openssl is not there")
        folder.mkdir()
        self._folder = folder
        self._own = self._pair("ca")
        self.ca = self._own.cert
        self._openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-nodes", "-days", "2", "-subj", "/CN=Depesche test"),
            # Python 3.13 trusts no authority that does not say that it signs.
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
            *("-keyout", self._own.key, "-out", self._own.cert),
        )

    def issue(self, name: str, extension: str = HOSTS) -> Pair:
        """A certificate for this machine, or with another extension."""
        pair, request = self._pair(name), self._folder / f"{name}.csr"
        (self._folder / f"{name}.ext").write_text(f"{extension}\nauthorityKeyIdentifier=keyid\n")
        self._openssl(
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-subj", f"/CN={name}", "-keyout", pair.key, "-out", request),
        )
        self._openssl(
            *("x509", "-req", "-in", request, "-CA", self._own.cert, "-CAkey", self._own.key),
            *("-CAcreateserial", "-days", "2", "-extfile", self._folder / f"{name}.ext"),
            *("-out", pair.cert),
        )
        return pair

    def _pair(self, name: str) -> Pair:
        return Pair(self._folder / f"{name}.pem", self._folder / f"{name}.key")

    def _openssl(self, *arguments: str | Path) -> None:
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class _Front:
    """Listens on a free port; subclasses say what becomes of who connects."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self._behind, self._context = port, context
        self._listener = Listener(self._answer)
        self.port = self._listener.port

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _answer(self, client: socket.socket) -> None:
        threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        raise NotImplementedError


class TlsFront(_Front):
    """Speaks TLS on a free port and passes what it hears on to ``port``, in clear.

    With ``clients``, whoever connects must show a certificate of that authority's.
    """

    def __init__(self, port: int, own: Pair, clients: Path | None = None) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own.cert, own.key)
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients)
        super().__init__(port, context)

    def _serve(self, client: socket.socket) -> None:
        inside = self._context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
        try:
            inside.do_handshake()
            behind = socket.create_connection(("127.0.0.1", self._behind))
        except OSError:
            _hear_out(socket.socket(fileno=inside.detach()))
            return
        _join(inside, behind)


class ClearFront(_Front):
    """Speaks no TLS on a free port, and passes what it hears on to ``port``, which speaks it."""

    def __init__(self, port: int, ca: Path) -> None:
        super().__init__(port, ssl.create_default_context(cafile=ca))

    def _serve(self, client: socket.socket) -> None:
        try:
            behind = socket.create_connection(("127.0.0.1", self._behind))
            inside = self._context.wrap_socket(behind, server_hostname="127.0.0.1")
        except OSError:
            client.close()
            return
        _join(inside, client)


def _join(one: socket.socket, other: socket.socket) -> None:
    for ends in ((one, other), (other, one)):
        threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _hear_out(client: socket.socket) -> None:
    """Close so that the alert which was sent arrives: unread bytes would have it thrown away."""
    with client, suppress(OSError):
        client.settimeout(5)
        client.shutdown(socket.SHUT_WR)
        while client.recv(65536):
            pass
