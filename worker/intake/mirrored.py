"""What is other about a mirror's files: the path tells the article, and nothing is archived."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from elasticsearch import Elasticsearch

from extraction.formats.identity import OF_CONTENT
from indexing.writing.same_text import digests
from worker import beneath, failpoint
from worker.intake.fates import ItemFate
from worker.intake.moved import Moved
from worker.intake.path_identity import Held, apart, identities, text_of
from worker.intake.reading import ReadFile
from worker.mirror.mirrors import Mirror, Mirrors
from worker.mirror.settled import Fate
from worker.mirror.state import State
from worker.spool.spool import Batch, SpooledFile

#: So many ids a text is tried under; beyond that it counts as a copy.
ROUNDS = 5
_STATES = {"failed": "failed", "unpacked": "unpacked", "withdrawn": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Knows what the mirrors know."""

    mirrors: Mirrors
    client: Callable[[], Elasticsearch]
    index: str

    def look(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """The files, each article that has no id of its own under the one of its path.

        Raises ``ServiceUnavailable`` and ``UsageError``.
        """
        mirror = self.mirrors.of(batch.mirror())
        if mirror is None:
            return list(reads)
        told = [read for read in reads if _is_told_by_text(read)]
        with _opened(mirror) as state:
            if not batch.container():
                Moved(self.client, self.index).take_over(state, told, mirror.below)
            held = {r.file.relative: _held(state, r, mirror.below) for r in told}
        ids = self._identities(held)
        return [_known_as(read, ids.get(read.file.relative, "")) for read in reads]

    def _identities(self, held: Mapping[str, Held]) -> dict[str, str]:
        """The id of each file, by its path: what was apart once may be so again."""
        left, ids = dict(held), dict[str, str]()
        for _ in range(ROUNDS):
            if not left:
                break
            wanted = sorted({each.told for each in left.values()})
            current = digests(self.client(), self.index, wanted)
            found = dict(zip(left, identities(list(left.values()), current), strict=True))
            ids |= {path: id_ for path, id_ in found.items() if id_}
            left = {p: _apart(each) for p, each in left.items() if p not in ids}
        return ids

    def note(self, batch: Batch, ends: Iterable[tuple[SpooledFile, ItemFate]]) -> None:
        """Write down what became of files. Before they go from the spool: so nothing is missed."""
        mirror = self.mirrors.of(batch.mirror())
        if mirror is None:
            return
        done = [_fate(mirror.below, batch, f, fate) for f, fate in ends if fate.fate != "waiting"]
        with suppress(FileNotFoundError), _opened(mirror) as state:
            state.settle(batch.first, done)
        failpoint.reach("mirror.settled")


@contextmanager
def _opened(mirror: Mirror) -> Iterator[State]:
    """A state that cannot be read or written now is no file's fault: the batch waits."""
    try:
        with mirror.opened() as state:
            yield state
    except sqlite3.Error as error:
        raise OSError(f"{mirror.file}: {error}") from error


def drop(file: SpooledFile) -> None:
    """The copy has served its time; the file itself is where it was."""
    beneath.unlink(*beneath.split(file.path, file.relative))


def _is_told_by_text(read: ReadFile) -> bool:
    """Whether its article has no id and no URL of its own."""
    told = read.content_key or (read.article.key if read.article else "")
    return read.refused is None and told.startswith(OF_CONTENT)


def _held(state: State, read: ReadFile, below: str) -> Held:
    article = read.article
    assert article  # noqa: S101  (narrows the type: only those come here)
    path = os.fsencode(read.file.relative.removeprefix(below))
    id_ = state.id_of(path)
    return Held(id_ if state.has_alone(path, id_) else "", article.key, text_of(article))


def _apart(held: Held) -> Held:
    return replace(held, told=apart(held.told, held.text))


def _known_as(read: ReadFile, id_: str) -> ReadFile:
    article = read.article
    if not id_ or article is None or id_ == article.key:
        return read
    content_key = read.content_key or article.key
    return replace(read, article=replace(article, key=id_), content_key=content_key)


def _fate(below: str, batch: Batch, file: SpooledFile, fate: ItemFate) -> Fate:
    path = os.fsencode(file.relative.removeprefix(below))
    container = os.fsencode(batch.container().removeprefix(below))
    id_ = "" if fate.fate == "withdrawn" else fate.id  # that is the one it is refused for
    return Fate(path, _STATES.get(fate.fate, "indexed"), id_, fate.reason, container)
