"""Which port a service takes."""

from __future__ import annotations

import socket

import psutil

from articles.errors import UsageError

LOOPBACK = "127.0.0.1"
_HIGHEST = 65535


def choose(wanted: int, service: str) -> int:
    """``wanted``, or any free port for 0.

    Raises ``UsageError`` if the port is no port, is taken, or may not be taken by this user.
    """
    variable = f"DEPESCHE_{service.upper()}_PORT"
    if not 0 <= wanted <= _HIGHEST:
        raise UsageError(
            f"{variable}={wanted} is no port: use 1 to {_HIGHEST}, or 0 for any free one."
        )
    if wanted == 0:
        return _free()
    if fault := _obstacle(wanted):
        raise UsageError(
            f"{service.capitalize()} cannot start: port {wanted} on {LOOPBACK} {fault}. "
            f"Set {variable} to another port, or to 0 for any free one; "
            f"to use a service that runs already, set DEPESCHE_{service.upper()}_URL."
        )
    return wanted


def listens(process: psutil.Process, port: int) -> bool:
    """Whether the process itself listens on that port; one that has ended does not."""
    try:
        connections = process.net_connections("tcp")
    except psutil.Error:
        return False
    return any(c.status == psutil.CONN_LISTEN and c.laddr[1:] == (port,) for c in connections)


def _free() -> int:
    with socket.socket() as sock:
        sock.bind((LOOPBACK, 0))
        port: int = sock.getsockname()[1]
        return port


def _obstacle(port: int) -> str | None:
    if _somebody_answers(port):
        return f"is taken by {_owner(port)}"
    with socket.socket() as sock:
        # The servers set this too: a port whose old connections linger is no obstacle.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((LOOPBACK, port))
        except PermissionError:
            return "may not be used by this user"
        except OSError:
            return f"is taken by {_owner(port)}"
    return None


def _somebody_answers(port: int) -> bool:
    """Asked as well as binding, because macOS lets one bind beside a wildcard listener."""
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex((LOOPBACK, port)) == 0


def _owner(port: int) -> str:
    """Who listens, as far as this user may know."""
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
            if listens and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another program"
