"""Put each article into its story while it is enriched.

Its signature was indexed with it. Each article is looked at twice: before its enrichment is
written, to say its story there and then, and once more behind it, for those that were read at the
same moment. The second look refreshes first, so of two copies the later one sees both as written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import structlog
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable
from extraction.story import Document, signature, story_of
from indexing.writing import stories
from indexing.writing.stored import Stored

log = structlog.get_logger()

Fields = dict[str, Any]

#: Documents that one request of the second look asks about.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories of an index."""

    client: Callable[[], Elasticsearch]
    index: str

    def join(self, documents: Sequence[Stored], among: Sequence[Stored] = ()) -> dict[str, Fields]:
        """Return for each document the fields of its story; stories that meet in it are joined.

        ``among`` are others that are being written and may not be found yet.
        Where Elasticsearch is away just now they stay alone until the second look. Raises
        ``ServiceUnavailable`` while stories are joined, and ``UsageError``; repeatable.
        """
        own = {d.id: _signed(d) for d in documents}
        batch = {d.id: _signed(d) for d in among} | own
        try:
            kin = self._kin(own, refresh=False)
        except ServiceUnavailable as error:
            log.warning("stories.not_seen", documents=len(documents), why=str(error))
            kin = {}
        fields: dict[str, Fields] = {}
        for document in documents:
            bands, minhash = own[document.id]
            near = _near(document.id, batch, kin.get(document.id, ()))
            story = self._joined(Document(document.id, document.story, minhash), near)
            fields[document.id] = {"story": story, "signature": list(bands), "minhash": minhash}
        return fields

    def join_again(self, written: Mapping[str, Fields]) -> None:
        """Look once more at documents that now stand in the index with these fields.

        Those that are not enriched yet have no story; they look for themselves. An Elasticsearch
        that is away just now costs this second look and nothing else: the documents are done.
        """
        try:
            self._look_again(written)
        except ServiceUnavailable as error:
            log.warning("stories.not_seen_again", documents=len(written), why=str(error))

    def _look_again(self, written: Mapping[str, Fields]) -> None:
        own = {id_: (tuple(f["signature"]), f["minhash"]) for id_, f in written.items()}
        # In pieces, so that no request takes long however much was gathered; one refresh is enough.
        for start in range(0, len(own), AT_ONCE):
            chunk = dict(islice(own.items(), start, start + AT_ONCE))
            kin = self._kin(chunk, refresh=not start)
            for id_, (_, minhash) in chunk.items():
                near = [Document(k.id, k.story, k.minhash) for k in kin.get(id_, ()) if k.story]
                self._joined(Document(id_, written[id_]["story"], minhash), near)

    def _kin(self, own: Mapping[str, Signed], *, refresh: bool) -> dict[str, list[stories.Kin]]:
        keys = {id_: bands for id_, (bands, _) in own.items() if bands}
        return stories.neighbours(self.client(), self.index, keys, refresh=refresh)

    def _joined(self, own: Document, near: Sequence[Document]) -> str:
        story, renames = story_of(own, near)
        written = {own.story, *(document.story for document in near)}
        if old := [rename.old for rename in renames if rename.old in written]:
            stories.put_into(self.client(), self.index, story, old)
        return story


Signed = tuple[tuple[str, ...], str]


def _signed(document: Stored) -> Signed:
    """The signature it has; documents of older versions get theirs now."""
    if document.minhash:
        return document.signature, document.minhash
    made = signature(document.texts)
    return made.bands, made.minhash


def _near(own: str, batch: Mapping[str, Signed], kin: Sequence[stories.Kin]) -> list[Document]:
    """Those in the index and those of the batch that share a key."""
    bands = set(batch[own][0])
    near = {k.id: Document(k.id, k.story, k.minhash) for k in kin}
    for id_, (other_bands, minhash) in batch.items():
        if bands & set(other_bands):
            near.setdefault(id_, Document(id_, "", minhash))
    return [document for id_, document in near.items() if id_ != own]
