"""Near-identical articles in the index: who shares a key with whom, and in which story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.faults import translate_errors
from indexing.index.point_in_time import pages
from indexing.writing.write import Update, enriched

#: Neighbours that are looked at, the oldest first: those of a larger group have met already.
_MOST = 30
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Kin:
    """A document that shares a key of its signature with another."""

    id: str
    story: str
    minhash: str


def neighbours(
    client: Elasticsearch, index: str, wanted: Mapping[str, Sequence[str]], *, refresh: bool
) -> dict[str, list[Kin]]:
    """Return for each document (id: keys of its signature) those that share a key, itself too.

    With ``refresh`` all that was written before the call is seen. Raises ``ServiceUnavailable`` and
    ``UsageError``.
    """
    if not wanted:
        return {}
    searches: list[dict[str, Any]] = []
    for keys in wanted.values():
        query = {"constant_score": {"filter": {"terms": {"signature": list(keys)}}}}
        # Doc values: the sources of so many hits would be far more to read.
        fields = ["story", "minhash"]
        searches += [
            {},
            {"query": query, "_source": False, "docvalue_fields": fields, "size": _MOST},
        ]
    with translate_errors():
        if refresh:
            client.indices.refresh(index=index)
        answers = client.msearch(index=index, searches=searches)["responses"]
    return {id_: [_kin(hit) for hit in _hits(a)] for id_, a in zip(wanted, answers, strict=True)}


def _hits(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(answer.get("hits", {}).get("hits", ()))


def _kin(hit: Mapping[str, Any]) -> Kin:
    fields = hit.get("fields", {})
    story, minhash = ("".join(fields.get(name, ())) for name in ("story", "minhash"))
    return Kin(hit["_id"], story, minhash)


def put_into(client: Elasticsearch, index: str, story: str, old: Sequence[str]) -> None:
    """Put all documents of the ``old`` stories into ``story``.

    Each is written only as it was read; what somebody else wrote meanwhile is read again. Raises
    as :func:`neighbours`.
    """
    query = {"terms": {"story": [other for other in old if other != story]}}
    for _ in range(_TRIES):
        if all(_put(client, index, story, hits) for hits in pages(client, index, query)):
            return


def _put(client: Elasticsearch, index: str, story: str, hits: Sequence[Mapping[str, Any]]) -> bool:
    fields = {"story": story}
    updates = [Update(hit["_id"], hit["_seq_no"], hit["_primary_term"], fields) for hit in hits]
    return all(fate.result == "updated" for fate in enriched(client, index, updates))
