"""What Kibana's panels are tried on: enriched articles, and some that are not as they should be.

The sample articles are all dated, enriched and of one text, so some others stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from uuid import uuid4

from elasticsearch import Elasticsearch

from articles.article import Article
from benchmarks.news_gold import articles as annotated
from benchmarks.samples import samples, text_of
from extraction.formats.parse import parse
from extraction.tagging import pipeline
from indexing.index import withdrawals
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.writing.document import enrichment_fields, to_document
from indexing.writing.withdrawals import Shared, write
from indexing.writing.write import create
from tests.kibana_objects import Line

RECEIVED, INDEXED = "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:02.500+00:00"
#: The data folders that the articles came in by.
SITES = ("hamburg", "bremen", "kiel")
#: Why articles are taken down.
REASONS = ("Gerichtsbeschluss", "auf Bitte der Agentur", "Falschmeldung", "Gerichtsbeschluss")
#: A sample that is there twice, the second time corrected.
PAKT = "2024-06-19-verteidigungspakt"
OTHERS: dict[str, Line] = {
    "failed": {
        "headline": "Kaputt",
        "received_at": RECEIVED,
        "shown_at": RECEIVED,
        "indexed_at": INDEXED,
        "date_problem": "missing",
        "enrichment": {"state": "failed", "error": "zu oft", "at": INDEXED},
    },
    "pending": {
        "headline": "Ohne Datum",
        "url": "https://www.example.org/sport/1",
        "received_at": RECEIVED,
        "shown_at": RECEIVED,
        "indexed_at": RECEIVED,
        "date_problem": "ambiguous",
        "language": "en",
        "unread": ["language"],
        "subjects": ["Sport"],
        "source": {"format": "json", "warnings": ["The date may be two days."]},
        "enrichment": {"state": "pending", "attempts": 0},
    },
    "held": {
        "headline": "Noch nicht",
        "embargo_until": "2099-01-01T00:00:00Z",
        "received_at": RECEIVED,
        "shown_at": "1970-01-01",
        "indexed_at": RECEIVED,
        "people": ["Wladimir Putin"],
        "enrichment": {"state": "pending", "attempts": 0},
    },
}


@dataclass(frozen=True, slots=True)
class World:
    """An index and what is in it: ``documents`` by id, ``seen`` those that readers see.

    Beside it is the index of what was withdrawn, ``withdrawals``.
    """

    client: Elasticsearch
    index: str
    documents: Mapping[str, Line]
    withdrawals: Sequence[Line]

    @property
    def seen(self) -> list[Line]:
        return [document for key, document in self.documents.items() if key != "held"]


def of_samples() -> dict[str, Line]:
    """The samples, each a story of its own, a corrected copy of one, and the others."""
    documents = enriched(samples())
    for name, document in documents.items():
        document["story"] = name
    return with_others(documents, PAKT)


def of_data(data: Path, most: int) -> dict[str, Line]:
    """The first ``most`` annotated articles of ``data`` as intake and enrichment leave them.

    Raises ``FileNotFoundError`` where they are not there.
    """
    chosen = annotated(data)[:most]
    received = datetime.fromisoformat(RECEIVED)
    articles = {m.stem: parse(m.text.encode(), f"{m.stem}.txt", received=received) for m in chosen}
    documents = enriched(articles)
    _tell_stories(documents)
    return with_others(documents, next(iter(documents)))


def enriched(articles: Mapping[str, Article]) -> dict[str, Line]:
    """Return their documents, read as a worker reads them."""
    read = pipeline.read(pipeline.load(), map(text_of, articles.values()))
    documents = {}
    for number, ((name, article), each) in enumerate(zip(articles.items(), read, strict=True)):
        received, indexed = _later(RECEIVED, number % 5), _later(INDEXED, number % 5)
        document = to_document(article, received, indexed) | enrichment_fields(each, "p1", indexed)
        document["source"] = {**document["source"], "site": SITES[number % len(SITES)]}
        documents[name] = document
    return documents


def _later(moment: str, days: int) -> str:
    return (datetime.fromisoformat(moment) + timedelta(days)).isoformat()


def withdrawn(number: int) -> list[Shared]:
    """Return so many withdrawals as sites write them; every fifth one is restored."""
    drawn = islice(zip(cycle(REASONS), cycle(("m.huber", "desk")), cycle(SITES)), number)
    return [
        Shared(
            f"{each:040x}",
            revision=1 + each % 5 // 4,
            restored=each % 5 == 4,
            purged=each % 3 == 2,
            at=_later(RECEIVED, -40 * each),
            reason=reason,
            who=who,
            site=site,
        )
        for each, (reason, who, site) in enumerate(drawn)
    ]


def with_others(documents: dict[str, Line], copied: str) -> dict[str, Line]:
    """Return ``documents``, a corrected copy of one of them, and what is not as it should be."""
    corrected = {"version": 2, "changed": ["headline"], "agency": ["ap"]}
    return {**documents, "copy": {**documents[copied], **corrected}, **OTHERS}


def _tell_stories(documents: Mapping[str, Line]) -> None:
    """Name each article's story by the first that shares a key with it: enough to be counted by."""
    story_of: dict[str, str] = {}
    for name, document in documents.items():
        keys = document.get("signature", [])
        document["story"] = next((story_of[key] for key in keys if key in story_of), name)
        story_of |= dict.fromkeys(keys, document["story"])


@contextmanager
def world(client: Elasticsearch, documents: Mapping[str, Line]) -> Iterator[World]:
    """Put ``documents`` into an index of their own, with one of withdrawals; gone afterwards."""
    alias = f"kibana-{uuid4().hex}"
    create_index(client, alias)
    withdrawals.make(client, alias)
    taken_down = withdrawn(max(7, len(documents) // 10))
    try:
        fates = create(client, alias, list(documents.items()))
        assert {fate.result for fate in fates} == {"created"}
        assert len(write(client, alias, [(each, None) for each in taken_down])) == len(taken_down)
        client.indices.refresh(index=f"{alias}*")
        yield World(client, alias, documents, [asdict(each) for each in taken_down])
    finally:
        names = [f"{alias}-v{MAPPING_VERSION}", withdrawals.name(alias)]
        client.indices.delete(index=names)
