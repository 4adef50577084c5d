"""Near-identical articles in the index: who shares a key with whom, and in which story.

Articles under embargo are none of them: no story that readers see is made by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.faults import translate_errors
from indexing.index.one_value import first_of, first_values
from indexing.index.point_in_time import pages
from indexing.index.released import RELEASED
from indexing.index.source import source_of
from indexing.writing.stored import by_id
from indexing.writing.write import Update, enriched

#: Neighbours that are looked at, the oldest first: those of a larger group have met already.
MOST = 30
#: Articles of a story that share few keys with another. Near ones share ten; one key or two of 42
#: may be shared by chance.
_STRANGERS, _FEW = 30, 3
#: Articles in a story that may still become part of another.
MOST_MERGED = 300
_TRIES = 5
#: Hits that one request brings. Each may have 32,766 characters in its ``minhash``.
_AT_ONCE = 300
#: As the documents stand in the index.
_ORDER: list[Mapping[str, Any]] = [{"_score": "desc"}, {"_doc": "asc"}]

Search = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kin:
    """A document that shares a key of its signature with another, or a story."""

    id: str
    story: str
    minhash: str


@dataclass(frozen=True, slots=True)
class Question:
    """Who in ``story`` may be unlike the document ``id``, whose signature has these ``keys``."""

    id: str
    keys: Sequence[str]
    story: str


def neighbours(
    client: Elasticsearch, index: str, wanted: Mapping[str, Sequence[str]], *, refresh: bool
) -> dict[str, list[Kin]]:
    """Return for each document (id: keys of its signature) those that share a key, itself too.

    With ``refresh`` all that was written before the call is seen. Raises ``ServiceUnavailable`` and
    ``UsageError``.
    """
    searches = [_search({"terms": {"signature": list(keys)}}, MOST) for keys in wanted.values()]
    if refresh and wanted:
        with translate_errors():
            client.indices.refresh(index=index)
    answers = _answers(client, index, searches)
    return {id_: answer or [] for id_, answer in zip(wanted, answers, strict=True)}


def closest(
    client: Elasticsearch, index: str, wanted: Mapping[str, Sequence[str]]
) -> dict[str, list[Kin]]:
    """Return for each document those that share most keys with it.

    That is dearer, and for documents of whose keys very many others have some: what a source puts
    under everything fills the page of :func:`neighbours`, which this stands beside.
    """
    answers = _answers(client, index, [_closest(keys) for keys in wanted.values()])
    return {id_: answer or [] for id_, answer in zip(wanted, answers, strict=True)}


def strangers(
    client: Elasticsearch, index: str, questions: Sequence[Question]
) -> dict[tuple[str, str], list[Kin]]:
    """Return for each question, by document and story, whom of the story it must be compared with.

    These are who shares few keys with it, and the article that names the story. A story with too
    many of them is left out, and one that could not be asked. Raises as :func:`neighbours`.
    """
    answers = _answers(client, index, [_strangers(question) for question in questions])
    pairs = zip(questions, answers, strict=True)
    return {
        (question.id, question.story): answer
        for question, answer in pairs
        if answer is not None and len(answer) <= _STRANGERS
    }


def members(client: Elasticsearch, index: str, names: Sequence[str]) -> dict[str, list[Kin]]:
    """Return all articles of each of these stories as last written.

    One with very many is left out, and one that could not be asked. Raises as :func:`neighbours`.
    """
    with translate_errors():
        client.indices.refresh(index=index)
    searches = [_search({"term": {"story": name}}, MOST_MERGED + 1) for name in names]
    answers = zip(names, _answers(client, index, searches), strict=True)
    return {
        name: answer
        for name, answer in answers
        if answer is not None and len(answer) <= MOST_MERGED
    }


def _strangers(question: Question) -> Search:
    shared = [{"term": {"signature": key}} for key in question.keys]
    near = {"bool": {"should": shared, "minimum_should_match": min(_FEW, len(shared))}}
    names = {"ids": {"values": [question.story]}}
    without = [{"bool": {"must": near, "must_not": names}}, {"ids": {"values": [question.id]}}]
    query = {"bool": {"filter": [{"term": {"story": question.story}}], "must_not": without}}
    return _search(query, _STRANGERS + 1)


def _closest(keys: Sequence[str]) -> Search:
    each = [{"constant_score": {"filter": {"term": {"signature": key}}}} for key in keys]
    query = {"bool": {"should": each, "minimum_should_match": 1, "filter": [RELEASED]}}
    return {**_search(RELEASED, MOST), "query": query, "track_total_hits": False}


def _search(query: Mapping[str, Any], size: int) -> Search:
    return {
        "query": {"constant_score": {"filter": {"bool": {"filter": [query, RELEASED]}}}},
        "_source": False,
        "sort": [*_ORDER, *first_of("story", "minhash")],
        "size": size,
    }


def _answers(
    client: Elasticsearch, index: str, searches: Sequence[Search]
) -> list[list[Kin] | None]:
    """Return who is found by each search; ``None`` for one that failed."""
    at_once = max(1, _AT_ONCE // max((search["size"] for search in searches), default=1))
    parts = (searches[at : at + at_once] for at in range(0, len(searches), at_once))
    return [answer for part in parts for answer in _answered(client, index, part)]


def _answered(
    client: Elasticsearch, index: str, searches: Sequence[Search]
) -> list[list[Kin] | None]:
    asked = [part for search in searches for part in ({}, search)]
    with translate_errors():
        answers = client.msearch(index=index, searches=asked)["responses"]
    return [
        [_kin(hit) for hit in answer["hits"]["hits"]] if "hits" in answer else None
        for answer in answers
    ]


def _kin(hit: Mapping[str, Any]) -> Kin:
    story, minhash = first_values(hit, len(_ORDER), fields=2)
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


def leave(client: Elasticsearch, index: str, strays: Mapping[str, str]) -> None:
    """Make each document (id: the story it is in) a story of its own.

    What is in another story by now stays there. Raises as :func:`neighbours`.
    """
    for _ in range(_TRIES):
        entries = by_id(client, index, list(strays), ["story"])
        still = [e for e in entries if source_of(e).get("story") == strays[e["_id"]]]
        if all(_put(client, index, entry["_id"], [entry]) for entry in still):
            return


def _put(client: Elasticsearch, index: str, story: str, hits: Sequence[Mapping[str, Any]]) -> bool:
    fields = {"story": story}
    updates = [Update(hit["_id"], hit["_seq_no"], hit["_primary_term"], fields) for hit in hits]
    return all(fate.result == "updated" for fate in enriched(client, index, updates))
