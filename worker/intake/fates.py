"""What becomes of a file: the rule from Elasticsearch's answer to its end. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extraction.formats.identity import printable_path
from indexing.writing import write
from worker.intake.reading import ReadFile
from worker.spool.withdrawal import Withdrawal

#: Why a file waits that its sender has not finished with.
WRITTEN = "it is still being written"


@dataclass(frozen=True, slots=True)
class ItemFate:
    """What became of one file: ``waiting`` means still in the spool, and why.

    ``another_text``: its id or URL is known with another text, which stays. ``unpacked``: it held
    many articles, each of which has its own fate; ``reason`` counts them. ``withdrawn``: it was
    taken down before, and is refused, as ``reason`` says. ``warnings`` are those of the article's
    source: what was odd and did not stop it (a date that was not read).
    """

    path: str
    fate: Literal[
        "indexed", "duplicate", "another_text", "unpacked", "failed", "withdrawn", "waiting"
    ]
    id: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()


def decided_fate(read: ReadFile, fate: write.WriteResult | None, received: str) -> ItemFate:
    """The rule: what Elasticsearch said of a document is what becomes of its file."""
    path = printable_path(read.file.relative)
    if read.refused:
        return ItemFate(path, "withdrawn", read.refused.id, _refused(read.refused))
    return _decided(path, read, fate, received)


def _decided(path: str, read: ReadFile, fate: write.WriteResult | None, received: str) -> ItemFate:
    if fate is not None and fate.result in {"away", "conflict"}:
        return ItemFate(path, "waiting", fate.id, fate.reason)
    if read.fault and not read.part.whole:
        return ItemFate(path, "failed", "", read.fault.error)
    if fate is None:
        return ItemFate(path, "waiting", "", str(read.trouble or WRITTEN))
    if fate.result == "rejected":
        return ItemFate(path, "failed", fate.id, fate.reason)
    said = read.article.source.warnings if read.article else ()
    if fate.result in {"created", "updated"} or _ours(fate.existing, path, received):
        return ItemFate(path, "indexed", fate.id, "", said)
    return _known(path, fate, said)


def _refused(gone: Withdrawal) -> str:
    kept = "its file was deleted" if gone.purged else "its file is in withdrawn/"
    why = f"it was withdrawn on {gone.at[:10]} ({gone.reason})"
    return f"{why}, and {kept}: `depesche restore {gone.id}` lets it in again"


def _known(path: str, fate: write.WriteResult, said: tuple[str, ...]) -> ItemFate:
    """A copy of what is there, or something else that has its id or URL."""
    if fate.existing is None or fate.existing.same_text:
        return ItemFate(path, "duplicate", fate.id, "", said)
    reason = f"another text under a known id: the one of {fate.existing.path!r} stays"
    return ItemFate(path, "another_text", fate.id, reason, said)


def _ours(existing: write.Existing | None, path: str, received: str) -> bool:
    """Whether the document that is there came from this very file of this very batch."""
    return existing is not None and (existing.path, existing.received_at) == (path, received)
