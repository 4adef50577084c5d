"""What is other about a mirror's files: the path tells the article, and nothing is archived."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from elasticsearch import Elasticsearch

from extraction.formats.identity import OF_CONTENT
from indexing.writing import states
from worker import beneath, failpoint
from worker.intake.fates import ItemFate
from worker.intake.reading import ReadFile
from worker.mirror.mirrors import Mirror, Mirrors
from worker.mirror.state import Fate, State
from worker.spool.spool import Batch, SpooledFile

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
        with _opened(mirror) as state:
            ids = {
                read.file.relative: id_
                for read in reads
                if (id_ := _id_of_path(state, read, mirror.below))
            }
        keys = [r.article.key for r in reads if r.article and r.file.relative in ids]
        copies = states.existing(self.client(), self.index, keys) if keys else set()
        return [_known_as(read, ids.get(read.file.relative, ""), copies) for read in reads]

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


def _id_of_path(state: State, read: ReadFile, below: str) -> str:
    """The document that this path alone holds; "" where the article is told by something else."""
    article = read.article
    if article is None or read.content_key or not article.key.startswith(OF_CONTENT):
        return ""
    path = os.fsencode(read.file.relative.removeprefix(below))
    id_ = state.id_of(path)
    return id_ if id_ not in {"", article.key} and state.paths_of(id_) == [path] else ""


def _known_as(read: ReadFile, id_: str, copies: set[str]) -> ReadFile:
    if not id_ or read.article is None or read.article.key in copies:
        return read
    article = replace(read.article, key=id_)
    return replace(read, article=article, content_key=read.article.key)


def _fate(below: str, batch: Batch, file: SpooledFile, fate: ItemFate) -> Fate:
    path = os.fsencode(file.relative.removeprefix(below))
    container = os.fsencode(batch.container().removeprefix(below))
    id_ = "" if fate.fate == "withdrawn" else fate.id  # that is the one it is refused for
    return Fate(path, _STATES.get(fate.fate, "indexed"), id_, fate.reason, container)
