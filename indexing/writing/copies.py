"""Files of other sites with a text of an article: its document knows the first of each site.

Such a file has no document of its own, and at its site nobody else knows that it must be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from elasticsearch import Elasticsearch

from articles.article import Copy
from articles.errors import ServiceUnavailable
from indexing.index.source import source_of
from indexing.writing.bulk import TOO_LARGE, item, send_chunks
from indexing.writing.stored import readable

if TYPE_CHECKING:
    from indexing.writing.bulk import Item

#: Reads of one document before somebody else's turn is waited for.
TRIES = 4
BUSY = "its document is being written by somebody else"
Document = Mapping[str, Any]


def copies_of(document: Document) -> list[Copy]:
    """The copies that a document tells of; a line that names no site is none."""
    names = {field.name for field in fields(Copy)}
    known = document.get("copies") or ()
    lines = [known] if isinstance(known, Mapping) else known
    kept = ({n: v for n, v in line.items() if n in names and v is not None} for line in lines)
    return [Copy(**line) for line in kept if line.get("site")]


def sites_of(document: Document) -> frozenset[str]:
    """Where files of it are known to lie: that of each of its texts, and copies."""
    history = document.get("history") or ()
    lines = [history] if isinstance(history, Mapping) else history
    told = [document.get("source") or {}, *lines, *map(asdict, copies_of(document))]
    return frozenset(site for line in told if (site := line.get("site")))


def with_copy(document: Document, copy: Copy) -> list[dict[str, Any]] | None:
    """The copies of a document with one more; None where its site is known, or the document's not.

    A document that names no site is of a time when nobody could tell: it may be of this very one.
    """
    known = sites_of(document)
    if not known or copy.site in known:
        return None
    return [asdict(each) for each in (*copies_of(document), copy)]


#: Of what is gone, or nobody can update.
_DONE = {"document_missing_exception", TOO_LARGE}


def note(client: Elasticsearch, index: str, copies: Sequence[tuple[str, Copy]]) -> dict[int, str]:
    """Write each ``(id, copy)`` into its document; of those that could not be, by number, why.

    What is known, gone, or too large is done. Raises ``UsageError`` as ``write.create``
    does.
    """
    left, why = dict(enumerate(copies)), dict[int, str]()
    for _ in range(TRIES):
        if not left:
            break
        turn = _first_of_each(left)
        try:
            why = dict(_written(client, index, turn))
        except ServiceUnavailable as error:
            return dict.fromkeys(left, str(error))
        left = {n: each for n, each in left.items() if n in why or n not in turn}
    return {n: why.get(n, BUSY) for n in left}


def name_site(client: Elasticsearch, index: str, ids: Sequence[str], site: str) -> int:
    """Write where their files lie into documents that do not say; how many.

    Who is being written by somebody else is left for the next time. Raises ``ServiceUnavailable``
    and ``UsageError``.
    """
    items = [
        item(
            "update",
            entry["_id"],
            {"doc": {"source": {"site": site}}},
            if_seq_no=entry["_seq_no"],
            if_primary_term=entry["_primary_term"],
        )
        for entry in readable(client, index, ids, ["source.site"])
        if not source_of(entry).get("source", {}).get("site")
    ]
    outcomes = (outcome for chunk in send_chunks(client, index, items) for _, outcome in chunk)
    return sum(outcome.verdict == "done" for outcome in outcomes)


def _first_of_each(copies: Mapping[int, tuple[str, Copy]]) -> dict[int, tuple[str, Copy]]:
    first: dict[str, int] = {}
    for number, (id_, _) in copies.items():
        first.setdefault(id_, number)
    return {number: copies[number] for number in first.values()}


def _written(
    client: Elasticsearch, index: str, copies: Mapping[int, tuple[str, Copy]]
) -> Iterator[tuple[int, str]]:
    """Of those that were not written: why."""
    wanted = ["source.site", "history.site", "copies"]
    numbers = {id_: number for number, (id_, _) in copies.items()}
    sent: dict[int, Item] = {}
    for entry in readable(client, index, list(numbers), wanted):
        id_ = entry["_id"]
        if lines := with_copy(source_of(entry), copies[numbers[id_]][1]):
            on = {"if_seq_no": entry["_seq_no"], "if_primary_term": entry["_primary_term"]}
            sent[numbers[id_]] = item("update", id_, {"doc": {"copies": lines}}, **on)
    chunks = send_chunks(client, index, list(sent.values()))
    outcomes = (outcome for chunk in chunks for _, outcome in chunk)
    for number, outcome in zip(sent, outcomes, strict=True):
        if outcome.verdict != "done" and outcome.kind not in _DONE:
            yield number, BUSY if outcome.verdict == "conflict" else outcome.reason
