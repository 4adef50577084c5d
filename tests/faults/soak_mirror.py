"""A folder of the soak that is followed where it is, and changes while everything breaks."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from elasticsearch import ApiError, TransportError

from articles.errors import DepescheError
from tests.faults.soak_changes import mark_of, number_of, plain
from worker.container import Container

NAME = "press"
#: What the processes are told: how often they look, and how long a deletion waits.
LOOK_SECONDS, GRACE_SECONDS = 2.0, 8.0
#: Gaps in which the watcher and intake are killed, and how likely at each pass.
POINTS = (
    *("mirror.scanned", "mirror.moved", "mirror.sent", "mirror.put", "mirror.righted"),
    "mirror.settled",
)
CHANCE = 0.01
_KINDS: tuple[str, ...] = (
    ("change",) * 4 + ("move",) * 4 + ("both",) * 2 + ("copy", "delete", "back", "blink")
)
_KINDS += ("touch", "folder", "away")
#: How many of the times that its turn comes the disk is away indeed: that takes long.
AWAY = 0.2


class Tree(threading.Thread):
    """Writes, corrects, moves, copies, deletes and brings back the files of a mirror."""

    def __init__(self, container: Container, dice: random.Random) -> None:
        super().__init__(daemon=True)
        data = container.settings.data
        self.root = data.with_name(f"{data.name}-tree")
        self._container, self._dice = container, dice
        self._bodies: dict[int, str] = {}
        self._texts: Counter[int] = Counter()
        self._fixed: set[int] = set()  #: those that are withdrawn, which only move
        self._deleted: list[tuple[Path, bytes]] = []
        self._lock, self._last = threading.Lock(), threading.Event()
        self.pause = 1.0  #: mean seconds between two changes
        self.renamed: set[int] = set()  #: articles of which a file has had another name
        self.changes: Counter[str] = Counter()
        self.too_early: list[str] = []  #: documents that went before their time

    def follow(self) -> None:
        """Have it followed from now on."""
        self.root.mkdir(exist_ok=True)
        self._container.mirrors.add(self.root, NAME)

    def add(self, number: int, body: str, *, fixed: bool = False) -> None:
        """A new article. ``fixed``: nothing is done to it but to move it."""
        with self._lock:
            self._bodies[number] = body
            self._fixed |= {number} if fixed else set()
            self._write(self.root / f"{number % 5}" / f"{number:06}.txt", number)

    def finish(self) -> None:
        """No more changes but this: of each article that never was, one file is renamed."""
        self._last.set()
        self.join()
        for path in sorted(self.root.rglob("*.txt")):
            number = number_of(mark_of(path.read_bytes()))
            if number not in self.renamed:
                self._renamed(path, path.with_name(f"n-{path.name}"), number)

    def run(self) -> None:
        """One change after another, whatever else happens."""
        while not self._last.wait(self._dice.uniform(0, 2) * self.pause):
            with self._lock:
                files = sorted(path for path in self.root.rglob("*.txt"))
                if files:
                    kind = self._dice.choice(_KINDS)
                    self._change(kind, self._dice.choice(files))
                    self.changes[kind] += 1

    def _change(self, kind: str, path: Path) -> None:
        number = number_of(mark_of(path.read_bytes()))
        if number in self._fixed and kind != "folder":
            kind = "move"
        new = self.root / f"{self._dice.randrange(5)}" / f"m-{self._dice.randrange(10**6)}.txt"
        if kind in {"move", "both"}:
            self._renamed(path, new, number)
        if kind in {"change", "both"}:
            self._write(new if kind == "both" else path, number)
        if kind == "copy":
            shutil.copy(path, _below(new))
        if kind == "folder":
            path.parent.rename(self.root / f"ordner-{self._dice.randrange(10**6)}")
        if other := {"blink": self._blink, "delete": self._removed, "touch": os.utime}.get(kind):
            other(path)
        if kind == "back":
            self._back()
        if kind == "away" and self._dice.random() < AWAY:
            self._away()

    def _renamed(self, path: Path, new: Path, number: int) -> None:
        path.rename(_below(new))
        self.renamed.add(number)

    def _removed(self, path: Path) -> None:
        self._deleted.append((path, path.read_bytes()))
        path.unlink()

    def _back(self) -> None:
        if self._deleted:
            where, content = self._deleted.pop()
            if not where.exists():
                _replaced(where, content)

    def _write(self, path: Path, number: int) -> None:
        """Its next text: half of them in place, half as editors do."""
        self._texts[number] += 1
        content = plain(number, f"{number}-{self._texts[number]}", self._bodies[number])
        if self._dice.random() < 0.5:
            _replaced(path, content)
        else:
            _below(path).write_bytes(content)

    def _blink(self, path: Path) -> None:
        """It goes and comes again before its time: its document must not go."""
        ids = self._ids(path)
        aside = path.with_name(f".{path.name}")
        path.rename(aside)
        time.sleep(self._dice.uniform(0.1, GRACE_SECONDS / 2))
        self._still_there(ids, path)
        aside.rename(path)

    def _away(self) -> None:
        """The disk is away for longer than the time that a deletion waits."""
        ids = [id_ for path in list(self.root.rglob("*.txt"))[:20] for id_ in self._ids(path)]
        aside = self.root.with_name(f"{self.root.name}-away")
        self.root.rename(aside)
        time.sleep(self._dice.uniform(0.5, 1.5) * GRACE_SECONDS)
        self._still_there(ids, self.root)
        aside.rename(self.root)

    def _ids(self, path: Path) -> list[str]:
        named = f"{NAME}/{path.relative_to(self.root)}"
        query = {"term": {"source.path": named}}
        with suppress(ApiError, TransportError, DepescheError):
            client, index = self._container.client, self._container.settings.index
            found = client.search(index=index, query=query, source=False)
            return [hit["_id"] for hit in found["hits"]["hits"]]
        return []

    def _still_there(self, ids: list[str], path: Path) -> None:
        """A withdrawal may have taken it meanwhile: then it is no fault."""
        with suppress(ApiError, TransportError, DepescheError):
            if not ids:
                return
            found = self._container.client.mget(index=self._container.settings.index, ids=ids)
            gone = [entry["_id"] for entry in found["docs"] if not entry.get("found")]
            refused = self._container.tombstones.of(gone)
            self.too_early += [f"{id_} {path}" for id_ in gone if id_ not in refused]

    def is_followed(self) -> bool:
        """Whether nothing is to be done about it any more, as its state says."""
        mirror = self._container.mirrors.named(NAME)
        with mirror.opened() as state:
            counts = state.counts()
            busy = counts["gone"] or counts.get("new") or counts.get("sent") or state.touched(1)
            about = state.about()
        scanned = float(about.get("scanned") or 0)
        return not busy and not about.get("away") and scanned > self._newest() + LOOK_SECONDS

    def _newest(self) -> float:
        return max((p.lstat().st_ctime for p in self.root.rglob("*")), default=0.0)

    def fate_of(self, path: str) -> str:
        """What the mirror's state says of a file, by the path that documents name."""
        with self._container.mirrors.named(NAME).opened() as state:
            relative = os.fsencode(path.removeprefix(f"{NAME}/"))
            return " ".join((*state.fate_of(relative), state.id_of(relative))).strip()

    def files(self) -> dict[str, set[str]]:
        """The paths of each text, by its mark, as documents name them."""
        found: dict[str, set[str]] = {}
        for path in self.root.rglob("*.txt"):
            named = f"{NAME}/{path.relative_to(self.root)}"
            found.setdefault(mark_of(path.read_bytes()), set()).add(named)
        return found


class Mirrored:
    """Compares the documents of the mirror with its files."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def is_one(self, id_: str, document: Mapping[str, Any]) -> bool:
        """Whether a document is of the mirror: then it is kept in mind."""
        path = str(document["source"]["path"])
        if not path.startswith(f"{NAME}/"):
            return False
        told = " ".join(document.get(name) or "" for name in ("lead", "body"))
        mark = mark_of(told.encode())
        self._found.setdefault(mark, []).append(f"{id_} {path}")
        return True

    def wrong(self, files: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
        """What is lost, doubled or outdated, each with its kind; ``files`` as ``Tree.files``."""
        for mark, paths in files.items():
            found = self._found.get(mark, [])
            named = {one.partition(" ")[2] for one in found}
            if not found:
                yield "lost", " ".join(["mirror", mark, *sorted(paths)])
            elif len(found) > 1:
                yield "doubled", f"mirror {mark} {found}"
            elif not named <= paths:
                yield "outdated", f"mirror {mark} names {named}, lies in {sorted(paths)}"
        for mark in self._found.keys() - files.keys():
            yield "stray", f"mirror {mark} {self._found[mark]}"


def _below(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    return path


def _replaced(path: Path, content: bytes) -> None:
    temporary = _below(path).with_name(f"{path.name}.tmp")
    temporary.write_bytes(content)
    temporary.rename(path)
