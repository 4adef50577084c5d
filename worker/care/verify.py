"""Compare the disk with the index. Reads everything, changes nothing.

A file and a document belong together if the document was made from those bytes, or else if the
file parses to the document's id: a duplicate, or a file that was saved anew, has no document
that names it, and is well. What is on its way while this looks is no difference.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path

from articles.article import TEXT_FIELDS, Article
from articles.errors import ArticleFault
from articles.limits import MEBIBYTE
from extraction.formats.identity import OF_CONTENT, os_path_of, printable_path
from extraction.formats.parse import parse
from indexing.writing import states, too_large
from indexing.writing.same_text import digests, text_digest
from indexing.writing.states import Origin
from worker import beneath
from worker.atomic import is_temporary
from worker.care.believed import may_be_of
from worker.care.compared import IN_ARCHIVE, IN_INDEX, Compared, Difference
from worker.care.correct import lacking
from worker.care.members import look_for_members, take_back_members
from worker.care.mirrors import look_at_mirrors
from worker.care.removed import look_for_removed
from worker.care.withdrawn_documents import may_be_others
from worker.container import Container
from worker.folders import Folders, shut
from worker.intake.refusing import keys_of
from worker.spool.copied import NAME as COPIES
from worker.spool.lasting_file import damage
from worker.spool.ledger import KEPT
from worker.spool.naming import REASON, reason_name
from worker.spool.refused import PLACE
from worker.spool.settings_by_hand import NAME as BY_HAND
from worker.spool.settle import read_reason
from worker.spool.spool import Batch, Spool, iso
from worker.spool.tombstones_file import NAME as TOMBSTONES
from worker.spool.withdrawal import KeptFile

PATIENCE = 5.0
YOUNG = 60.0  # seconds before a batch can be left over: within them even a death is made good
CANDIDATES = 500
#: Documents whose texts are fetched at once.
TEXTS = 20

#: What nobody could tell from the archive again, below the data folder.
LASTING = (TOMBSTONES, BY_HAND, COPIES)

#: Bytes that an archived file may have; 0.1.0 took more than is taken now. Above it is unreadable.
LARGEST_EVER = 64 * MEBIBYTE

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class InTransit:
    """What was in the spool, and when, before anything else was looked at."""

    since: str
    batches: tuple[Batch, ...]
    received: frozenset[str]
    paths: frozenset[str]

    def may_hold(self, received_at: str) -> bool:
        """Whether a document's file may still be between spool and archive.

        None that says it comes later, but for clocks that differ: anybody may have written that.
        """
        latest = iso(datetime.now(UTC) + timedelta(minutes=1))
        return self.since <= received_at <= latest or received_at in self.received


def verify(container: Container, compared: Compared, progress: Progress = lambda *_: None) -> None:
    """Fill ``compared`` with every difference. Raises ``ServiceUnavailable`` and ``UsageError``.

    ``progress`` is told a stage (``documents``, ``files``) and how many more were looked at.
    """
    for name in LASTING:
        if said := damage(container.folders.data / name):
            compared.add(Difference("damaged", name, "", said))
    transit = in_transit(container.spool)
    for page in states.origins(container.client, container.settings.index):
        gone = container.tombstones.of(origin.id for origin in page)
        there = [origin for origin in page if origin.id not in gone]
        compared.add_documents(there, container.site)
        for origin in (origin for origin in page if origin.id in gone):
            as_ = gone[origin.id].id
            detail = IN_INDEX if as_ == origin.id else f"{IN_INDEX}, and withdrawn as {as_}"
            compared.add(Difference("withdrawn", origin.path, origin.id, detail))
        _of_another_site(container, compared, there)
        progress("documents", len(page))
    for difference in chain(left_out(container), never_updated(container)):
        compared.add(difference)
    for ids in container.by_hand.ids():
        for id_, path in lacking(container, ids):
            compared.add(Difference("by_hand", path, id_))
    look_at_mirrors(container, compared, transit.paths)
    for file in regular_files(container.folders.archive):
        _file(container, compared, transit, file)
        progress("files", 1)
    take_back_members(container, compared)
    look_for_removed(container, compared, transit.paths)
    _take_back_the_new(container, compared)
    _compare_texts(container, compared)
    _documents_without_file(container, compared, transit)
    for difference in [
        *failed_folder(container.folders, transit),
        *spool_folder(container.spool, transit),
    ]:
        compared.add(difference)


def _of_another_site(container: Container, compared: Compared, page: Sequence[Origin]) -> None:
    """Documents that a withdrawal leaves for what they say of themselves: anybody may have."""
    others = may_be_others(container, [origin.id for origin in page])
    for origin in (origin for origin in page if origin.id in others):
        detail = f"a document of another site, and withdrawn as {others[origin.id].id}"
        compared.add(Difference("left_out", origin.path, origin.id, detail))


def left_out(container: Container) -> Iterator[Difference]:
    """What was withdrawn by more than had a place: it may be there still, or come again."""
    counts = container.tombstones.left_out()
    known = container.tombstones.by_id(list(counts))
    for id_, one in known.items():
        yield Difference("left_out", one.path, id_, f"{counts[id_]:,} keys or documents")


def never_updated(container: Container) -> Iterator[Difference]:
    """What waits for good, for it is too large."""
    for id_ in too_large.stuck(container.client, container.settings.index):
        yield Difference("half", "", id_, "too large to be updated: withdraw or delete it")


def in_transit(spool: Spool) -> InTransit:
    """Look at the spool."""
    since, batches = iso(datetime.now(UTC)), tuple(spool.batches())
    return InTransit(
        since,
        batches,
        frozenset(iso(batch.received) for batch in batches),
        frozenset(printable_path(f.relative) for batch in batches for f in batch.files()),
    )


def regular_files(root: Path, without: str = "") -> Iterator[Path]:
    """Every regular file below a folder, ``without`` one folder in it; no link is followed."""
    for folder, folders, names in os.walk(root, onerror=shut):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if here != root or name != without)
        for name in sorted(names):
            if _is_regular(path := Path(folder, name)):
                yield path


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:  # gone, or its path is longer than the system takes
        return False


def _file(container: Container, compared: Compared, transit: InTransit, file: Path) -> None:
    """One archived file: find its document by its bytes, else by the article in it."""
    relative = str(file.relative_to(container.folders.archive))
    path = printable_path(relative)
    asset = container.intake.assets.is_asset(relative, readable=True)
    try:
        if not asset and look_for_members(container, compared, relative):
            return  # they are files of their own
        data = beneath.read_below(container.folders.archive, relative, LARGEST_EVER)
        if compared.saw_bytes(sha256(data).hexdigest(), path) or asset:
            return
        settings = container.settings
        most = max(settings.max_file_bytes, len(data))
        now, limits = datetime.now(UTC), settings.reader_limits()
        article = parse(data, path, limit=most, received=now, limits=limits)
    except FileNotFoundError:
        return
    except (OSError, ArticleFault) as error:
        if isinstance(error, ArticleFault) and _is_asset(container, relative):
            return
        compared.add(Difference("unreadable", path, "", str(error)))
        return
    _article(container, compared, transit, path, article)


def _is_asset(container: Container, relative: str) -> bool:
    """Whether what cannot be read belongs to a saved page, which may be gone since."""
    if container.intake.assets.is_asset(relative, readable=False):
        return True
    path = printable_path(relative)
    with suppress(sqlite3.Error, OSError):
        return container.ledger.fates_of([path]).get(path) == "asset"
    return False


def _article(
    container: Container, compared: Compared, transit: InTransit, path: str, article: Article
) -> None:
    """A file of which no document has the bytes."""
    key = article.key
    if gone := container.tombstones.of(keys_of(article)):
        (id_, *_) = {one.id for one in gone.values()}
        if others := _others(container, article):
            _of_others(compared, transit, path, others)
        else:
            compared.add(Difference("withdrawn", path, id_, IN_ARCHIVE))
        return
    if not key.startswith(OF_CONTENT) and compared.knows(key):
        texts = {name: getattr(article, name) for name in TEXT_FIELDS}
        # Until it is compared: `_compare_texts`.
        compared.add(Difference("no_version", path, key, text_digest(texts)))
    elif not compared.saw_article(key) and path not in transit.paths:
        compared.add(Difference("no_document", path, key))


def _others(container: Container, article: Article) -> list[str]:
    """The ids under which the ledger has these very bytes, that are not withdrawn."""
    ids = list[str]()
    with suppress(sqlite3.Error, OSError):
        rows = container.ledger.of_digests([article.source.sha256])
        ids = list(dict.fromkeys(row.id for row in rows if row.fate in KEPT))
    gone = container.tombstones.of(ids)
    return [id_ for id_ in ids if id_ not in gone]


def _of_others(compared: Compared, transit: InTransit, path: str, ids: Sequence[str]) -> None:
    """A file of articles that are not withdrawn, though it is recognised as one that is."""
    there = [id_ for id_ in ids if compared.is_document(id_)]
    for id_ in there:
        compared.saw_article(id_)
    for id_ in ids if not there and path not in transit.paths else ():
        compared.add(Difference("no_document", path, id_))


def _take_back_the_new(container: Container, compared: Compared) -> None:
    """Documents that came into being while the files were read."""
    for page in compared.pages("no_document", CANDIDATES):
        ids = [difference.id for difference in page]
        compared.take_back(states.existing(container.client, container.settings.index, ids))


def _compare_texts(container: Container, compared: Compared) -> None:
    """Tell files with a text of their document, in other bytes, from those with another."""
    for page in compared.pages("no_version", TEXTS):
        ids = [difference.id for difference in page]
        stored = digests(container.client, container.settings.index, ids)
        for difference in page:
            if stored.get(difference.id, difference.detail) == difference.detail:
                compared.is_same_text(difference)
            elif compared.has_version(difference.id, difference.detail):
                compared.take_back_text(difference)
            else:
                compared.is_another_text(difference)


def _documents_without_file(container: Container, compared: Compared, transit: InTransit) -> None:
    folders = container.folders
    unseen = (
        document
        for document in compared.unseen()
        if not (transit.may_hold(document.received_at) or compared.has("no_member", document.path))
    )
    while page := list(islice(unseen, CANDIDATES)):
        changed = _changed(container, page)
        for document in page:
            is_version = compared.is_version_at(document.id, document.path)
            if document.id in changed and not is_version:
                compared.replace_by_changed(document)
            else:
                compared.add(Difference("no_file", document.path, document.id))
    for id_, number, path, received_at in compared.unseen_versions():
        if not transit.may_hold(received_at):
            compared.add(Difference("version_lost", path, id_, f"version {number}"))
    for id_, path, received_at, site in compared.unseen_copies():
        there = beneath.is_file(folders.archive, os_path_of(path))
        if not (there or transit.may_hold(received_at)):
            compared.add(Difference("no_file", path, id_, f"a copy of what site {site} has"))
    for document in compared.half():
        detail = f"state {document.state or 'missing'}, pipeline {document.pipeline or 'missing'}"
        compared.add(Difference("half", document.path, document.id, detail))


def _changed(container: Container, page: Sequence[Origin]) -> set[str]:
    """The ids of those whose file may be what lies at their path, with other bytes.

    Who may write documents writes any path: at one that is of no file here nothing lies, and what
    lies there may be another's.
    """
    archive = container.folders.archive
    paths = {document.path for document in page}
    there = {path for path in paths if beneath.is_file(archive, os_path_of(path))}
    digests = {path: _digest(archive, path) for path in there}
    files = {d.id: KeptFile(d.path, digests[d.path]) for d in page if d.path in there}
    return may_be_of(container.folders, container.ledger, files)


def _digest(archive: Path, path: str) -> str:
    """Of what lies at a path; "" where it cannot be read, or is larger than any article's file."""
    with suppress(OSError):
        return sha256(beneath.read_below(archive, os_path_of(path), LARGEST_EVER)).hexdigest()
    return ""


def failed_folder(folders: Folders, transit: InTransit) -> Iterator[Difference]:
    """Files in ``failed/`` without a reason, and reasons whose file is neither there nor coming."""
    for folder, _, names in os.walk(folders.failed, onerror=shut):
        files = {n for n in names if not n.endswith(REASON) and not is_temporary(n)}
        reasons = {n for n in names if n.endswith(REASON)}
        wanted = {reason_name(name): name for name in files}
        for reason in sorted(wanted.keys() - reasons):
            yield _in_failed(folders, Path(folder, wanted[reason]), "no_reason")
        for reason in sorted(reasons - wanted.keys()):
            about = read_reason(Path(folder, reason)).get("path", "")
            if printable_path(str(about)) not in transit.paths:
                yield _in_failed(folders, Path(folder, reason), "reason_only")


def _in_failed(folders: Folders, path: Path, kind: str) -> Difference:
    return Difference(kind, printable_path(str(path.relative_to(folders.failed))))


def spool_folder(spool: Spool, transit: InTransit) -> Iterator[Difference]:
    """Batches that nobody works on, and files in the spool that are in no batch."""
    for batch in _left_over(transit):
        for file in batch.files():
            detail = f"in batch {batch.name}"
            yield Difference("left_over", printable_path(file.relative), "", detail)
    for path in regular_files(spool.folder, without=PLACE):  # that is told, and may be shut
        inside = path.relative_to(spool.folder)
        if spool.batch(inside.parts[0]) is None and inside.name != "lock" and path.exists():
            yield Difference("stray", printable_path(str(inside)))


def _left_over(transit: InTransit) -> list[Batch]:
    """The batches of before, if none of them moves on within a few seconds; young ones may wait."""
    deadline = time.monotonic() + PATIENCE
    before = [batch for batch in transit.batches if _age(batch) > YOUNG]
    while before:
        still = [batch for batch in before if batch.folder.is_dir()]
        if len(still) < len(before) or any(_worked_on(batch) for batch in still):
            return []
        if time.monotonic() > deadline:
            return still
        time.sleep(0.1)
    return []


def _age(batch: Batch) -> float:
    return (datetime.now(UTC) - batch.received).total_seconds()


def _worked_on(batch: Batch) -> bool:
    with batch.owned() as free:
        return not free and batch.folder.is_dir()
