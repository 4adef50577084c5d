"""What else a person should know, each told by the room that knows it: a line each in ``status``.

To add one: a function in its own room (``worker/care/…``) that yields ``note.Note``, and its name
in one of the two lists below. Import what is heavy inside it: ``status`` is to start quickly.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

from articles.errors import DepescheError
from worker.care.archive_copies import archive_copies
from worker.care.behind import behind
from worker.care.cluster import addresses, copies
from worker.care.confined import confined_readers
from worker.care.licence import licence
from worker.care.mirrors import mirrors
from worker.care.note import Note
from worker.care.own_files import (
    full_disk,
    ledger,
    refused_files,
    rules_about_names,
    shared_rules,
    unpacking,
    withdrawals,
)
from worker.care.read_again import read_again
from worker.care.too_large import too_large
from worker.care.undated import undated
from worker.container import Container

Source = Callable[[Container], Iterable[Note]]

#: Asked always: they read the disk alone.
OF_DISK: tuple[Source, ...] = (
    full_disk,
    rules_about_names,
    ledger,
    withdrawals,
    refused_files,
    unpacking,
    confined_readers,
    mirrors,
    archive_copies,
)
#: Asked where Elasticsearch answers: they read ``container.client``.
OF_INDEX: tuple[Source, ...] = (
    undated,
    behind,
    addresses,
    copies,
    shared_rules,
    read_again,
    too_large,
    licence,
)


def gather(container: Container, sources: Iterable[Source]) -> Iterator[Note]:
    """What the sources tell; one that cannot look says so, and costs no other its part."""
    for source in sources:
        try:
            yield from source(container)
        except (DepescheError, OSError, sqlite3.Error) as error:
            yield Note("not_known", f"{source.__name__.replace('_', ' ')}: {error}")
