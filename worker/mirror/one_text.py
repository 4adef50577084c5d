"""Files of one text have one document, and others another, although they were worked at once.

A correction is known by its text once it is written. What is read before that, and has the same
text, becomes an article of its own (``worker/intake/path_identity.py`` has the rule beside it);
what has the text from before counts as a copy, and is left behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch

from extraction.formats.identity import OF_CONTENT
from indexing.index.source import source_of
from indexing.writing.recognise import holders, short
from indexing.writing.same_text import digests
from indexing.writing.stored import readable
from indexing.writing.versions import earlier

#: What tells of a document's earlier texts.
HISTORY = ("source.sha256", *(f"history.{name}" for name in ("number", "sha256", "text")))
#: Names of one document that are looked at: each of its texts has one. And characters of one.
MOST_NAMES, LONGEST_NAME = 1_000, 512
#: What is needed of documents.
WANTED = ("source.path", "known_as", "version", "received_at", "embargo_until", "by_hand", *HISTORY)


@dataclass(frozen=True, slots=True)
class Document:
    """A document: the path that it names, and by which ids copies of its texts are known.

    ``text`` is the digest of its current one; ``kept``: something of it was set by hand.
    """

    id: str
    path: str
    names: frozenset[str]
    version: int
    received_at: str
    embargo: str
    kept: bool
    text: str = ""


def joined(documents: Iterable[Document], below: str) -> dict[str, str]:
    """Which document each gives its files to, by id: of one text one is left. Pure.

    That is one of another place, else the one with most texts, else the first. None goes that is
    not of the mirror (``below`` is how its paths begin), of which a person has set anything, or
    which is held until another time.
    """
    groups: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        for name in document.names:
            groups.setdefault((name, document.text), []).append(document)
    left: dict[str, str] = {}
    for group in groups.values():
        stays = min(group, key=lambda d: _order(d, below))
        left |= {one.id: stays.id for one in group if one is not stays and _goes(one, stays, below)}
    return left


def _order(document: Document, below: str) -> tuple[bool, int, str, str]:
    inside = document.path.startswith(below)
    return inside, -document.version, document.received_at, document.id


def _goes(one: Document, stays: Document, below: str) -> bool:
    return one.path.startswith(below) and not one.kept and one.embargo == stays.embargo


def left_behind(
    files: Mapping[bytes, str], document: Mapping[str, Any], text: str
) -> Iterator[bytes]:
    """Yield the files whose bytes are those of an earlier text of their document. Pure.

    ``files``: their digests; of the document ``HISTORY`` is needed; ``text`` is the digest of the
    current text ("": nobody asked: what may be one is told).
    """
    earlier_texts = {line.sha256: line.text for line in earlier(document)}
    now = document.get("source", {}).get("sha256")
    for path, digest in files.items():
        if digest != now and earlier_texts.get(digest, text) not in {"", text}:
            yield path


def sure(joined: Mapping[str, str], files: Mapping[str, Set[str]]) -> dict[str, str]:
    """Of what ``joined`` says that of which the ledger knows nothing else. Pure.

    ``files``: the digests of the files of articles, by id. Who may write documents can have one be
    like any other, and claim its name: an article that has files goes for none that has none of
    these bytes.
    """
    nothing = frozenset[str]()
    return {
        old: new
        for old, new in joined.items()
        if old not in files or files[old] & files.get(new, nothing)
    }


def doubles(
    client: Elasticsearch,
    index: str,
    entries: Iterable[Mapping[str, Any]],
    below: str,
    files_of: Callable[[list[str]], Mapping[str, Set[str]]],
) -> dict[str, str]:
    """``joined`` for documents that were written just now, and those that share a text with them.

    ``entries`` are as ``brief`` makes them; ``files_of`` tells of articles, by
    id, the digests of their files. Raises as ``by_id``.
    """
    found = {d.id: d for d in map(_document, entries) if d.id.startswith(OF_CONTENT)}
    names = sorted({name for document in found.values() for name in document.names})
    others = holders(client, index, names) if names else []
    may_be = sorted({*others, *names} - found.keys())
    ids = sorted(files_of(may_be)) if may_be else []  # what has no file gets none
    found |= {d.id: d for d in map(_document, map(brief, readable(client, index, ids, WANTED)))}
    goes = joined(_with_texts(client, index, list(found.values())), below)
    return sure(goes, files_of(sorted({*goes, *goes.values()})) if goes else {})


def _with_texts(client: Elasticsearch, index: str, documents: Sequence[Document]) -> list[Document]:
    """Those that have a name in common with another one, which few have."""
    times = Counter(name for document in documents for name in document.names)
    shared = {d.id: d for d in documents if any(times[name] > 1 for name in d.names)}
    texts = digests(client, index, sorted(shared)) if shared else {}
    return [replace(shared[id_], text=text) for id_, text in texts.items() if text]


def _document(entry: Mapping[str, Any]) -> Document:
    content, id_ = entry["_source"], str(entry["_id"])
    return Document(
        id=id_,
        path=content["source"]["path"],
        names=frozenset({id_, *content["known_as"]}),
        version=content["version"],
        received_at=content["received_at"],
        embargo=content["embargo_until"],
        kept=bool(content["by_hand"]),
    )


def brief(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A document as it is read with ``WANTED``, and as much of it as is looked at. Pure.

    Many are held at once, and others may have written any number of megabytes into each.
    """
    content = source_of(entry)
    source = content.get("source") or {}
    lines = earlier(content)[-MOST_NAMES:]
    names = dict.fromkeys(islice(content.get("known_as", ()), MOST_NAMES))
    texts = ("received_at", "embargo_until")
    made: dict[str, Any] = {
        "source": {name: short(source.get(name)) for name in ("path", "sha256")},
        "known_as": [name for name in names if len(name) <= LONGEST_NAME],
        "version": content.get("version") or 1,
        "by_hand": [{}] if content.get("by_hand") else [],
        "history": [
            {"number": each.number, "sha256": short(each.sha256), "text": short(each.text)}
            for each in lines
        ],
        **{name: short(content.get(name)) for name in texts},
    }
    return {**entry, "_source": made}
