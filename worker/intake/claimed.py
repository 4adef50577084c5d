"""Which claims of documents to be known by a key (``known_as``) are believed.

Who may write documents can have one claim any key, and would get the texts that come by it. The
ledger knows which articles have had a document of their own, and whose a file was; of one that was
joined to another since neither the archive has a file nor a mirror.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import structlog

from indexing.writing.recognise import Known
from indexing.writing.replace import MadeOf
from worker.folders import Folders
from worker.intake.copies import told_of
from worker.mirror.mirrors import Mirror, Mirrors
from worker.spool.ledger import KEPT, Entry, Ledger

log = structlog.get_logger()

#: Ids of one question, the latest, and paths that the ledger is asked about at once.
_MOST, _AT_ONCE = 10_000, 500


@dataclass(frozen=True, slots=True)
class Claims:
    """Where the ledger cannot tell, the documents are believed."""

    folders: Folders
    ledger: Ledger

    def believed(self, known: Mapping[str, str], files: Mapping[str, str]) -> dict[str, str]:
        """The ids of the documents that are known by keys, by key.

        ``known`` are those that claim them, ``files`` the keys of files by their SHA-256.
        """
        claimed = {key: id_ for key, id_ in known.items() if key != id_}
        owners = self._owners(claimed, files) if claimed else {}
        for key in owners.keys() & claimed.keys():
            if owners[key] != claimed[key]:
                log.warning("file.claimed_by_another", key=key, by=claimed[key], id=owners[key])
        return {k: owners.get(k, id_) for k, id_ in known.items() if owners.get(k) != k}

    def _owners(self, claimed: Mapping[str, str], files: Mapping[str, str]) -> dict[str, str]:
        """The id under which the archive or a mirror has an article's file, by key."""
        wanted = [sha256 for sha256, key in files.items() if key in claimed]
        owners = {files[row.sha256]: row.id for row in self.of_bytes(wanted)}
        return owners | {id_: id_ for id_ in self.own(list(claimed))}

    def own(self, ids: Sequence[str]) -> set[str]:
        """Those under which an article came here first whose file is kept."""
        with suppress(sqlite3.Error, OSError):
            rows = (row for row in self.ledger.of_documents(ids) if row.fate == "indexed")
            return {row.id for row in self._kept(rows)}
        return set()

    def of_bytes(self, digests: Sequence[str]) -> list[Entry]:
        """What the ledger says of articles' files with these bytes that are kept."""
        with suppress(sqlite3.Error, OSError):
            rows = (row for row in self.ledger.of_digests(digests) if row.fate in KEPT)
            return list(self._kept(rows))
        return []

    def _kept(self, rows: Iterable[Entry]) -> Iterable[Entry]:
        """One of each document and its bytes, if any file of theirs is there."""
        found = set[tuple[str, str]]()
        for row in rows:
            each = row.id, row.sha256
            if each not in found and is_kept(self.folders, row.id, row.path, row.sha256):
                found.add(each)
                yield row


def is_kept(folders: Folders, id_: str, path: str, sha256: str) -> bool:
    """Whether the archive has this file of an article, or a mirror any of it.

    A mirror whose state cannot be read has none.
    """
    return bool(told_of(folders, path, sha256)) or any(
        _has(mirror, id_) for mirror in Mirrors(folders).all()
    )


def _has(mirror: Mirror, id_: str) -> bool:
    with suppress(OSError, sqlite3.Error), mirror.opened() as state:
        return bool(state.paths_of(id_))
    return False


@dataclass(frozen=True)
class CameBy:
    """The articles that came by some paths, as of path, id and digest, the last last."""

    files: Sequence[tuple[str, str, str]] = ()

    @cached_property
    def ids(self) -> Sequence[str]:
        """Theirs, the last last, as many as one question has places for."""
        return list(dict.fromkeys(id_ for _, id_, _ in self.files))[-_MOST:]

    @cached_property
    def _last(self) -> dict[tuple[str, str], int]:
        """Where an article came by a path last, by path and id."""
        return {(path, id_): at for at, (path, id_, _) in enumerate(self.files)}

    def known_first(self, known: Sequence[Known]) -> Sequence[Known]:
        """Of documents of one path that which came by it last, if any did; else all of them.

        Who may write documents can copy one, or make one like another, and say of it whatever has
        it preferred.
        """
        came = [one for one in known if self.has(one)]
        return [max(came, key=lambda one: self._last[one.path, one.id])] if came else known

    def has(self, known: Known) -> bool:
        """Whether the article of a document came by the path that it names."""
        return (known.path, known.id) in self._last

    def made(self, documents: Iterable[MadeOf], now: str) -> list[MadeOf]:
        """The documents that may be made of the files that they name, as far as paths are known.

        What is worked at just ``now``, and was cut short, the ledger does not know yet.
        """
        files, paths = set(self.files), {path for path, _, _ in self.files}
        return [
            one
            for one in documents
            if one.path not in paths
            or (one.path, one.id, one.sha256) in files
            or one.received_at == now
        ]


def came_by(ledger: Ledger, paths: Sequence[str]) -> CameBy:
    """What the ledger knows of these paths; nothing where it cannot tell."""
    parts = [paths[at : at + _AT_ONCE] for at in range(0, len(paths), _AT_ONCE)]
    with suppress(sqlite3.Error, OSError):
        rows = [row for part in parts for row in ledger.about([], part) if row.id]
        return CameBy([(row.path, row.id, row.sha256) for row in rows])
    return CameBy()
