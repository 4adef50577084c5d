"""Reading stored documents: names, then the archive's people, then the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from articles.article import Published
from articles.errors import UsageError
from extraction import meaning
from indexing.writing.stored import Stored
from tests.fakes import reading
from worker.enrichment.reading import Reader
from worker.enrichment.rules import Rules


@dataclass
class Archive:
    """Knows one person, and writes down what it is asked."""

    known: Mapping[str, str]
    asked: list[tuple[list[str], Published | None]] = field(default_factory=list)

    def people(
        self, wanted: Sequence[tuple[Sequence[str], Published | None]]
    ) -> list[Mapping[str, str]]:
        self.asked += [(list(names), published) for names, published in wanted]
        return [
            {name: self.known[name] for name in names if name in self.known} for names, _ in wanted
        ]


class Counting:
    """An encoder that says how long each passage is."""

    def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        return [(float(len(text)), float(n)) for n, text in enumerate(texts)]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return reading.pipeline()


def _reader(nlp: Language, folder: Path, encoder: Any = None, **known: str) -> Reader:
    archive: Any = Archive(known)
    return Reader(nlp, Rules(folder / "aliases.txt"), archive, encoder)


def _stored(body: str, **more: Any) -> Stored:
    texts = {"kicker": "", "headline": "Bericht", "lead": "", "body": body}
    return Stored("t-1", 1, 1, texts, "pending", "", 0, **more)


def test_a_bare_surname_means_whom_the_archive_knows(nlp: Language, tmp_path: Path) -> None:
    reader = _reader(nlp, tmp_path, Holm="Petra Holm")
    enrichment = reader.alone(_stored("In Bremen sprach Holm.", published="2024", precision="year"))
    assert (enrichment.people, enrichment.places) == (("Petra Holm",), ("Bremen",))
    assert reader.surnames.asked == [(["Holm"], Published("2024", "year"))]  # type: ignore[attr-defined]


def test_whom_the_text_names_in_full_the_archive_is_not_asked(
    nlp: Language, tmp_path: Path
) -> None:
    reader = _reader(nlp, tmp_path, Holm="Petra Holm")
    enrichment = reader.alone(_stored("Karsten Holm war in Bremen. Dort sprach Holm."))
    assert enrichment.people == ("Karsten Holm",)


@pytest.mark.parametrize(
    ("published", "precision", "known"),
    [
        ("2024-06", "month", Published("2024-06", "month")),
        ("2024-06", "", None),
        ("", "day", None),
        ("2024-06", "week", None),
    ],
)
def test_a_date_counts_with_its_precision_only(
    nlp: Language, tmp_path: Path, published: str, precision: str, known: Published | None
) -> None:
    (named,) = _reader(nlp, tmp_path).names(
        [_stored("x", published=published, precision=precision)]
    )
    assert named.text.published == known


def test_where_a_text_comes_from_and_its_language_are_handed_on(
    nlp: Language, tmp_path: Path
) -> None:
    german, english = _reader(nlp, tmp_path).names(
        [
            _stored("Karsten Holm sprach.", dateline_places=("Bremen",), language="de"),
            _stored("Karsten Holm sprach.", language="en"),
        ]
    )
    assert german.text.dateline_places == ("Bremen",)
    assert [mention.name for mention in german.mentions] == ["Karsten Holm"]
    assert not english.mentions  # in foreign texts no names are looked for


def test_each_document_gets_its_own_vector(nlp: Language, tmp_path: Path) -> None:
    reader = _reader(nlp, tmp_path, Counting())
    named = reader.names([_stored("kurz"), _stored("etwas länger")])
    first, second = reader.whole(named, [{}, {}])
    assert (first.meaning[1], second.meaning[1]) == (0.0, 1.0)
    assert second.meaning[0] - first.meaning[0] == len("etwas länger") - len("kurz")
    assert _reader(nlp, tmp_path).whole(named, [{}, {}])[0].meaning == ()


def test_the_version_tells_of_rules_and_encoder(nlp: Language, tmp_path: Path) -> None:
    plain, seeing = _reader(nlp, tmp_path), _reader(nlp, tmp_path, Counting())
    assert seeing.version() == plain.version() + meaning.TAG
    before = plain.version()
    (tmp_path / "aliases.txt").write_text("PER: Holm = Petra Holm\n")
    assert plain.version().startswith(f"{before}+")


def test_a_rule_that_is_none_is_told_when_reading(nlp: Language, tmp_path: Path) -> None:
    (tmp_path / "aliases.txt").write_text("das ist keine Regel\n")
    with pytest.raises(UsageError, match="1"):
        _reader(nlp, tmp_path).names([_stored("x")])
