"""Whose the other end of a Unix socket is, as the kernel knows: no path can lie about it."""

from __future__ import annotations

import socket
import struct

#: Linux: process, user, group.
_LINUX = struct.Struct("iII")
#: BSD and macOS: version, user, and groups behind them. The level is ``SOL_LOCAL``.
_BSD, _BSD_BYTES, _SOL_LOCAL = struct.Struct("II"), 76, 0


def uid_of(connected: socket.socket) -> int | None:
    """The user who began to listen there; None where the system does not tell."""
    if (linux := getattr(socket, "SO_PEERCRED", None)) is not None:
        told = connected.getsockopt(socket.SOL_SOCKET, linux, _LINUX.size)
        return int(_LINUX.unpack(told)[1])
    if (bsd := getattr(socket, "LOCAL_PEERCRED", None)) is not None:
        return int(_BSD.unpack_from(connected.getsockopt(_SOL_LOCAL, bsd, _BSD_BYTES))[1])
    return None
