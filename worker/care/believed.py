"""Which paths a document is believed: who may write documents can have one name any.

A digest tells by itself whose file it is; what lies beside a file, what it came out of and which
text had its path before are found by the path alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress

from worker.care.files_of import copies_of, not_another_s
from worker.care.may_hold import above
from worker.folders import Folders
from worker.intake.told import possible_path
from worker.spool.ledger import Ledger
from worker.spool.naming import first_name
from worker.spool.withdrawal import KeptFile


def believed(
    ledger: Ledger,
    named: Mapping[str, Iterable[str]],
    own: Mapping[str, Iterable[KeptFile]],
) -> dict[str, set[str]]:
    """Of the paths that documents name, by id, those that are not known as another's.

    ``own`` are the files that the ledger has of each. Where it knows nothing of a path, nor of a
    container that would have it, the document is believed: the ledger may have been lost.
    """
    paths = {id_: set(filter(possible_path, of_one)) for id_, of_one in named.items()}
    sure = {id_: {file.path for file in own.get(id_, ())} & paths[id_] for id_ in paths}
    unsure = {path for id_ in paths for path in paths[id_] - sure[id_]}
    others = _of_others(ledger, unsure) if unsure else set()
    return {id_: sure[id_] | (paths[id_] - others) for id_ in paths}


def may_be_of(folders: Folders, ledger: Ledger, lying: Mapping[str, KeptFile]) -> set[str]:
    """Of these documents those whose file what lies at their path now may be: it has other bytes.

    ``lying`` is what lies there, by id. It is whose its bytes are, and where the ledger does not
    know these, whose file had the path.
    """
    own = not_another_s(folders, ledger, {id_: [file] for id_, file in lying.items()})
    ids = [id_ for id_, of_one in own.items() if of_one]
    named = believed(ledger, {id_: [lying[id_].path] for id_ in ids}, copies_of(ledger, ids))
    return {id_ for id_ in ids if named[id_]}


def known_texts(ledger: Ledger, files: Iterable[KeptFile]) -> set[str]:
    """Of these files' digests those that the ledger has of one that was read, and is no part of a
    page: a logo is everywhere.
    """
    digests = {file.sha256 for file in files} - {""}
    with suppress(sqlite3.Error, OSError):
        return {row.sha256 for row in ledger.of_digests(sorted(digests)) if row.fate != "asset"}
    return set()


def _of_others(ledger: Ledger, paths: set[str]) -> set[str]:
    """Those at which the ledger knows a file, or a container above, by whichever of its names."""
    with suppress(sqlite3.Error, OSError):
        known = ledger.known_paths(sorted(paths))
        return known | {path for path in paths - known if ledger.has_container(_outer(path))}
    return set()


def _outer(path: str) -> list[str]:
    """What may be containers above it: one that failed lies by the name that it got there."""
    return [name for outer in above(path) for name in (outer, first_name(outer))]
