"""Put each article into its story while it is enriched.

Its signature was indexed with it. Each article is looked at twice: before its enrichment is
written, to say its story there and then, and once more behind it (``stories_again``), for those
that were read at the same moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable
from extraction.story import Document, is_current, like, signature, story_of
from indexing.writing import stories
from indexing.writing.stored import Stored

log = structlog.get_logger()

Fields = dict[str, Any]
Signed = tuple[tuple[str, ...], str]

#: Articles whose stories are remembered; a message has some hundreds.
_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories of an index.

    Those given lately are remembered: they cannot be found yet. Use it in one thread at a time.
    """

    client: Callable[[], Elasticsearch]
    index: str
    _given: dict[str, str] = field(default_factory=dict)

    def join(self, documents: Sequence[Stored], among: Sequence[Stored] = ()) -> dict[str, Fields]:
        """Return for each document the fields of its story; nothing is written.

        ``among`` are others for which this was asked before and which may not be found yet.
        Where Elasticsearch is away just now they stay alone until the second look. Raises
        ``UsageError``; repeatable.
        """
        batch = _Batch({d.id: _signed(d) for d in (*among, *documents)}, self._given)
        wanted = [document.id for document in documents]
        try:
            batch.find(self.client(), self.index, wanted)
        except ServiceUnavailable as error:
            log.warning("stories.not_seen", documents=len(documents), why=str(error))
        fields: dict[str, Fields] = {}
        for document in documents:
            bands, minhash = batch.signed[document.id]
            story = batch.join(Document(document.id, document.story, minhash))
            fields[document.id] = {"story": story, "signature": list(bands), "minhash": minhash}
        for id_ in list(self._given)[: max(0, len(self._given) - _REMEMBERED)]:
            del self._given[id_]
        return fields


def as_document(kin: stories.Kin) -> Document:
    """Return it as the rules of stories take it."""
    return Document(kin.id, kin.story, kin.minhash)


def kin_of(
    client: Elasticsearch,
    index: str,
    keys: Mapping[str, Sequence[str]],
    minhashes: Mapping[str, str],
    *,
    refresh: bool,
) -> Mapping[str, Sequence[stories.Kin]]:
    """Return for each document (by id: keys and minhash of its signature) who shares a key with it.

    Where so many do that not all are given, and none that are is like it, the closest are.
    """
    kin = stories.neighbours(client, index, keys, refresh=refresh)
    crowded = {
        id_: keys[id_]
        for id_, near in kin.items()
        if len(near) >= stories.MOST
        and not like(Document(id_, "", minhashes[id_]), [as_document(k) for k in near])
    }
    return {**kin, **stories.closest(client, index, crowded)}


@dataclass(slots=True)
class _Batch:
    """Documents that are put into their stories one after the other.

    ``signed`` are they and others of their message, ``given`` the stories by id so far, ``new``
    those that began here: nobody else can be in them. Whoever is ``done`` has its story here, and
    another in the index if it is read again.
    """

    signed: Mapping[str, Signed]
    given: dict[str, str]
    kin: Mapping[str, Sequence[stories.Kin]] = field(default_factory=dict)
    strangers: Mapping[tuple[str, str], Sequence[stories.Kin]] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    sharing: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for id_, (bands, _) in self.signed.items():
            for band in bands:
                self.sharing[band].append(id_)

    def find(self, client: Elasticsearch, index: str, wanted: Sequence[str]) -> None:
        """Ask who is near these documents, and who in those stories might be unlike them."""
        keys = {id_: self.signed[id_][0] for id_ in wanted if self.signed[id_][0]}
        minhashes = {id_: self.signed[id_][1] for id_ in keys}
        self.kin = kin_of(client, index, keys, minhashes, refresh=False)
        questions = [question for id_ in keys for question in self._questions(id_)]
        self.strangers = stories.strangers(client, index, questions)

    def join(self, own: Document) -> str:
        """Give the document its story."""
        near = self._near(own.id)
        known = {
            d.story for d in near if d.story in self.new or (own.id, d.story) in self.strangers
        }
        story = story_of(own, near, {name: self._members(own.id, name) for name in known})
        if story == own.id != own.story:
            self.new.add(story)
        self.done.add(own.id)
        self.given[own.id] = story
        return story

    def _questions(self, id_: str) -> list[stories.Question]:
        """Ask about each story that it may join by other than an equal text."""
        bands, minhash = self.signed[id_]
        near = like(Document(id_, "", minhash), self._near(id_))
        equal = {document.story for document in near if document.minhash == minhash}
        names = {document.story for document in near} - equal - {id_}
        return [stories.Question(id_, bands, name) for name in sorted(names)]

    def _near(self, id_: str) -> list[Document]:
        """Those in the index and those of the batch that share a key and have a story."""
        near = {kin.id: as_document(kin) for kin in self.kin.get(id_, ()) if kin.story}
        for other in self._beside(id_):
            story = self.given.get(other)
            if story and (other in self.done or other not in near):
                near[other] = Document(other, story, self.signed[other][1])
        return list(near.values())

    def _beside(self, id_: str) -> list[str]:
        others = (other for band in self.signed[id_][0] for other in self.sharing[band])
        return [other for other in dict.fromkeys(others) if other != id_]

    def _members(self, id_: str, story: str) -> list[Document]:
        written = [as_document(kin) for kin in self.strangers.get((id_, story), ())]
        waiting = [
            Document(other, story, minhash)
            for other, (_, minhash) in self.signed.items()
            if self.given.get(other) == story
        ]
        return [*written, *waiting]


def _signed(document: Stored) -> Signed:
    """The signature it has; documents of older versions get theirs now."""
    if document.minhash and is_current(document.texts, document.minhash):
        return document.signature, document.minhash
    made = signature(document.texts)
    return made.bands, made.minhash
