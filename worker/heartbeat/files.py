"""Heartbeats as files below ``data/run/alive/``: known where Redis is away, too.

A file is written in place and never grows, so that a full disk silences nobody.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from worker.heartbeat.beat import Beat, Seen, decoded
from worker.heartbeat.pulse import namespace

SIZE = 2048
_LONGEST_WHAT = 600
_FORGOTTEN_SECONDS = 7 * 86_400.0


class BeatFile:
    """The file of one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._handle: int | None = None

    def write(self, beat: Beat) -> None:
        """Say it; raises ``OSError``. Where the folder was removed, it is made again."""
        if self._handle is None or os.fstat(self._handle).st_nlink == 0:
            self.close()
            self._open(beat)
        assert self._handle is not None  # noqa: S101  (narrows the type)
        os.pwrite(self._handle, _padded(beat), 0)

    def remove(self) -> None:
        """The process ends: nobody is to wonder where it is."""
        self.close()
        if self._path:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close it, and leave it there."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _open(self, beat: Beat) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        _sweep(self._folder, beat)
        host = beat.host.replace("/", "_")
        self._path = self._folder / f"{beat.process}-{host}-{beat.pid}.json"
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._handle = os.open(self._path, flags, 0o600)


def _padded(beat: Beat) -> bytes:
    said: dict[str, Any] = {**beat.as_json(), "clock": time.monotonic()}
    said["what"] = beat.what[:_LONGEST_WHAT]
    del said["takes"]  # for other sites, which do not look here
    content = json.dumps(said).encode()
    if len(content) > SIZE:
        content = json.dumps({**said, "what": "", "loops": {}}).encode()
    return content.ljust(SIZE)


def read(folder: Path) -> list[Seen]:
    """Every heartbeat that is there, with its age."""
    here, moment = namespace(), time.time()
    return [seen for path in _files(folder) if (seen := _seen(path, here, moment))]


def _files(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(folder.glob("*.json"))


def _seen(path: Path, here: str, moment: float) -> Seen | None:
    """By the clock that it shares with us, or else by the file system's."""
    try:
        content, written = path.read_bytes(), path.stat().st_mtime
    except OSError:
        return None
    whole = decoded(content)
    if whole is None:
        return None
    beat, more = whole
    clock = more.get("clock")
    if isinstance(clock, int | float) and _boot(beat.namespace) == _boot(here):
        age = time.monotonic() - clock
    else:
        age = moment - written
    return Seen(beat, max(0.0, age), gone=beat.namespace == here and not _runs(beat.pid))


def _boot(name: str) -> str:
    return name.rpartition(" ")[2]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sweep(folder: Path, beat: Beat) -> None:
    """Remove what the dead of this name left here, and what is very old."""
    for path in _files(folder):
        seen = _seen(path, namespace(), time.time())
        if seen is None or seen.age > _FORGOTTEN_SECONDS or (seen.gone and _same(seen.beat, beat)):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _same(other: Beat, beat: Beat) -> bool:
    return (other.process, other.host) == (beat.process, beat.host)
