"""One message of documents, read part by part: whose fault is whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from elasticsearch import Elasticsearch

from articles.article import Published
from articles.errors import ServiceUnavailable
from extraction.formats.parse import parse
from extraction.tagging import pipeline
from indexing.writing.document import to_document
from indexing.writing.stored import fetch_texts
from indexing.writing.write import create
from worker.enrichment.aborted_attempts import AbortedAttempts
from worker.enrichment.enrich import Enricher
from worker.enrichment.parts import PART, parts
from worker.enrichment.reading import Reader
from worker.enrichment.rules import Rules
from worker.enrichment.surname_resolver import SurnameResolver
from worker.enrichment.writing import Done, Writer
from worker.meter import Meter

if TYPE_CHECKING:
    from spacy.language import Language

NOW = "2024-06-20T10:00:00Z"
COUNT = 2 * PART + 3
IN_SECOND = PART - 1
POISON = "Lindenau"


@dataclass(slots=True)
class Fragile(SurnameResolver):
    """An archive that breaks on one surname, by ``error``."""

    error: Exception | None = None

    def people(
        self, wanted: Sequence[tuple[Sequence[str], Published | None]]
    ) -> list[Mapping[str, str]]:
        if self.error and any(POISON in names for names, _ in wanted):
            raise self.error
        return SurnameResolver.people(self, wanted)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipeline.load()


def _indexed(client: Elasticsearch, index: str, count: int = COUNT) -> list[str]:
    """Articles in the index; the one in the second part names the surname."""
    texts = [
        f" date 2024-06-20 Amt : Bericht {n}\n\nWirtschaftsminister Karsten Holm war in Bremen, "
        f"Sitzung {n}." + (f" Neben ihm saß {POISON}. „Gut“, sagte {POISON}." * (n == IN_SECOND))
        for n in range(count)
    ]
    articles = [parse(text.encode(), f"{n}.txt") for n, text in enumerate(texts)]
    documents = [(a.key, to_document(a, NOW, NOW)) for a in articles]
    return [fate.id for fate in create(client, index, documents)]


def _enricher(
    client: Elasticsearch, index: str, nlp: Language, folder: Path, error: Exception | None = None
) -> Enricher:
    where = (lambda: client), index
    aborted = AbortedAttempts(folder / "survived")
    reader = Reader(nlp, Rules(folder / "aliases.txt"), Fragile(*where, error=error))
    return Enricher(reader, Writer(*where, aborted, Meter(), delay=0), *where, aborted)


def _states(client: Elasticsearch, index: str, ids: Sequence[str]) -> Counter[str]:
    return Counter(document.state for document in fetch_texts(client, index, ids))


@pytest.mark.parametrize("count", [1, PART, PART + 1, COUNT])
def test_every_document_of_a_message_is_enriched(
    client: Elasticsearch, index: str, nlp: Language, tmp_path: Path, count: int
) -> None:
    ids = _indexed(client, index, count)
    enricher = _enricher(client, index, nlp, tmp_path)
    assert enricher.documents([*ids, "gone"]) == Done(enriched=count)
    assert _states(client, index, ids) == {"enriched": count}
    assert enricher.documents(ids) == Done()


def test_what_breaks_the_archive_s_answer_fails_alone(
    client: Elasticsearch, index: str, nlp: Language, tmp_path: Path
) -> None:
    ids = _indexed(client, index)
    done = _enricher(client, index, nlp, tmp_path, ValueError("a bug")).documents(ids)
    assert done == Done(enriched=COUNT - 1, failed=1)
    failed = [d for d in fetch_texts(client, index, ids) if d.state == "failed"]
    assert [(d.id, d.error) for d in failed] == [(ids[IN_SECOND], "ValueError: a bug")]


def test_an_archive_that_is_away_fails_none(
    client: Elasticsearch, index: str, nlp: Language, tmp_path: Path
) -> None:
    """What was read before is written; the rest waits."""
    ids = _indexed(client, index)
    with pytest.raises(ServiceUnavailable):
        _enricher(client, index, nlp, tmp_path, ServiceUnavailable("not now")).documents(ids)
    first = len(parts(ids)[0])
    assert _states(client, index, ids) == {"enriched": first, "pending": COUNT - first}
    assert _enricher(client, index, nlp, tmp_path).documents(ids) == Done(enriched=COUNT - first)
