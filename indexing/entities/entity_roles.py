"""What articles call an entity: its roles and the forms of its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from articles.fields import BY_NAME
from indexing.index.dates import NEWEST_FIRST
from indexing.index.faults import translate_errors
from indexing.index.source import source_of
from indexing.searching.results import Bucket

#: Mentions are stored and not indexed: they are read in so many of the newest articles.
_NEWEST = 200
_MOST = 20


@dataclass(frozen=True, slots=True)
class ObservedRole:
    """``role`` (``Präsident``) of ``of`` (``Russland``, or ""), in ``articles`` of the newest.

    ``last`` is the publication of the newest article that says so, cut to its precision.
    """

    role: str
    of: str
    articles: int
    last: str


def roles_and_surfaces(
    client: Elasticsearch, index: str, field: str, name: str
) -> tuple[list[ObservedRole], list[Bucket]]:
    """Return the roles and the surfaces of ``name`` in the newest articles, most frequent first.

    Roles count articles, surfaces count mentions. Raises ``ServiceUnavailable`` and ``UsageError``.
    """
    wanted = [
        "published",
        *(f"mentions.{key}" for key in ["label", "name", "surface", "role", "role_of"]),
    ]
    with translate_errors():
        answer = client.search(
            index=index,
            query={"term": {field: name}},
            sort=[*NEWEST_FIRST],
            source_includes=wanted,
            size=_NEWEST,
        )
    documents = [source_of(hit) for hit in answer["hits"]["hits"]]
    label = BY_NAME[field].label or ""
    return roles(documents, label, name), variants(documents, label, name)


def _mentions(document: Mapping[str, Any], label: str, name: str) -> Iterable[Mapping[str, Any]]:
    for mention in document.get("mentions") or ():
        if mention.get("label") == label and mention.get("name") == name:
            yield mention


def roles(documents: Iterable[Mapping[str, Any]], label: str, name: str) -> list[ObservedRole]:
    """Return the roles in ``documents``, which come newest first."""
    counted: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], str] = {}
    for document in documents:
        said = {
            (m["role"], m.get("role_of") or "")
            for m in _mentions(document, label, name)
            if m.get("role")
        }
        counted.update(said)
        for observed in said:
            last.setdefault(observed, document.get("published") or "")
    ranked = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    return [ObservedRole(role, of, n, last[role, of]) for (role, of), n in ranked[:_MOST]]


def variants(documents: Iterable[Mapping[str, Any]], label: str, name: str) -> list[Bucket]:
    """Return the surfaces of the name with the number of their mentions."""
    counted = Counter(
        " ".join(m["surface"].split())
        for document in documents
        for m in _mentions(document, label, name)
        if m.get("surface")
    )
    ranked = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    return [Bucket(surface, count) for surface, count in ranked[:_MOST]]
