"""Which kept files hold an article: the one place that knows.

Showing a version reads one of them, withdrawing an article takes all: those that its versions were
made of, and those that the ledger knows as copies of it. Where the ledger was lost, ``depesche
verify`` finds the rest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from articles.article import Version
from extraction.formats.identity import os_path_of, printable_path
from extraction.formats.saved_page import ENDINGS, pages_of
from indexing.writing import versions
from worker import beneath
from worker.folders import Folders
from worker.intake.copies import told_of
from worker.intake.told import possible_path
from worker.spool.ledger import Ledger
from worker.spool.naming import BESIDE, dropped_name, is_name_for
from worker.spool.settle import left_as
from worker.spool.withdrawal import KeptFile

#: What has to be known of a document for it.
WANTED = versions.WANTED
#: The digest of zero bytes: no article is made of them, and each link in a container has them.
NOTHING = sha256().hexdigest()
#: In the place of a path: no file has it.
_ANY = ""


def file_of(folders: Folders, version: Version) -> Path | None:
    """Where the bytes of a version lie in the archive; None where they are not there."""
    return told_of(folders, version.path, version.sha256, version.bytes)


def unread_of(folders: Folders, path: str, digest: str, size: int = 0) -> Iterator[str]:
    """What in the archive may be such a file and cannot be read, in sentences."""
    for place, why in left_as(folders.archive, possible_path(path), digest, size):
        yield f"{place} {why}."


def files_of(document: Mapping[str, Any]) -> list[KeptFile]:
    """The files that a document says its texts were made of, the current one and all earlier.

    Of those that a file of ours can have, by the name that it would have here: under another
    spelling (``\\x62.txt``) the ledger would not know it as another's.
    """
    every = versions.every(document)
    made = (one for one in every if one.sha256 not in {"", NOTHING})
    told = (KeptFile(one.path, one.sha256, one.bytes) for one in made)
    return [file for file in told if _is_as_printed(file.path)]


def _is_as_printed(path: str) -> bool:
    own = possible_path(path)
    return own != "" and printable_path(own) == path


def not_another_s(
    folders: Folders, ledger: Ledger, files: Mapping[str, Iterable[KeptFile]]
) -> dict[str, list[KeptFile]]:
    """The same files by id, without those of which the ledger knows that they are another's.

    Who may write documents can have one name any file; what is taken away or refused for it must be
    its own, and a file has other names in the archive than it came by. Where the ledger says
    nothing of the bytes, the document is believed, but for a container: no document is made of one,
    and of its bytes the ledger says nothing ever.
    """
    every = {file for of_one in files.values() for file in of_one}
    owners: dict[tuple[str, str], set[str]] = {}
    unread: dict[str, str] = {}
    with suppress(sqlite3.Error, OSError):
        for row in ledger.of_digests(sorted({file.sha256 for file in every} - {""})):
            for path in (row.path, _ANY):
                owners.setdefault((path, row.sha256), set()).add(row.id)
        unknown = [file for file in every if (_ANY, file.sha256) not in owners]
        unread = ledger.unread(sorted({path for file in unknown for path in dropped_as(file)}))

    def is_own(id_: str, file: KeptFile) -> bool:
        if of_bytes := owners.get((_ANY, file.sha256)):
            return id_ in owners.get((file.path, file.sha256), of_bytes)
        return not _is_container(folders, file, unread)

    return {id_: [f for f in of_one if is_own(id_, f)] for id_, of_one in files.items()}


def dropped_as(file: KeptFile) -> set[str]:
    """Under which paths a file was dropped that lies at one, if it is a container. Pure.

    It lies in the folder of its own name, and one that failed in ``failed/`` under its path.
    """
    folder, _, name = os_path_of(file.path).rpartition("/")
    wanted = folder.rpartition("/")[2]
    found = {dropped_name(file.path, file.sha256)}
    for each in {wanted, wanted.removesuffix(BESIDE)}:
        if each and (name == each or is_name_for(each, name)):
            found.add(printable_path(f"{folder.removesuffix(wanted)}{each}"))
    return found


def _is_container(folders: Folders, file: KeptFile, unread: Mapping[str, str]) -> bool:
    """Whether it is one, or may be, by the paths of those whose bytes the ledger does not know.

    What failed later under the name of an article's file lies not in the archive.
    """
    fates = {unread[path] for path in dropped_as(file) if path in unread}
    failed = "failed" in fates and not told_of(folders, file.path, file.sha256, file.bytes)
    return "unpacked" in fates or failed


def copies_of(ledger: Ledger, ids: Sequence[str]) -> dict[str, list[KeptFile]]:
    """The files that hold these documents' articles as the ledger knows, by id.

    A failed file with the id is none: it is no article that was read.
    """
    found: dict[str, list[KeptFile]] = {}
    with suppress(sqlite3.Error, OSError):
        for row in ledger.of_documents(ids):
            if row.sha256:
                found.setdefault(row.id, []).append(KeptFile(row.path, row.sha256))
    return found


def assets_of(
    folders: Folders, ledger: Ledger, paths: Collection[str]
) -> dict[str, list[KeptFile]]:
    """What lies in the folders that browsers saved beside these pages, by the path of the page.

    Without what another page in the archive has, too.
    """
    saved = {path for path in paths if path.lower().endswith(ENDINGS)}
    found: dict[str, list[KeptFile]] = {}
    with suppress(sqlite3.Error, OSError):
        for row in ledger.assets_beside({path.rpartition(".")[0] for path in saved}):
            pages = pages_of(row.path)
            if (own := saved.intersection(pages)) and not _any_lies(folders, set(pages) - own):
                for page in own:
                    found.setdefault(page, []).append(KeptFile(row.path, row.sha256))
    return found


def _any_lies(folders: Folders, paths: Iterable[str]) -> bool:
    return any(beneath.is_file(folders.archive, os_path_of(path)) for path in paths)
