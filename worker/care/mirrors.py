"""What care has to know of mirrors: how they are, what failed there, what is missed."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extraction.formats.identity import printable_path
from worker.care.failures import FailedFile, has_reason
from worker.care.note import Note
from worker.container import Container
from worker.intake.told import possible_bytes
from worker.mirror.fed import LONG
from worker.mirror.mirrors import Mirror
from worker.wording import counted

if TYPE_CHECKING:
    from worker.care.compared import Compared

MOST_FAILED = 10_000
ADVICE = "Mend the file where it is: it is read again by itself."
FAULT = "The log has it (`mirror.trouble`): please report it. All other mirrors are followed"
FULL = "`find FOLDER -type f | wc -l` tells whether somebody has made very many files there"


def mirrors(container: Container) -> Iterator[Note]:
    """How each mirror is. One whose disk is away waits for a person, or for its disk."""
    for mirror in container.mirrors.all():
        with mirror.opened() as state:
            about, counts = state.about(), state.counts()
            unread = state.unread(time.time() - LONG)
        name = f"mirror {mirror.name} ({about.get('root', '')})"
        files = _told(counts) + (f", {unread:,} unread for ten minutes" if unread else "")
        if about.get("removing"):
            yield Note("mirror_removed", f"{name} is being removed: {files} left")
        elif about.get("full") or about.get("away") or about.get("fault"):
            yield from _wrong(mirror, name, files, about)
        else:
            paused = ", paused" if about.get("paused") else ""
            failed = "`depesche failed` says what and why" if counts.get("failed") else ""
            yield Note("mirror", f"{name}{paused}: {files}", failed)


def _wrong(mirror: Mirror, name: str, files: str, about: dict[str, str]) -> Iterator[Note]:
    """That it is full, away, or both: what is away has no room to come back under new names."""
    full, away = about.get("full"), about.get("away")
    if full:
        text = f"In {name} new names are left out: {full}. {files}"
        yield Note("mirror_full", text, f"Free some disk. {FULL}", wrong=True)
    if away:
        to_do = (
            f"See whether the disk of {name} is there; if its files are deleted, "
            f"`depesche mirror resume {mirror.name}` says so"
        )
        before = ". They may have new names that are left out: free some disk before"
        text = f"{name} is away: {away}. {files}"
        yield Note("mirror_away", text, to_do + before * bool(full), wrong=True)
    if fault := about.get("fault"):
        text = f"{name} is not followed for a fault of Depesche's: {fault}. {files}"
        yield Note("mirror_fault", text, FAULT, wrong=True)


def _told(counts: dict[str, int]) -> str:
    """``3 files, 1 to be read``."""
    states = {
        "new": "to be read",
        "sent": "on their way",
        "failed": "failed",
        "withdrawn": "withdrawn",
        "gone": "missed",
    }
    total = sum(count for state, count in counts.items() if state != "gone")
    parts = [f"{counts[state]:,} {word}" for state, word in states.items() if counts.get(state)]
    return ", ".join([counted(total, "file"), *parts])


def failed_in_mirrors(container: Container) -> list[FailedFile]:
    """Files of mirrors that are at fault; they stay where they are."""
    return [
        FailedFile(_printable(mirror, path), reason, "mirror", "", ADVICE)
        for mirror in container.mirrors.all()
        for path, reason in _failed(mirror)
    ]


def _failed(mirror: Mirror) -> list[tuple[bytes, str]]:
    with mirror.opened() as state:
        return state.failed(MOST_FAILED)


def retry_in_mirrors(container: Container, paths: Sequence[str], reason: str = "") -> int:
    """Have what failed in mirrors read again, as ``retry`` chooses; how many files."""
    wanted = [path.strip("/") for path in paths]
    done = 0
    for mirror in container.mirrors.all():
        with mirror.opened() as state:
            chosen = [
                path
                for path, said in state.failed(MOST_FAILED)
                if _is_wanted(_printable(mirror, path), wanted)
                if not reason or has_reason(said, reason)
            ]
            state.again(chosen)
            done += len(chosen)
    return done


def _is_wanted(path: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(path == w or path.startswith(f"{w}/") for w in wanted)


def look_at_mirrors(container: Container, compared: Compared, in_transit: frozenset[str]) -> None:
    """Files that are indexed have a document; what else names a path of a mirror has no file.

    A document has the text of the file that it names, and no later one: such are compared later.
    """
    from worker.care.compared import Difference  # status, which is quick, has no use for it

    for mirror in container.mirrors.all():
        with mirror.opened() as state:
            for id_, path, sha256 in state.documents():
                told, there = _printable(mirror, path), compared.saw_mirrored(id_, mirror.below)
                if told in in_transit:
                    continue
                if there and (text := compared.earlier_text(id_, told, sha256)):
                    compared.add(Difference("no_version", told, id_, text))
                elif not there and not container.tombstones.of([id_]):  # withdrawn, it stays
                    compared.add(Difference("no_document", told, id_))
        compared.forget_versions(mirror.below)  # nothing is kept of them but their lines


def read_again(container: Container, paths: Sequence[str]) -> int:
    """Have files of mirrors read again, by documents' paths; how many."""
    done = 0
    for mirror in container.mirrors.all():
        below = [p.removeprefix(mirror.below) for p in paths if p.startswith(mirror.below)]
        with mirror.opened() as state:
            state.again(possible_bytes(path) for path in below)
        done += len(below)
    return done


def read_withdrawn_again(container: Container, ids: Sequence[str], paths: dict[str, str]) -> None:
    """Have read again what mirrors hold of these, and all that was refused.

    Of a file that nothing was done to since only the document is gone. What is still withdrawn is
    refused again. ``paths``: which of the ids are told by the paths of files, by path: a text that
    has changed meanwhile is the same article's.
    """
    for mirror in container.mirrors.all():
        below = {p.removeprefix(mirror.below): p for p in paths if p.startswith(mirror.below)}
        with mirror.opened() as state:
            state.known_as({possible_bytes(b): paths[p] for b, p in below.items()})
            state.again_withdrawn()
            state.again(path for id_ in ids for path in state.paths_of(id_))


def table(container: Container) -> list[dict[str, object]]:
    """Each mirror for programs: name, root, state, why, counts, last look (ISO 8601, UTC)."""
    rows: list[dict[str, object]] = []
    for mirror in container.mirrors.all():
        try:
            with mirror.opened() as state:
                about, counts = state.about(), state.counts()
        except (OSError, sqlite3.Error) as error:
            rows.append({"name": mirror.name, "state": "unreadable", "why": str(error)})
            continue
        scanned = float(about.get("scanned") or 0)
        rows.append(
            {
                "name": mirror.name,
                "root": about.get("root", ""),
                "state": _state(about),
                "why": _why(about),
                "files": counts,
                "scanned": datetime.fromtimestamp(scanned, UTC).isoformat() if scanned else "",
            }
        )
    return rows


def _why(about: dict[str, str]) -> str:
    full, away = about.get("full", ""), about.get("away", "")
    return f"{full}; away: {away}" if full and away else full or away or about.get("fault", "")


def _state(about: dict[str, str]) -> str:
    named = ("removing", "paused", "full", "away", "fault")
    return next((word for word in named if about.get(word)), "followed")


def _printable(mirror: Mirror, path: bytes) -> str:
    return printable_path(mirror.below + os.fsdecode(path))
