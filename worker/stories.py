"""Put each article into its story while it is enriched.

Its signature was indexed with it. Whoever is enriched later of two near-identical articles sees
the other, for every look refreshes first; and since each write is refused where somebody wrote
meanwhile, one that came in between is seen by the second look.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from extraction.story import Document, signature, story_of
from indexing import stories
from indexing.stored import Stored


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories of an index."""

    client: Callable[[], Elasticsearch]
    index: str

    def join(self, documents: Sequence[Stored]) -> dict[str, dict[str, Any]]:
        """Return for each document the fields of its story; other documents are written.

        Raises ``ServiceAway`` and ``Misuse``; repeatable.
        """
        own = {d.id: _signed(d) for d in documents}
        keys = {id_: bands for id_, (bands, _) in own.items() if bands}
        kin = stories.neighbours(self.client(), self.index, keys)
        fields = {}
        for document in documents:
            near = _near(document.id, own, kin.get(document.id, ()))
            bands, minhash = own[document.id]
            story = self._joined(Document(document.id, document.story, minhash), near)
            fields[document.id] = {"story": story, "signature": list(bands), "minhash": minhash}
        return fields

    def _joined(self, own: Document, near: Sequence[Document]) -> str:
        story, renames = story_of(own, near)
        if stray := [rename.old for rename in renames if rename.old != own.id]:
            stories.put_into(self.client(), self.index, story, stray)
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
    found = {one.id: Document(one.id, one.story, one.minhash) for one in kin}
    for id_, (others, minhash) in batch.items():
        if bands & set(others):
            found.setdefault(id_, Document(id_, "", minhash))
    return [document for id_, document in found.items() if id_ != own]
