"""What the soak drops, and in which ways: each way is one that people's programs write by."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tests.faults.poison import DEADLY, ENDLESS
from tests.faults.soak_changes import LATER, Changes, Piece, Shares, Text
from tests.faults.soak_mirror import Tree
from worker.folders import Folders

STARTS = ["Wasser", "Wald", "Stadt", "Land", "Bahn", "Schul", "Haus", "Bau", "Strom", "Luft"]
ENDS = ["werke", "räte", "wege", "pläne", "preise", "flächen", "leitungen", "ämter", "kosten"]

#: Writes half of what it gets, stops itself as ``kill -STOP`` does, and goes on when it may.
WRITER = """
import os, signal, sys
content = sys.stdin.buffer.read()
with open(sys.argv[1], "wb", buffering=0) as file:
    file.write(content[:len(content) // 2])
    os.kill(os.getpid(), signal.SIGSTOP)
    file.write(content[len(content) // 2:])
"""


def text(number: int, sentences: int) -> bytes:
    """An article that no other number has, and no copy of another."""
    dice = random.Random(number)
    body = " ".join(_sentence(dice) for _ in range(sentences))
    head = f" date 2024-06-19 Probe : Messung {number}\n\nIn Dessau sprach Petra Lindenau"
    return f"{head} über den Fall {number}.\n\n{body}".encode()


def _sentence(dice: random.Random) -> str:
    words = [f"{dice.choice(STARTS)}{dice.choice(ENDS)}" for _ in range(8)]
    return f"Die {' und die '.join(words)} gehören dazu."


def whole(path: Path, content: bytes) -> None:
    """In one go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def slowly(path: Path, content: bytes) -> None:
    """With a pause that is longer than the quiet time, the file held open."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb", buffering=0) as file:
        file.write(content[:20])
        time.sleep(0.5)
        file.write(content[20:])


class Planning(Protocol):
    """Who takes articles down."""

    def plan(self, piece: Piece, seconds: float) -> None:
        """In so many seconds."""


class Feed:
    """Drops articles of every kind and in every way, and remembers what it has dropped."""

    def __init__(self, folders: Folders, dice: random.Random, shares: Shares, tree: Tree) -> None:
        self._inbox, self.outside = folders.inbox, folders.data / "outside"
        self._dice = dice
        self._shares, self._tree = shares, tree
        self.changes = Changes(folders.inbox, dice, shares)
        self.planned: list[Piece] = []  #: those of the plain ones that are withdrawn
        self.withdrawals: Planning | None = None
        self.good: dict[str, bytes] = {}
        self.bad: dict[str, bytes] = {}
        self.poison: dict[str, bytes] = {}  #: in the archive, and their enrichment failed
        self.poisonous = False  #: whether there is any
        self.dropping = threading.Lock()  #: held while files are written
        self.writers = Writers(self.dropping)

    def run(self, articles: int, seconds: float) -> None:
        """Spread them over that time; the slow writers may take some seconds more."""
        for number in range(articles):
            with self.dropping:
                self._drop(number, f"{number % 7}/article-{number:06}.txt")
                self.changes.turn()
            time.sleep(seconds / articles)
        while self._left():
            time.sleep(0.2)

    def _left(self) -> bool:
        with self.dropping:
            return self.changes.turn(at_once=True)

    def _drop(self, number: int, name: str) -> None:
        dice, kind, path = self._dice, self._dice.random(), self._inbox / name
        if kind < 0.02:
            self.bad[name] = dice.choice([b"", b"\x00\x01\x02" * 40])
            whole(path, self.bad[name])
        elif kind < 0.04 and self.good:
            self.good[name] = dice.choice(list(self.good.values()))
            whole(path, self.good[name])
        elif self.poisonous and number % 2000 == 1250:
            word = ENDLESS if number % 10_000 == 1250 else DEADLY
            self.poison[name] = text(number, 3) + word.encode()
            whole(path, self.poison[name])
        elif self._is_mirrored(number) or self._changes(number):
            pass
        else:
            self.good[name] = text(number, dice.randint(1, 12))
            if self._plan(Piece(number, "", [Text("", b"", name=name)], "")):
                whole(path, self.good[name])
            else:
                self._write(kind, name, path)

    def _is_mirrored(self, number: int) -> bool:
        """Whether it is one that lies in the mirror; nothing is purged there, its file stays."""
        if self._dice.random() >= self._shares.mirrored:
            return False
        dice, piece = random.Random(number), Piece(number, "", [], "")
        body = " ".join(_sentence(dice) for _ in range(dice.randint(6, 12)))
        withdrawn = self._plan(piece)
        piece.purge = False
        self._tree.add(number, body, fixed=withdrawn)
        return True

    def _changes(self, number: int) -> bool:
        """Whether it is one that changes, or comes in a container."""
        corrected = self._dice.random() < self._shares.corrected
        contained = self._dice.random() < self._shares.contained
        if not (corrected or contained):
            return False
        dice = random.Random(number)
        body = " ".join(_sentence(dice) for _ in range(dice.randint(6, 12)))
        self._plan(self.changes.begin(number, body, corrected, contained), changes=True)
        return True

    def _plan(self, piece: Piece, *, changes: bool = False) -> bool:
        """Have some withdrawn; of these some for good, some for a while."""
        dice = self._dice
        if not self.withdrawals or dice.random() >= self._shares.withdrawn:
            return False
        piece.withdraw, how = True, dice.random()
        piece.purge, piece.restore = how < 0.3, how > 0.6
        self.planned += [] if changes else [piece]
        self.withdrawals.plan(piece, dice.uniform(1, LATER))
        return True

    def _write(self, kind: float, name: str, path: Path) -> None:
        """A good article, in one of the ways; those who take their time write beside the feeder."""
        dice, content = self._dice, self.good[name]
        if kind < 0.06:
            whole(self.outside / name, content)
            link(self.outside / name, path)
            self.writers.linked_again(self.outside / name, path, dice.uniform(0.1, 6))
        elif kind < 0.08:
            pauses = [dice.choice([0.1, 0.4, 1.0, 3.0]) for _ in range(dice.randint(2, 6))]
            self.writers.in_pieces(path, content, pauses)
        elif kind < 0.085:
            self.writers.frozen(path, content, dice.uniform(0.5, 5))
        else:
            (slowly if kind > 0.99 else whole)(path, content)


class Writers:
    """Those who take their time, each in a thread; ``dropping`` is held where one writes."""

    def __init__(self, dropping: threading.Lock) -> None:
        self._dropping = dropping
        self._threads: list[threading.Thread] = []

    def join(self) -> None:
        """Wait until all have written all."""
        for thread in self._threads:
            thread.join()

    def in_pieces(self, path: Path, content: bytes, pauses: Iterable[float]) -> None:
        """Open, append, close, again and again; see ``_in_pieces``."""
        self._start(self._in_pieces, path, content, tuple(pauses))

    def frozen(self, path: Path, content: bytes, pause: float) -> None:
        """By a program that is stopped in the middle."""
        self._start(self._frozen, path, content, pause)

    def linked_again(self, source: Path, path: Path, pause: float) -> None:
        """The same hard link once more, after a while."""
        self._start(self._linked_again, source, path, pause)

    def _start(self, target: object, *arguments: object) -> None:
        assert callable(target)
        thread = threading.Thread(target=target, args=arguments)
        thread.start()
        self._threads.append(thread)

    def _in_pieces(self, path: Path, content: bytes, pauses: tuple[float, ...]) -> None:
        """As a transfer that breaks off and is taken up again: from its beginning if it is gone."""
        written = 0
        for number, pause in enumerate(pauses, start=1):
            end = len(content) * number // len(pauses)
            with self._dropping:
                path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    handle = os.open(path, os.O_WRONLY | os.O_APPEND)
                except FileNotFoundError:
                    handle, written = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), 0
                with os.fdopen(handle, "wb", buffering=0) as file:
                    file.write(content[written:end])
                written = end
            time.sleep(pause)

    def _frozen(self, path: Path, content: bytes, pause: float) -> None:
        with self._dropping:
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = subprocess.Popen([sys.executable, "-ISc", WRITER, path], stdin=subprocess.PIPE)
            assert writer.stdin
            writer.stdin.write(content)
            writer.stdin.close()
            os.waitpid(writer.pid, os.WUNTRACED)
        time.sleep(pause)
        with self._dropping:
            writer.send_signal(signal.SIGCONT)
            assert writer.wait() == 0

    def _linked_again(self, source: Path, path: Path, pause: float) -> None:
        time.sleep(pause)
        with self._dropping:
            link(source, path)


def link(source: Path, path: Path) -> None:
    """A hard link, unless the one before was not claimed yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.link(source, path)
