"""Where a container lay when it was dropped, and whose it was: its members do not tell.

A container is taken over before it is unpacked, so that its owner is another one then; and the
folders on a member's way have names that its maker chose. So both are written down in the batches,
and so is whose files were of which a mirror's copies are made.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from worker.atomic import write_json
from worker.spool.sender import of as sender_of_file
from worker.spool.spool import Batch, SpooledFile

#: In a batch: the senders of its containers, and of copies, by their paths; in one of members that
#: of the outermost container that they lie in.
FILE = "origin.json"
#: Files of one batch that are asked whose they are.
_LOOKED_AT = 64


@dataclass(frozen=True, slots=True)
class Origin:
    """The ``path`` of the outermost container below the inbox, and the ``sender``, a uid.

    None where nobody knows whose it was, as of what is tried again. ``mirrored``: a mirror's;
    ``archived``: it lies in the archive, and is only compared with what has been made of it;
    ``overdue``: for so long already that it waits for nobody who holds its columns.
    """

    path: str
    sender: int | None = None
    mirrored: bool = False
    archived: bool = False
    overdue: bool = False


def origin_of(batch: Batch, file: SpooledFile) -> Origin:
    """That of a container in a batch; of one in another container it is that one's."""
    told = _told(batch.folder)
    path = next(iter(told), file.relative) if batch.depth else file.relative
    return Origin(path, told.get(path), bool(batch.mirror()))


def pass_on(batch: Batch, origin: Origin) -> None:
    """Say where the members in a batch come from. Before they are put in."""
    write_json(batch.folder / FILE, {origin.path: origin.sender})


def note_sender(batch: Batch, file: SpooledFile) -> None:
    """Write down whose a container is. Before it is taken over, and durably."""
    told, owner = _told(batch.folder), _owner(file)
    if not batch.depth and file.relative not in told and owner != os.geteuid():
        write_json(batch.folder / FILE, {**told, file.relative: owner})


def sender_of(batch: Batch, file: SpooledFile) -> int:
    """Whose a file of a batch is; ours where nobody knows any more."""
    sender = origin_of(batch, file).sender
    return _owner(file) if sender is None else sender


def senders_of(batch: Batch) -> frozenset[int]:
    """Those of all files of a batch; of very many files those of some."""
    told = _told(batch.folder)
    if batch.depth:
        known = (sender for sender in told.values() if sender is not None)
        return frozenset(known) or frozenset({os.geteuid()})
    try:
        files = batch.files()[:_LOOKED_AT]
    except OSError:  # whoever works it tells of that
        return frozenset({os.geteuid()})
    each = ((told.get(file.relative), file) for file in files)
    return frozenset(_owner(file) if sender is None else sender for sender, file in each)


def note_senders(batch: Batch, senders: Mapping[str, int]) -> None:
    """Write down whose files are that are copied into a batch, by their paths there."""
    write_json(batch.folder / FILE, senders)


def _owner(file: SpooledFile) -> int:
    uid = sender_of_file(file.path, file.relative)
    return os.geteuid() if uid is None else uid


def _told(folder: Path) -> dict[str, int | None]:
    try:
        content = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        return {}
    return {str(path): sender for path, sender in content.items()}
