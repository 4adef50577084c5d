"""A pipeline of a few rules, and articles that its rules know: reading without the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import spacy
from elasticsearch import Elasticsearch
from spacy.language import Language

from articles.article import Enrichment
from extraction.formats.parse import parse
from extraction.understand import RecognisedText
from indexing.writing.document import to_document
from indexing.writing.stored import Stored
from indexing.writing.write import create
from worker.enrichment.reading import Reader

NOW = "2024-06-20T10:00:00.000000Z"
PEOPLE = ("Karsten Holm", "Petra Holm", "Judith Lindenau", "Holm", "Lindenau")
PLACES = ("Bremen", "Hamburg")


def pipeline() -> Language:
    """It knows these names, and no others."""
    nlp = spacy.blank("de", meta={"name": "rules", "version": "1"})
    ruler = nlp.add_pipe("entity_ruler")
    labels = {"PER": PEOPLE, "LOC": PLACES}
    ruler.add_patterns(  # type: ignore[attr-defined]
        [{"label": label, "pattern": name} for label, names in labels.items() for name in names]
    )
    return nlp


@dataclass(frozen=True, slots=True)
class FragileReader(Reader):
    """Breaks by ``error`` on texts that have ``poison`` in them, in one of its three steps."""

    poison: str = ""
    step: str = ""
    error: Exception | None = None

    def names(self, documents: Sequence[Stored]) -> list[RecognisedText]:
        """As the reader's own."""
        self._break("names", [document.texts["body"] for document in documents])
        return Reader.names(self, documents)

    def people(self, named: Sequence[RecognisedText]) -> list[dict[str, str]]:  # type: ignore[override]
        """As the reader's own."""
        self._break("people", [text.text.body for text in named])
        return [dict(text) for text in Reader.people(self, named)]

    def whole(self, named: Sequence[RecognisedText], people: Sequence[object]) -> list[Enrichment]:
        """As the reader's own."""
        self._break("whole", [name.text.body for name in named])
        return Reader.whole(self, named, people)  # type: ignore[arg-type]

    def _break(self, step: str, texts: Sequence[str]) -> None:
        if self.error and step == self.step and any(self.poison in text for text in texts):
            raise self.error


def indexed(client: Elasticsearch, index: str, bodies: Sequence[str]) -> list[str]:
    """Write an article for each body and let it be searched; gives their ids."""
    texts = [f" date 2024-06-20 Amt : Bericht {n}\n\n{body}" for n, body in enumerate(bodies)]
    articles = [parse(text.encode(), f"{n}.txt") for n, text in enumerate(texts)]
    documents = [(article.key, to_document(article, NOW, NOW)) for article in articles]
    ids = [fate.id for fate in create(client, index, documents, refresh=True)]
    assert len(set(ids)) == len(bodies)
    return ids
