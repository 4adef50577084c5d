"""The program that reads files of binary formats, each in a child of its own.

Run by its path in an isolated Python, with no environment and nothing open but two pipes: it has
no password to lose. It imports the readers once and never looks into a file itself: for each it
forks a child, which takes all rights from itself (``confine.py``), reads and ends. So a file costs
a fork, and what it does to its reader ends with that.

A request: its length and that of the file (two numbers of eight bytes), the request as JSON, the
file. An answer: how it ended (a byte) and its length, and what the child has said.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import struct
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

#: How a child ended: it answered; by a signal; too late; with an answer that is too long.
ANSWERED, ENDED, LATE, LONG = b"AELN"
REQUEST, ANSWER = struct.Struct(">QQ"), struct.Struct(">BQ")
#: Bytes of an answer: the text of the largest article (``articles.limits``), as JSON or base64.
_LONGEST = 48 * 2**20
_PIECE = 1 << 20
#: Seconds of waiting for each of computing: the machine may have much else to do.
PATIENCE = 8.0


def serve(ask: int, tell: int, group: str) -> None:
    """Answer what is asked until nobody can ask any more.

    ``group``: the module of ``extraction.documents`` whose readers read.
    """
    from extraction.confined.confine import prepare, used
    from extraction.confined.libc import bare_fork

    prepare()
    fork = bare_fork()
    readers = import_module(f"extraction.documents.{group}")
    readers.warm()
    gc.collect()
    gc.freeze()  # what is here is here for good: no child copies it to look at it
    space = used()
    _write(tell, json.dumps(_possible(space, fork)).encode() + b"\n")
    while head := _read(ask, REQUEST.size):
        asked, size = REQUEST.unpack(head)
        request, data = json.loads(_read(ask, asked)), _read(ask, size)

        def child(request: Any = request, data: bytes = data) -> bytes:
            return _answer(readers.read, request, data)

        how, said = in_child(child, request["limits"], space, fork)
        del data, child
        _write(tell, ANSWER.pack(how, len(said)))
        _write(tell, said)


def in_child(
    work: Callable[[], bytes],
    limits: Mapping[str, int],
    used: int,
    fork: Callable[[], int] = os.fork,
) -> tuple[int, bytes]:
    """Do ``work`` in a confined child. Returns how that ended, and what it said.

    Where a signal ended it, that is its number as text. ``used``: bytes that all children have.
    ``fork``: ``os.fork``, or in a process of one thread the cheaper ``libc.bare_fork``.
    """
    ours, theirs = os.pipe()
    if (child := fork()) == 0:
        _be_child(work, limits["seconds"], used + limits["memory"], theirs)
    os.close(theirs)
    deadline = time.monotonic() + PATIENCE * limits["seconds"]
    how, said = until(ours, deadline)
    os.close(ours)
    if how != ANSWERED:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if how == ANSWERED and status < 0:
        return ENDED, str(-status).encode()
    return how, said


def _be_child(work: Callable[[], bytes], seconds: int, memory: int, tell: int) -> None:
    """Never returns."""
    from extraction.confined.confine import confine, end_with_parent

    try:
        end_with_parent()
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nothing, number)
        os.dup2(tell, 3)
        confine(seconds, memory)
        _write(3, work())
    except MemoryError:
        with contextlib.suppress(BaseException):
            _write(3, b'{"memory": 1}')
    except BaseException as error:  # noqa: BLE001  (it has nobody above it)
        with contextlib.suppress(BaseException):
            _write(3, json.dumps({"broken": f"{type(error).__name__}: {error}"[:500]}).encode())
    finally:
        os._exit(0)


def _answer(read: Callable[..., Any], request: Any, data: bytes) -> bytes:
    from articles.errors import ArticleFault

    try:
        asked = (request["limits"], request["start"], request["known"])
        answer = {"paper": read(request["kind"], data, *asked)}
    except ArticleFault as fault:
        answer = {"fault": [fault.reason, fault.advice]}
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")


def _possible(space: int, fork: Callable[[], int]) -> list[str]:
    """What a confined child could still do on this system."""
    from extraction.confined.confine import still_possible

    limits = {"seconds": 10, "memory": 1 << 28}
    how, said = in_child(lambda: json.dumps(still_possible()).encode(), limits, space, fork)
    if how != ANSWERED:
        return [f"nothing could be tried: {how:c} {said[:80]!r}"]
    possible: list[str] = json.loads(said)
    return possible


def until(handle: int, deadline: float) -> tuple[int, bytes]:
    """Return what comes until the other end is closed: how that went, and the bytes."""
    said = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([handle], [], [], left)[0]:
            continue
        piece = os.read(handle, _PIECE)
        if not piece:
            return ANSWERED, bytes(said)
        said += piece
        if len(said) > _LONGEST:
            return LONG, b""
    return LATE, b""


def _read(handle: int, size: int) -> bytes:
    """So many bytes; nothing where the other end is closed before."""
    read = bytearray()
    while len(read) < size:
        piece = os.read(handle, min(size - len(read), _PIECE))
        if not piece:
            return b""
        read += piece
    return bytes(read)


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def main(arguments: list[str]) -> None:
    """``arguments``: who began it, where modules are imported from, as JSON, and what to do.

    The group of readers to serve; or ``probe``, to say what its children could still do on this
    system.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began it decides what Ctrl-C ends
    began, folders = int(arguments[0]), json.loads(arguments[1])
    sys.path[:] = folders
    from extraction.confined.confine import end_with_parent, prepare, used
    from extraction.confined.libc import bare_fork

    end_with_parent()
    if arguments[2] == "probe":
        prepare()
        _write(1, json.dumps(_possible(used(), bare_fork())).encode())
    elif os.getppid() == began:  # else it has ended in between
        serve(0, 1, arguments[2])


if __name__ == "__main__":
    main(sys.argv[1:])
