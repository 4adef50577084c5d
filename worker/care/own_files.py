"""What is wrong with the files that Depesche keeps beside the articles: rules and ledger."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator

from articles.errors import ServiceUnavailable
from extraction.formats.identity import printable_path
from worker.care.note import Note
from worker.container import Container
from worker.spool.outsized import why_full
from worker.spool.refused import PLACE, refused
from worker.spool.unpacked import all_progress
from worker.wording import counted

#: Articles that are named, of any number.
SHOWN = 100


def rules_about_names(container: Container) -> Iterator[Note]:
    """The line of the user's rules that is none, if there is one."""
    path = container.rules.path
    if path.exists() and (wrong := container.rules.wrong()):
        yield Note(
            "broken_rules",
            f"{path}: {wrong}",
            f"Mend {path}: no article is enriched until then",
            wrong=True,
        )


def shared_rules(container: Container) -> Iterator[Note]:
    """Where the rules of this host are not those of all."""
    shared = container.rules.shared
    if shared and not container.rules.wrong() and (told := shared.differs()):
        yield Note("rules_differ", told, "`depesche entities rules` takes over what is new")


def refused_files(container: Container) -> Iterator[Note]:
    """Folders that took the place of files as they were claimed: somebody may be at it."""
    if names := refused(container.folders.spool):
        place = container.folders.spool / PLACE
        yield Note(
            "no_files",
            f"{counted(len(names), 'folder')} in the inbox took a file's place while it was "
            f"claimed: in {place}, with the path and the owner",
            f"See in {place} who that was, and delete them",
            tuple(names),
        )


def unpacking(container: Container) -> Iterator[Note]:
    """How far containers are that are at work; a large one takes many turns."""
    for batch in container.spool.batches():
        for relative, progress in all_progress(batch.unpacked).items():
            if progress.members:
                path = printable_path(relative)
                text = f"{path}: {counted(progress.members, 'member')} unpacked so far"
                yield Note("unpacking", text)


def full_disk(container: Container) -> Iterator[Note]:
    """Why nothing is written for others that a few bytes of theirs may cause, if it is so."""
    folder = container.folders.spool
    if why := why_full(folder):
        text = f"{why}: containers and mirrors wait, and files with another link fail"
        yield Note("full_disk", text, f"Free some disk, where {folder} is", wrong=True)


def withdrawals(container: Container) -> Iterator[Note]:
    """What is not finished of them, and why nothing is indexed where they cannot be asked."""
    tombstones, withdrawn = container.tombstones, container.folders.withdrawn
    try:
        left, count = tombstones.unfinished(SHOWN), tombstones.count_unfinished()
        untold = tombstones.agreement.unshared(SHOWN)
    except ServiceUnavailable as error:
        text = str(error).removesuffix(".")
        what = f"See what is wrong with {tombstones.path}, or put it back from a back-up"
        yield Note("unreadable_withdrawals", text, what, wrong=True)
        return
    if left:
        ids = tuple(one.id for one in left)
        text = f"{counted(count, 'withdrawal')} not finished: the watcher does what is left"
        yield Note("withdrawing", text, items=ids)
    if untold:
        text = "other sites do not know all withdrawals yet: the watcher tells them"
        yield Note("untold_withdrawals", text, items=tuple(untold))
    if not tombstones.path.exists() and any(names for _, _, names in os.walk(withdrawn)):
        text = (
            f"{withdrawn} holds files, and {tombstones.path} is gone: what was withdrawn comes in"
        )
        yield Note("lost_withdrawals", text, "Put it back from a back-up", wrong=True)


def ledger(container: Container) -> Iterator[Note]:
    """Why the counts of the ledger are not all, if it is so; no article depends on it."""
    path, counts = container.ledger.path, "'dropped so far'"
    try:
        container.ledger.counts()
    except (sqlite3.Error, OSError) as error:
        yield Note(
            "unreadable_ledger", f"{path} cannot be read now ({error}): {counts} is not known"
        )
    if trouble := container.ledger.trouble():
        yield Note(
            "stuck_ledger",
            f"{path} takes no rows since {trouble.since} ({trouble.error}): what ended since then "
            f"may be missing from {counts}; no article depends on it",
            f"See what holds {path}, or why it cannot be written",
        )
    if aside := container.ledger.aside():
        yield Note(
            "broken_ledger",
            f"{path} was broken and set aside: {counts} counts from then on",
            f"Look at what was set aside in {path.parent}, and delete it when you are done",
            tuple(file.name for file in aside),
        )
