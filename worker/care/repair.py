"""Put back what ``verify`` found missing, through the pipeline. Deletes nothing but what was
withdrawn, and is there again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path

from articles.errors import ServiceUnavailable
from extraction.formats.identity import os_path_of, printable_path
from indexing.writing.copies import name_site
from worker import beneath, failpoint
from worker.care.compared import IN_ARCHIVE, Compared, Difference
from worker.care.correct import finish as finish_by_hand
from worker.care.members import like, unpack_again
from worker.care.mirrors import read_again
from worker.care.taking_away import finish
from worker.care.verify import LARGEST_EVER
from worker.container import Container
from worker.spool import deposit
from worker.spool.ledger import Ledger
from worker.spool.naming import first_name
from worker.spool.spool import Batch
from worker.spool.withdrawal import FILES, KeptFile, Withdrawal

PAGE = 1000

Progress = Callable[[str, int], object]


class Unfinished(ServiceUnavailable):
    """All else is put back, so many files; not all that was withdrawn is away yet."""

    def __init__(self, why: str, sent: int) -> None:
        super().__init__(why)
        self.sent = sent

    def __reduce__(self) -> tuple[type[Unfinished], tuple[str, int]]:
        return type(self), (str(self), self.sent)


def repair(container: Container, compared: Compared, progress: Progress = lambda *_: None) -> int:
    """How many files are in the spool again; waits while the spool is full.

    They go in the order in which they came, as far as their times tell: so a copy that came behind
    a correction is behind it again.

    An archived file is linked, and its original stays: whatever is killed, it is still there.
    Its end is then to be the original again. With a changed one goes which document it is to
    replace. A file without a reason is moved. Members of containers are taken out of these again.
    Raises ``Unfinished`` behind all that, where what was withdrawn could not be taken away.
    """
    mirrored = sum(
        read_again(container, [difference.path for difference in page])
        for kind in ("no_document", "no_version")
        for page in compared.pages(kind, PAGE)
    )
    kinds = (
        ("no_document", container.folders.archive, _reread),
        ("no_version", container.folders.archive, _reread),
        ("changed", container.folders.archive, _reread),
        ("no_reason", container.folders.failed, partial(_claim, container.ledger)),
    )
    sent = sum(
        _send(container, partial(take, root=root, group=group), len(group), progress)
        for kind, root, take in kinds
        for group in _groups(container, compared, kind, root)
    )
    _name_sites(container, compared)
    taken, why = _take_away(container, compared)
    sent += mirrored + taken + _correct_again(container, compared)
    sent += unpack_again(container, compared, partial(_unpacked, container, progress))
    if why:
        raise Unfinished(why, sent)
    return sent


def _name_sites(container: Container, compared: Compared) -> None:
    """Documents of before there were sites get this one, where their file lies here."""
    archive, settings = container.folders.archive, container.settings
    here = (id_ for id_, path in compared.nameless() if beneath.is_file(archive, os_path_of(path)))
    while page := list(islice(here, PAGE)):
        name_site(container.client, settings.index, page, container.site.name)


def _take_away(container: Container, compared: Compared) -> tuple[int, str]:
    """What was withdrawn and is there again, a back-up's files say; how many.

    And why it is not finished, or "": the watcher goes on with it.
    """
    count, ids = 0, set[str]()
    for page in compared.pages("withdrawn", PAGE):
        for difference in page:
            ids |= _name_again(container, difference)
        count += len(page)
    failpoint.reach("repair.named")
    try:
        if count:
            finish(container, ids=ids)
    except ServiceUnavailable as error:
        return count, str(error)
    return count, ""


def _correct_again(container: Container, compared: Compared) -> int:
    """What was corrected by hand, and its document does not say so; how many."""
    count = 0
    for page in compared.pages("by_hand", PAGE):
        container.by_hand.reopen(difference.id for difference in page)
        count += len(page)
    if count:
        finish_by_hand(container)
    return count


def _name_again(container: Container, difference: Difference) -> set[str]:
    """As what it is withdrawn. The file, too, where it was found to be the article's: documents
    name any path.
    """
    archive, tombstones = container.folders.archive, container.tombstones
    gone: Iterable[Withdrawal] = tombstones.each_of(difference.id)
    if difference.detail == IN_ARCHIVE:
        gone = tombstones.of([difference.id]).values()
        with suppress(OSError):
            data = beneath.read_below(archive, os_path_of(difference.path), LARGEST_EVER)
            file = KeptFile(difference.path, sha256(data).hexdigest(), len(data))
            for one in gone:
                tombstones.add_file(one.id, file)
    steps = {one.id: (FILES, *one.anew) for one in gone}
    tombstones.reopen_each(steps)
    return set(steps)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file, by its path below its folder, and the ids of the documents that it is to replace."""

    relative: str
    replaced: tuple[str, ...] = ()


def _reread(batch: Batch, root: Path, group: Sequence[Sent]) -> None:
    """With each text that came later under a path the first one, by which it is recognised."""
    wanted = {sent.relative: sent.replaced for sent in group}
    for sent in group:
        wanted.setdefault(first_name(sent.relative), ())
    deposit.reread(batch, root, wanted)


def _claim(ledger: Ledger, batch: Batch, root: Path, group: Sequence[Sent]) -> None:
    """Each is tried again, and its last failure counts no more, as for ``retry``."""
    taken: list[str] = []
    for sent in group:
        with suppress(FileNotFoundError):  # somebody took it away meanwhile
            deposit.claim(batch, root / sent.relative, sent.relative)
            taken.append(printable_path(sent.relative))
    failpoint.reach("repair.claimed")
    ledger.retried(taken)


def _groups(
    container: Container, compared: Compared, kind: str, root: Path
) -> Iterator[list[Sent]]:
    files = (
        Sent(os_path_of(difference.path), (difference.id,) if kind == "changed" else ())
        for difference in compared.as_they_came(kind, lambda path: _modified(root, path))
        if not container.mirrors.of_path(difference.path)
    )
    limits = container.settings.batch_files, container.settings.batch_bytes
    return deposit.grouped(
        files, lambda sent: _size(root / sent.relative), lambda sent: sent.relative, *limits
    )


def _modified(root: Path, path: str) -> float:
    with suppress(OSError):  # gone, or its path is longer than the system takes
        return (root / os_path_of(path)).lstat().st_mtime
    return 0.0


def _size(file: Path) -> int:
    with suppress(OSError):  # gone, or its path is longer than the system takes
        return file.lstat().st_size
    return 0


def _unpacked(
    container: Container, progress: Progress, group: Sequence[tuple[str, bytes]], relative: str
) -> None:
    """Members, by their paths and bytes, of the container at a path below the archive."""
    status, models = like(container, relative)
    fill = partial(deposit.put_all, contents=group, like=status, models=models)
    _send(container, fill, len(group), progress)


def _send(
    container: Container, fill: Callable[[Batch], None], files: int, progress: Progress
) -> int:
    while len(container.spool) >= container.settings.spool_batches:
        time.sleep(0.2)  # the pipeline is full; the files are safe where they are
    with container.spool.filling() as batch:
        fill(batch)
        failpoint.reach("repair.filled")
    container.publisher.intake(batch.name)
    progress("put back", files)
    return files
