"""Bytes of a binary format, read in a process that may do nothing else."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn

from articles.errors import TooSlow, Unreadable
from extraction.confined import server
from extraction.confined.hurry import hurried
from extraction.confined.limits import Limits

_ADVICE = "Open it in the program it comes from, save it as text (UTF-8, ending .txt), drop that."
_SLOW = "Split it, save it as text, or raise DEPESCHE_READER_SECONDS."
_LARGE = "Split it, save it as text, or raise DEPESCHE_READER_MEMORY."
#: Seconds that its imports may take; and those beyond a file's own in which it has to answer.
_STARTS, _GRACE = 120, 60
#: Files after which a new one takes its place: what libraries never give back cannot add up.
_RENEW = 5_000
#: What is read in parts, by a server of its own (``extraction.documents.parts``).
IN_PARTS = frozenset({"sheet", "7z", "msg", "parquet"})


class Gone(Exception):
    """The server is not there any more, or says nothing in time."""


def read_confined(
    kind: str, data: bytes, limits: Limits, start: int = 0, known: Any = None
) -> Mapping[str, Any]:
    """Read a file by the reader of that ``kind`` (``documents.readers`` or ``documents.parts``).

    ``start``: where it is to begin, of one that tells a long file in parts, or which page it is to
    show. ``known``: what is known of the file already, of JSON's types (the words of its scans).
    Who hurries (``hurry.py``) has narrower limits.

    Returns what the reader found, of JSON's types. Raises ``TooSlow``, at once where it has no
    second, ``Unreadable``, and ``OSError`` where no process can be begun, which is no fault of the
    file's.
    """
    if limits.seconds <= 0:
        raise TooSlow("Its reader has no time.", _SLOW)
    group = "parts" if kind in IN_PARTS else "readers"
    with hurried(limits) as allowed:
        return _server(os.getpid(), group).read(kind, data, allowed, start, known)


def still_possible() -> list[str]:
    """Return what a reader could still do on this system: nothing, where it has seccomp.

    Raises ``OSError`` and ``subprocess.SubprocessError`` where nothing can be tried.
    """
    tried = subprocess.run(
        [*_program(), "probe"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd="/",
        env={},
        timeout=_STARTS,
        check=True,
    )
    possible: list[str] = json.loads(tried.stdout)
    return possible


def close() -> None:
    """End what reads for this process, before it ends itself. The kernel would, after it."""
    for group in ("readers", "parts"):
        _server(os.getpid(), group).close()


@cache
def _server(_process: int, group: str) -> Server:
    """Return the one of this process: a fork of it gets another."""
    return Server(group)


def _program() -> list[str]:
    folders = [path for path in sys.path if Path(path).is_absolute()]
    isolated = [sys.executable, "-I", "-S", "-B", server.__file__]
    return [*isolated, str(os.getpid()), json.dumps(folders)]


class Server:
    """The program ``server.py``, begun when it is first needed, and anew when it has ended."""

    def __init__(self, group: str = "readers") -> None:
        self._group = group
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    def read(
        self, kind: str, data: bytes, limits: Limits, start: int = 0, known: Any = None
    ) -> Mapping[str, Any]:
        """See ``read_confined``."""
        asked = {"kind": kind, "limits": asdict(limits), "start": start, "known": known}
        request = json.dumps(asked).encode()
        with self._lock:
            if self._files >= _RENEW:
                self._end()
            for _ in range(2):  # an idle server may have been ended: by a thread's end, or by hand
                try:
                    how, said = self._asked(
                        request, data, server.PATIENCE * limits.seconds + _GRACE
                    )
                    break
                except (Gone, BrokenPipeError):
                    self._end()
                except BaseException:  # a limit of time: what was asked would be answered next
                    self._end()
                    raise
            else:
                raise TooSlow("Its reader did not answer, twice.", _SLOW)
        return _judged(how, said, limits)

    def close(self) -> None:
        """End it."""
        with self._lock:
            self._end()

    def _asked(self, request: bytes, data: bytes, seconds: float) -> tuple[int, bytes]:
        process, until = self._begun(), time.monotonic() + seconds
        assert process.stdin is not None  # noqa: S101  (both are pipes)
        assert process.stdout is not None  # noqa: S101
        for part in (server.REQUEST.pack(len(request), len(data)), request, data):
            process.stdin.write(part)
        process.stdin.flush()
        self._files += 1
        tells = process.stdout.fileno()
        how, size = server.ANSWER.unpack(_received(tells, server.ANSWER.size, until))
        return how, _received(tells, size, until)

    def _begun(self) -> subprocess.Popen[bytes]:
        if self._process and self._process.poll() is None:
            return self._process
        self._end()
        self._process = subprocess.Popen(
            [*_program(), self._group],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
        )
        atexit.register(self.close)
        if possible := self._hello(self._process):
            import structlog  # here, for `status` comes by and does without

            structlog.get_logger().warning("readers.not_confined", could=", ".join(possible))
        return self._process

    def _hello(self, process: subprocess.Popen[bytes]) -> list[str]:
        assert process.stdout  # noqa: S101
        line, until = b"", time.monotonic() + _STARTS
        try:
            while not line.endswith(b"\n"):
                line += _received(process.stdout.fileno(), 1, until)
        except Gone as gone:
            self._end()
            raise OSError("the readers of binary formats do not start") from gone
        possible: list[str] = json.loads(line)
        return possible

    def _end(self) -> None:
        """With the child that it may have, which is of its session."""
        process, self._process, self._files = self._process, None, 0
        if process is None:
            return
        atexit.unregister(self.close)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        process.wait()


def _received(handle: int, size: int, until: float) -> bytes:
    received = bytearray()
    while len(received) < size:
        left = until - time.monotonic()
        if left <= 0 or not select.select([handle], [], [], left)[0]:
            raise Gone
        piece = os.read(handle, min(size - len(received), 1 << 20))
        if not piece:
            raise Gone
        received += piece
    return bytes(received)


def _judged(how: int, said: bytes, limits: Limits) -> Mapping[str, Any]:
    """Return what a reader has said, or raise what its end means for the file."""
    if how == server.LATE:
        raise TooSlow(
            f"Reading it took longer than {server.PATIENCE * limits.seconds:g} seconds.", _SLOW
        )
    if how == server.LONG:
        raise Unreadable("It unpacks to more text than any article has.", _LARGE)
    if how == server.ENDED:
        _ended(int(said), limits)
    try:
        answer = json.loads(said)
        if isinstance(paper := answer.get("paper"), dict):
            return paper
        if fault := answer.get("fault"):
            raise Unreadable(str(fault[0])[:1000], str(fault[1])[:1000])
        if answer.get("memory"):
            _no_memory(limits)
        broken = str(answer.get("broken"))[:300]
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        broken = "its reader gave no answer"
    raise Unreadable(f"It is broken, its reader could do nothing with it: {broken}.", _ADVICE)


def _ended(number: int, limits: Limits) -> NoReturn:
    if number == signal.SIGXCPU:
        raise TooSlow(f"Reading it took more than {limits.seconds} seconds of computing.", _SLOW)
    name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
    raise Unreadable(f"It ended the process that read it ({name}).", _ADVICE)


def _no_memory(limits: Limits) -> NoReturn:
    size = limits.memory // 2**20
    raise Unreadable(f"Reading it takes more than {size:,} MiB of memory.", _LARGE)
