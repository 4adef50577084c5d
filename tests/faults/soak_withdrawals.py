"""The soak takes articles down as a person does, by the command, which is killed now and then."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from elasticsearch import ApiError, TransportError

from articles.errors import DepescheError
from tests.faults.soak_changes import Piece
from worker.container import Container
from worker.failpoint import ARMED

GAPS = (
    *("withdraw.noted", "withdraw.index", "withdraw.moved", "withdraw.deleted", "withdraw.files"),
    "withdraw.claimed",
)
AT_ONCE = 8


class Withdrawals(threading.Thread):
    """Withdraws, purges and restores what it is told to, until all of it is done."""

    def __init__(self, container: Container, environment: Mapping[str, str], chance: float) -> None:
        super().__init__(daemon=True)
        armed = " ".join(f"{gap}:kill:{chance}" for gap in GAPS) if chance else ""
        self._environment = {**os.environ, **environment, ARMED: armed}
        self._container = container
        self._due: list[tuple[float, Piece, str]] = []
        self._lock = threading.Lock()
        self._last = threading.Event()
        self.commands: list[int] = []  #: their exit statuses
        self.tracebacks: list[str] = []  #: there must be none

    def plan(self, piece: Piece, seconds: float) -> None:
        """Withdraw it in so many seconds."""
        self._later(piece, "withdraw", seconds)

    def finish(self, seconds: float) -> None:
        """Do all that is left, due or not."""
        self._last.set()
        self.join(seconds)

    def run(self) -> None:
        """Take what is due, a few with each command."""
        while not (self._last.is_set() and not self._due):
            for action in ("withdraw", "purge", "restore"):
                if todo := self._taken(action):
                    self._do(action, todo)
            time.sleep(0.5)

    def _later(self, piece: Piece, action: str, seconds: float) -> None:
        action = "purge" if action == "withdraw" and piece.purge else action
        with self._lock:
            self._due.append((time.monotonic() + seconds, piece, action))

    def _taken(self, action: str) -> list[Piece]:
        now, last = time.monotonic(), self._last.is_set()
        with self._lock:
            due = [d for d in self._due if d[2] == action and (last or d[0] <= now)][:AT_ONCE]
            self._due = [d for d in self._due if d not in due]
        return [piece for _, piece, _ in due]

    def _do(self, action: str, pieces: Sequence[Piece]) -> None:
        """What is not known yet, or was cut short, is done again later."""
        with suppress(DepescheError, ApiError, TransportError):
            known = [piece for piece in pieces if self._is_known(piece)]
            if known:
                self._command(action, [piece.id for piece in known])
            there = self._container.tombstones.of(piece.id for piece in known)
            for piece in known:
                self._told(piece, action, piece.id in there)
        for piece in pieces:
            if not _done(piece, action):
                self._later(piece, action, 2.0)

    def _is_known(self, piece: Piece) -> bool:
        # A command may have done it and something have broken before that was written down here.
        if piece.id and (piece.state != "current" or self._container.tombstones.of([piece.id])):
            return True
        client, index = self._container.client, self._container.settings.index
        query: dict[str, object] = {"ids": {"values": [piece.id]}}
        if not piece.id:
            query = {"match_phrase": {"headline": f"Messung {piece.number}"}}
        found = client.search(index=index, query=query, source=False)["hits"]["hits"]
        piece.id = found[0]["_id"] if found else piece.id
        return bool(found)

    def _command(self, action: str, ids: list[str]) -> None:
        verb = ["restore"] if action == "restore" else ["withdraw", "--reason", "court order"]
        purge = ["--purge", "--yes"] if action == "purge" else []
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                [sys.executable, "-m", "worker.cli", *verb, *ids, *purge],
                env=self._environment, capture_output=True, timeout=300, check=False,
            )  # fmt: skip
            self.commands.append(done.returncode)
            if b"Traceback" in done.stderr:
                self.tracebacks.append(done.stderr.decode(errors="replace"))

    def _told(self, piece: Piece, action: str, refused: bool) -> None:
        if action == "restore":
            piece.state = piece.state if refused else "restored"
        elif refused:
            piece.state = "purged" if piece.purge else "withdrawn"
            if piece.restore:
                self._later(piece, "restore", 5.0)


def _done(piece: Piece, action: str) -> bool:
    return piece.state == "restored" if action == "restore" else piece.state != "current"
