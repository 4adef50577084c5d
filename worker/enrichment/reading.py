"""Reading documents in steps: their names, then what the archive knows of them, then the whole.

Only the second step waits for Elasticsearch, so that others can be read meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast, get_args

from articles.article import Enrichment, Precision, Published
from extraction import meaning
from extraction.entities.aliases import Aliases
from extraction.tagging import pipeline
from extraction.text import Text
from extraction.understand import RecognisedText, understood
from indexing.writing.stored import Stored
from worker.enrichment.budget import Budget
from worker.enrichment.rules import Rules
from worker.enrichment.surname_resolver import SurnameResolver

if TYPE_CHECKING:
    from spacy.language import Language

#: Bare surname -> full name, of one document.
People = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reader:
    """A loaded pipeline, the user's rules, the archive's memory of people; perhaps an encoder.

    ``budget`` says how long each of the steps that read may take.
    """

    nlp: Language
    rules: Rules
    surnames: SurnameResolver
    encoder: meaning.Encoder | None = None
    budget: Budget = field(default_factory=Budget)

    def version(self) -> str:
        """What an enrichment says of its making."""
        tag = meaning.TAG if self.encoder else ""
        return pipeline.version(self.nlp) + self.rules.tag() + tag

    def names(self, documents: Sequence[Stored]) -> list[RecognisedText]:
        """The names in each document.

        Raises whatever a pipeline raises, ``TooSlow`` and ``UsageError``.
        """
        texts, rules = [_text(document) for document in documents], self.rules.current()
        with self.budget.on(sum(text.characters for text in texts)):
            return list(pipeline.read_names(self.nlp, texts, rules))

    def people(self, recognised: Sequence[RecognisedText]) -> list[People]:
        """Whom the archive means by the bare surnames.

        Raises ``ServiceUnavailable`` and ``UsageError``.
        """
        return self.surnames.people(
            [(article.bare, article.text.published) for article in recognised]
        )

    def whole(
        self, recognised: Sequence[RecognisedText], people: Sequence[People]
    ) -> list[Enrichment]:
        """All that is read out of each document. Raises ``TooSlow``."""
        rules = self.rules.current()
        with self.budget.on(sum(article.text.characters for article in recognised)):
            return self._whole(recognised, people, rules)

    def _whole(
        self, recognised: Sequence[RecognisedText], people: Sequence[People], rules: Aliases
    ) -> list[Enrichment]:
        enrichments = [understood(*pair, rules) for pair in zip(recognised, people, strict=True)]
        if self.encoder is None:
            return enrichments
        vectors = self.encoder.passages([meaning.gist(article.text) for article in recognised])
        return [replace(e, meaning=v) for e, v in zip(enrichments, vectors, strict=True)]

    def alone(self, document: Stored) -> Enrichment:
        """One document, all steps."""
        recognised = self.names([document])
        (enrichment,) = self.whole(recognised, self.people(recognised))
        return enrichment


def _text(document: Stored) -> Text:
    return Text(
        **document.texts,
        published=_published(document),
        dateline_places=document.dateline_places,
        language=document.language,
    )


def _published(document: Stored) -> Published | None:
    if not document.published or document.precision not in get_args(Precision):
        return None
    return Published(document.published, cast("Precision", document.precision))
