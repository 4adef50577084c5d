"""Files of articles whose documents are gone, though another document claims them.

Who may write documents can remove one, and have another name its bytes or its key: then its file
would be well. The ledger, which he cannot write, knows whose it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.formats.identity import printable_path
from worker.care.compared import IN_ARCHIVE, Compared, Difference
from worker.folders import Folders
from worker.intake.copies import told_of

if TYPE_CHECKING:
    from worker.container import Container

#: So many are looked at at once.
PAGE = 500


def look_for_removed(container: Container, compared: Compared, coming: Collection[str]) -> None:
    """Note archived files of articles that the ledger knows, and that have no document.

    Call it behind all documents and files; ``coming`` are the paths of what is in the spool. Of
    files that the ledger does not know the documents are believed.
    """
    with suppress(sqlite3.Error, OSError):
        rows = container.ledger.articles()
        compared.add_articles((row.id, row.path, row.sha256) for row in rows)
        # In one pass: the ledger has no index by bytes, and would be gone through for each page.
        compared.add_shared(container.ledger.with_ids())
    for page in compared.without_document(PAGE):
        there = [(id_, path, digest) for id_, path, digest in page if path not in coming]
        gone = container.tombstones.of(id_ for id_, _, _ in there)
        for id_, path in _removed(container.folders, compared, there):
            if not compared.is_told(id_):  # by another of its files
                what = ("withdrawn", IN_ARCHIVE) if id_ in gone else ("no_document", "")
                compared.add(Difference(what[0], path, id_, what[1]))


def _removed(
    folders: Folders, compared: Compared, rows: Iterable[tuple[str, str, str]]
) -> Iterator[tuple[str, str]]:
    """Id and path in the archive of those whose bytes are there, and of no other's document."""
    for id_, path, digest in rows:
        if (file := _lies(folders, path, digest)) and not compared.is_shared(digest):
            yield id_, printable_path(str(file.relative_to(folders.archive)))


def _lies(folders: Folders, path: str, digest: str) -> Path | None:
    with suppress(OSError):  # what cannot be read is told as that
        return told_of(folders, path, digest)
    return None
