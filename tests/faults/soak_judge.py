"""What the soak has dropped against what is there: judged from disk and Elasticsearch alone."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from articles.article import Version
from indexing.index.point_in_time import pages
from indexing.writing.versions import WANTED, current, every
from tests.faults.outcome import digest
from tests.faults.soak_changes import Piece, mark_of, number_of
from tests.faults.soak_feed import Feed
from tests.faults.soak_mirror import NAME, Mirrored, Tree
from tests.processes import files_in
from worker.care.compared import Compared
from worker.care.files_of import file_of
from worker.care.verify import verify
from worker.container import Container
from worker.spool.naming import dropped_name
from worker.spool.settle import reason_of

GONE = ("withdrawn", "purged")
_IN_TREE = re.compile(rf"{NAME}/[\w./-]+")


@dataclass
class Judgement:
    """Counts of inputs; what is a list must be empty."""

    inputs: int = 0
    corrected: int = 0
    mirrored: int = 0
    renamed: int = 0
    withdrawn: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    versions_lost: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    seen_again: list[str] = field(default_factory=list)
    not_purged: list[str] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)

    def wrong(self) -> dict[str, list[str]]:
        """What is not as promised, with the names."""
        each = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in each.items() if isinstance(value, list) and value}


class Judge:
    """Compares what was fed with what a container's folders and index hold."""

    def __init__(self, container: Container, feed: Feed, tree: Tree) -> None:
        self._container, self._feed, self._tree = container, feed, tree
        self._folders = container.folders
        self._pieces = {p.number: p for p in [*feed.changes.pieces.values(), *feed.planned]}
        self._texts = {mark_of(text): name for name, text in (feed.good | feed.poison).items()}

    def judge(self) -> Judgement:
        """All of it."""
        changes = self._feed.changes
        plain = {**self._feed.good, **self._feed.bad, **self._feed.poison}
        texts = [text for piece in changes.pieces.values() for text in piece.texts]
        told = Judgement(inputs=len(plain) + len(texts))
        told.corrected = sum(len(piece.texts) > 1 for piece in changes.pieces.values())
        told.withdrawn.update(p.state for p in self._pieces.values() if p.withdraw)
        told.stray += files_in(self._folders.inbox) + files_in(self._folders.spool)
        self._files(told)
        self._documents(told)
        told.lost += [f"{one}: its document went too early" for one in self._tree.too_early]
        self._purged(told)
        self._verified(told)
        return told

    def _state(self, mark: str) -> str:
        piece = self._pieces.get(number_of(mark)) if mark else None
        return piece.state if piece else "current"

    def _files(self, told: Judgement) -> None:
        """Each dropped file lies in one place, once, and with its bytes."""
        wanted = Counter(self._wanted())
        there = Counter(self._there())
        told.lost += [" ".join(one) for one in wanted - there]
        told.stray += [" ".join(one) for one in there - wanted]
        told.changed += list(self._changed())
        failed = self._folders.failed
        told.lost += [f"{n} (reason)" for n in self._feed.bad if not reason_of(failed / n)]

    def _wanted(self) -> Iterator[tuple[str, str, str]]:
        """Folder, name and mark of every file that there has to be."""
        places = {"withdrawn": "withdrawn", "purged": ""}
        for name, content in (self._feed.good | self._feed.poison).items():
            if folder := places.get(self._state(mark_of(content)), "archive"):
                yield folder, name, mark_of(content)
        yield from (("failed", name, "") for name in self._feed.bad)
        for piece in self._feed.changes.pieces.values():
            if folder := places.get(piece.state, "archive"):
                yield from ((folder, text.name, text.mark) for text in piece.texts)
        for name, texts in self._feed.changes.containers.items():
            if not any(self._state(text.mark) == "purged" for text in texts):
                yield "archive", _beside_members(name), ""

    def _there(self) -> Iterator[tuple[str, str, str]]:
        containers = set(map(_beside_members, self._feed.changes.containers))
        for folder in (self._folders.archive, self._folders.withdrawn, self._folders.failed):
            for name in files_in(folder):
                content = (folder / name).read_bytes()
                mark = "" if name in containers else mark_of(content)
                yield folder.name, dropped_name(name, digest(content)), mark

    def _changed(self) -> Iterator[str]:
        """Files of the archive and of ``failed/`` that have not the bytes that were dropped."""
        roots = {self._folders.archive: self._feed.good | self._feed.poison}
        roots[self._folders.failed] = self._feed.bad
        for root, wanted in roots.items():
            for name in files_in(root):
                if name in wanted and (root / name).read_bytes() != wanted[name]:
                    yield f"{root.name}/{name}"

    def _documents(self, told: Judgement) -> None:
        found, mirrored = Counter[int](), Mirrored()
        for id_, document in documents(self._container):
            if mirrored.is_one(id_, document):
                pending = document["enrichment"]["state"] != "enriched"
                told.unfinished += [f"{id_} in the mirror"] if pending else []
                continue
            marks = {mark: v for v in every(document) if (mark := self._mark(v))}
            now = self._mark(current(document))
            number = number_of(now) if now else -1
            found[number] += 1
            state = document["enrichment"]["state"]
            told.unfinished += [f"{id_} {state}"] if state != self._wanted_state(number) else []
            if not now or self._state(now) in GONE:
                told.seen_again.append(f"{id_} {document['source']['path']}")
            elif piece := self._feed.changes.pieces.get(number):
                self._versions(told, piece, id_, marks, now)
        files = {m: p for m, p in self._tree.files().items() if self._state(m) not in GONE}
        told.mirrored, told.renamed = sum(map(len, files.values())), len(self._tree.renamed)
        for kind, what in mirrored.wrong(files):
            fates = [self._tree.fate_of(path) for path in _IN_TREE.findall(what)]
            piece = self._pieces.get(number_of(what.split()[1]))
            getattr(told, kind).append(f"{what}: {fates} {piece.state if piece else ''}")
        wanted = {number_of(mark) for mark in self._texts} | set(self._feed.changes.pieces)
        wanted = {number for number in wanted if self._state(str(number)) not in GONE}
        told.lost += [f"article {number}" for number in wanted - set(found)]
        told.doubled += [f"article {n} {times}" for n, times in found.items() if times > 1]

    def _versions(
        self, told: Judgement, piece: Piece, id_: str, marks: Mapping[str, Version], now: str
    ) -> None:
        lost = {text.mark for text in piece.texts} - set(marks)
        told.versions_lost += [f"{id_} {mark}" for mark in lost]
        if now != piece.newest:
            lines = [f"{m}: {v.arrived_at} {v.source_version} {v.path}" for m, v in marks.items()]
            told.outdated.append(f"{id_} has {now}, not {piece.newest}; {lines}")

    def _mark(self, version: Version) -> str:
        """Of the archived bytes of a version; "" where they are not there."""
        file = file_of(self._folders, version)
        return mark_of(file.read_bytes()) if file else ""

    def _wanted_state(self, number: int) -> str:
        poison = {number_of(mark_of(content)) for content in self._feed.poison.values()}
        return "failed" if number in poison else "enriched"

    def _purged(self, told: Judgement) -> None:
        """The mark of what was purged is in no file of the data folder."""
        numbers = [str(p.number) for p in self._pieces.values() if p.state == "purged"]
        words = [f"den Fall {number}{end}".encode() for number in numbers for end in ".-"]
        for file in _files_below(self._folders.data, self._feed.outside):
            content = file.read_bytes()
            told.not_purged += [f"{file}: {word.decode()}" for word in words if word in content]

    def _verified(self, told: Judgement) -> None:
        compared = Compared()
        verify(self._container, compared)
        for kind in compared.counts():
            told.verified += [str(each) for page in compared.pages(kind, 20) for each in page]


def _beside_members(name: str) -> str:
    """Where a container lies in the archive: in the folder of its name, with its members."""
    return f"{name}/{Path(name).name}"


def documents(container: Container) -> Iterator[tuple[str, dict[str, Any]]]:
    """Id and document of all, with what tells of their versions."""
    wanted = [*WANTED, "enrichment", "kicker", "headline", "lead", "body"]
    client, index = container.client, container.settings.index
    for hits in pages(client, index, {"match_all": {}}, source=wanted):
        yield from ((hit["_id"], hit["_source"]) for hit in hits)


def _files_below(data: Path, but: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(data):
        folders[:] = [name for name in folders if Path(folder, name) != but]
        yield from (path for name in names if (path := Path(folder, name)).is_file())
