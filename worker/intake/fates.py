"""What becomes of a file: the rule from Elasticsearch's answer to its end. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extraction.formats.identity import printable_path
from indexing.writing import write
from worker.intake.reading import ReadFile
from worker.intake.unread import ALONE
from worker.spool.spool import SpooledFile
from worker.spool.withdrawal import Withdrawal

#: Why a file waits that its sender has not finished with.
WRITTEN = "it is still being written"
CHANGED = "it was changed while it was indexed"
#: For under its name lies what was not there when it was looked at.
CAME = "another file of its name came just now"
_OF_ITS_SENDER = frozenset({WRITTEN, CHANGED, CAME})
#: Why one waits that has not been begun.
LATER = "others of its batch took long"
#: Whose text is in the index now, where it was not before.
TAKEN = ("indexed", "corrected")


@dataclass(frozen=True, slots=True)
class ItemFate:
    """What became of one file: ``waiting`` means still in the spool, and why.

    ``corrected``: it is another text of an article that is known; ``reason`` says which of its
    versions, and whether it is not the current one. ``unpacked``: it held many articles, each of
    which has its own fate; ``reason`` counts them. ``asset``: it belongs to a saved page, and lies
    in the archive without a document. ``withdrawn``: it was taken down before, and is
    refused, as ``reason`` says. ``warnings`` are those of the article's source: what was odd and
    did not stop it (a date that was not read).
    """

    path: str
    fate: Literal[
        "indexed", "duplicate", "corrected", "unpacked", "asset", "failed", "withdrawn", "waiting"
    ]
    id: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()


def is_of_its_sender(reason: str) -> bool:
    """The rule: what waits so waits for its own sender, and nobody for it."""
    return reason in _OF_ITS_SENDER or reason.startswith(ALONE)


def later(file: SpooledFile) -> ItemFate:
    """It waits for others to have their turn."""
    return ItemFate(printable_path(file.relative), "waiting", "", LATER)


def decided_fate(read: ReadFile, fate: write.WriteResult | None) -> ItemFate:
    """The rule: what Elasticsearch said of a document is what becomes of its file."""
    path = printable_path(read.file.relative)
    if read.refused:
        return ItemFate(path, "withdrawn", read.refused.id, _refused(read.refused))
    if read.asset:
        return ItemFate(path, "asset", "", read.asset)
    return _decided(path, read, fate)


def _decided(path: str, read: ReadFile, fate: write.WriteResult | None) -> ItemFate:
    if fate is not None and fate.result in {"away", "conflict"}:
        return ItemFate(path, "waiting", fate.id, fate.reason)
    if read.fault and not read.part.whole:
        return ItemFate(path, "failed", "", read.fault.error)
    if fate is None:
        return ItemFate(path, "waiting", "", LATER if read.later else read.trouble or WRITTEN)
    if fate.result == "rejected":
        return ItemFate(path, "failed", fate.id, fate.reason)
    return _taken(path, fate, read.article.source.warnings if read.article else ())


def _taken(path: str, fate: write.WriteResult, said: tuple[str, ...]) -> ItemFate:
    """What was written; or is there of this very file, from an attempt before; or a copy."""
    number = fate.existing.number if fate.existing else 0
    if fate.result == "corrected" or number > 1:
        reason = fate.reason or f"version {number} of its article"
        return ItemFate(path, "corrected", fate.id, reason, said)
    if fate.result in {"created", "updated"} or number:
        return ItemFate(path, "indexed", fate.id, "", said)
    return ItemFate(path, "duplicate", fate.id, "", said)


def _refused(gone: Withdrawal) -> str:
    kept = "its file was deleted" if gone.purged else "its file is in withdrawn/"
    why = f"it was withdrawn on {gone.at[:10]} ({gone.reason})"
    return f"{why}, and {kept}: `depesche restore {gone.id}` lets it in again"
