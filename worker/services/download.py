"""Fetch a large file over HTTP; what was broken off goes on where it was, even in another run."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from articles import addresses
from articles.errors import ServiceUnavailable, UsageError
from worker.services.reporter import Reporter

#: Until a server counts as not to be reached; its name may not even be resolved.
REACH_SECONDS = 8.0
#: Without a byte.
STILL_SECONDS = 30.0
#: In a row, without a byte more.
TRIES = 4
_PAUSE = 1.0
_RANGE = re.compile(r"bytes (\d+)-")
_OK, _PARTIAL, _BEYOND_ITS_END = 200, 206, 416


def shown(address: str) -> str:
    """The address without the password that may stand in it."""
    return addresses.shown(address)


def text(address: str) -> str:
    """A small file. Raises ``ServiceUnavailable`` soon where it cannot be had."""
    said: list[str] = []
    wrong = [f"{_host(address)} cannot be reached within {REACH_SECONDS:.0f} s"]

    def ask() -> None:
        try:
            answer = httpx.get(address, timeout=REACH_SECONDS, follow_redirects=True)
            said.extend([answer.text] if answer.status_code == _OK else [])
            wrong[:] = [f"{shown(address)} is not there: the answer was {answer.status_code}"]
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            wrong[:] = [f"{_host(address)} cannot be reached ({error or type(error).__name__})"]

    # A thread, since looking up a name takes as long as it takes.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(REACH_SECONDS)
    if not said:
        raise ServiceUnavailable(f"{wrong[0]}.")
    return said[0]


def download(address: str, part: Path, tell: Reporter, what: str, room: float) -> None:
    """Fetch the file as ``part``; what it holds already is not fetched again.

    ``room``: how many times the file's size must be free beside what is there. Raises
    ``UsageError`` where it is not, ``ServiceUnavailable`` where the server refuses, or where
    nothing more comes after ``TRIES`` tries; what came so far stays in ``part``.
    """
    tries = 0
    while True:
        before = _size(part)
        try:
            with httpx.Client(timeout=STILL_SECONDS, follow_redirects=True) as client:
                return _go_on(client, address, part, tell, what, room)
        except httpx.HTTPError as error:
            tries = 0 if _size(part) > before else tries + 1
            reason = str(error) or type(error).__name__
            if tries >= TRIES:
                raise ServiceUnavailable(
                    f"{_host(address)} broke off at {_size(part) / 1e6:.0f} MB ({reason}); the "
                    "next start goes on from there."
                ) from error
            tell.line(f"{what}: broken off at {_size(part) / 1e6:.0f} MB ({reason}); going on …")
            time.sleep(_PAUSE * tries)


def _go_on(
    client: httpx.Client, address: str, part: Path, tell: Reporter, what: str, room: float
) -> None:
    have = _size(part)
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    with client.stream("GET", address, headers=headers) as answer:
        if answer.status_code == _BEYOND_ITS_END:
            return  # all of it is there, or something else; its checksum tells
        if answer.status_code not in (_OK, _PARTIAL):
            raise ServiceUnavailable(f"{shown(address)}: the answer was {answer.status_code}.")
        if not _continues(answer, have):
            have = 0
        total = have + int(answer.headers.get("Content-Length", 0))
        _check_room(part, total * room - have)
        with tell.bytes(what, total) as advance:
            _copy(answer, part, have, advance)


def _continues(answer: httpx.Response, have: int) -> bool:
    begin = _RANGE.match(answer.headers.get("Content-Range", ""))
    return answer.status_code == _PARTIAL and begin is not None and int(begin[1]) == have


def _copy(answer: httpx.Response, part: Path, have: int, advance: Callable[[int], None]) -> None:
    with part.open("ab" if have else "wb") as file:
        for chunk in answer.iter_raw():
            file.write(chunk)
            have += len(chunk)
            advance(have)


def _check_room(part: Path, needed: float) -> None:
    free = shutil.disk_usage(part.parent).free
    if free < needed:
        raise UsageError(
            f"Fetching Elasticsearch needs {needed / 1e9:.1f} GB more in {part.parent}, and "
            f"{free / 1e9:.1f} GB are free. Make room, or set XDG_CACHE_HOME to another disk."
        )


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _host(address: str) -> str:
    return urlsplit(address).hostname or shown(address)
