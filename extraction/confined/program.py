"""A program of the system's, run on bytes of others: it may read its own files and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

from extraction.confined import launch, server

#: Where systems keep programs, their libraries and data, and what tells where these are.
_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/bin", "/opt", "/nix/store", "/home/linuxbrew/.linuxbrew"),
    *("/etc/ld.so.cache", "/sys/devices/system/cpu"),
)
_AFTER = 5.0


class Failed(Exception):
    """It ended with an error, or by a signal, or said more than anybody reads."""


class Late(Failed):
    """It took longer than it may."""


@dataclass(frozen=True, slots=True)
class Program:
    """``path`` is absolute. ``folders``: what it reads that is not where systems keep it."""

    path: str
    environment: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()

    def run(self, words: Sequence[str], given: bytes, seconds: float, memory: int) -> bytes:
        """Return what it says on its standard output to ``given``.

        ``seconds`` of waiting, and at most as many of computing; ``memory``: bytes of address
        space. Raises ``Late`` and ``Failed``, and ``OSError`` where it cannot be begun.
        """
        asked = {
            "words": [self.path, *words],
            "environment": dict(self.environment),
            "readable": [*_SYSTEM, str(Path(self.path).resolve().parent), *self.folders],
            "seconds": int(seconds) + 1,
            "memory": memory,
        }
        with TemporaryFile() as file:
            file.write(given)
            file.seek(0)
            process = _begun(asked, file.fileno())
            try:
                return _said(process, time.monotonic() + seconds)
            finally:
                _end(process)


def _begun(asked: Mapping[str, object], given: int) -> subprocess.Popen[bytes]:
    folders = [path for path in sys.path if Path(path).is_absolute()]
    told = [str(os.getpid()), json.dumps(folders), json.dumps(asked)]
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", launch.__file__, *told],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
        start_new_session=True,
    )


def _said(process: subprocess.Popen[bytes], until: float) -> bytes:
    assert process.stdout is not None  # noqa: S101  (it is a pipe)
    how, said = server.until(process.stdout.fileno(), until)
    if how == server.LONG:
        raise Failed("it said more than anybody reads")
    try:
        code = process.wait(_AFTER if how == server.ANSWERED else 0)
    except subprocess.TimeoutExpired as fault:
        raise Late("it took too long") from fault
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise Late("it took too long")
    if code:
        raise Failed(f"it ended with {code}")
    return said


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdout:
        process.stdout.close()
    process.wait()
